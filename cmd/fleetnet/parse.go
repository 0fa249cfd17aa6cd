package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"

	"github.com/urfave/cli/v2"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers"
	"github.com/fleetnet/fleetnet/parsers/charset"
)

// maxParse bounds the text that parse reads.
const maxParse = 1 << 30

func (a *app) parseCommand() *cli.Command {
	return &cli.Command{
		Name:      "parse",
		Usage:     "read the output of a command from FILE or stdin and print it as JSON",
		ArgsUsage: "[FILE]",
		Flags: []cli.Flag{
			text("platform", "`SYSTEM` that printed it", runtime.GOOS),
			text("command", "`COMMAND` that printed it: 'ss -tanp'", ""),
			text("host", "`NAME` of the host in the result", "stdin"),
		},
		Action: a.parse,
	}
}

// parse prints one snapshot. Lines that could not be read are named on stderr,
// and the exit status is then that of an incomplete result.
func (a *app) parse(c *cli.Context) error {
	args, err := arguments(c, 0, 1, "one FILE")
	if err != nil {
		return err
	}
	if c.String("command") == "" {
		return fmt.Errorf("parse needs --command, the command whose output it is: --command 'ss -tanp'")
	}
	dialect, err := parsers.Find(c.String("platform"), c.String("command"))
	if err != nil {
		return err
	}
	text, err := a.readText(args)
	if err != nil {
		return err
	}
	snap := fleetnet.NewSnapshot(c.String("host"))
	snap.Host.OS = c.String("platform")
	probe := dialect.Probe(c.String("command"))
	probe.Decode = decoder(c.String("platform"), text)
	acct := snap.Read(probe, text, 0)
	enc := json.NewEncoder(a.stdout)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(snap); err != nil {
		return fmt.Errorf("write snapshot: %w", err)
	}
	for _, e := range acct.First {
		fmt.Fprintf(a.stderr, "fleetnet: %v\n", e)
	}
	if acct.Errors > 0 {
		fmt.Fprintf(a.stderr, "fleetnet: %d of %d lines could not be read\n", acct.Errors, acct.Lines)
		return exitStatus(exitIncomplete)
	}
	return nil
}

// decoder returns what turns the text of a platform into UTF-8, or nil where it
// is that already. What Windows wrote may be in a code page; the text of any
// system may have been saved there, as UTF-16.
func decoder(platform string, text *fleetnet.Text) func([]byte) []byte {
	read := charset.Unicode
	if platform == "windows" {
		read = charset.Decode
	} else if _, name := read([]byte(text.Line(1))); name != charset.UTF16LE && name != charset.UTF16BE {
		return nil
	}
	return func(raw []byte) []byte {
		text, _ := read(raw)
		return text
	}
}

// readText reads the named file, or stdin when none is named or it is "-".
func (a *app) readText(args []string) (*fleetnet.Text, error) {
	src, name := a.stdin, "standard input"
	if len(args) == 1 && args[0] != "-" {
		f, err := os.Open(args[0])
		if err != nil {
			return nil, err
		}
		defer f.Close()
		src, name = f, args[0]
	}
	var text fleetnet.Text
	n, err := text.ReadFrom(io.LimitReader(src, maxParse+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", name, err)
	case n > maxParse:
		return nil, fmt.Errorf("read %s: more than %d MiB", name, maxParse>>20)
	}
	return &text, nil
}
