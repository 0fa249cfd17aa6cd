package runner

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1" // the hash of HashKnownHosts; nothing rests on its strength
	"encoding/base64"
	"os"
	"path"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/crypto/ssh"
)

// knownHosts is the entries of a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE
// FORMAT), arranged so that a look-up among many lines is cheap; a key is only
// parsed when its line matches. It is safe for concurrent use.
type knownHosts struct {
	file string

	mu      sync.RWMutex // guards what follows
	lines   int
	size    int64                    // bytes that were read or written so far
	exact   map[string][]*knownEntry // by name, or [name]:port
	wild    []*knownEntry            // with a wildcard or a negation
	hashed  []*knownEntry
	revoked map[string]*knownEntry // by the key's blob
	// allHashed says that the file had entries, and all of them hashed.
	allHashed bool
}

// knownEntry is one line.
type knownEntry struct {
	file      string
	line      int
	authority bool
	patterns  []string
	salt, sum []byte // of a hashed name
	text      []byte // key type and base64
}

// place reads file:line.
func (e *knownEntry) place() string { return e.file + ":" + strconv.Itoa(e.line) }

// key parses the entry's key; nil when it cannot be.
func (e *knownEntry) key() ssh.PublicKey {
	key, _, _, _, err := ssh.ParseAuthorizedKey(e.text)
	if err != nil {
		return nil
	}
	return key
}

// isOf reports whether the entry's key is of a type such as ssh-ed25519.
func (e *knownEntry) isOf(keyType string) bool {
	key := e.key()
	return key != nil && key.Type() == keyType
}

// readKnownHosts reads a file; one that is not there is empty.
func readKnownHosts(file string) (*knownHosts, error) {
	k := &knownHosts{file: file, exact: map[string][]*knownEntry{}, revoked: map[string]*knownEntry{}}
	text, err := os.ReadFile(file)
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	k.addAll(text)
	return k, nil
}

func (k *knownHosts) addAll(text []byte) {
	for line := range bytes.Lines(text) {
		k.lines++
		k.add(bytes.TrimSpace(line), k.lines)
	}
	k.size += int64(len(text))
	k.allHashed = len(k.hashed) > 0 && len(k.exact)+len(k.wild) == 0
}

// add takes a line. One that cannot be understood is passed over, as ssh does.
func (k *knownHosts) add(line []byte, n int) {
	fields := bytes.Fields(line)
	if len(fields) == 0 || fields[0][0] == '#' {
		return
	}
	marker := ""
	if fields[0][0] == '@' {
		marker, fields = string(fields[0]), fields[1:]
	}
	if len(fields) < 3 {
		return
	}
	e := &knownEntry{file: k.file, line: n, text: bytes.Join(fields[1:3], []byte{' '})}
	switch marker {
	case "@revoked":
		if key := e.key(); key != nil {
			k.revoked[string(key.Marshal())] = e
		}
		return
	case "@cert-authority":
		e.authority = true
	case "":
	default:
		return
	}
	k.index(e, string(fields[0]))
}

func (k *knownHosts) index(e *knownEntry, names string) {
	if hash, ok := strings.CutPrefix(names, "|1|"); ok {
		salt, sum, _ := strings.Cut(hash, "|")
		var err1, err2 error
		e.salt, err1 = base64.StdEncoding.DecodeString(salt)
		e.sum, err2 = base64.StdEncoding.DecodeString(sum)
		if err1 == nil && err2 == nil {
			k.hashed = append(k.hashed, e)
		}
		return
	}
	e.patterns = strings.Split(strings.ToLower(names), ",")
	if strings.ContainsAny(names, "*?!") {
		k.wild = append(k.wild, e)
		return
	}
	for _, name := range e.patterns {
		k.exact[name] = append(k.exact[name], e)
	}
}

// find returns the entries for a name as known_hosts writes it: web1, or
// [web1]:2222.
func (k *knownHosts) find(name string) []*knownEntry {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.lookUp(name)
}

func (k *knownHosts) lookUp(name string) []*knownEntry {
	name = strings.ToLower(name)
	found := append([]*knownEntry(nil), k.exact[name]...)
	for _, e := range k.wild {
		if e.matches(name) {
			found = append(found, e)
		}
	}
	for _, e := range k.hashed {
		mac := hmac.New(sha1.New, e.salt)
		mac.Write([]byte(name))
		if hmac.Equal(mac.Sum(nil), e.sum) {
			found = append(found, e)
		}
	}
	return found
}

// matches reports whether one of the entry's patterns matches and no negated
// one does.
func (e *knownEntry) matches(name string) bool {
	matched := false
	for _, p := range e.patterns {
		p, negated := strings.CutPrefix(p, "!")
		if !wildMatch(p, name) {
			continue
		}
		if negated {
			return false
		}
		matched = true
	}
	return matched
}

// wildMatch matches * and ?; everything else, brackets too, stands for itself.
func wildMatch(pattern, name string) bool {
	pattern = strings.NewReplacer(`\`, `\\`, "[", `\[`, "/", "\x00").Replace(pattern)
	ok, err := path.Match(pattern, strings.ReplaceAll(name, "/", "\x00"))
	return err == nil && ok
}

// revokes returns the line that revokes a key, or nil.
func (k *knownHosts) revokes(key ssh.PublicKey) *knownEntry {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.revoked[string(key.Marshal())]
}
