package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/urfave/cli/v2"
)

// failedFile returns where the names of the hosts that failed in the last run
// are kept: $XDG_STATE_HOME/fleetnet/failed, by default in ~/.local/state.
func (a *app) failedFile() (string, error) {
	dir := a.getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(dir) { // as the XDG base directory specification has it
		home, err := os.UserHomeDir()
		if err != nil {
			return "", err
		}
		dir = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(dir, "fleetnet", "failed"), nil
}

// keepFailed keeps the names of the hosts that failed for --limit failed. That
// it cannot must not cost the run its report.
func (a *app) keepFailed(c *cli.Context, names []string, at time.Time) {
	file, err := a.failedFile()
	if err == nil {
		err = writeFailed(file, names, at)
	}
	if err != nil {
		a.hint(c, "--limit failed will not know of this run: %v", err)
	}
}

func writeFailed(file string, names []string, at time.Time) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	return replaceFile(file, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "# hosts that failed in the run of %s\n%s", at.Format(time.RFC3339), lines(names))
		return err
	})
}

func lines(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return strings.Join(names, "\n") + "\n"
}

// lastFailed returns the names that keepFailed kept.
func (a *app) lastFailed() ([]string, error) {
	file, err := a.failedFile()
	if err != nil {
		return nil, err
	}
	f, err := os.Open(file)
	if errors.Is(err, os.ErrNotExist) {
		return nil, errors.New("no last run is known")
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var names []string
	for s := bufio.NewScanner(f); s.Scan(); {
		if line := strings.TrimSpace(s.Text()); line != "" && line[0] != '#' {
			names = append(names, line)
		}
	}
	return names, nil
}
