package main

import (
	"fmt"
	"io"
	"os"

	"github.com/urfave/cli/v2"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers"
	"github.com/fleetnet/fleetnet/parsers/charset"
	"github.com/fleetnet/fleetnet/reports"
)

// maxParse bounds the text that parse reads.
const maxParse = 1 << 30

func (a *app) parseCommand() *cli.Command {
	return &cli.Command{
		Name:      "parse",
		Usage:     "read what commands printed, from FILE or stdin, and print it as JSON or as a table",
		ArgsUsage: "[FILE]",
		Description: "The system and the command are told by the text: by prompts in it, else by its shape. What cannot be told is asked for.\n" +
			"Exit status: 0, 2 when the text cannot be told, 3 when lines of it could not be read.",
		Flags: flags([]cli.Flag{
			text("platform", "`SYSTEM` that printed it, when the text does not tell: linux, darwin, windows, freebsd …", ""),
			text("command", "`COMMAND` that printed it, when the text does not tell: 'ss -tanp'", ""),
			text("host", "`NAME` of the host in the result", "stdin"),
			text("table", "print the `TABLE` instead of everything: sockets, routes …", "", "t"),
		}, rowFlags(), sayFlags(parseFormats())),
		Action: a.parse,
	}
}

// parseFormats are the formats of a listing; json, the first, is also that of
// everything.
func parseFormats() []string {
	formats := []string{"json"}
	for _, f := range reports.ListingFormats() {
		if f != "json" {
			formats = append(formats, f)
		}
	}
	return formats
}

// parse prints one snapshot, or a table of it. Lines that could not be read are
// named on stderr, and the exit status is then that of an incomplete result.
func (a *app) parse(c *cli.Context) error {
	args, err := arguments(c, 0, 1, "one FILE")
	if err != nil {
		return err
	}
	out, err := a.parsedOutput(c)
	if err != nil {
		return err
	}
	asked := askedOf(c)
	var known fleetnet.Probe // of a platform and a command that are given
	given := asked.Command != "" && len(asked.Platforms) == 1
	if given {
		if known, err = parsers.Find(asked.Platforms[0], asked.Command); err != nil {
			return err
		}
	}
	text, err := a.readText(args)
	if err != nil {
		return err
	}
	snap := fleetnet.NewSnapshot(c.String("host"))
	var errs []*fleetnet.LineError
	var bad, lines int
	if given {
		errs, bad, lines = readKnown(snap, known, text)
	} else if errs, bad, lines, err = a.readTold(c, snap, asked, text); err != nil {
		return err
	}
	if err := out.write(snap); err != nil {
		return err
	}
	for _, e := range errs {
		fmt.Fprintf(a.stderr, "fleetnet: %v\n", e)
	}
	if bad > 0 {
		fmt.Fprintf(a.stderr, "fleetnet: %d of %d lines could not be read\n", bad, lines)
		return exitStatus(exitIncomplete)
	}
	return nil
}

// readKnown reads a text of which the platform and the command are given.
func readKnown(snap *fleetnet.Snapshot, probe fleetnet.Probe, text *fleetnet.Text) (errs []*fleetnet.LineError, bad, lines int) {
	snap.Host.OS = probe.OS
	decode := decoder(probe.OS, text)
	if text.Len() <= parsers.MaxPaste {
		probe.Decode = func(raw []byte) []byte {
			if decode != nil {
				raw = decode(raw)
			}
			return parsers.Unpaste(raw)
		}
	} else {
		probe.Decode = decode
	}
	acct := snap.Read(probe, text, 0)
	return acct.First, acct.Errors, acct.Lines
}

// askedOf returns what the flags say of the text.
func askedOf(c *cli.Context) parsers.Asked {
	asked := parsers.Asked{Command: c.String("command")}
	if word := c.String("platform"); word != "" {
		asked.Platforms = fleetnet.Systems(word)
	}
	return asked
}

// readTold tells what printed a text and reads it.
func (a *app) readTold(c *cli.Context, snap *fleetnet.Snapshot, asked parsers.Asked, text *fleetnet.Text) (errs []*fleetnet.LineError, bad, lines int, err error) {
	told, err := tell(text.Bytes(), asked)
	if err != nil {
		return nil, 0, 0, err
	}
	accounts, err := told.Read(snap)
	if err != nil {
		return nil, 0, 0, err
	}
	for i, acct := range accounts {
		errs, bad, lines = append(errs, acct.First...), bad+acct.Errors, lines+told.Readings[i].Lines()
	}
	a.sayTold(c, told)
	return errs, bad, lines, nil
}

// tell is [parsers.Tell] for the bytes of a file. Those that are no UTF-8 may be
// of a code page of Windows; text of another system stays as it is.
func tell(raw []byte, asked parsers.Asked) (parsers.Told, error) {
	text, encoding := charset.Unicode(raw)
	if encoding != charset.Unknown {
		return parsers.Tell(text, asked)
	}
	told, err := parsers.Tell(text, asked)
	if err == nil && told.Platform != "windows" {
		return told, nil
	}
	decoded, _ := charset.Decode(raw)
	if again, err := parsers.Tell(decoded, asked); err == nil && again.Platform == "windows" {
		return again, nil
	}
	return told, err
}

// sayTold says as what a text was read, and what in it was not.
func (a *app) sayTold(c *cli.Context, told parsers.Told) {
	for _, r := range told.Readings {
		how := ""
		if !r.Typed {
			how = ", by its shape: which rows were asked for is not known"
		}
		a.hint(c, "read as the output of %q of %s%s", fleetnet.Printable(r.Probe.Command), told.Platform, how)
	}
	for _, p := range told.Passed {
		a.hint(c, "%v", p)
	}
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
