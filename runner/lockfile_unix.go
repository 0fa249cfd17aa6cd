//go:build unix

package runner

import (
	"errors"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// lockWait is how long another process may hold a file; adding a line takes none.
const lockWait = 5 * time.Second

// lockFile waits until no other process holds the file. Closing it unlocks.
func lockFile(f *os.File) error {
	st, err := f.Stat()
	if err != nil || !st.Mode().IsRegular() { // /dev/null needs none
		return err
	}
	for end := time.Now().Add(lockWait); ; time.Sleep(10 * time.Millisecond) {
		err := unix.FcntlFlock(f.Fd(), unix.F_SETLK, &unix.Flock_t{Type: unix.F_WRLCK})
		held := errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EACCES) || errors.Is(err, unix.EINTR)
		if !held || time.Now().After(end) {
			return err
		}
	}
}
