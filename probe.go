package fleetnet

import (
	"fmt"
	"slices"
	"strings"
)

// Probe is a command to run on a host, as data: what it is called, what it
// answers, when it can run, and how its output is read.
type Probe struct {
	// Name is OS/tool, unique: "linux/ss".
	Name string
	// OS is the system it runs on, in the spelling of Go's GOOS.
	OS string
	// Slot names the question. Probes of one OS and slot are alternatives, the
	// best first: the first whose needs are met and whose command succeeds answers.
	Slot string
	// Tables are the tables that the answer fills.
	Tables []string
	// Shell is what the command is written for: a POSIX shell ([ShellPOSIX]),
	// or on Windows cmd ([ShellCmd]) or PowerShell ([ShellPowerShell]).
	Shell Shell
	// Needs are programs that must be on the PATH for the command to be tried;
	// in PowerShell commands of any kind (Get-NetTCPConnection). cmd has no
	// question for it, and tries.
	Needs []string
	// If is a condition of the shell's that must hold for the command to be
	// tried: a command line of a POSIX shell or of cmd that succeeds, or an
	// expression of PowerShell's that is true. Empty means always.
	If string
	// Command is one command line of the shell's. It writes nothing, reads no
	// standard input and ends by itself. One for cmd stands inside of double quotes
	// of cmd and of PowerShell, and so has none of " $ ` ! % in it. One for
	// PowerShell is ASCII and prints strings, as ConvertTo-Csv does.
	Command string
	// Decode turns the bytes that the command printed into UTF-8. Nil means
	// that they are UTF-8.
	Decode func(raw []byte) []byte
	// Root says that root sees more: the command runs through the host's
	// become method, when it has one.
	Root bool
	// RootFields are the "table.field"s that stay unknown without root.
	RootFields []string
	// Lacks are the "table.field"s that this command never tells, though an
	// alternative does.
	Lacks []string
	// Read reads the command's output. It must account for each line, must not
	// panic on any input, and keeps no reference to the lines.
	Read func(in *Lines, out *Snapshot)
}

// Shell is a language that commands are written in.
type Shell string

// The shells.
const (
	ShellPOSIX      Shell = ""
	ShellCmd        Shell = "cmd"
	ShellPowerShell Shell = "powershell"
)

// lacks returns Lacks by table.
func (p Probe) lacks() map[string][]string { return fieldsByTable(p.Lacks) }

// CoverUnprivileged adds the coverage of the fields that p leaves unknown
// because it did not run as root, with the reason why it did not.
func (s *Snapshot) CoverUnprivileged(p Probe, reason string) {
	byTable := fieldsByTable(p.RootFields)
	for _, table := range p.Tables {
		if fields := byTable[table]; fields != nil {
			s.Cover(Coverage{Table: table, Status: StatusDenied, Fields: fields, Probe: p.Name, Reason: reason})
		}
	}
}

func fieldsByTable(names []string) map[string][]string {
	by := map[string][]string{}
	for _, n := range names {
		table, field, _ := strings.Cut(n, ".")
		by[table] = append(by[table], field)
	}
	return by
}

// status turns an account into the coverage of the tables that were read.
func (a Account) status() (Status, string) {
	var why []string
	if a.Capped {
		why = append(why, fmt.Sprintf("stopped after %d rows", a.Rows))
	}
	if a.Errors > 0 {
		why = append(why, fmt.Sprintf("%d of %d lines could not be read, the first: %v", a.Errors, a.Lines, a.First[0]))
	}
	if why == nil {
		return StatusComplete, ""
	}
	return StatusPartial, strings.Join(why, "; ")
}

// Slots returns the slots of an OS in the order in which probes name them
// first, each with its alternatives, best first.
func Slots(probes []Probe, os string) [][]Probe {
	var names []string
	var slots [][]Probe
	for _, p := range probes {
		if p.OS != os {
			continue
		}
		i := slices.Index(names, p.Slot)
		if i < 0 {
			names, slots, i = append(names, p.Slot), append(slots, nil), len(names)
		}
		slots[i] = append(slots[i], p)
	}
	return slots
}
