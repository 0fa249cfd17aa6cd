package runner

import (
	"time"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
)

// Result is what came of one host.
//
// Snapshot is nil when nothing was read, and then Err says why. Both are set
// when the host answered in part: a section was read before the connection was
// lost, time ran out, or the run was interrupted. The coverage then tells
// which tables are missing, and Err why. With Snapshot alone the whole script ran;
// single commands may still have failed, which the coverage tells.
type Result struct {
	Host     inventory.Host
	Snapshot *fleetnet.Snapshot
	Err      error    // nil, or a *HostError
	Notes    []string // printable remarks: "3 lines outside of any frame were dropped"
	// StartedAt is when work on the host began, in UTC; Duration is how long it took.
	StartedAt time.Time
	Duration  time.Duration
}

// The operations of a [HostError].
const (
	OpDial        = "dial"        // no TCP connection
	OpHandshake   = "handshake"   // no SSH at the other end, or none we can speak
	OpHostKey     = "host key"    // unknown, changed or revoked
	OpLogin       = "login"       // refused
	OpJump        = "jump"        // the bastion failed, or could not reach the host
	OpExec        = "exec"        // the script did not run
	OpPlatform    = "platform"    // the host's system is not supported
	OpRead        = "read"        // the answer broke off
	OpTimeout     = "timeout"     // the host's or the run's deadline passed
	OpInterrupted = "interrupted" // the caller cancelled the run
	OpReplay      = "replay"      // the recording could not be read
)

// HostError is why a host failed. Its text is lower case, printable, quotes
// what the remote said, and leaves the host's name to the caller.
type HostError struct {
	Host string // the inventory's name
	Op   string // one of the Op constants
	Err  error
	Hint string // what to do about it; may be empty
}

// Error reads `dial: 10.0.0.1:22: connection refused`.
func (e *HostError) Error() string { return e.Op + ": " + e.Err.Error() }

// Unwrap returns the cause.
func (e *HostError) Unwrap() error { return e.Err }
