package windows

import (
	"bytes"
	"errors"
	"strconv"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// hostCommand asks who the host is, for PowerShell 3 and later. CSName of the
// operating system is cut to 15 characters.
const hostCommand = `$o = Get-CimInstance Win32_OperatingSystem; "hostname=$([Net.Dns]::GetHostName())"; "caption=$($o.Caption)"; "version=$($o.Version)"; ` +
	`"arch=$env:PROCESSOR_ARCHITECTURE"; "uptime=$([long]($o.LocalDateTime - $o.LastBootUpTime).TotalSeconds)"; ` +
	`"epoch=$([long]([DateTime]::UtcNow - [DateTime]'1970-01-01').TotalMilliseconds)"; ` +
	`"admin=$(([Security.Principal.WindowsPrincipal][Security.Principal.WindowsIdentity]::GetCurrent()).IsInRole(544))"`

// Host reads who the host is, from key=value lines of the probe or from what
// `hostname` and `ver` print:
//
//	caption=Microsoft Windows Server 2022 Datacenter
//	version=10.0.20348
//
//	web1
//	Microsoft Windows [Version 10.0.20348.2527]
//	Microsoft Windows 6.1.7601
//
// The last is Wine's.
func Host(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	h := &out.Host
	for in.Next() {
		err := hostLine(h, bytes.TrimSpace(in.Text()))
		if err != nil {
			in.Fail(err)
			continue
		}
		h.OS = "windows"
		if h.Ref == (fleetnet.Ref{}) {
			h.Ref = in.Ref()
		}
		in.Row()
	}
}

var errNotHost = errors.New("the name or the version of a host expected")

func hostLine(h *fleetnet.Host, line []byte) error {
	key, value, ok := strings.Cut(string(line), "=")
	if ok {
		return hostValue(h, key, value)
	}
	before, inside, ok := strings.Cut(key, "[")
	number := inside[strings.LastIndexByte(inside, ' ')+1:]
	version, whole := strings.CutSuffix(number, "]")
	plain, isWindows := strings.CutPrefix(key, "Microsoft Windows ")
	switch {
	case ok && whole && dotted(version):
		h.OSVersion, h.Kernel = strings.TrimSpace(before), version
	case isWindows && dotted(plain): // Wine
		h.OSVersion, h.Kernel = "Microsoft Windows", plain
	case !ok && len(key) <= 63 && !strings.ContainsAny(key, " :\\/\t"):
		h.Hostname = key
	default:
		return errNotHost
	}
	return nil
}

// dotted reports whether s is a version: digits and dots.
func dotted(s string) bool { return s != "" && strings.Trim(s, "0123456789.") == "" }

func hostValue(h *fleetnet.Host, key, value string) error {
	if value == "" {
		return nil // not known
	}
	switch key {
	case "hostname":
		h.Hostname = value
	case "caption":
		h.OSVersion = strings.TrimSpace(value)
	case "version":
		h.Kernel = value
	case "arch":
		h.Arch = strings.ToLower(value)
	case "admin":
		admin, err := strconv.ParseBool(value)
		if err != nil {
			return errNotHost
		}
		h.Privileged = fleetnet.Some(admin)
	default:
		return hostNumber(h, key, value)
	}
	return nil
}

func hostNumber(h *fleetnet.Host, key, value string) error {
	n, ok := field.Uint([]byte(value), 50)
	switch {
	case !ok:
		return errNotHost
	case key == "uptime":
		h.UptimeSeconds = fleetnet.Some(float64(n))
	case key == "epoch":
		if !h.TakenAt.IsZero() {
			h.ClockOffsetMS = fleetnet.Some(int64(n) - h.TakenAt.UnixMilli())
		}
	default:
		return errNotHost
	}
	return nil
}
