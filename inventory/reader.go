package inventory

import (
	"context"
	"fmt"
	"io"
)

// Reader reads inventories. Its zero value reads them as they are, without an
// ssh_config and without standard input.
type Reader struct {
	// SSHConfig says of every host what the inventory does not say. Nil says nothing.
	SSHConfig *SSHConfig
	// Stdin is what the source "-" reads. Nil means that there is none.
	Stdin io.Reader
	// Names is a list as [Reader.FromNames] takes it: only these hosts are taken
	// from the sources. A user or a port in it beats the inventory's and the
	// ssh_config's. A name that is not in the inventory is an error. Empty takes all.
	Names string
}

// finish makes an inventory of drafts with different names.
func (r Reader) finish(ctx context.Context, drafts []*draft, declared []string, noted ...Note) (*Inventory, error) {
	f := &finisher{ctx: ctx, config: r.SSHConfig, notes: &notes{}, done: map[*draft]*Host{}}
	if f.config == nil {
		f.config = &SSHConfig{}
	}
	f.notes.add(noted...)
	drafts, err := r.pick(drafts)
	if err != nil {
		return nil, err
	}
	f.config.prepare(ctx, drafts)
	hosts := make([]Host, len(drafts))
	for i, d := range drafts {
		h, err := f.host(d, 0)
		switch {
		case err == errHops && d.where != "":
			return nil, fmt.Errorf("%s: host %s: %w", d.where, d.Name, err)
		case err == errHops:
			return nil, fmt.Errorf("host %s: %w", d.Name, err)
		case err != nil:
			return nil, err
		}
		hosts[i] = *h
	}
	f.notes.add(sharedAddresses(drafts, hosts)...)
	inv := newInventory(hosts, declared)
	inv.Notes = f.notes.list
	return inv, nil
}
