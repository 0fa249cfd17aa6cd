package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
	"github.com/fleetnet/fleetnet/parsers"
	"github.com/fleetnet/fleetnet/runner"
)

// source is where the state of hosts comes from: the hosts, or a recording.
type source struct {
	hosts     []inventory.Host
	config    runner.Config
	recorder  *runner.Recorder
	recording *runner.Recording
	started   time.Time
	failed    []runner.Result // hosts of which nothing was read
	read      int             // hosts of which something was
}

// open checks everything that can be checked before a host is contacted.
func (a *app) open(c *cli.Context) (*source, error) {
	if err := checkFlags(c); err != nil {
		return nil, err
	}
	src := &source{started: time.Now().UTC(), config: configOf(c)}
	if c.IsSet("from") {
		return src, a.replay(c, src)
	}
	var err error
	if src.hosts, err = a.hostsOf(c); err != nil {
		return nil, err
	}
	if c.IsSet("record") {
		if src.recorder, err = runner.CreateRecording(c.Path("record"), version); err != nil {
			return nil, err
		}
		src.config.Record = src.recorder
	}
	return src, nil
}

// replay makes a recording the source.
func (a *app) replay(c *cli.Context, s *source) error {
	rec, err := runner.OpenRecording(c.Path("from"))
	if err != nil {
		return err
	}
	s.recording, s.config.Replay = rec, rec
	s.hosts = rec.Hosts()
	if c.String("limit") != "" {
		s.hosts, err = a.limit(c, inventory.Of(s.hosts))
	}
	return err
}

func configOf(c *cli.Context) runner.Config {
	return runner.Config{
		Probes:          parsers.All(),
		Concurrency:     c.Int("concurrency"),
		Timeout:         c.Duration("timeout"),
		DialTimeout:     c.Duration("connect-timeout"),
		RunTimeout:      c.Duration("run-timeout"),
		MaxBytes:        int64(c.Int("max-mib")) << 20,
		MaxRows:         c.Int("max-rows"),
		HostKeys:        runner.HostKeyPolicy(c.String("host-keys")),
		AllowModuleLoad: c.Bool("allow-module-load"),
		MaxAuthFailures: c.Int("max-auth-failures"),
		Ask:             asker(),
	}
}

// collect asks the hosts, with progress on stderr when that is a terminal.
func (a *app) collect(c *cli.Context, s *source) iter.Seq[runner.Result] {
	return func(yield func(runner.Result) bool) {
		p := a.progress(c, len(s.hosts))
		defer p.clear()
		failed := []string{}
		for res := range runner.New(s.config).Run(c.Context, s.hosts) {
			p.step(res)
			if res.Err != nil {
				failed = append(failed, res.Host.Name)
			}
			if !yield(res) {
				return
			}
		}
		if s.recording == nil && (c.IsSet("inventory") || c.IsSet("hosts")) {
			p.clear()
			a.keepFailed(c, failed, s.started)
		}
	}
}

// tally counts a result for those commands that have no line for each host.
func (s *source) tally(res runner.Result) {
	if res.Err != nil {
		s.failed = append(s.failed, res)
	}
	if res.Snapshot != nil {
		s.read++
	}
}

// close completes the recording, if one is made.
func (s *source) close(ctx context.Context) error {
	if s.recorder == nil {
		return nil
	}
	return s.recorder.Close(s.interrupted(ctx))
}

func (s *source) interrupted(ctx context.Context) bool {
	return errors.Is(context.Cause(ctx), errInterrupted) || s.recording != nil && s.recording.Interrupted
}

// run describes the run. That of a recording, made or read, is described by
// the recording, so that both give the same report.
func (s *source) run(ctx context.Context) fleetnet.Run {
	r := fleetnet.Run{Version: version, StartedAt: s.started, Interrupted: s.interrupted(ctx)}
	d := time.Since(s.started)
	switch {
	case s.recorder != nil:
		r.StartedAt, d = s.recorder.Run()
	case s.recording != nil:
		r.StartedAt, d = s.recording.StartedAt, s.recording.Duration
	}
	r.DurationMS = d.Milliseconds()
	return r
}

// sayFailures names the hosts that failed on stderr, whatever --quiet says: a
// table that lacks their rows must not pass for the whole fleet's.
func (a *app) sayFailures(c *cli.Context, s *source) {
	for _, res := range s.failed {
		a.sayFailure(c, res.Host.Name, res.Err)
	}
}

func (a *app) sayFailure(c *cli.Context, host string, err error) {
	fmt.Fprintf(a.stderr, "%s: %s\n", host, fleetnet.Printable(err.Error()))
	var failure *runner.HostError
	if errors.As(err, &failure) && failure.Hint != "" {
		a.hint(c, "    %s", failure.Hint)
	}
}
