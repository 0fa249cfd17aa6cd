package inventory

import "context"

// SSHConfig is the configuration of OpenSSH's client, ssh_config(5). The zero
// value says nothing.
type SSHConfig struct{}

// apply says of d what nobody has said yet, from d's own options and from the
// configuration. It returns what it could not do.
func (c *SSHConfig) apply(ctx context.Context, d *draft) ([]Note, error) { return nil, nil }
