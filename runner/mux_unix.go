//go:build unix

package runner

import (
	"os"

	"golang.org/x/sys/unix"
)

// hand gives a file to the master, beside one byte as ssh has it.
func (c *muxConn) hand(f *os.File) error {
	_, _, err := c.WriteMsgUnix([]byte{0}, unix.UnixRights(int(f.Fd())), nil)
	return err
}
