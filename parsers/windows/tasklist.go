package windows

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// Tasklist reads `tasklist` or `tasklist /fo csv`, with or without a heading, and
// gives the processes of the sockets that the snapshot holds their names:
//
//	"Image Name","PID","Session Name","Session#","Mem Usage"
//	"svchost.exe","1712","Services","0","18.244 K"
//
// The pid is the second field in any language. A table has rulers of `=`; with
// /svc the services of a process go on below it.
func Tasklist(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	names := map[int]string{}
	width, row := 0, false
	for in.Next() {
		line := in.Text()
		name, pid, ok := tasklistRow(line, width)
		further := row && bytes.HasPrefix(line, deepest)
		row = ok || further
		switch {
		case ok:
			names[pid] = out.Intern([]byte(name))
			in.Row()
		case further:
			in.Row()
		case len(bytes.Trim(line, "= ")) == 0:
			width = max(bytes.IndexByte(line, ' '), 0)
			in.Skip()
		case heading(line), tasklistHeading(line), prompt(line):
			in.Skip()
		}
	}
	nameProcesses(out, names)
}

// deepest is what stands before services that go on: the columns of the name and
// the pid.
var deepest = bytes.Repeat([]byte(" "), nameWidth+9)

// nameWidth is how wide names are in all releases, where no ruler shows it.
const nameWidth = 25

func tasklistRow(line []byte, width int) (name string, pid int, ok bool) {
	if line[0] == '"' {
		cells, whole := cutCSV(string(line), ',')
		if !whole || len(cells) < 2 {
			return "", 0, false
		}
		n, isPID := field.Uint([]byte(cells[1]), 31)
		return cells[0], int(n), isPID
	}
	if width == 0 { // rows alone, as findstr leaves them
		width = nameWidth
	}
	// A name that fills the column was cut, unless its end is that of a program.
	for c := field.New(line); c.More(); {
		at := len(line) - len(c.Left())
		if n, isPID := field.Uint(c.Next(), 31); isPID && at >= width {
			return wholeName(strings.TrimSpace(string(line[:at])), width), int(n), true
		}
	}
	return "", 0, false
}

// wholeName returns a name of a table, or none when it was cut at the column's end.
func wholeName(name string, width int) string {
	if utf8.RuneCountInString(name) == width && !strings.HasSuffix(strings.ToLower(name), ".exe") {
		return ""
	}
	return name
}

// tasklistHeading reports whether the line is the heading of the CSV: the names of
// columns, of which one may hold a number in some language.
func tasklistHeading(line []byte) bool {
	cells, ok := cutCSV(string(line), ',')
	return ok && len(cells) > 1 && strings.EqualFold(cells[1], "PID")
}

// nameProcesses names the processes of sockets by their pids. What the system's
// idle process would hold has no process.
func nameProcesses(out *fleetnet.Snapshot, names map[int]string) {
	for i := range out.Sockets {
		for j := range out.Sockets[i].Processes {
			p := &out.Sockets[i].Processes[j]
			if name := names[p.PID]; p.Name == "" && p.PID != 0 {
				p.Name = name
			}
		}
	}
}
