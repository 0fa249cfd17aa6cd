package linux

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/fleetnet/fleetnet/parsers/command"
)

// coverFiles says which sockets are not in the files that the command names and
// the output has, and that head or tail cut them.
func (r *procReader) coverFiles() {
	if len(procFiles(r.in.Command())) == 0 {
		return
	}
	rows := procRows(r.seen)
	rows.cover(r.in, r.out, "linux/proc-sockets")
	if cut := fileLines(r.in.Command()); cut > 0 && r.longest >= cut {
		coverPart(r.out, "sockets", "linux/proc-sockets", "only some lines of a file")
	}
}

// procRows returns which sockets are in files of /proc/net. Of a protocol of
// which one family is missing, all are taken to be, unless it is that way with
// every one.
func procRows(files []string) socketRows {
	var of [2][]string // protocols by family
	out := socketRows{protos: []string{}}
	for _, name := range files {
		t := procTableNamed(name)
		switch t.family {
		case "inet":
			of[0] = append(of[0], t.proto)
		case "inet6":
			of[1] = append(of[1], t.proto)
		default:
			out.protos = append(out.protos, t.proto)
		}
	}
	switch {
	case len(of[1]) == 0 && of[0] != nil:
		out.family, out.protos = "inet", append(out.protos, of[0]...)
	case len(of[0]) == 0 && of[1] != nil:
		out.family, out.protos = "inet6", append(out.protos, of[1]...)
	default:
		for _, proto := range of[0] {
			if slices.Contains(of[1], proto) {
				out.protos = append(out.protos, proto)
			}
		}
	}
	return out
}

// fileLines returns how many lines head or tail show of a file, 0 for all.
func fileLines(line string) int {
	words, _ := command.Unwrap(strings.Fields(line))
	if len(words) == 0 || path.Base(words[0]) != "head" && path.Base(words[0]) != "tail" {
		return 0
	}
	n := 10
	for _, v := range append(command.Read(words[1:], "nc").Values, strings.TrimPrefix(words[min(1, len(words)-1)], "-")) {
		if strings.HasPrefix(v, "+") {
			return 0
		}
		if number, err := strconv.Atoi(v); err == nil && number > 0 {
			n = number
		}
	}
	return n
}
