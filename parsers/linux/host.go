package linux

import (
	"bytes"
	"errors"
	"strconv"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// Host reads what the probe linux/host prints: who the host is, as key=value
// lines, from uname, /proc and /etc.
//
//	ostype=Linux
//	osrelease=6.1.0-18-amd64
//	os.PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
//	uptime=8123.45
//	euid=0
//	epoch=1735689600
//
// A key may come twice; the first that has a value counts.
func Host(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	var r hostReader
	first := true
	for in.Next() {
		key, value, ok := strings.Cut(string(in.Text()), "=")
		if !ok {
			continue
		}
		err := r.set(&out.Host, key, strings.TrimSpace(value))
		if err == nil && first {
			out.Host.Ref, first = in.Ref(), false
		}
		claim(in, err)
	}
	r.finish(&out.Host)
}

type hostReader struct {
	name, version string // of os-release without a PRETTY_NAME
	other         string // the release by another file
}

func (r *hostReader) set(h *fleetnet.Host, key, value string) error {
	switch key {
	case "ostype":
		keep(&h.OS, strings.ToLower(value))
	case "osrelease":
		keep(&h.Kernel, value)
	case "arch":
		keep(&h.Arch, value)
	case "hostname":
		keep(&h.Hostname, value)
	case "boot_id":
		keep(&h.BootID, value)
	case "os.PRETTY_NAME":
		keep(&h.OSVersion, unquote(value))
	case "os.NAME":
		keep(&r.name, unquote(value))
	case "os.VERSION":
		keep(&r.version, unquote(value))
	case "release":
		keep(&r.other, value)
	case "os.DISTRIB_DESCRIPTION": // OpenWrt before 18, old Ubuntu
		keep(&r.other, unquote(value))
	case "debian":
		keep(&r.other, "Debian "+value)
	default:
		return setHostNumber(h, key, value)
	}
	return nil
}

func setHostNumber(h *fleetnet.Host, key, value string) error {
	number := []byte(value)
	switch key {
	case "uptime":
		s, err := strconv.ParseFloat(value, 64)
		if err != nil || !(s >= 0 && s < 1e12) {
			return errors.New("the uptime is not a number")
		}
		h.UptimeSeconds = fleetnet.Some(s)
	case "euid":
		id, ok := field.Uint(number, 32)
		if !ok {
			return errors.New("the user id is not a number")
		}
		h.Privileged = fleetnet.Some(id == 0)
	case "epoch":
		s, ok := field.Uint(number, 40)
		if !ok {
			return errors.New("the time is not a number")
		}
		if !h.TakenAt.IsZero() {
			h.ClockOffsetMS = fleetnet.Some(int64(s)*1000 - h.TakenAt.UnixMilli())
		}
	default:
		return errors.New("unknown key")
	}
	return nil
}

// finish sets the release by what there is when there is no PRETTY_NAME.
func (r *hostReader) finish(h *fleetnet.Host) {
	keep(&h.OSVersion, strings.TrimSpace(r.name+" "+r.version))
	keep(&h.OSVersion, r.other)
}

// keep sets what has no value yet.
func keep(into *string, value string) {
	if *into == "" {
		*into = value
	}
}

// unquote takes the shell's quotes off a value of os-release.
func unquote(s string) string {
	for _, q := range []string{`"`, `'`} {
		if len(s) >= 2 && strings.HasPrefix(s, q) && strings.HasSuffix(s, q) {
			return string(bytes.ReplaceAll([]byte(s[1:len(s)-1]), []byte{'\\'}, nil))
		}
	}
	return s
}
