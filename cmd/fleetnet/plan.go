package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
	"github.com/fleetnet/fleetnet/parsers"
	"github.com/fleetnet/fleetnet/runner"
)

func (a *app) planCommand() *cli.Command {
	return &cli.Command{
		Name:  "plan",
		Usage: "print exactly what would run on a host; nothing is contacted",
		Description: "The script is fed to one sh on each host, on Windows to one PowerShell, which a command starts\n" +
			"that is printed first. Without --platform the script is that for all systems with a sh; a host\n" +
			"whose system the inventory or its SSH server tells gets the one for that system.\n" +
			"NONCE stands for the random word that frames each answer, PASSWORD for a password that sudo\n" +
			"or su is given. Nothing in it changes the host.\n" +
			"With -i or -H, the script is preceded by how each host is reached.",
		Flags: flags(whoFlags(), loginFlags(), []cli.Flag{
			text("platform", "the script for `SYSTEM`: linux, darwin, freebsd, openbsd, netbsd, dragonfly or windows", ""),
			boolean("allow-module-load", "let ss load kernel modules that are not loaded"),
		}, quietFlags()),
		Action: a.plan,
	}
}

func (a *app) plan(c *cli.Context) error {
	if _, err := arguments(c, 0, 0, ""); err != nil {
		return err
	}
	if c.IsSet("platform") {
		if err := oneOf("platform", planned(c), platforms()); err != nil {
			return err
		}
	}
	if !c.IsSet("inventory") && !c.IsSet("hosts") {
		cr, err := credentialsOf(c)
		if err != nil {
			return err
		}
		return a.printPlan(c, cr.apply([]inventory.Host{{}})[0])
	}
	hosts, err := a.hostsOf(c)
	if err != nil {
		return err
	}
	return a.plans(c, hosts)
}

// planned returns the system that --platform names, "" for none.
func planned(c *cli.Context) string {
	word := c.String("platform")
	if systems := fleetnet.Systems(word); len(systems) == 1 {
		return systems[0]
	}
	return word
}

// platforms names those that can be asked, in the order of their probes.
func platforms() []string {
	var names []string
	for _, p := range parsers.All() {
		if !slices.Contains(names, p.OS) {
			names = append(names, p.OS)
		}
	}
	return names
}

// plans prints each script that some of the hosts get, with these hosts before it.
func (a *app) plans(c *cli.Context, hosts []inventory.Host) error {
	by := map[runner.ScriptOptions][]inventory.Host{}
	var order []runner.ScriptOptions
	for _, h := range hosts {
		o := scriptOptions(c, h)
		if by[o] == nil {
			order = append(order, o)
		}
		by[o] = append(by[o], h)
	}
	for i, o := range order {
		if i > 0 {
			fmt.Fprintln(a.stdout)
		}
		for _, h := range by[o] {
			fmt.Fprintf(a.stdout, "# %s: %s\n", h.Name, strings.Join(steps(h), ", "))
		}
		if err := a.printPlan(c, by[o][0]); err != nil {
			return err
		}
	}
	return nil
}

// steps says what is done to get to the script.
func steps(h inventory.Host) []string {
	out := []string{path(h, true)}
	if h.Become != "" && h.Platform != "windows" {
		out = append(out, h.Become+" for what only root sees")
	}
	return out
}

func (a *app) printPlan(c *cli.Context, h inventory.Host) error {
	o := scriptOptions(c, h)
	if o.Platform == "windows" {
		commands := runner.Commands(parsers.All(), o)
		fmt.Fprintf(a.stdout, "# This command is run, and fed what follows the commands:\n# %s\n", commands[0])
		fmt.Fprintf(a.stdout, "# Where the login shell does not take its quotes, this one is run then:\n# %s\n\n", commands[1])
	}
	_, err := fmt.Fprint(a.stdout, runner.Script(parsers.All(), o))
	return err
}

func scriptOptions(c *cli.Context, h inventory.Host) runner.ScriptOptions {
	platform := cmp.Or(planned(c), h.Platform)
	switch platform {
	case inventory.PlatformAuto:
		platform = ""
	case "windows":
		return runner.ScriptOptions{Platform: platform} // all else means nothing there
	}
	return runner.ScriptOptions{Platform: platform, Become: h.Become, Password: !h.BecomePass.IsZero(), AllowModuleLoad: c.Bool("allow-module-load")}
}
