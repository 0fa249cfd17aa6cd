package main

import (
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
)

// hostsOf returns the hosts that the command line chooses. Without an
// inventory and names it is this machine, which is said.
func (a *app) hostsOf(c *cli.Context) ([]inventory.Host, error) {
	inv, err := a.inventory(c)
	if err != nil {
		return nil, err
	}
	a.sayNotes(c, inv.Notes)
	hosts, err := a.limit(c, inv)
	if err != nil {
		return nil, err
	}
	cr, err := credentialsOf(c)
	return cr.apply(hosts), err
}

// limit returns the hosts of inv that --limit chooses.
func (a *app) limit(c *cli.Context, inv *inventory.Inventory) ([]inventory.Host, error) {
	if c.String("limit") == "" {
		return inv.Hosts, nil
	}
	return inventory.Limit{Expr: c.String("limit"), Failed: a.lastFailed}.Select(inv)
}

// sayNotes tells what the inventory and ssh_config say and is not done; what is
// of no consequence only with --verbose.
func (a *app) sayNotes(c *cli.Context, notes []inventory.Note) {
	for _, n := range notes {
		if n.Minor && !c.Bool("verbose") {
			continue
		}
		text := n.Text
		if n.Where != "" {
			text = n.Where + ": " + text
		}
		a.hint(c, "note: %s", fleetnet.Printable(text))
	}
}

func (a *app) inventory(c *cli.Context) (*inventory.Inventory, error) {
	files, names := c.StringSlice("inventory"), c.String("hosts")
	if len(files) == 0 && names == "" {
		a.hint(c, "no inventory given (-i FILE or -H HOSTS): this machine only")
		return inventory.Localhost(), nil
	}
	config, err := inventory.OpenSSHConfig(c.Context, c.String("ssh-config"))
	if err != nil {
		return nil, err
	}
	r := inventory.Reader{SSHConfig: config, Stdin: a.stdin, Names: names}
	if len(files) == 0 {
		return r.FromNames(c.Context, names)
	}
	inv, err := r.Load(c.Context, files...)
	if err != nil {
		return nil, fmt.Errorf("inventory:\n%w", err)
	}
	return inv, nil
}

// checkFlags refuses combinations that contradict each other.
func checkFlags(c *cli.Context) error {
	if c.IsSet("from") && c.IsSet("record") {
		return errors.New("--record keeps what hosts say, --from reads what was kept: give one of them")
	}
	if c.IsSet("from") && (c.IsSet("inventory") || c.IsSet("hosts")) {
		return errors.New("--from brings its own hosts: leave out -i and -H, choose with --limit")
	}
	if c.IsSet("concurrency") && c.Int("concurrency") < 1 {
		return fmt.Errorf("--concurrency %d: at least 1", c.Int("concurrency"))
	}
	if c.IsSet("max-mib") && c.Int("max-mib") < 1 {
		return fmt.Errorf("--max-mib %d: at least 1", c.Int("max-mib"))
	}
	if policy := c.String("host-keys"); policy != "" {
		if err := oneOf("--host-keys", policy, []string{"strict", "accept-new", "off"}); err != nil {
			return err
		}
	}
	if !c.IsSet("color") {
		return nil
	}
	return oneOf("--color", c.String("color"), []string{"auto", "always", "never"})
}
