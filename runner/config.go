package runner

import (
	"context"
	"net"
	"time"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
)

// Config says what to ask and within which bounds. The zero value of a bound
// is its default.
type Config struct {
	// Probes is what to run and how to read it.
	Probes []fleetnet.Probe
	// Concurrency bounds how many hosts are asked at once. Default 64; fewer
	// when the system does not grant enough file descriptors.
	Concurrency int
	// Timeout bounds all that is done with a host that sets none itself, once
	// its turn has come. Default 60s.
	Timeout time.Duration
	// DialTimeout bounds the TCP connection. Without it each host's ConnectTimeout
	// does, and without that it is 10s.
	DialTimeout time.Duration
	// HandshakeTimeout bounds banner, key exchange and login. Default 20s.
	HandshakeTimeout time.Duration
	// KeepAlive is the time between signs of life asked of a silent host; three,
	// or the host's ServerAliveCountMax, that stay unanswered end the connection.
	// Without it each host's ServerAliveInterval counts, and without that it is 15s.
	KeepAlive time.Duration
	// RunTimeout bounds the whole run. 0 means no bound.
	RunTimeout time.Duration
	// MaxBytes bounds what one host may print. Default 64 MiB.
	MaxBytes int64
	// MaxRows bounds the rows read from one section. 0 means no bound.
	MaxRows int
	// MaxHandshakes bounds the logins under way at one sshd address: sshd drops
	// connections beyond MaxStartups (10:30:100). Default 8.
	MaxHandshakes int
	// HostKeys says what to do about host keys. Without it each host's ssh_config
	// decides (StrictHostKeyChecking), and without that it is [HostKeysStrict].
	HostKeys HostKeyPolicy
	// Ask asks the person at the terminal for a password, a passphrase or a
	// one-time code. It is called for one question at a time, and has to
	// return when ctx ends. Nil means that there is nobody to ask.
	Ask func(ctx context.Context, q Question) (string, error)
	// MaxAuthFailures is after how many refused logins in a row no further host is
	// dialled, so that nobody is locked out. Default 3; negative for no bound.
	MaxAuthFailures int
	// AllowModuleLoad permits commands that may load kernel modules on the host.
	AllowModuleLoad bool
	// Record, when set, keeps what each host said. The caller closes it.
	Record *Recorder
	// Replay, when set, answers instead of the hosts. Nothing is dialled.
	Replay *Recording
	// DialContext replaces the dialler of TCP connections, for tests. It knows
	// nothing of BindAddress.
	DialContext func(ctx context.Context, network, addr string) (net.Conn, error)
}

// Question is what a person is asked.
type Question struct {
	Text string // "password of ops@web1", printable
	Echo bool   // the answer may be seen: it is no secret
}

// HostKeyPolicy says what to do about the key that a host shows.
type HostKeyPolicy string

// The policies, as OpenSSH's StrictHostKeyChecking has them.
const (
	HostKeysStrict    HostKeyPolicy = "strict"     // only known keys
	HostKeysAcceptNew HostKeyPolicy = "accept-new" // remember the key of a host that has none; never take a changed one
	HostKeysOff       HostKeyPolicy = "off"        // take any key
)

// withDefaults fills in what is not set and what hosts do not set either.
func (c Config) withDefaults() Config {
	c.Concurrency = orDefault(c.Concurrency, 64)
	c.Timeout = orDefault(c.Timeout, time.Minute)
	c.HandshakeTimeout = orDefault(c.HandshakeTimeout, 20*time.Second)
	c.MaxBytes = orDefault(c.MaxBytes, 64<<20)
	c.MaxHandshakes = orDefault(c.MaxHandshakes, 8)
	return c
}

// dialTimeout returns the bound on connecting to a host.
func (c Config) dialTimeout(h inventory.Host) time.Duration {
	return orDefault(c.DialTimeout, orDefault(h.SSH.ConnectTimeout, 10*time.Second))
}

// pulseOf returns how signs of life are asked of a host.
func (c Config) pulseOf(h inventory.Host) pulseRate {
	return pulseRate{
		interval: orDefault(c.KeepAlive, orDefault(h.SSH.ServerAliveInterval, 15*time.Second)),
		missed:   orDefault(h.SSH.ServerAliveCountMax, 3),
	}
}

func orDefault[T int | int64 | time.Duration](v, def T) T {
	if v <= 0 {
		return def
	}
	return v
}
