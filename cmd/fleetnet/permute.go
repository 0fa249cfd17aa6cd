package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// permute moves flags that follow arguments before them, so that
// `show routes -l web` means `show -l web routes`: the flag package that cli
// stands on takes everything after the first argument as arguments. What
// follows `--` stays as it is.
func permute(app *cli.App, args []string) []string {
	if len(args) < 2 {
		return args
	}
	head, rest, flags := []string{args[0]}, args[1:], app.Flags
	commands := app.Commands
	for len(rest) > 0 {
		cmd := named(commands, rest[0])
		if cmd == nil {
			break
		}
		head, rest = append(head, rest[0]), rest[1:]
		commands, flags = cmd.Subcommands, cmd.Flags
	}
	if len(commands) > 0 && len(head) == 1 {
		return args
	}
	options, arguments := partition(flags, rest)
	return slices.Concat(head, options, arguments)
}

func named(commands []*cli.Command, name string) *cli.Command {
	for _, c := range commands {
		if c.HasName(name) {
			return c
		}
	}
	return nil
}

// partition splits a command's words into flags with their values, and
// arguments; arguments that look like flags are kept behind a `--`.
func partition(flags []cli.Flag, words []string) (options, arguments []string) {
	for i := 0; i < len(words); i++ {
		w := words[i]
		switch {
		case w == "--":
			return options, slices.Concat(arguments, words[i:])
		case len(w) < 2 || w[0] != '-':
			arguments = append(arguments, w)
		default:
			options = append(options, w)
			if takesValue(flags, w) && i+1 < len(words) {
				i++
				options = append(options, words[i])
			}
		}
	}
	return options, arguments
}

// takesValue reports whether the flag word is followed by its value.
func takesValue(flags []cli.Flag, word string) bool {
	name := strings.TrimLeft(word, "-")
	if strings.Contains(name, "=") {
		return false
	}
	for _, f := range flags {
		if slices.Contains(f.Names(), name) {
			_, boolean := f.(*cli.BoolFlag)
			return !boolean
		}
	}
	return false
}
