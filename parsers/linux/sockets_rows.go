package linux

import (
	"slices"

	"github.com/fleetnet/fleetnet"
)

// socketRows appends rows to the sockets of a snapshot. It judges by the rows
// so far how many will follow, so that a table of a million rows is not copied
// a dozen times on its way.
type socketRows struct {
	in    *fleetnet.Lines
	out   *fleetnet.Snapshot
	first int // index of the first row of this output
	text  int // bytes from the first row on
}

func newSocketRows(in *fleetnet.Lines, out *fleetnet.Snapshot) socketRows {
	return socketRows{in: in, out: out, first: len(out.Sockets)}
}

// add appends an empty row that refers to the current line.
func (r *socketRows) add() *fleetnet.Socket {
	if len(r.out.Sockets) == r.first {
		r.text = r.left()
	}
	if len(r.out.Sockets) == cap(r.out.Sockets) {
		r.grow()
	}
	r.out.Sockets = append(r.out.Sockets, fleetnet.Socket{Ref: r.in.Ref()})
	return &r.out.Sockets[len(r.out.Sockets)-1]
}

// drop takes the last row away, when its line turns out not to be one.
func (r *socketRows) drop() {
	last := len(r.out.Sockets) - 1
	r.out.Sockets[last] = fleetnet.Socket{}
	r.out.Sockets = r.out.Sockets[:last]
}

// own returns the rows of this output.
func (r *socketRows) own() []fleetnet.Socket { return r.out.Sockets[r.first:] }

// maxGrowth bounds how many rows memory is made for ahead of time.
const maxGrowth = 1 << 20

// left returns how many bytes there are from the current line on.
func (r *socketRows) left() int { return r.in.Left() + len(r.in.Text()) }

func (r *socketRows) grow() {
	more, left := 16, r.left()
	if r.text > left {
		more += left * len(r.own()) / (r.text - left) * 17 / 16
	}
	r.out.Sockets = slices.Grow(r.out.Sockets, min(more, maxGrowth))
}

// socketSlabs makes the parts of rows many at a time.
type socketSlabs struct {
	infos     []fleetnet.TCPInfo
	timers    []fleetnet.Timer
	processes []fleetnet.Process
}

// slabSize is how many are made at once: few enough that a small table wastes
// little, many enough that the allocations do not count.
const slabSize = 64

func (s *socketSlabs) info() *fleetnet.TCPInfo {
	if len(s.infos) == 0 {
		s.infos = make([]fleetnet.TCPInfo, slabSize)
	}
	p := &s.infos[0]
	s.infos = s.infos[1:]
	return p
}

func (s *socketSlabs) timer(t fleetnet.Timer) *fleetnet.Timer {
	if len(s.timers) == 0 {
		s.timers = make([]fleetnet.Timer, slabSize)
	}
	p := &s.timers[0]
	s.timers = s.timers[1:]
	*p = t
	return p
}

// hold adds a process to those of a socket; one that is there already is not
// added again.
func (s *socketSlabs) hold(k *fleetnet.Socket, p fleetnet.Process) {
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
