package linux

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/command"
)

const procSys = "/proc/sys/"

// sysFiles returns the files of /proc/sys that are named, without that path, and
// whether all files are of there.
func sysFileNames(files []string) (names []string, all bool) {
	for _, f := range files {
		name, ok := strings.CutPrefix(f, procSys)
		if !ok || name == "" {
			return nil, false
		}
		names = append(names, name)
	}
	return names, len(names) > 0
}

// catsSettings accepts files of /proc/sys.
func catsSettings(args []string) bool {
	_, ok := sysFileNames(command.Read(args, "nc").Operands)
	return ok
}

// grepsSettings accepts a grep through files of /proc/sys, whose first operand is
// what is looked for.
func grepsSettings(args []string) bool {
	files := command.Read(args, "ABCme").Operands
	if len(files) > 0 && !strings.HasPrefix(files[0], procSys) {
		files = files[1:]
	}
	_, ok := sysFileNames(files)
	return ok
}

// valuesAlone accepts a `sysctl -n` of names.
func valuesAlone(args []string) bool {
	o := command.Read(args, "r")
	return o.Has("n", "values") && !o.Has("NbVhaAwp", "names", "binary", "version", "help", "all", "write", "load") && len(o.Operands) > 0 &&
		!slices.ContainsFunc(o.Operands, func(name string) bool { return !isSettingName([]byte(name)) || strings.ContainsAny(name, "=*") })
}

// SettingValues reads files of /proc/sys as cat, head and grep show them, and
// `sysctl -n`:
//
//	==> /proc/sys/net/ipv4/tcp_fin_timeout <==
//	60
//	/proc/sys/net/ipv4/conf/all/rp_filter:1
//
// Where no name stands with a value it is that of the one file that the command
// names: of several, one may be missing.
func SettingValues(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	r := sysctlReader{out: out, from: len(out.Settings)}
	name := nameOfValue(in.Command())
	for in.Next() {
		line := in.Text()
		switch file, heading := fileHeading(line); {
		case heading:
			name = strings.TrimPrefix(file, procSys)
			in.Skip()
		case sysctlNoise(line), catNoise(line):
			in.Skip()
		case bytes.HasPrefix(line, []byte(procSys)) && bytes.IndexByte(line, ':') > len(procSys):
			file, value, _ := bytes.Cut(line[len(procSys):], []byte{':'})
			r.set(string(file), value, in.Ref())
			in.Row()
		case name == "":
			in.Fail(errors.New("whose value it is cannot be told"))
		default:
			r.set(name, line, in.Ref())
			name = ""
			in.Row()
		}
	}
	r.derive()
	coverPart(out, "settings", "linux/setting-values", "only those whose names were given")
}

// catNoise reports whether the line is a message of a program that shows files.
func catNoise(line []byte) bool {
	return slices.ContainsFunc([]string{"cat: ", "head: ", "tail: ", "grep: "}, func(p string) bool { return bytes.HasPrefix(line, []byte(p)) })
}

func (r *sysctlReader) set(name string, value []byte, ref fleetnet.Ref) {
	r.out.Settings = append(r.out.Settings, fleetnet.Setting{Name: settingName(name), Value: oneBlank(value), Ref: ref})
}

// nameOfValue returns the name that the command gives, when it is one alone.
func nameOfValue(line string) string {
	words, _ := command.Unwrap(strings.Fields(line))
	if len(words) == 0 || words[0] == "grep" {
		return ""
	}
	valued := "nc" // of head and tail
	if words[0] == "sysctl" {
		valued = "r"
	}
	names := command.Read(words[1:], valued).Operands
	if len(names) != 1 || strings.ContainsAny(names[0], "*?[{") {
		return ""
	}
	return strings.TrimPrefix(names[0], procSys)
}
