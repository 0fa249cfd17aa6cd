package fleetnet

// Dialect is the output format of one command, for reading text that was not
// collected by a probe: a paste, a file, another tool's archive.
type Dialect struct {
	// Name is OS/tool or OS/tool-variant: "linux/ip-route-json".
	Name string
	// OS is the system, in the spelling of Go's GOOS.
	OS string
	// Program is the command's name without its path: "ip".
	Program string
	// Accepts reports whether the arguments after the program ask for this
	// format. Nil accepts any. Dialects are asked in order; the first wins.
	Accepts func(args []string) bool
	// Tables are the tables that the output fills.
	Tables []string
	// Lacks are the "table.field"s that the command does not tell.
	Lacks []string
	// Read is as [Probe.Read].
	Read func(in *Lines, out *Snapshot)
}

// Probe returns the dialect as a probe that reads the output of command.
func (d Dialect) Probe(command string) Probe {
	return Probe{Name: d.Name, OS: d.OS, Tables: d.Tables, Command: command, Lacks: d.Lacks, Read: d.Read}
}
