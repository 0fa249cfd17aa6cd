package inventory

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"github.com/fleetnet/fleetnet"
)

// target is `[user@]host[:port]` taken apart. The zero target is none.
type target struct {
	user string // empty: not said
	host string // a name, a pattern or an address without brackets
	port int    // 0: not said
}

// parseTarget takes `[user@]host[:port]` apart, or ssh://[user@]host[:port]. The
// host may be a pattern, an IPv6 address, or an IPv6 address in brackets.
func parseTarget(s string) (target, error) {
	if len(s) >= len(sshScheme) && strings.EqualFold(s[:len(sshScheme)], sshScheme) {
		return parseURL(s[len(sshScheme):])
	}
	var t target
	host := s
	if at := strings.LastIndexByte(s, '@'); at >= 0 {
		t.user, host = s[:at], s[at+1:]
		if err := checkUser(t.user); err != nil {
			return target{}, err
		}
	}
	host, port, ported := cutPort(host)
	if ported {
		n, ok := parsePort(port)
		if !ok {
			return target{}, fmt.Errorf("port %q is not a number from 1 to 65535", port)
		}
		t.port = n
	}
	t.host = unbracket(host)
	if t.host == "" {
		return target{}, errors.New("no host name")
	}
	return t, nil
}

const sshScheme = "ssh://"

// errPassword is a password where all can read it. It does not show the text.
var errPassword = errors.New("a password in an ssh:// URL: it does not belong there")

// parseURL takes what follows ssh:// apart, as ssh(1) has it.
func parseURL(s string) (target, error) {
	s, path, _ := strings.Cut(s, "/")
	at := strings.LastIndexByte(s, '@')
	login := s[:max(at, 0)]
	user, err := url.PathUnescape(login)
	switch {
	case strings.Contains(login+user, ":"):
		return target{}, errPassword
	case err != nil:
		return target{}, fmt.Errorf("user %s: %w", fleetnet.Quote(login), err)
	case path != "":
		return target{}, errors.New("a path after the host")
	case isAddr6(s[at+1:]):
		return target{}, errors.New("an IPv6 address of a URL stands in brackets")
	}
	t, err := parseTarget(s[at+1:])
	if at >= 0 && err == nil {
		t.user, err = user, checkUser(user)
	}
	return t, err
}

// cutPort cuts s at the colon before its port. The colons of ranges and of
// addresses are not it.
func cutPort(s string) (host, port string, found bool) {
	if _, err := netip.ParseAddr(s); err == nil {
		return s, "", false
	}
	i := strings.LastIndexByte(s, ':')
	if i < 0 || i < strings.LastIndexByte(s, ']') {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

func parsePort(s string) (int, bool) {
	n, err := strconv.ParseUint(s, 10, 16)
	return int(n), err == nil && n > 0
}

// unbracket returns the address of `[address]`, and anything else as it is.
func unbracket(s string) string {
	if inner, ok := strings.CutPrefix(s, "["); ok {
		if inner, ok = strings.CutSuffix(inner, "]"); ok && isAddr6(inner) {
			return inner
		}
	}
	return s
}

func isAddr6(s string) bool {
	a, err := netip.ParseAddr(s)
	return err == nil && a.Is6()
}

// expandHosts returns the host names that a pattern stands for, each checked.
func expandHosts(pattern string) ([]string, error) {
	names, err := fleetnet.Expand(unbracket(pattern))
	if err != nil {
		return nil, err
	}
	seen := make(map[string]bool, len(names))
	for _, name := range names {
		if err := checkHost(name); err != nil {
			return nil, err
		}
		if seen[name] {
			return nil, fmt.Errorf("%q names %s twice", pattern, name)
		}
		seen[name] = true
	}
	return names, nil
}

// checkHost returns what is wrong with a host's name or address. What it
// passes is safe in selections, in file names and on a terminal.
func checkHost(name string) error {
	switch {
	case name == "":
		return errors.New(`"" is no host name`)
	case len(name) > 253:
		return fmt.Errorf("%s is longer than 253 characters", fleetnet.Quote(name))
	case name == all:
		return fmt.Errorf("%q means every host and cannot name one", name)
	case isAddr6(name):
		return checkZone(name)
	case strings.ContainsRune(name, ':'):
		return fmt.Errorf("%q has a colon: a port goes under the key port", name)
	}
	return checkWord(name, "._-")
}

// checkZone accepts zones as interfaces are named, no other text after the %.
func checkZone(addr string) error {
	_, zone, found := strings.Cut(addr, "%")
	if !found {
		return nil
	}
	return checkWord(zone, "._-")
}

// checkGroup returns what is wrong with a group's name.
func checkGroup(name string) error {
	if name == "" {
		return errors.New(`"" is no group name`)
	}
	if name == all {
		return fmt.Errorf("%q is every host, always: what holds for every host goes under defaults", name)
	}
	return checkWord(name, "._-")
}

// checkWord accepts letters, digits and the others given; the first of them
// must be a letter, a digit or an underscore.
func checkWord(s, others string) error {
	for i, r := range s {
		letter := unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_'
		if !letter && (i == 0 || !strings.ContainsRune(others, r)) || r == unicode.ReplacementChar {
			return fmt.Errorf("%s has %q where a name cannot", fleetnet.Quote(s), r)
		}
	}
	return nil
}

// checkUser returns what is wrong with a login name. Windows has DOMAIN\user
// and user@domain.
func checkUser(name string) error {
	if name == "" {
		return errors.New("user is empty")
	}
	for _, r := range name {
		if unicode.IsSpace(r) || !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			return fmt.Errorf("user %s has %q where a name cannot", fleetnet.Quote(name), r)
		}
	}
	return nil
}

// splitList splits at the commas that are not within brackets, and trims blanks.
func splitList(s string) []string {
	var out []string
	depth, start := 0, 0
	for i := range len(s) {
		switch s[i] {
		case '[':
			depth++
		case ']':
			depth--
		case ',':
			if depth <= 0 {
				out = append(out, strings.TrimSpace(s[start:i]))
				start = i + 1
			}
		}
	}
	return append(out, strings.TrimSpace(s[start:]))
}
