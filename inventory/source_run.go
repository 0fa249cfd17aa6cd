package inventory

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/fleetnet/fleetnet"
)

// Bounds on a dynamic inventory. Those that ask a cloud take their time.
const (
	runPatience = 5 * time.Minute // for all that is asked of it
	runAtOnce   = 8               // how many hosts it is asked for at the same time
	maxStderr   = 64 << 10
)

// startError is the error of a program that could not be started.
type startError struct{ error }

func (e *startError) Unwrap() error { return e.error }

// run asks a dynamic inventory for its hosts, and for each host's variables unless
// it has told them.
func (l *loader) run(path string) error {
	ctx, cancel := context.WithTimeoutCause(l.ctx, runPatience, fmt.Errorf("no end within %v", runPatience))
	defer cancel()
	out, err := l.ask(ctx, path, "--list")
	if err != nil {
		return err
	}
	a := l.theirs()
	name := path + " --list"
	root, bad := jsonRoot(out)
	switch {
	case bad != nil:
		a.problems(name).addAt(bad.Line, bad.Column, "%s", bad.Msg)
		return nil
	case root.Kind != yaml.MappingNode:
		a.problems(name).addAt(root.Line, root.Column, "expected an object of groups")
		return nil
	}
	d := a.nodes(name, len(out)).readDynamic(root)
	for _, h := range d.hosts {
		if h.source == name {
			h.source = path
		}
	}
	if d.meta {
		return nil
	}
	return l.askHosts(ctx, path, d.hosts)
}

// askHosts asks a dynamic inventory for the variables of hosts.
func (l *loader) askHosts(ctx context.Context, path string, hosts []*ansibleHost) error {
	outs, errs := make([][]byte, len(hosts)), make([]error, len(hosts))
	var wg sync.WaitGroup
	slots := make(chan struct{}, runAtOnce)
	for i, h := range hosts {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			outs[i], errs[i] = l.ask(ctx, path, "--host", h.name)
		})
	}
	wg.Wait()
	for i, h := range hosts {
		switch name := path + " --host " + h.name; {
		case errs[i] != nil:
			return errs[i]
		case len(bytes.TrimSpace(outs[i])) == 0:
		default:
			l.hostAnswer(name, outs[i], h)
		}
	}
	return nil
}

func (l *loader) hostAnswer(name string, out []byte, h *ansibleHost) {
	root, bad := jsonRoot(out)
	if bad != nil {
		l.ansible.problems(name).addAt(bad.Line, bad.Column, "%s", bad.Msg)
		return
	}
	for key, v := range l.ansible.nodes(name, len(out)).vars(root, "") {
		l.ansible.setHostVar(h, key, v)
	}
}

// ask runs a program, without a shell, and returns what it prints.
func (l *loader) ask(ctx context.Context, path string, args ...string) ([]byte, error) {
	if ctx.Err() != nil {
		return nil, fmt.Errorf("%s: %w", path, context.Cause(ctx))
	}
	program, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.WaitDelay = time.Second
	out, said := &capped{room: maxFile}, &capped{room: maxStderr}
	cmd.Stdout, cmd.Stderr = out, said
	if err := cmd.Start(); err != nil {
		return nil, &startError{fmt.Errorf("run %s %s: %w", path, args[0], err)}
	}
	err = cmd.Wait()
	switch {
	case ctx.Err() != nil:
		err = context.Cause(ctx)
	case errors.Is(err, exec.ErrWaitDelay):
		err = nil // a child of it lives on; what was printed counts
	case out.over:
		err = fmt.Errorf("prints more than %d MiB", maxFile>>20)
	}
	text := bytes.TrimSpace(said.Bytes())
	if err != nil {
		if len(text) > 0 {
			err = fmt.Errorf("%w: %s", err, fleetnet.Quote(text))
		}
		return nil, fmt.Errorf("run %s %s: %w", path, args[0], err)
	}
	if len(text) > 0 {
		l.theirs().notes.add(Note{Where: path, Text: "says " + fleetnet.Quote(text), Minor: true})
	}
	return out.Bytes(), nil
}

// capped keeps the beginning of what is written to it.
type capped struct {
	bytes.Buffer
	room int
	over bool
}

func (c *capped) Write(p []byte) (int, error) {
	n := min(len(p), c.room-c.Len())
	c.over = c.over || n < len(p)
	c.Buffer.Write(p[:n])
	return len(p), nil
}
