package inventory

import (
	"context"
	"fmt"
)

// draft is a host on its way into an inventory. What nobody has said is zero,
// Addr and Port too, so that ssh_config can still say it.
type draft struct {
	Host
	// jump is the hop to go through; Host.Jump is not set yet.
	jump *draft
	// jumpSaid means that jump stands, also as none, whatever ssh_config says.
	jumpSaid bool
	// options are ssh's, as given on its command line: they beat ssh_config.
	options []sshOption
	// where is file:line of what names the host, for notes; or empty.
	where string
}

// sshOption is a keyword of ssh_config(5) with its value, from elsewhere than an
// ssh_config file.
type sshOption struct {
	key, value string
	where      string // file:line, for errors
}

// maxHops bounds how many jumps lead to a host.
const maxHops = 8

// finisher makes hosts of drafts. A draft that several hosts go through becomes
// one host, which they share.
type finisher struct {
	ctx    context.Context
	config *SSHConfig
	notes  *notes
	done   map[*draft]*Host
}

// host returns the finished host. depth is how many hops lie before it.
func (f *finisher) host(d *draft, depth int) (*Host, error) {
	if h := f.done[d]; h != nil {
		return h, nil
	}
	if depth > maxHops {
		return nil, errHops
	}
	if d.Transport != TransportLocal {
		noted, err := f.config.apply(f.ctx, d)
		if err != nil {
			return nil, err
		}
		f.notes.add(noted...)
	}
	h := d.Host
	h.setDefaults()
	if d.jump != nil {
		jump, err := f.host(d.jump, depth+1)
		if err != nil {
			return nil, err
		}
		h.Jump = jump
	}
	if hops(h) > maxHops { // those before may have been finished already
		return nil, errHops
	}
	f.done[d] = &h
	return &h, nil
}

// errHops is what is wrong with a host that too many jumps lead to.
var errHops = fmt.Errorf("more than %d jumps, or a jump that leads back to itself", maxHops)

// hops returns how many jumps lead to h.
func hops(h Host) int {
	n := 0
	for ; h.Jump != nil; h = *h.Jump {
		n++
	}
	return n
}
