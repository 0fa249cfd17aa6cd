package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
	"golang.org/x/term"

	"github.com/fleetnet/fleetnet/reports"
)

// sink is one place that a result is written to.
type sink struct {
	format string
	file   string // empty: stdout
}

// sinks reads the --format flags. Without one, the first format goes to stdout.
func sinks(c *cli.Context, formats []string) ([]sink, error) {
	given := c.StringSlice("format")
	if len(given) == 0 {
		return []sink{{format: formats[0]}}, nil
	}
	var out []sink
	toStdout := 0
	for _, g := range given {
		format, file, named := strings.Cut(g, "=")
		if err := oneOf("format", format, formats); err != nil {
			return nil, err
		}
		if named && file == "" {
			return nil, fmt.Errorf("format %q names no file", g)
		}
		if !named {
			toStdout++
		}
		out = append(out, sink{format, file})
	}
	if toStdout > 1 {
		return nil, fmt.Errorf("only one format can go to stdout: give the others a file, as in -f json=report.json")
	}
	return out, nil
}

// write writes one result to every sink, files first and each whole or not at
// all, so that a closed pipe costs no file.
func (a *app) write(c *cli.Context, to []sink, render func(w io.Writer, format string, o reports.Options) error) error {
	for _, s := range slices.SortedStableFunc(slices.Values(to), func(x, y sink) int {
		return strings.Compare(y.file, x.file)
	}) {
		var err error
		if s.file == "" {
			err = buffered(a.stdout, func(w io.Writer) error { return render(w, s.format, a.options(c)) })
		} else {
			err = replaceFile(s.file, func(w io.Writer) error {
				return render(w, s.format, reports.Options{Verbose: c.Bool("verbose")})
			})
		}
		if err != nil {
			return fmt.Errorf("write %s report: %w", s.format, err)
		}
	}
	return nil
}

func buffered(w io.Writer, render func(io.Writer) error) error {
	b := bufio.NewWriterSize(w, 64<<10)
	if err := render(b); err != nil {
		return err
	}
	return b.Flush()
}

// replaceFile writes a file beside its place and renames it, so that nobody
// ever sees half of it. A link stays one, and what is no file (a pipe, /dev/null)
// is written to as it is.
func replaceFile(name string, render func(io.Writer) error) error {
	if at, err := filepath.EvalSymlinks(name); err == nil {
		name = at
	}
	if st, err := os.Stat(name); err == nil && !st.Mode().IsRegular() {
		return writeTo(name, render)
	}
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails after the rename, as it should
	if err := buffered(f, render); err != nil {
		_ = f.Close()
		return err
	}
	if err := f.Chmod(0o644); err != nil {
		_ = f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

// writeTo writes to what is there already.
func writeTo(name string, render func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if err := buffered(f, render); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}

// options returns how stdout wants its text.
func (a *app) options(c *cli.Context) reports.Options {
	o := reports.Options{Verbose: c.Bool("verbose")}
	fd, terminal := terminalOf(a.stdout)
	if terminal {
		if width, _, err := term.GetSize(fd); err == nil {
			o.Width = width
		}
	}
	switch c.String("color") {
	case "always":
		o.Color = true
	case "never":
	default:
		o.Color = terminal && a.getenv("NO_COLOR") == "" && a.getenv("TERM") != "dumb"
	}
	return o
}

// terminalOf returns the descriptor behind w and whether it is a terminal.
func terminalOf(w io.Writer) (int, bool) {
	f, ok := w.(*os.File)
	if !ok {
		return 0, false
	}
	fd := int(f.Fd())
	return fd, term.IsTerminal(fd)
}

// hint prints a line for people to stderr, unless --quiet.
func (a *app) hint(c *cli.Context, format string, args ...any) {
	if !c.Bool("quiet") {
		fmt.Fprintf(a.stderr, format+"\n", args...)
	}
}
