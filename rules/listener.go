package rules

import "github.com/fleetnet/fleetnet"

// listenQueue is the fullest accept queue, and the greatest backlog, of the TCP
// listeners on one port. The zero listenQueue is of a port without any.
type listenQueue struct{ queue, backlog val }

// listener returns the queue of a port.
func (h *hostView) listener(port val) listenQueue {
	if h.queues == nil {
		h.queues = map[float64]listenQueue{}
		for i := range h.snapshot.Sockets {
			if h.snapshot.Sockets[i].State == fleetnet.StateListen {
				h.addListeners()
				break
			}
		}
	}
	if port.kind != isNumber || !port.exact() {
		return listenQueue{}
	}
	return h.queues[port.lo]
}

func (h *hostView) addListeners() {
	t, _ := fleetnet.TableNamed("listeners")
	rows := h.view(t).rows
	for i, n := 0, rows.Len(); i < n; i++ {
		l, ok := rows.Record(i).(*fleetnet.Listener)
		if !ok || l.Proto != "tcp" {
			continue
		}
		q := h.queues[float64(l.Local.Port)]
		q.queue, q.backlog = greater(q.queue, l.AcceptQueue), greater(q.backlog, l.Backlog)
		h.queues[float64(l.Local.Port)] = q
	}
}

// greater returns the greater of two numbers, as far as they are known.
func greater(a val, b fleetnet.Opt[uint64]) val {
	if !b.OK || a.kind == isNumber && a.lo >= float64(b.V) {
		return a
	}
	return number(float64(b.V))
}
