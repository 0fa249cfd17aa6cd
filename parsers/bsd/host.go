package bsd

import (
	"bytes"
	"errors"
	"strings"
	"time"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// hostCommand asks who the host is. What a system lacks is left out. OpenBSD
// and NetBSD show the time of boot in the zone of the asker.
const hostCommand = `( sysctl kern.ostype kern.osrelease kern.hostname hw.machine; TZ=UTC sysctl kern.boottime; ` +
	`v=$(freebsd-version -u) && echo "userland: $v"; u=$(id -u) && echo "euid: $u"; t=$(date +%s) && echo "epoch: $t"; : ) 2>/dev/null`

// Host reads who the host is from any of these, one after the other:
//
//	FreeBSD fw1 14.1-RELEASE FreeBSD 14.1-RELEASE releng/14.1-n267679-10e31f0946d8 GENERIC amd64
//	OpenBSD fw2.example.net 7.5 GENERIC.MP#82 amd64
//	kern.ostype: FreeBSD
//	kern.boottime: { sec = 1718000000, usec = 918881 } Mon Jun 10 06:13:20 2024
//	kern.boottime=Mon Jun 10 06:13:20 2024
//	kern.osrelease = 9.3
//
// and the lines userland, euid and epoch that the probe adds. The uptime is known
// when the host says its time.
func Host(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	var r hostReader
	for in.Next() {
		err := r.line(&out.Host, in.Text())
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
	name        string // as the system writes it: FreeBSD
	userland    string
	boot, epoch uint64
}

func (r *hostReader) line(h *fleetnet.Host, line []byte) error {
	for _, name := range systems {
		if bytes.HasPrefix(line, []byte(name+" ")) {
			return r.uname(h, line)
		}
	}
	if bytes.HasPrefix(line, []byte("sysctl: ")) {
		return errOther
	}
	i := bytes.IndexAny(line, ":=")
	if i <= 0 {
		return errors.New("a key and a value expected")
	}
	key, value := string(bytes.TrimSpace(line[:i])), string(bytes.TrimSpace(line[i+1:]))
	switch key {
	case "kern.ostype":
		r.name, h.OS = value, strings.ToLower(value)
	case "kern.osrelease":
		h.Kernel = value
	case "kern.hostname":
		h.Hostname = value
	case "hw.machine":
		h.Arch = value
	case "kern.boottime":
		return r.bootTime(value)
	case "userland":
		r.userland = value
	default:
		return r.number(h, key, value)
	}
	return nil
}

// number reads the lines that the probe adds.
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

// systems are the names that uname -s says.
var systems = []string{"FreeBSD", "OpenBSD", "NetBSD", "DragonFly"}

// uname reads `uname -a`: the system, the name, the release, the version, which
// holds blanks, and the machine.
func (r *hostReader) uname(h *fleetnet.Host, line []byte) error {
	words := strings.Fields(string(line))
	if len(words) < 3 {
		return field.ErrShort
	}
	r.name, h.OS, h.Hostname, h.Kernel = words[0], strings.ToLower(words[0]), words[1], words[2]
	if last := words[len(words)-1]; len(words) > 4 && !strings.ContainsAny(last, ":/#@") {
		h.Arch = last
	}
	return nil
}

func (r *hostReader) settle(h *fleetnet.Host) {
	release := r.userland // may be patched when the kernel is not
	if release == "" {
		release = h.Kernel
	}
	if r.name != "" && release != "" {
		h.OSVersion = r.name + " " + release
	}
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
