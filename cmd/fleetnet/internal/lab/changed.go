package lab

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// stamp tells one state of a file from another.
type stamp struct {
	changed time.Time
	size    int64
	mode    fs.FileMode
}

// Changed lists what became different in a host's file system since [New]
// returned: the folder of a file that was made and deleted again counts. What
// sshd and sudo themselves write, /run and /var/log, does not.
func (f *Fleet) Changed(name string) []string {
	f.t.Helper()
	h := f.host(name)
	now, err := h.stamps()
	f.must(err)
	var paths []string
	for path, s := range now {
		if h.pristine[path] != s {
			paths = append(paths, path)
		}
	}
	for path := range h.pristine {
		if _, ok := now[path]; !ok {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}

// stamps reads the folder of all that was written on the host.
func (h *host) stamps() (map[string]stamp, error) {
	seen := map[string]stamp{}
	err := filepath.WalkDir(h.written, func(path string, d fs.DirEntry, err error) error {
		if os.IsNotExist(err) {
			return nil // gone since its folder was read
		}
		if err != nil {
			return err
		}
		path = strings.TrimPrefix("/"+strings.TrimPrefix(path, h.written), hostLayer)
		if path == "/run" || path == "/var/log" {
			return fs.SkipDir
		}
		info, err := d.Info()
		if err == nil {
			seen[path] = stamp{changed: info.ModTime(), size: info.Size(), mode: info.Mode()}
		}
		return nil
	})
	return seen, err
}
