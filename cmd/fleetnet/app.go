package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// app is one run of the command line, with the world that it acts on.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
}

// run carries out the command line and returns the exit status.
func (a *app) run(ctx context.Context, args []string) int {
	c := a.cli()
	err := c.RunContext(ctx, permute(c, args))
	code, report := statusOf(err)
	if report {
		fmt.Fprintf(a.stderr, "fleetnet: %v\n", err)
	}
	return code
}

// cli builds the command line. Its defaults that would end the process, print
// usage errors to stdout or split values at commas are turned off.
func (a *app) cli() *cli.App {
	c := &cli.App{
		Name:                      "fleetnet",
		Usage:                     "ss, netstat and ip for a whole fleet at once",
		Version:                   version,
		Reader:                    a.stdin,
		Writer:                    a.stdout,
		ErrWriter:                 a.stderr,
		HideHelpCommand:           true,
		DisableSliceFlagSeparator: true,
		Suggest:                   true,
		ExitErrHandler:            func(*cli.Context, error) {},
		Action:                    a.noCommand,
		Commands: []*cli.Command{
			a.scanCommand(), a.showCommand(), a.compareCommand(), a.planCommand(),
			a.hostsCommand(), a.trustCommand(), a.sudoersCommand(), a.parseCommand(), a.rulesCommand(), a.demoCommand(),
		},
	}
	c.OnUsageError = usageError
	quiet(c.Commands)
	return c
}

// quiet makes every command report usage errors to its caller only.
func quiet(commands []*cli.Command) {
	for _, cmd := range commands {
		cmd.OnUsageError = usageError
		cmd.HideHelpCommand = true
		quiet(cmd.Subcommands)
	}
}

func usageError(c *cli.Context, err error, _ bool) error {
	name := "fleetnet"
	if c.Command != nil && c.Command.Name != "" && c.Command.Name != name {
		name += " " + c.Command.Name
	}
	return fmt.Errorf("%w (see %s --help)", err, name)
}

// noCommand runs when no command was named, or one that does not exist.
func (a *app) noCommand(c *cli.Context) error {
	if c.NArg() == 0 {
		return cli.ShowAppHelp(c)
	}
	err := fmt.Errorf("unknown command %q", c.Args().First())
	if near := cli.SuggestCommand(c.App.Commands, c.Args().First()); near != "" { // `Did you mean "scan"?`
		err = fmt.Errorf("%w (%s)", err, strings.ToLower(near))
	}
	return err
}

// arguments returns the command's arguments, of which there must be at least
// least and at most most; words names them in errors.
func arguments(c *cli.Context, least, most int, words string) ([]string, error) {
	args := c.Args().Slice()
	for _, arg := range args {
		if len(arg) > 1 && arg[0] == '-' && arg != "--" {
			return nil, fmt.Errorf("%q stands after an argument and would not be read as a flag: put it before", arg)
		}
	}
	switch {
	case len(args) < least:
		return nil, fmt.Errorf("%s needs %s (see fleetnet %s --help)", c.Command.Name, words, c.Command.Name)
	case len(args) > most && most == 0:
		return nil, fmt.Errorf("%s takes no argument, but %q was given", c.Command.Name, args[0])
	case len(args) > most:
		return nil, fmt.Errorf("%s takes %s, but %q was given as well", c.Command.Name, words, args[most])
	}
	return args, nil
}

// oneOf checks a word against those allowed.
func oneOf(what, word string, allowed []string) error {
	if slices.Contains(allowed, word) {
		return nil
	}
	return fmt.Errorf("%s %q is not one of: %s", what, word, strings.Join(allowed, ", "))
}
