package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/fleetnet/fleetnet/parsers"
	"github.com/fleetnet/fleetnet/runner"
)

func (a *app) planCommand() *cli.Command {
	return &cli.Command{
		Name:  "plan",
		Usage: "print exactly what would run on a host; nothing is contacted",
		Description: "The script is fed to one sh on each host. NONCE stands for the random word that frames\n" +
			"each answer. Nothing in it changes the host.",
		Flags: []cli.Flag{
			text("become", "how the script would become root where that shows more: `sudo` or none", "none"),
			boolean("allow-module-load", "let ss load kernel modules that are not loaded"),
		},
		Action: a.plan,
	}
}

func (a *app) plan(c *cli.Context) error {
	if _, err := arguments(c, 0, 0, ""); err != nil {
		return err
	}
	if err := oneOf("--become", c.String("become"), []string{"none", "sudo"}); err != nil {
		return err
	}
	o := runner.ScriptOptions{AllowModuleLoad: c.Bool("allow-module-load")}
	if c.String("become") != "none" {
		o.Become = c.String("become")
	}
	_, err := fmt.Fprint(a.stdout, runner.Script(parsers.All(), o))
	return err
}
