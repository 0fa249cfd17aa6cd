package lab

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Sighting is a text that was seen where everybody, or every other process of
// the same user, can see it.
type Sighting struct {
	Comm  string // the process
	Where string // "cmdline" or "environ"
	Text  string
}

// Watched is what [Watch] has seen.
type Watched struct {
	Sightings map[Sighting]bool
	Commands  map[string]bool // every command line that it looked at, its arguments apart by spaces
}

// Ran reports whether a command line with this text in it was looked at: a
// watch that saw nothing run has proved nothing.
func (w *Watched) Ran(text string) bool {
	for command := range w.Commands {
		if strings.Contains(command, text) {
			return true
		}
	}
	return false
}

// Watch looks for texts in the command lines and environments of all
// processes, those of all hosts among them, over and over until stop is called.
func Watch(t testing.TB, texts ...string) (stop func() *Watched) {
	t.Helper()
	w := &Watched{Sightings: map[Sighting]bool{}, Commands: map[string]bool{}}
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			w.look(texts)
			select {
			case <-quit:
				return
			case <-time.After(2 * time.Millisecond):
			}
		}
	}()
	return func() *Watched {
		close(quit)
		<-done
		return w
	}
}

// look reads what /proc says of every process; see proc(5).
func (w *Watched) look(texts []string) {
	lines, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, path := range lines {
		dir := filepath.Dir(path)
		line, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended since
		}
		w.Commands[strings.ReplaceAll(string(line), "\x00", " ")] = true
		environ, _ := os.ReadFile(dir + "/environ")
		for _, text := range texts {
			for where, have := range map[string]string{"cmdline": string(line), "environ": string(environ)} {
				if strings.Contains(have, text) {
					comm, _ := os.ReadFile(dir + "/comm")
					w.Sightings[Sighting{strings.TrimSpace(string(comm)), where, text}] = true
				}
			}
		}
	}
}
