package bsdnet

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// HostForm is what a system tells of itself in its own way.
type HostForm struct {
	Systems []string // what uname -s may say: Darwin, FreeBSD
	// Uname reads what `uname -a` tells behind the system, the name and the
	// release.
	Uname func(h *fleetnet.Host, words []string)
	// Key reads a key of the system's own, and reports whether it is one.
	Key func(key, value string) bool
}

// Host reads who the host is from `uname -a` and from lines of a key and a
// value: those of sysctl, in any of its forms, those that only the system has,
// and euid and epoch, which the probes add.
//
//	kern.ostype: FreeBSD
//	kern.boottime: { sec = 1718000000, usec = 918881 } Mon Jun 10 06:13:20 2024
//	kern.boottime=Mon Jun 10 06:13:20 2024
//	kern.osrelease = 9.3
//	epoch: 1718003600
//
// The uptime is known when the host says its time.
func Host(in *fleetnet.Lines, out *fleetnet.Snapshot, form HostForm) {
	r := hostReader{form: form}
	letters := unameLetters(in.Command())
	for in.Next() {
		err := r.lineOf(letters, &out.Host, in.Text())
		switch {
		case errors.Is(err, errOther):
			in.Skip()
			continue
		case err != nil:
			in.Fail(err)
			continue
		}
		if out.Host.Ref == (fleetnet.Ref{}) {
			out.Host.Ref = in.Ref()
		}
		in.Row()
	}
	r.settle(&out.Host)
}

// errOther is of a setting that tells nothing of who the host is.
var errOther = errors.New("another setting")

type hostReader struct {
	form        HostForm
	boot, epoch uint64
	keyed       bool // a key has been read
}

// lineOf reads a line of a uname with these options, or that of another command.
func (r *hostReader) lineOf(letters string, h *fleetnet.Host, line []byte) error {
	if letters != "" {
		return r.unamePart(h, letters, strings.Fields(string(line)))
	}
	return r.line(h, line)
}

func (r *hostReader) line(h *fleetnet.Host, line []byte) error {
	if system, _, ok := bytes.Cut(line, []byte{' '}); ok && slices.Contains(r.form.Systems, string(system)) {
		return r.uname(h, strings.Fields(string(line)))
	}
	if bytes.HasPrefix(line, []byte("sysctl: ")) || r.keyed && (line[0] == ' ' || line[0] == '\t') { // kern.version goes on with who built it
		return errOther
	}
	i := bytes.IndexAny(line, ":=")
	if i <= 0 {
		return errors.New("a key and a value expected")
	}
	key, value := string(bytes.TrimSpace(line[:i])), string(bytes.TrimSpace(line[i+1:]))
	r.keyed = true
	own := r.form.Key(key, value)
	switch key {
	case "kern.ostype":
		h.OS = strings.ToLower(value)
	case "kern.osrelease":
		h.Kernel = value
	case "kern.hostname":
		h.Hostname = value
	case "hw.machine":
		h.Arch = value
	case "kern.bootsessionuuid":
		h.BootID = strings.ToLower(value)
	case "kern.boottime":
		return r.bootTime(value)
	default:
		if !own {
			return r.number(h, key, value)
		}
	}
	return nil
}

func (r *hostReader) uname(h *fleetnet.Host, words []string) error {
	if len(words) < 3 {
		return field.ErrShort
	}
	h.OS, h.Hostname, h.Kernel = strings.ToLower(words[0]), words[1], words[2]
	r.form.Uname(h, words)
	return nil
}

// number reads the lines that the probes add.
func (r *hostReader) number(h *fleetnet.Host, key, value string) error {
	switch {
	case key == "euid":
		id, ok := field.Uint([]byte(value), 32)
		if !ok {
			return errors.New("the user id is not a number")
		}
		h.Privileged = fleetnet.Some(id == 0)
	case key == "epoch":
		s, ok := field.Uint([]byte(value), 40)
		if !ok {
			return errors.New("the time is not a number")
		}
		r.epoch = s
	case strings.HasPrefix(key, "kern."), strings.HasPrefix(key, "hw."), strings.HasPrefix(key, "machdep."):
		return errOther
	default:
		return errors.New("unknown key")
	}
	return nil
}

// bootTime reads `{ sec = 1592836479, usec = 918881 } …`, a number of seconds, or
// a date of the C locale, which the probe asks for in UTC.
func (r *hostReader) bootTime(value string) error {
	if _, rest, ok := strings.Cut(value, "sec = "); ok {
		value, _, _ = strings.Cut(rest, ",")
	}
	if n, ok := field.Uint([]byte(value), 40); ok {
		r.boot = n
		return nil
	}
	t, err := time.Parse("Mon Jan _2 15:04:05 2006", strings.Join(strings.Fields(value), " "))
	if err != nil || t.Unix() <= 0 {
		return errors.New("the time of boot expected")
	}
	r.boot = uint64(t.Unix())
	return nil
}

func (r *hostReader) settle(h *fleetnet.Host) {
	if r.epoch == 0 {
		return
	}
	if r.boot > 0 && r.epoch >= r.boot {
		h.UptimeSeconds = fleetnet.Some(float64(r.epoch - r.boot))
	}
	if !h.TakenAt.IsZero() {
		h.ClockOffsetMS = fleetnet.Some(int64(r.epoch)*1000 - h.TakenAt.UnixMilli())
	}
}
