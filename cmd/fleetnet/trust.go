package main

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
	"github.com/fleetnet/fleetnet/runner"
)

func (a *app) trustCommand() *cli.Command {
	return &cli.Command{
		Name:      "trust",
		ArgsUsage: "[HOST...]",
		Usage:     "show the host keys of hosts, and add those that are not known to known_hosts after a yes",
		Description: "Compare the fingerprints with those that each host's console or its owner tells you. A changed key is\n" +
			"never added. Exit status: 0 every host is trusted, 1 a key was not added, 3 a host was not reached,\n" +
			"4 none was.",
		Flags: flags(whoFlags(), dialFlags(), loginFlags(), []cli.Flag{
			boolean("yes", "add the keys without asking: only where nobody can stand between you and the hosts", "y"),
		}, quietFlags()),
		Action: a.trust,
	}
}

func (a *app) trust(c *cli.Context) error {
	names, err := arguments(c, 0, maxArguments, "hosts")
	if err != nil {
		return err
	}
	if len(names) > 0 {
		if c.IsSet("hosts") {
			return errors.New("trust takes hosts as arguments or with -H, not both")
		}
		if err := c.Set("hosts", strings.Join(names, ",")); err != nil {
			return err
		}
	}
	if err := checkFlags(c); err != nil {
		return err
	}
	hosts, err := a.hostsOf(c)
	if err != nil {
		return err
	}
	t := &trusting{app: a, c: c, config: configOf(c)}
	// Hosts behind a bastion show their keys once that is trusted.
	for len(hosts) > 0 {
		if hosts, err = t.round(hosts); err != nil {
			return err
		}
	}
	return t.status()
}

// maxArguments is more than a command line holds.
const maxArguments = math.MaxInt

// trusting is one run of the command, in rounds.
type trusting struct {
	app     *app
	c       *cli.Context
	config  runner.Config
	trusted int // hosts that are, at the end
	refused int // hosts that show a key that was not added
	failed  int // hosts that showed none
}

// round asks hosts for their keys and adds those that a person wants. It
// returns the hosts to ask again, since a bastion before them is trusted by now.
func (t *trusting) round(hosts []inventory.Host) ([]inventory.Host, error) {
	var results []runner.HostKeyResult
	for res := range runner.New(t.config).HostKeys(t.c.Context, hosts) {
		results = append(results, res)
	}
	slices.SortStableFunc(results, func(x, y runner.HostKeyResult) int {
		return fleetnet.NaturalCompare(x.Host.Name, y.Host.Name)
	})
	shown, waiting := results[:0:0], results[:0:0]
	for _, r := range results {
		if behind(r) {
			waiting = append(waiting, r)
		} else {
			shown = append(shown, r)
		}
	}
	t.show(shown)
	added, err := t.add(shown)
	if added && err == nil {
		return hostsBehind(waiting), nil
	}
	t.show(waiting)
	t.failed += len(waiting)
	return nil, err
}

// behind reports whether a host showed nothing because a bastion before it failed.
func behind(r runner.HostKeyResult) bool {
	var failure *runner.HostError
	return errors.As(r.Err, &failure) && failure.Op == runner.OpJump
}

func hostsBehind(results []runner.HostKeyResult) []inventory.Host {
	var hosts []inventory.Host
	for _, r := range results {
		hosts = append(hosts, r.Host)
	}
	return hosts
}

// addable reports whether the result has unknown keys and nothing that speaks against them.
func addable(r runner.HostKeyResult) bool {
	unknown := false
	for _, k := range r.Keys {
		switch k.Status {
		case runner.HostKeyChanged, runner.HostKeyRevoked:
			return false
		case runner.HostKeyUnknown:
			unknown = true
		}
	}
	return unknown
}

// show prints a line for each key, on stdout, and why hosts have none, on stderr.
func (t *trusting) show(results []runner.HostKeyResult) {
	w := tabwriter.NewWriter(t.app.stdout, 0, 0, 2, ' ', 0)
	for _, r := range results {
		for _, k := range r.Keys {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", r.Host.Name, address(r.Host), k.Type, k.Fingerprint, strings.TrimSpace(string(k.Status)+" "+k.Entry))
		}
	}
	_ = w.Flush() // a closed stdout shows at the next write as well
	for _, r := range results {
		if r.Err != nil {
			t.app.sayFailure(t.c, r.Host.Name, r.Err)
		}
	}
}

// add adds the unknown keys after a yes, counts what became of each host, and
// reports whether keys were added.
func (t *trusting) add(results []runner.HostKeyResult) (bool, error) {
	var todo []runner.HostKeyResult
	for _, r := range results {
		switch {
		case r.Err != nil && r.Keys == nil:
			t.failed++
		case addable(r) && !r.Trusted():
			todo = append(todo, r)
		case r.Trusted():
			t.trusted++
		default:
			t.refused++
		}
	}
	if len(todo) == 0 {
		return false, nil
	}
	yes, err := t.yes(todo)
	if err != nil || !yes {
		t.refused += len(todo)
		return false, err
	}
	for _, r := range todo {
		if err := runner.Trust(r); err != nil {
			t.app.sayFailure(t.c, r.Host.Name, err)
			t.refused++
			continue
		}
		t.trusted++
	}
	return true, nil
}

// yes asks whether the keys are to be added.
func (t *trusting) yes(todo []runner.HostKeyResult) (bool, error) {
	if t.c.Bool("yes") {
		return true, nil
	}
	if t.config.Ask == nil {
		return false, fmt.Errorf("nobody can be asked without a terminal: look at the fingerprints, then run it again with --yes")
	}
	keys, files := 0, []string{}
	for _, r := range todo {
		for _, k := range r.Keys {
			if k.Status != runner.HostKeyUnknown {
				continue
			}
			keys++
			if !slices.Contains(files, k.File) {
				files = append(files, k.File)
			}
		}
	}
	text := fmt.Sprintf("Add %s of %s to %s? (yes/no)", counted(keys, "key"), counted(len(todo), "host"), strings.Join(files, ", "))
	answer, err := t.config.Ask(t.c.Context, runner.Question{Text: text, Echo: true})
	return err == nil && strings.EqualFold(strings.TrimSpace(answer), "yes"), err
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func (t *trusting) status() error {
	switch {
	case t.refused > 0:
		return exitStatus(exitFindings)
	case t.failed > 0 && t.trusted == 0:
		return exitStatus(exitNothing)
	case t.failed > 0:
		return exitStatus(exitIncomplete)
	}
	return nil
}
