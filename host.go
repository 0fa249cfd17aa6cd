package fleetnet

import "time"

// Host is what a host says of itself. Name is the inventory's.
type Host struct {
	Name          string       `json:"name"`
	Hostname      string       `json:"hostname,omitzero"`
	OS            string       `json:"os,omitzero"`         // linux, darwin, windows, freebsd …
	OSVersion     string       `json:"os_version,omitzero"` // "Debian GNU/Linux 12 (bookworm)"
	Kernel        string       `json:"kernel,omitzero"`
	Arch          string       `json:"arch,omitzero"`
	BootID        string       `json:"boot_id,omitzero"`
	UptimeSeconds Opt[float64] `json:"uptime_seconds,omitzero"`
	TakenAt       time.Time    `json:"taken_at,omitzero"`        // by the collecting side's clock, UTC
	ClockOffsetMS Opt[int64]   `json:"clock_offset_ms,omitzero"` // host's clock minus ours; sharp to the network's delay
	Privileged    Opt[bool]    `json:"privileged,omitzero"`      // whether the commands ran as root
	Ref           Ref          `json:"-"`
}
