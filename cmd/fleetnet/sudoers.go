package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/fleetnet/fleetnet/parsers"
	"github.com/fleetnet/fleetnet/runner"
)

func (a *app) sudoersCommand() *cli.Command {
	return &cli.Command{
		Name:  "sudoers",
		Usage: "print the smallest file for /etc/sudoers.d with which a scan sees what root sees, without a password",
		Flags: []cli.Flag{
			text("user", "the `NAME` that scans log in with, or %GROUP", "fleetnet"),
			boolean("doas", "print rules for doas.conf instead"),
		},
		Action: a.sudoers,
	}
}

func (a *app) sudoers(c *cli.Context) error {
	if _, err := arguments(c, 0, 0, ""); err != nil {
		return err
	}
	rules := runner.Sudoers
	if c.Bool("doas") {
		rules = runner.Doas
	}
	rule, err := rules(parsers.All(), runner.SudoersOptions{User: c.String("user"), OS: "linux"})
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(a.stdout, rule)
	return err
}
