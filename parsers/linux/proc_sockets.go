package linux

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
	"github.com/fleetnet/fleetnet/parsers/sockets"
)

// ProcSockets reads the kernel's own socket tables, each behind a line with the
// name of its file, or one file alone that the command names:
//
//	==> /proc/net/tcp <==
//	  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
//	   0: 0100007F:0CEA 00000000:0000 0A 00000000:00000000 00:00000000 00000000   112        0 27364 1 00000000c5a6d8a1 100 0 0 10 0
//	==> comm <==
//	1041 mysqld
//	==> fd <==
//	/proc/1041/fd:
//	lrwx------ 1 112 112 64 Nov 21 03:24 21 -> socket:[27364]
//
// The tables tcp, udp, udplite, raw and icmp are read, each with its twin for
// IPv6, and unix, netlink and packet. An address is of 32-bit words in the
// host's byte order. Times are in hundredths of a second. For a socket in LISTEN rx_queue is the accept
// queue, and tx_queue, always 0, tells no backlog. The owners come last: see
// procOwners. Source: net/ipv4/tcp_ipv4.c (get_tcp4_sock), udp.c, raw.c, ping.c
// and net/unix/af_unix.c of Linux 2.6 to 6.
func ProcSockets(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	r := &procReader{in: in, out: out, rows: sockets.NewRows(in, out), files: procFiles(in.Command()), bigEndian: bigEndian(out.Host.Arch)}
	for in.Next() {
		r.line(in.Text())
	}
	r.owners.cover(out)
	r.coverFiles()
}

// procReader is the state of reading the socket tables.
type procReader struct {
	in        *fleetnet.Lines
	out       *fleetnet.Snapshot
	rows      sockets.Rows
	slabs     sockets.Slabs
	files     []string // files to come whose names are not in the output
	bigEndian bool

	noInode bool     // the table of unix sockets is without inodes, as before 2.2
	seen    []string // the tables that there were
	length  int      // lines of the current one
	longest int
	section string // name of the file, without its path
	table   procTable
	owners  procOwners
}

// procTable is what the rows of a file are.
type procTable struct {
	proto, family string
	known         bool
}

// procTableNamed returns what the rows of /proc/net/name are.
func procTableNamed(name string) procTable {
	switch name {
	case "tcp", "udp", "udplite", "raw", "icmp":
		return procTable{name, "inet", true}
	case "tcp6", "udp6", "udplite6", "raw6", "icmp6":
		return procTable{strings.TrimSuffix(name, "6"), "inet6", true}
	case "unix", "netlink", "packet":
		return procTable{name, "", true}
	}
	return procTable{}
}

// procFiles returns the names of the socket tables that a command names.
func procFiles(command string) []string {
	var names []string
	for word := range strings.FieldsSeq(command) {
		if name := path.Base(word); strings.Contains(word, "/net/") && procTableNamed(name).known {
			names = append(names, name)
		}
	}
	return names
}

func bigEndian(arch string) bool {
	switch arch {
	case "s390", "s390x", "ppc", "ppc64", "mips", "mips64", "sparc", "sparc64", "m68k", "parisc", "parisc64":
		return true
	}
	return false
}

func (r *procReader) line(line []byte) {
	r.length++
	r.longest = max(r.longest, r.length)
	switch file, ok := fileHeading(line); {
	case line[0] > '9' && r.absent(line):
		r.in.Skip()
	case ok:
		r.open(path.Base(file))
		r.in.Skip()
	case r.section == "comm":
		r.comm(line)
	case r.section == "fd":
		r.owner(line)
	case r.heading(line):
		r.in.Skip()
	case !r.table.known:
		r.in.Fail(errNoProtocol)
	case r.table.proto == "unix":
		r.unix(line)
	case r.table.proto == "netlink", r.table.proto == "packet":
		r.other(line)
	default:
		r.inet(line)
	}
}

