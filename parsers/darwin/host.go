package darwin

import (
	"bytes"
	"errors"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// hostCommand asks who the host is. What a Mac lacks is left out.
const hostCommand = `( sysctl kern.ostype kern.osrelease kern.hostname hw.machine kern.bootsessionuuid kern.boottime; sw_vers; ` +
	`u=$(id -u) && echo "euid: $u"; t=$(date +%s) && echo "epoch: $t"; : ) 2>/dev/null`

// Host reads who the host is from any of these, one after the other:
//
//	Darwin mac1.local 23.5.0 Darwin Kernel Version 23.5.0: Wed May  1 20:12:58 PDT 2024; root:xnu-10063/RELEASE_ARM64_T6000 arm64
//	ProductName:		macOS
//	ProductVersion:		14.5
//	BuildVersion:		23F79
//	kern.osrelease: 23.5.0
//	kern.boottime: { sec = 1718000000, usec = 918881 } Mon Jun 10 08:13:20 2024
//
// and the lines euid and epoch that the probe adds. The uptime is known when the
// host says its time.
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
	product, version, build, extra string
	boot, epoch                    uint64
}

func (r *hostReader) line(h *fleetnet.Host, line []byte) error {
	if bytes.HasPrefix(line, []byte("Darwin ")) {
		return uname(h, line)
	}
	key, value, ok := strings.Cut(string(line), ":")
	if value = strings.TrimSpace(value); !ok {
		return errors.New("a key and a value expected")
	}
	switch strings.TrimSpace(key) {
	case "ProductName":
		r.product = value
	case "ProductVersion":
		r.version = value
	case "ProductVersionExtra":
		r.extra = value
	case "BuildVersion":
		r.build = value
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
		return r.number(h, key, value)
	}
	return nil
}

// number reads the lines that the probe adds. Other settings may stand
// between them (`sysctl hw`).
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

// bootTime reads `{ sec = 1592836479, usec = 918881 } Mon Jun 22 07:34:39 2020`.
func (r *hostReader) bootTime(value string) error {
	_, rest, ok := strings.Cut(value, "sec = ")
	digits, _, ok2 := strings.Cut(rest, ",")
	n, ok3 := field.Uint([]byte(digits), 40)
	if !ok || !ok2 || !ok3 {
		return errors.New("the time of boot expected")
	}
	r.boot = n
	return nil
}

// uname reads `uname -a`: the system, the name, the release, the version, which
// holds blanks, and the machine. Old releases add the kind of processor.
func uname(h *fleetnet.Host, line []byte) error {
	words := strings.Fields(string(line))
	if len(words) < 3 {
		return field.ErrShort
	}
	h.OS, h.Hostname, h.Kernel = "darwin", words[1], words[2]
	for _, w := range words[3:] {
		switch w {
		case "arm64", "arm64e", "x86_64", "i386":
			h.Arch = w
		}
	}
	return nil
}

func (r *hostReader) settle(h *fleetnet.Host) {
	version := strings.Join(strings.Fields(r.product+" "+r.version+" "+r.extra), " ")
	if r.build != "" && version != "" {
		version += " (" + r.build + ")"
	}
	if version != "" {
		h.OSVersion = version
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
