//go:build unix

package inventory

import (
	"io/fs"
	"os"
	"syscall"
)

// ownedSafely reports whether a file is the user's or root's, and only its owner
// can write to it.
func ownedSafely(info fs.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && (st.Uid == 0 || int(st.Uid) == os.Getuid()) && info.Mode().Perm()&0o022 == 0
}
