package runner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
)

// replay makes a host's result of what was recorded of it.
func (t *trip) replay(ctx context.Context, h inventory.Host) Result {
	entry, ok := t.cfg.Replay.by[h.Name]
	res := Result{Host: h, StartedAt: entry.StartedAt, Duration: time.Duration(entry.Duration)}
	switch {
	case !ok:
		res.Err = &HostError{h.Name, OpReplay, errors.New("the host is not in the recording"), ""}
	case ctx.Err() != nil:
		res.Err = endingOf(ctx, h.Name, "before it was replayed").Err
	case entry.File == "":
		res.Err = entry.err()
	default:
		t.replayFile(&res, entry)
	}
	return res
}

// err returns the recorded error; nil when there is none.
func (h *recordedHost) err() error {
	if h.Error == nil {
		return nil
	}
	return h.hostError()
}

func (h *recordedHost) hostError() *HostError {
	return &HostError{h.Host.Name, h.Error.Op, errors.New(h.Error.Text), h.Error.Hint}
}

func (t *trip) replayFile(res *Result, entry recordedHost) {
	out, err := t.cfg.Replay.open(entry)
	if err != nil {
		res.Err = &HostError{res.Host.Name, OpReplay, err, ""}
		return
	}
	defer out.file.Close()
	l := t.listener(res.Host, out.nonce, nil)
	l.collector.takenAt, l.collector.withheld, l.collector.asked = entry.TakenAt, entry.Withheld, entry.Platform
	end := entry.Ending
	if entry.Error != nil {
		end.Err = entry.hostError()
	}
	if err := t.feed(l, out); err != nil {
		end = ending{fleetnet.StatusFailed, err.Error(), &HostError{res.Host.Name, OpReplay, err, ""}}
	} else if !l.answer.done && end.Err == nil {
		end = brokeOff(res.Host.Name, errors.New("the recording ends there"), l.doing())
	}
	l.answer.close()
	l.collector.finish(l.answer, end)
	res.take(l, end)
}

// feed gives a host's file to l, standard error first, so that each section is
// whole when its standard output ends.
func (t *trip) feed(l *listener, out *recordedOutput) error {
	b := t.bufs.Get().(*buffers)
	defer t.bufs.Put(b)
	err := pump(out.stderr(), b.stdout[:], l.answer.stderr.write)
	if err == nil {
		err = pump(out.stdout(), b.stdout[:], func(p []byte) {
			l.answer.stdout.write(p)
			l.collector.collect(l.answer)
		})
	}
	if err != nil {
		return fmt.Errorf("%s: %w", out.file.Name(), err)
	}
	return nil
}

func pump(r io.Reader, buf []byte, to func([]byte)) error {
	for {
		n, err := r.Read(buf)
		to(buf[:n])
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
