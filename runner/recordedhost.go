package runner

import (
	"encoding/json"
	"maps"

	"github.com/fleetnet/fleetnet/inventory"
)

// recorded returns the host as a recording keeps it: without what tells of the
// machine that asked, its keys, its ssh_config, where its secrets are, and without
// values that JSON cannot hold.
func recorded(h inventory.Host) inventory.Host {
	h.IdentityFiles, h.KnownHosts, h.SSH = nil, nil, inventory.SSH{}
	h.Password, h.Passphrase, h.BecomePass = inventory.Secret{}, inventory.Secret{}, inventory.Secret{}
	h.Vars, h.Params = writable(h.Vars), writable(h.Params)
	switch {
	case hops(h) > maxHops: // a circle, perhaps
		h.Jump = nil
	case h.Jump != nil:
		jump := recorded(*h.Jump)
		h.Jump = &jump
	}
	return h
}

// writable returns the values that JSON can hold.
func writable(values map[string]any) map[string]any {
	values = maps.Clone(values)
	maps.DeleteFunc(values, func(_ string, v any) bool {
		_, err := json.Marshal(v)
		return err != nil
	})
	return values
}
