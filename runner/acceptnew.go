package runner

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"

	"github.com/fleetnet/fleetnet/inventory"
)

// userKnownHosts returns the user's files for a host; new keys go to the first.
func userKnownHosts(h inventory.Host) []string {
	if len(h.KnownHosts) == 0 {
		return []string{homePath("~/.ssh/known_hosts"), homePath("~/.ssh/known_hosts2")}
	}
	var files []string
	for _, path := range h.KnownHosts {
		if path != "none" { // ssh's word for no file
			files = append(files, homePath(path))
		}
	}
	return files
}

// knownHostsFiles returns where a host's key may stand: the user's files, then
// those of the system.
func knownHostsFiles(h inventory.Host) []string {
	system := h.SSH.GlobalKnownHosts
	if system == nil {
		system = []string{"/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"}
	}
	files := userKnownHosts(h)
	for _, path := range system {
		if path != "none" {
			files = append(files, homePath(path))
		}
	}
	return files
}

var errNoKnownHosts = errors.New("there is no known_hosts file to add it to")

// nameForNew returns the file to which the host's key is added, or nothing.
func (c *keyCheck) nameForNew() string {
	files := userKnownHosts(c.host)
	if len(files) == 0 {
		return ""
	}
	return files[0]
}

// accept remembers the key of a host of which none is known. Another
// connection may have been faster, so it looks again before it adds.
func (c *keyCheck) accept(key ssh.PublicKey) *HostError {
	c.keys.writing.Lock()
	defer c.keys.writing.Unlock()
	c.known = c.find()
	if plainOnes := c.plainEntries(); plainOnes != nil {
		if c.isKnown(plainOnes, key) {
			return nil
		}
		return c.changed(key, plainOnes[0])
	}
	if err := c.remember(key); err != nil {
		return c.error(fmt.Errorf("%s: remember the key: %w", c.addr, err), "")
	}
	return nil
}

// remember adds a key to the first of the user's files. The files must all be
// readable: one that is not may know another key.
func (c *keyCheck) remember(key ssh.PublicKey) error {
	if c.unreadable != nil {
		return c.unreadable
	}
	name := c.nameForNew()
	if name == "" {
		return errNoKnownHosts
	}
	file, err := c.keys.load(name)
	if err != nil {
		return err
	}
	return file.append(c.names()[0], key)
}

// append adds a line for a name to the file, in one write while no other
// process that asks does, and to what is known. The name is hashed where all
// others are.
func (k *knownHosts) append(name string, key ssh.PublicKey) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := os.MkdirAll(filepath.Dir(k.file), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(k.file, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer f.Close() // which unlocks it
	if err := lockFile(f); err != nil {
		return fmt.Errorf("lock %s: %w", k.file, err)
	}
	k.catchUp(f)
	if k.has(name, key) {
		return nil
	}
	shown := name
	if k.allHashed {
		shown = knownhosts.HashHostname(name)
	}
	line := missingNewline(f) + shown + " " + string(ssh.MarshalAuthorizedKey(key)) // with its line feed
	if _, err := io.WriteString(f, line); err != nil {
		return err
	}
	k.lines++
	k.size += int64(len(line))
	k.add([]byte(name+" "+string(ssh.MarshalAuthorizedKey(key))), k.lines)
	return f.Close()
}

// catchUp reads what others have added to the file meanwhile.
func (k *knownHosts) catchUp(f *os.File) {
	if st, err := f.Stat(); err == nil && st.Mode().IsRegular() && st.Size() > k.size {
		if text, err := io.ReadAll(io.NewSectionReader(f, k.size, st.Size()-k.size)); err == nil {
			k.addAll(text)
		}
	}
}

// has reports whether the file has this very line already. The lock must be held.
func (k *knownHosts) has(name string, key ssh.PublicKey) bool {
	return slices.ContainsFunc(k.lookUp(name), func(e *knownEntry) bool { return !e.authority && sameKey(e.key(), key) })
}

// missingNewline returns a line feed when the file's last line has none.
func missingNewline(f *os.File) string {
	var last [1]byte
	if st, err := f.Stat(); err == nil && st.Size() > 0 {
		if _, err := f.ReadAt(last[:], st.Size()-1); err == nil && last[0] != '\n' {
			return "\n"
		}
	}
	return ""
}