// absent reports whether the line says that a file is not there, as those of
// IPv6 are not where the kernel has none: then there is no socket of it either.
func (r *procReader) absent(line []byte) bool {
	file, ok := bytes.CutSuffix(line, []byte(": No such file or directory"))
	if !ok || !bytes.Contains(file, []byte(": ")) {
		return false
	}
	name := path.Base(strings.Trim(string(file[bytes.LastIndexByte(file, ' ')+1:]), "'`‘’"))
	if procTableNamed(name).known {
		r.seen = append(r.seen, name)
		r.files = slices.DeleteFunc(slices.Clone(r.files), func(f string) bool { return f == name })
	}
	return true
}

// open begins the section of a file.
func (r *procReader) open(name string) {
	r.section, r.table, r.files = name, procTableNamed(name), nil
	r.begin(name)
	r.owners.asked = r.owners.asked || name == "fd"
}

// begin notes that a table begins.
func (r *procReader) begin(name string) {
	r.length = 0
	if procTableNamed(name).known {
		r.seen = append(r.seen, name)
	}
}

// heading reports whether the line is the heading of a table, and finds out
// which table begins when no line has said so.
func (r *procReader) heading(line []byte) bool {
	trimmed := bytes.TrimLeft(line, " ")
	isUnix := bytes.HasPrefix(trimmed, []byte("Num ")) && bytes.Contains(line, []byte("RefCount"))
	isOther := bytes.HasPrefix(trimmed, []byte("sk "))
	if !isUnix && !isOther && !bytes.HasPrefix(trimmed, []byte("sl ")) {
		return false
	}
	r.noInode = (isUnix || isOther) && !bytes.Contains(line, []byte("Inode"))
	switch {
	case r.section != "":
	case len(r.files) > 0:
		r.begin(r.files[0])
		r.length = 1
		r.table, r.files = procTableNamed(r.files[0]), r.files[1:]
	case isUnix:
		r.table = procTableNamed("unix")
	case isOther:
		r.table, _ = otherHeading(line)
	case bytes.Contains(line, []byte("inode")) && !bytes.Contains(line, []byte("drops")):
		r.table = procTable{proto: "tcp", known: true} // the only table without drops
	default:
		r.table = procTable{}
	}
	return true
}

// inet reads the row of a socket of an internet protocol.
func (r *procReader) inet(line []byte) {
	c := field.New(line)
	c.Next() // slot
	k := r.rows.Add()
	k.Proto = r.table.proto
	k.Local, k.Family = r.end(&c)
	k.Peer, _ = r.end(&c)
	state := procHex(&c, c.Next())
	k.State = procState(k.Proto, state)
	tx, rx := hexPair(&c)
	k.SendQ, k.RecvQ = fleetnet.Some(tx), fleetnet.Some(rx)
	timer, when := hexPair(&c)
	retransmits := procHex(&c, c.Next())
	uid, probes := c.Uint(32), c.Uint(64)
	if timer != 0 && c.Err() == nil {
		k.Timer = r.timer(timer, when, retransmits, probes)
	}
	if c.More() { // not before 2.2
		k.Inode = fleetnet.Some(c.Uint(64))
	}
	if k.Inode.V != 0 { // of a socket without a file no owner is known
		k.UID = fleetnet.Some(uint32(uid))
	}
	if err := c.Err(); err != nil {
		r.rows.Drop()
		r.in.Fail(err)
		return
	}
	r.in.Row()
}

// timer makes a socket's timer of what the kernel tells of it. What counts is
// the retransmissions for one timer and the probes for the others.
func (r *procReader) timer(kind, when, retransmits, probes uint64) *fleetnet.Timer {
	names := [...]string{"off", "on", "keepalive", "timewait", "probe", "delack"}
	t := fleetnet.Timer{Name: "unknown", Retransmits: fleetnet.Some(uint32(min(probes, 1<<32-1)))}
	if kind < uint64(len(names)) {
		t.Name = names[kind]
	}
	if kind == 1 {
		t.Retransmits.V = uint32(min(retransmits, 1<<32-1))
	}
	if when < longestTimer/10 {
		t.ExpiresMS = fleetnet.Some(int64(when) * 10)
	}
	return r.slabs.Timer(t)
}
