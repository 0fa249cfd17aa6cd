package main

import (
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"github.com/fleetnet/fleetnet/runner"
)

// progress is one line on a terminal that says how far a run is. A nil one
// says nothing.
type progress struct {
	w                 io.Writer
	all, done, failed int
}

// progress returns the progress line for a run over n hosts; nil unless stderr
// is a terminal and --quiet is off.
func (a *app) progress(c *cli.Context, n int) *progress {
	if _, terminal := terminalOf(a.stderr); !terminal || c.Bool("quiet") || n < 2 {
		return nil
	}
	p := &progress{w: a.stderr, all: n}
	p.draw()
	return p
}

func (p *progress) step(res runner.Result) {
	if p == nil {
		return
	}
	p.done++
	if res.Err != nil {
		p.failed++
	}
	p.draw()
}

func (p *progress) draw() {
	fmt.Fprintf(p.w, "\r\x1b[K%d of %d hosts", p.done, p.all)
	if p.failed > 0 {
		fmt.Fprintf(p.w, ", %d failed", p.failed)
	}
}

// clear takes the line away.
func (p *progress) clear() {
	if p != nil {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
