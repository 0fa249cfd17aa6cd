package inventory

import (
	"cmp"
	"fmt"
	"strings"
)

// endpoint is where a host is dialled, as far as can be told without dialling.
type endpoint struct {
	zone, addr string
	port       int
	route      string // the jumps before it
	command    string // ProxyCommand
}

// maxShared bounds how many shared addresses are told.
const maxShared = 3

// sharedAddresses notes hosts that are dialled at the same place, which often
// is a line copied and not changed. Two names of one machine are no error.
func sharedAddresses(drafts []*draft, hosts []Host) []Note {
	if len(drafts) < 2 {
		return nil
	}
	first := make(map[endpoint]int, len(hosts))
	again := map[endpoint][]int{}
	var order []endpoint
	for i, h := range hosts {
		if h.Transport == TransportLocal {
			continue
		}
		p := endpoint{h.Zone, strings.ToLower(h.Addr), h.Port, route(h.Jump), h.SSH.ProxyCommand}
		j, taken := first[p]
		if !taken {
			first[p] = i
			continue
		}
		if again[p] == nil {
			order = append(order, p)
			again[p] = []int{j}
		}
		again[p] = append(again[p], i)
	}
	var out []Note
	for n, p := range order {
		if n == maxShared {
			return append(out, Note{Text: fmt.Sprintf("%d more addresses are those of several hosts each", len(order)-n)})
		}
		out = append(out, sharedAddress(drafts, again[p], p))
	}
	return out
}

func sharedAddress(drafts []*draft, list []int, p endpoint) Note {
	a, b := drafts[list[0]], drafts[list[1]]
	text := fmt.Sprintf("%s has the address of %s (%s): %s port %d", b.Name, a.Name, cmp.Or(a.where, "no line known"), p.addr, p.port)
	if more := len(list) - 2; more > 0 {
		text += fmt.Sprintf("; so have %d more", more)
	}
	return Note{Where: b.where, Text: text}
}

// route writes the jumps that end with h.
func route(h *Host) string {
	if h == nil {
		return ""
	}
	return fmt.Sprintf("%s %s%%%s:%d", route(h.Jump), h.Addr, h.Zone, h.Port)
}
