package linux

import (
	"bytes"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// procOwners joins sockets with the processes that hold them, by inode. The
// section comm has "PID NAME" lines. The section fd has, where the host has ls,
// what `ls -ln /proc/PID/fd` prints, and else "PID FD INODE" lines that the
// shell made of /proc/PID/fdinfo (which tells inodes since Linux 5.14).
type procOwners struct {
	byInode map[uint64]int32 // indexes of rows, made when the first owner is read
	names   map[int]string
	pid     int  // of the directory that ls lists
	asked   bool // there is a section for them
	seen    bool // and it is not empty
}

// index makes the index of the sockets read so far.
func (r *procReader) index() {
	rows := r.rows.Own()
	r.owners.byInode = make(map[uint64]int32, len(rows))
	for i := range rows {
		if rows[i].Inode.V != 0 {
			r.owners.byInode[rows[i].Inode.V] = int32(i)
		}
	}
}

// comm reads a process's name.
func (r *procReader) comm(line []byte) {
	number, name, ok := bytes.Cut(line, []byte(" "))
	pid, isPID := field.Uint(number, 31)
	if !ok || !isPID {
		return // not understood
	}
	if r.owners.names == nil {
		r.owners.names = map[int]string{}
	}
	r.owners.names[int(pid)] = r.out.Intern(name)
	r.in.Skip()
}

// owner reads a line of the section fd.
func (r *procReader) owner(line []byte) {
	if !r.owners.seen {
		r.owners.seen = true
		r.index()
	}
	if dir, ok := bytes.CutPrefix(line, []byte("/proc/")); ok {
		number, _, _ := bytes.Cut(dir, []byte("/"))
		pid, _ := field.Uint(number, 31)
		r.owners.pid = int(pid)
		r.in.Skip()
		return
	}
	pid, fd, inode, ok := ownerLine(line)
	if !ok {
		pid = r.owners.pid
		fd, inode, ok = listedLine(line)
	}
	switch row, ours := r.owners.byInode[inode]; {
	case ok && ours && pid != 0:
		r.slabs.Hold(&r.rows.Own()[row], fleetnet.Process{Name: r.owners.names[pid], PID: pid, FD: fleetnet.Some(fd)})
		r.in.Row()
	case ok || bytes.HasPrefix(line, []byte("total ")) || bytes.Contains(line, []byte(" -> ")) || bytes.HasSuffix(line, []byte("/dev/null")):
		r.in.Skip() // another file, or a socket of no table that was read
	}
}

// ownerLine reads `PID FD INODE`.
func ownerLine(line []byte) (pid, fd int, inode uint64, ok bool) {
	c := field.New(line)
	if first := c.Peek(); len(first) == 0 || !isDigit(first[0]) {
		return 0, 0, 0, false
	}
	pid, fd, inode = int(c.Uint(31)), int(c.Uint(31)), c.Uint(64)
	return pid, fd, inode, c.Err() == nil && !c.More()
}

// listedLine reads a line of ls: `… 21 -> socket:[27364]`.
func listedLine(line []byte) (fd int, inode uint64, ok bool) {
	before, after, found := bytes.Cut(line, []byte(" -> socket:["))
	number, closed := bytes.CutSuffix(after, []byte("]"))
	inode, isInode := field.Uint(number, 64)
	n, isFD := field.Uint(before[bytes.LastIndexByte(before, ' ')+1:], 31)
	return int(n), inode, found && closed && isInode && isFD
}

// cover says that no owner is known, when nothing told any.
func (o *procOwners) cover(out *fleetnet.Snapshot) {
	if o.seen {
		return
	}
	reason := "not told by /proc/net"
	if o.asked {
		reason = "the host has neither ls nor a kernel that tells the inodes of open files"
	}
	out.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusUnsupported, Probe: "linux/proc-sockets",
		Fields: []string{"process", "pid", "processes"}, Reason: reason})
}
