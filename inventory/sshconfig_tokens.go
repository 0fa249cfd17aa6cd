package inventory

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"net/netip"
	"os"
	"os/user"
	"strconv"
	"strings"
	"sync"
)

// The tokens that keywords accept; see TOKENS in ssh_config(5).
const (
	connectionTokens = "CLdhijklnpru"
	userTokens       = "Ldhijklnpu"
	proxyTokens      = "hknpr"
)

// sshTokens is what tokens stand for.
type sshTokens map[byte]string

// expand replaces the tokens in s that a keyword accepts and, if it accepts
// them, ${VARIABLES} too.
func (t sshTokens) expand(s, accepted string, variables bool) (string, error) {
	if !strings.ContainsAny(s, "%$") {
		return s, nil
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case variables && strings.HasPrefix(s[i:], "${"):
			name, _, closed := strings.Cut(s[i+2:], "}")
			if !closed || name == "" {
				return "", fmt.Errorf("%q: ${ without a name and a }", s)
			}
			value, set := os.LookupEnv(name)
			if !set {
				return "", fmt.Errorf("%q: the variable %s is not set", s, name)
			}
			b.WriteString(value)
			i += len(name) + 2
		case s[i] != '%':
			b.WriteByte(s[i])
		case i+1 == len(s):
			return "", fmt.Errorf("%q ends with a %% that is no token (write %%%%)", s)
		case s[i+1] == '%':
			i++
			b.WriteByte('%')
		case strings.IndexByte(accepted, s[i+1]) < 0:
			return "", fmt.Errorf("%q: the token %%%c is not known there", s, s[i+1])
		default:
			i++
			b.WriteString(t[s[i]])
		}
	}
	return b.String(), nil
}

// tokens returns what tokens stand for, as far as is known.
func (e *sshEval) tokens() sshTokens {
	l := e.config.local
	host, keyAlias := e.hostName(), e.alias
	if alias := e.value("HostKeyAlias"); alias != "" {
		keyAlias = strings.ToLower(alias)
	}
	short, _, _ := strings.Cut(l.host, ".")
	t := sshTokens{
		'L': short, 'l': l.host, 'd': l.home, 'i': l.uid, 'u': l.user,
		'h': host, 'k': keyAlias, 'n': e.alias, 'j': e.jumpName(),
		'p': strconv.Itoa(e.portNumber()), 'r': e.userName(),
	}
	t['C'] = t.connection(e.config.ssh.hashesJump)
	return t
}

func (e *sshEval) portNumber() int {
	if e.port != 0 {
		return e.port
	}
	if n, err := strconv.Atoi(e.value("Port")); err == nil {
		return n
	}
	return defaultPort
}

// connection returns %C: ssh_connection_hash of OpenSSH's readconf.c. Since
// OpenSSH 9.6 the jump host is part of it.
func (t sshTokens) connection(withJump func() bool) string {
	text := t['l'] + t['h'] + t['p'] + t['r']
	if t['j'] != "" && withJump() {
		text += t['j']
	}
	sum := sha1.Sum([]byte(text))
	return hex.EncodeToString(sum[:])
}

// canonicalName writes a name in lower case, and an address as addresses are
// usually written; the case of their digits stays.
func canonicalName(s string) string {
	a, err := netip.ParseAddr(s)
	switch {
	case err != nil:
		return strings.ToLower(s)
	case strings.EqualFold(a.String(), s):
		return s
	}
	return a.String()
}

// sshLocal is what tokens and criteria need to know of this machine.
type sshLocal struct {
	user, uid, home, host string
	system                string              // the folder of the system's ssh_config
	addrs                 func() []netip.Addr // of the interfaces
}

func newSSHLocal() *sshLocal {
	l := &sshLocal{system: "/etc/ssh", addrs: sync.OnceValue(localAddrs)}
	if u, err := user.Current(); err == nil {
		l.user, l.uid, l.home = u.Username, u.Uid, u.HomeDir
	}
	if home, err := os.UserHomeDir(); err == nil {
		l.home = home
	}
	l.host, _ = os.Hostname()
	return l
}
