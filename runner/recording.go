package runner

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
)

const (
	recordingVersion = 1
	// recordingHeader is the first line of a host's file: standard output and
	// then standard error follow it, of so many bytes each.
	recordingHeader = "fleetnet recording 1 nonce=%32s stdout=%012d stderr=%012d\n"
)

// recordedRun is run.json.
type recordedRun struct {
	SchemaVersion int            `json:"schema_version"`
	Version       string         `json:"version,omitzero"`
	StartedAt     time.Time      `json:"started_at"`
	Duration      duration       `json:"duration"`
	Interrupted   bool           `json:"interrupted,omitzero"`
	Hosts         []recordedHost `json:"hosts"`
}

// recordedHost is what came of a host.
type recordedHost struct {
	Host      inventory.Host `json:"host"`
	File      string         `json:"file,omitzero"` // none when it said nothing
	StartedAt time.Time      `json:"started_at"`
	Duration  duration       `json:"duration"`
	TakenAt   time.Time      `json:"taken_at,omitzero"`
	Ending    ending         `json:"ending,omitzero"`
	Error     *errorJSON     `json:"error,omitzero"`
	Withheld  string         `json:"withheld,omitzero"` // why the become method was not used
	Platform  string         `json:"platform,omitzero"` // whose script ran; none for that of all with a POSIX shell

	n int
}

// errorJSON is a HostError.
type errorJSON struct {
	Op   string `json:"op"`
	Text string `json:"text"`
	Hint string `json:"hint,omitzero"`
}

func errorJSONOf(err error) *errorJSON {
	var h *HostError
	if !errors.As(err, &h) {
		return nil
	}
	return &errorJSON{h.Op, h.Err.Error(), h.Hint}
}

// duration is written as Go prints it: 1.25s.
type duration time.Duration

func (d duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

func (d *duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	*d = duration(v)
	return err
}

// Recording is an earlier run, to be replayed. It is safe for concurrent use.
type Recording struct {
	// Version is that of the program that recorded.
	Version string
	// StartedAt and Duration are those of the run.
	StartedAt time.Time
	Duration  time.Duration
	// Interrupted says that the run did not come to its end.
	Interrupted bool

	dir   string
	hosts []inventory.Host
	by    map[string]recordedHost
}

// OpenRecording reads what [Recorder] wrote into dir.
func OpenRecording(dir string) (*Recording, error) {
	path := filepath.Join(dir, "run.json")
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("replay: %s holds no recording, or one that was not finished: %w", dir, err)
	}
	if err != nil {
		return nil, fmt.Errorf("replay: %w", err)
	}
	var run recordedRun
	if err := json.Unmarshal(text, &run); err != nil {
		return nil, fmt.Errorf("replay: %s: %w", path, err)
	}
	if run.SchemaVersion != recordingVersion {
		return nil, fmt.Errorf("replay: %s: schema version %d, not %d", path, run.SchemaVersion, recordingVersion)
	}
	rec := &Recording{
		Version: run.Version, StartedAt: run.StartedAt, Duration: time.Duration(run.Duration), Interrupted: run.Interrupted,
		dir: dir, by: map[string]recordedHost{},
	}
	for _, h := range run.Hosts {
		rec.hosts = append(rec.hosts, h.Host)
		rec.by[h.Host.Name] = h
	}
	return rec, nil
}

// Hosts returns the hosts of the recorded run, in its order.
func (r *Recording) Hosts() []inventory.Host { return r.hosts }

// open returns what the host said, and the nonce of its frames.
func (r *Recording) open(h recordedHost) (*recordedOutput, error) {
	if filepath.Base(h.File) != h.File {
		return nil, fmt.Errorf("%s is not the name of a file", fleetnet.Quote(h.File))
	}
	f, err := os.Open(filepath.Join(r.dir, h.File))
	if err != nil {
		return nil, err
	}
	out := &recordedOutput{file: f}
	header, err := bufio.NewReaderSize(f, 256).ReadString('\n')
	if err == nil {
		_, err = fmt.Sscanf(header, recordingHeader, &out.nonce, &out.outLen, &out.errLen)
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: not the recording of a host: %w", h.File, err)
	}
	out.start = int64(len(header))
	return out, nil
}

// recordedOutput is a host's file.
type recordedOutput struct {
	file                  *os.File
	nonce                 string
	start, outLen, errLen int64
}

func (o *recordedOutput) stdout() io.Reader { return io.NewSectionReader(o.file, o.start, o.outLen) }
func (o *recordedOutput) stderr() io.Reader {
	return io.NewSectionReader(o.file, o.start+o.outLen, o.errLen)
}

// Path returns the file that holds what a host said, or "" when it said nothing.
func (r *Recording) Path(host string) string {
	if h := r.by[host]; h.File != "" {
		return filepath.Join(r.dir, filepath.Base(h.File))
	}
	return ""
}
