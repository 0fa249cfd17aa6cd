// Package sockets holds what the readers of sockets of several systems share:
// how rows are added cheaply, how an end is read, and lsof, which prints the same
// everywhere.
package sockets

import (
	"slices"

	"github.com/fleetnet/fleetnet"
)

// Rows appends rows to the sockets of a snapshot. It judges by the rows
// so far how many will follow, so that a table of a million rows is not copied
// a dozen times on its way.
type Rows struct {
	in    *fleetnet.Lines
	out   *fleetnet.Snapshot
	first int // index of the first row of this output
	text  int // bytes from the first row on
}

// NewRows returns the rows of the output that in hands out.
func NewRows(in *fleetnet.Lines, out *fleetnet.Snapshot) Rows {
	return Rows{in: in, out: out, first: len(out.Sockets)}
}

// Add appends an empty row that refers to the current line.
func (r *Rows) Add() *fleetnet.Socket {
	if len(r.out.Sockets) == r.first {
		r.text = r.left()
	}
	if len(r.out.Sockets) == cap(r.out.Sockets) {
		r.grow()
	}
	r.out.Sockets = append(r.out.Sockets, fleetnet.Socket{Ref: r.in.Ref()})
	return &r.out.Sockets[len(r.out.Sockets)-1]
}

// Drop takes the last row away, when its line turns out not to be one.
func (r *Rows) Drop() {
	last := len(r.out.Sockets) - 1
	r.out.Sockets[last] = fleetnet.Socket{}
	r.out.Sockets = r.out.Sockets[:last]
}

// Own returns the rows of this output.
func (r *Rows) Own() []fleetnet.Socket { return r.out.Sockets[r.first:] }

// maxGrowth bounds how many rows memory is made for ahead of time.
const maxGrowth = 1 << 20

// left returns how many bytes there are from the current line on.
func (r *Rows) left() int { return r.in.Left() + len(r.in.Text()) }

func (r *Rows) grow() {
	more, left := 16, r.left()
	if r.text > left {
		more += left * len(r.Own()) / (r.text - left) * 17 / 16
	}
	r.out.Sockets = slices.Grow(r.out.Sockets, min(more, maxGrowth))
}

// Slabs makes the parts of rows many at a time.
type Slabs struct {
	infos     []fleetnet.TCPInfo
	timers    []fleetnet.Timer
	processes []fleetnet.Process
}

// slabSize is how many are made at once: few enough that a small table wastes
// little, many enough that the allocations do not count.
const slabSize = 64

// Info returns an empty TCPInfo.
func (s *Slabs) Info() *fleetnet.TCPInfo {
	if len(s.infos) == 0 {
		s.infos = make([]fleetnet.TCPInfo, slabSize)
	}
	p := &s.infos[0]
	s.infos = s.infos[1:]
	return p
}

// Timer returns a pointer to t.
func (s *Slabs) Timer(t fleetnet.Timer) *fleetnet.Timer {
	if len(s.timers) == 0 {
		s.timers = make([]fleetnet.Timer, slabSize)
	}
	p := &s.timers[0]
	s.timers = s.timers[1:]
	*p = t
	return p
}

// Hold adds a process to those of a socket; one that is there already is not
// added again.
func (s *Slabs) Hold(k *fleetnet.Socket, p fleetnet.Process) {
	if slices.Contains(k.Processes, p) {
		return
	}
	if k.Processes != nil {
		k.Processes = append(k.Processes, p)
		return
	}
	if len(s.processes) == 0 {
		s.processes = make([]fleetnet.Process, slabSize)
	}
	s.processes[0] = p
	k.Processes, s.processes = s.processes[:1:1], s.processes[1:]
}
