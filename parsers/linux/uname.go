package linux

import (
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/command"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// hostDialects are the commands by which people show which host it is.
func hostDialects() []fleetnet.Dialect {
	dialect := func(name, program string, accepts func([]string) bool, read func(*fleetnet.Lines, *fleetnet.Snapshot)) fleetnet.Dialect {
		return fleetnet.Dialect{Name: name, OS: "linux", Program: program, Accepts: accepts, Tables: []string{"host"}, Read: read}
	}
	return []fleetnet.Dialect{
		dialect("linux/uname", "uname", namesKernel, Uname),
		dialect("linux/hostname", "hostname", namesHost, Hostname),
		dialect("linux/os-release", "cat", releaseFiles, OSRelease),
	}
}

// unameOrder is the order in which uname prints what its options ask for (uname.c
// of coreutils, BusyBox and toybox). Of these only the version holds blanks.
const unameOrder = "snrvmpio"

// namesKernel accepts a uname that prints and does not explain itself.
func namesKernel(args []string) bool {
	o := command.Read(args, "")
	return len(o.Operands) == 0 && strings.Trim(o.Letters, unameOrder+"a") == "" && !o.Has("", "help", "version")
}

// Uname reads the line of `uname -a`, and that of any other options:
//
//	Linux web1 6.1.0-18-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01) x86_64 GNU/Linux
//	Linux gw1 5.10.146 #0 SMP Fri Oct 14 22:44:41 2022 mips GNU/Linux
//	Linux localhost 4.14.117 #1 SMP PREEMPT Mon Mar 1 10:12:14 CST 2021 aarch64 Android
//
// Behind the machine coreutils may add the processor and the platform.
func Uname(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	asked := unameLetters(in.Command())
	read := false
	for in.Next() {
		if read {
			in.Fail(errors.New("uname prints one line"))
			continue
		}
		err := readUname(&out.Host, asked, strings.Fields(string(in.Text())))
		if read = err == nil; read {
			out.Host.Ref = in.Ref()
		}
		claim(in, err)
	}
}

// unameLetters returns what the command asks for, in the order of its output.
func unameLetters(line string) string {
	o := command.Of(line, "")
	switch {
	case o.Has("a", "all"):
		return unameOrder
	case o.Letters == "" && o.Long == nil:
		return "s"
	}
	long := map[byte]string{'s': "kernel-name", 'n': "nodename", 'r': "kernel-release", 'v': "kernel-version", 'm': "machine", 'p': "processor", 'i': "hardware-platform", 'o': "operating-system"}
	var letters []byte
	for _, l := range []byte(unameOrder) {
		if o.Has(string(l), long[l]) {
			letters = append(letters, l)
		}
	}
	return string(letters)
}

// readUname takes the words that stand before the version in their order, and
// the machine by its name.
func readUname(h *fleetnet.Host, asked string, words []string) error {
	for _, l := range []byte(asked) {
		switch {
		case l == 'v':
			words = behindVersion(words)
			continue
		case len(words) == 0 && strings.IndexByte("snr", l) < 0:
			return nil // an unknown machine, after the version
		case len(words) == 0:
			return field.ErrShort
		}
		if err := setUname(h, l, words[0]); err != nil {
			return err
		}
		words = words[1:]
	}
	return nil
}

func setUname(h *fleetnet.Host, letter byte, word string) error {
	switch letter {
	case 's':
		if word != "Linux" {
			return errors.New("the system is not Linux")
		}
		h.OS = "linux"
	case 'n':
		h.Hostname = word
	case 'r':
		h.Kernel = word
	case 'm':
		h.Arch = word
	}
	return nil
}

// machines are what uname -m says, as patterns of path.Match (UTS_MACHINE in
// arch/*/Makefile of Linux).
var machines = []string{
	"x86_64", "i[3-6]86", "aarch64*", "arm64", "armv[4-9]*", "mips*", "ppc*", "riscv*", "s390*", "loongarch*",
	"sparc*", "alpha", "ia64", "m68k", "parisc*", "sh[2-5]*", "arc", "xtensa", "microblaze", "openrisc", "nios2", "csky",
}

// behindVersion returns the words from the machine on; none when it is not known.
func behindVersion(words []string) []string {
	i := slices.IndexFunc(words, func(w string) bool {
		return slices.ContainsFunc(machines, func(m string) bool { ok, _ := path.Match(m, w); return ok })
	})
	if i < 0 {
		return nil
	}
	return words[i:]
}

// namesHost accepts a hostname that prints the name, and sets none.
func namesHost(args []string) bool {
	o := command.Read(args, "")
	return len(o.Operands) == 0 && strings.Trim(o.Letters, "fs") == "" && !slices.ContainsFunc(o.Long, func(l string) bool {
		return !slices.Contains([]string{"fqdn", "long", "short"}, l)
	})
}

// Hostname reads the line of `hostname`, `hostname -f` and `hostname -s`.
func Hostname(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	o := command.Of(in.Command(), "")
	plain, read := o.Letters == "" && o.Long == nil, false
	for in.Next() {
		name := strings.TrimSpace(string(in.Text()))
		if read || !isHostname(name) {
			in.Fail(errors.New("the name of the host expected"))
			continue
		}
		read = true
		if out.Host.Hostname == "" || plain { // with -f its domain is from elsewhere
			out.Host.Hostname, out.Host.Ref = name, in.Ref()
		}
		in.Row()
	}
}

// isHostname reports whether the text is letters, digits, dots and dashes (RFC
// 1123), or has the underscores that some give to machines.
func isHostname(s string) bool {
	return len(s) <= 253 && !strings.HasPrefix(s, "-") && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_") == ""
}
