package lab

import (
	"os"
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

	texts []string
	looks map[string]int // at each process, by its number
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
// What lives for less than a millisecond may escape it.
func Watch(t testing.TB, texts ...string) (stop func() *Watched) {
	t.Helper()
	w := &Watched{Sightings: map[Sighting]bool{}, Commands: map[string]bool{}, texts: texts, looks: map[string]int{}}
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for round := 0; ; round++ {
			w.look(round%50 == 0)
			select {
			case <-quit:
				return
			case <-time.After(100 * time.Microsecond):
			}
		}
	}()
	return func() *Watched {
		close(quit)
		<-done
		return w
	}
}

// look looks at processes that are new, and may still turn into another program;
// or at all.
func (w *Watched) look(all bool) {
	dir, err := os.Open("/proc")
	if err != nil {
		return
	}
	defer dir.Close()
	names, _ := dir.Readdirnames(-1)
	before := w.looks
	w.looks = map[string]int{}
	for _, name := range names {
		if name[0] < '0' || name[0] > '9' {
			continue
		}
		w.looks[name] = before[name] + 1
		if all || before[name] < 20 {
			w.process("/proc/" + name)
		}
	}
}

// process reads what /proc says of a process; see proc(5).
func (w *Watched) process(dir string) {
	line, err := os.ReadFile(dir + "/cmdline")
	if err != nil {
		return // it has ended since
	}
	w.Commands[strings.ReplaceAll(string(line), "\x00", " ")] = true
	environ, _ := os.ReadFile(dir + "/environ")
	for _, text := range w.texts {
		for where, have := range map[string]string{"cmdline": string(line), "environ": string(environ)} {
			if strings.Contains(have, text) {
				comm, _ := os.ReadFile(dir + "/comm")
				w.Sightings[Sighting{strings.TrimSpace(string(comm)), where, text}] = true
			}
		}
	}
}
