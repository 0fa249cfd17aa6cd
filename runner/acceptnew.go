package runner

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
)

// accept remembers the key of a host of which none is known. Another
// connection may have been faster, so it looks again before it adds.
func (c *keyCheck) accept(key ssh.PublicKey) *HostError {
	c.keys.writing.Lock()
	defer c.keys.writing.Unlock()
	if c.known = c.find(); c.known != nil {
		if c.isKnown(c.known, key) {
			return nil
		}
		return c.changed(key, c.known[0])
	}
	if c.unreadable != nil {
		return c.error(c.unreadable, "")
	}
	if err := c.files[0].append(knownhosts.Normalize(c.addr), key); err != nil {
		return c.error(fmt.Errorf("%s: remember the key: %w", c.addr, err), "")
	}
	return nil
}

// append adds a line for a name to the file, in one write, and to what is known.
// The name is hashed where all others are.
func (k *knownHosts) append(name string, key ssh.PublicKey) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	shown := name
	if k.allHashed {
		shown = knownhosts.HashHostname(name)
	}
	line := shown + " " + string(ssh.MarshalAuthorizedKey(key)) // with its line feed
	if err := os.MkdirAll(filepath.Dir(k.file), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(k.file, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := io.WriteString(f, missingNewline(f)+line); err != nil {
		return err
	}
	k.lines++
	k.add([]byte(name+" "+line[len(shown)+1:]), k.lines)
	return f.Close()
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
