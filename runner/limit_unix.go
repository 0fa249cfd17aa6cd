//go:build unix

package runner

import "golang.org/x/sys/unix"

// fdsPerHost is a connection, a recording, and two to spare for name lookups;
// fdsBeside is what the rest of the process may need.
const (
	fdsPerHost = 4
	fdsBeside  = 64
)

// withinLimits returns n, or how many hosts the descriptors suffice for when
// that is less. It raises the soft limit as far as the hard one permits.
func withinLimits(n int) int {
	var lim unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &lim); err != nil {
		return n
	}
	if lim.Cur < lim.Max {
		raised := lim
		raised.Cur = lim.Max
		if unix.Setrlimit(unix.RLIMIT_NOFILE, &raised) == nil {
			lim = raised
		}
	}
	return capped(n, uint64(lim.Cur)) // signed on some systems
}

func capped(n int, fds uint64) int {
	if fds > uint64(n)*fdsPerHost+fdsBeside {
		return n
	}
	return max(1, (int(fds)-fdsBeside)/fdsPerHost)
}
