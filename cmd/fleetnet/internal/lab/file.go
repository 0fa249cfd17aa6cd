package lab

import (
	"os"
	"path/filepath"
	"strings"
)

// write makes f under root, with the folders above it, in place of what is there.
func (f file) write(root string) error {
	path := root + f.Path
	mode := os.FileMode(f.Mode)
	var err error
	if strings.HasSuffix(path, "/") {
		err = os.MkdirAll(path, mode)
	} else {
		if err = os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		err = os.WriteFile(path, []byte(f.Content), mode)
	}
	if err != nil {
		return err
	}
	// The umask, and a file that was there, may have made it otherwise.
	if err := os.Chmod(path, mode); err != nil {
		return err
	}
	return os.Chown(path, f.UID, f.UID)
}
