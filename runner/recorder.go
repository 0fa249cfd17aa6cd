package runner

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/fleetnet/fleetnet/inventory"
)

// Recorder writes a recording: a folder with run.json, and one file per host
// that said something, which holds its standard output and standard error as they
// came. Only the owner may read them. A recording that was not closed has no
// run.json and cannot be opened. A Recorder is safe for concurrent use.
type Recorder struct {
	dir string

	mu    sync.Mutex // guards what follows
	run   recordedRun
	names map[string]bool // files taken, in lower case
	err   error           // the first one; what follows it may be missing
}

// CreateRecording makes the folder of a recording, which must not exist or be
// empty. Version is that of the program.
func CreateRecording(dir, version string) (*Recorder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	if len(entries) > 0 {
		return nil, fmt.Errorf("record: %s is not empty", dir)
	}
	return &Recorder{
		dir:   dir,
		run:   recordedRun{SchemaVersion: recordingVersion, Version: version, StartedAt: now()},
		names: map[string]bool{},
	}, nil
}

// Close writes run.json, and returns the first error that writing any part of
// the recording gave. Interrupted says that the run did not come to its end.
func (r *Recorder) Close(interrupted bool) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err != nil {
		return fmt.Errorf("record: %w", r.err)
	}
	r.run.Interrupted = interrupted
	r.run.Duration = duration(now().Sub(r.run.StartedAt))
	slices.SortStableFunc(r.run.Hosts, func(a, b recordedHost) int { return cmp.Compare(a.n, b.n) })
	text, err := json.MarshalIndent(r.run, "", "  ")
	if err != nil {
		return fmt.Errorf("record: run.json: %w", err)
	}
	path := filepath.Join(r.dir, "run.json")
	if err := os.WriteFile(path+".part", append(text, '\n'), 0o600); err != nil {
		return fmt.Errorf("record: %w", err)
	}
	if err := os.Rename(path+".part", path); err != nil {
		return fmt.Errorf("record: %w", err)
	}
	return nil
}

// Run tells what the recording says of the run as a whole. Its duration is
// known once the recording is closed.
func (r *Recorder) Run() (startedAt time.Time, d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.run.StartedAt, time.Duration(r.run.Duration)
}

// host begins the recording of a host, the n-th of the run. A nil Recorder
// gives a nil recording, which drops all.
func (r *Recorder) host(h inventory.Host, n int, nonce string) *hostRecording {
	if r == nil {
		return nil
	}
	return &hostRecording{to: r, nonce: nonce, entry: recordedHost{Host: recorded(h), n: n}}
}

// fileName returns a name for the host's file that is safe on every system
// and not taken.
func (r *Recorder) fileName(host string) string {
	safe := strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("._-", c) {
			return c
		}
		return '_'
	}, host)
	safe = strings.TrimLeft(safe[:min(len(safe), 100)], ".-")
	r.mu.Lock()
	defer r.mu.Unlock()
	name := safe + ".txt"
	for i := 2; safe == "" || r.names[strings.ToLower(name)]; i++ {
		name = fmt.Sprintf("%s~%d.txt", safe, i)
		if !r.names[strings.ToLower(name)] {
			break
		}
	}
	r.names[strings.ToLower(name)] = true
	return name
}

// hostRecording keeps what one host says. Its standard output goes to the disk
// as it comes; standard error, which is short, waits in memory for its end.
type hostRecording struct {
	to     *Recorder
	nonce  string
	entry  recordedHost
	file   *os.File
	out    int64
	errs   []byte // written by the goroutine of standard error alone
	failed error
}

func (h *hostRecording) stdout(p []byte) {
	if h == nil || len(p) == 0 || h.failed != nil {
		return
	}
	if h.file == nil {
		h.failed = h.create()
	}
	if h.failed == nil {
		_, h.failed = h.file.Write(p)
		h.out += int64(len(p))
	}
}

func (h *hostRecording) stderr(p []byte) {
	if h != nil {
		h.errs = append(h.errs, p...)
	}
}

// create opens the host's file beside the name that it gets in the end, and
// leaves room for the header.
func (h *hostRecording) create() error {
	h.entry.File = h.to.fileName(h.entry.Host.Name)
	f, err := os.OpenFile(h.part(), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	h.file = f
	_, err = io.WriteString(f, h.header(0, 0))
	return err
}

func (h *hostRecording) part() string { return filepath.Join(h.to.dir, h.entry.File+".part") }

// header is of the same length whatever its numbers.
func (h *hostRecording) header(stdout int64, stderr int) string {
	return fmt.Sprintf(recordingHeader, h.nonce, stdout, stderr)
}

// close ends the host's recording with what came of it.
func (h *hostRecording) close(res Result, takenAt time.Time, end ending) {
	if h == nil {
		return
	}
	if h.file == nil && len(h.errs) > 0 && h.failed == nil {
		h.failed = h.create()
	}
	err := h.failed
	if h.file != nil {
		err = errors.Join(err, h.finish())
	}
	h.entry.StartedAt, h.entry.Duration, h.entry.TakenAt = res.StartedAt, duration(res.Duration), takenAt
	h.entry.Ending, h.entry.Error = end, errorJSONOf(res.Err)
	h.to.add(h.entry, err)
}

func (h *hostRecording) finish() error {
	_, err := h.file.Write(h.errs)
	_, err2 := h.file.WriteAt([]byte(h.header(h.out, len(h.errs))), 0)
	if err := errors.Join(err, err2, h.file.Close()); err != nil {
		return err
	}
	return os.Rename(h.part(), strings.TrimSuffix(h.part(), ".part"))
}

func (r *Recorder) add(entry recordedHost, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.run.Hosts = append(r.run.Hosts, entry)
	if r.err == nil {
		r.err = err
	}
}
