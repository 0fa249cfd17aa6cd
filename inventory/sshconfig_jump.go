package inventory

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// sshHop is one host of a ProxyJump.
type sshHop struct {
	user, host string // as they are written, with tokens
	port       int
}

// readProxyJump reads `[user@]host[:port]` or ssh:// URIs, with commas between,
// or none. What follows a # is a comment.
func readProxyJump(s *sshSetting, rest string, args []sshArg) *sshFault {
	text, _, _ := strings.Cut(strings.TrimLeft(rest, sshBlanks+"="), "#")
	s.text = strings.TrimRight(text, sshBlanks)
	if isNoneText(s.text) {
		return nil
	}
	for one := range strings.SplitSeq(s.text, ",") {
		hop, err := parseSSHHop(one)
		if err != nil {
			fault := &sshFault{msg: fmt.Sprintf("ProxyJump %q: %v", one, err)}
			if len(args) > 0 {
				fault.column = args[0].column
			}
			return fault
		}
		s.hops = append(s.hops, hop)
	}
	return nil
}

// parseSSHHop reads one hop.
func parseSSHHop(s string) (sshHop, error) {
	var hop sshHop
	uri := strings.HasPrefix(s, "ssh://")
	rest := strings.TrimPrefix(s, "ssh://")
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		hop.user, rest = rest[:at], rest[at+1:]
		if uri {
			hop.user, _, _ = strings.Cut(hop.user, ";")
			var err error
			if hop.user, err = url.PathUnescape(hop.user); err != nil {
				return hop, fmt.Errorf("the user is not well escaped")
			}
		}
		if hop.user == "" {
			return hop, errors.New("no user before the @")
		}
	}
	var port string
	if inner, bracketed := strings.CutPrefix(rest, "["); bracketed {
		var closed bool
		if hop.host, port, closed = strings.Cut(inner, "]"); !closed || port != "" && !strings.ContainsAny(port[:1], ":/") {
			return hop, errors.New("brackets around no address")
		}
	} else if i := strings.IndexAny(rest, ":/"); i >= 0 {
		hop.host, port = rest[:i], rest[i:]
	} else {
		hop.host = rest
	}
	if hop.host == "" {
		return hop, errors.New("no host name")
	}
	return hop, hop.readPort(strings.TrimRight(port, "/"))
}

// readPort reads the `:port` after a host, if it is there.
func (h *sshHop) readPort(s string) error {
	if len(s) <= 1 {
		return nil
	}
	text, ok := portNumber(s[1:])
	if !ok {
		return fmt.Errorf("%q is no port", s[1:])
	}
	h.port, _ = strconv.Atoi(text)
	return nil
}

// fillProxyCommand sets the command, unless the inventory says how to get there.
func fillProxyCommand(x *sshHost, s *sshSetting) (err error) {
	if x.d.jumpSaid || x.d.jump != nil || isNoneText(s.text) || x.d.SSH.ProxyCommand != "" {
		return nil
	}
	if s.text == "-" {
		return errors.New("the connection cannot come from standard input")
	}
	x.d.SSH.ProxyCommand, err = x.tokens().expand(s.text, proxyTokens, false)
	return err
}

// fillJump sets the way that ProxyJump says. As with ssh -J, each hop is
// reached through the one before it, and the first as its own settings say.
func (x *sshHost) fillJump() error {
	s := x.e.said["ProxyJump"]
	if s == nil || len(s.hops) == 0 || x.d.jumpSaid || x.d.SSH.ProxyCommand != "" {
		return nil
	}
	var last *draft
	key := ""
	for _, hop := range s.hops {
		var err error
		if last, key, err = x.hop(hop, last, key); err != nil {
			return err
		}
	}
	if x.leadsBack(last) {
		return fmt.Errorf("jumphost loop via %s", last.Name)
	}
	x.d.jump = last
	return nil
}

// hop returns the draft of a hop that is reached through another one. Hosts
// that go the same way share it.
func (x *sshHost) hop(hop sshHop, through *draft, key string) (*draft, string, error) {
	var err error
	for _, field := range []*string{&hop.user, &hop.host} {
		if strings.Contains(*field, "%") {
			if *field, err = x.tokens().expand(*field, proxyTokens, false); err != nil {
				return nil, "", err
			}
		}
	}
	if err := checkHost(hop.host); err != nil {
		return nil, "", err
	}
	key += fmt.Sprintf("%q@%q:%d,", hop.user, hop.host, hop.port)
	c := x.e.config
	if c.hops[key] == nil {
		c.hops[key] = &draft{
			Host: Host{Name: hop.host, User: hop.user, Port: hop.port},
			jump: through, jumpSaid: through != nil,
		}
	}
	return c.hops[key], key, nil
}

// leadsBack reports whether going through hop leads to x itself: because it is
// the same host, or because hop goes through x.
func (x *sshHost) leadsBack(hop *draft) bool {
	for j := hop; j != nil; j = j.jump {
		if j == x.d {
			return true
		}
	}
	e := x.e
	user, port := e.userName(), e.portNumber()
	return hop.Name == e.dialName() && (hop.User == "" || hop.User == user) && (hop.Port == 0 && port == defaultPort || hop.Port == port)
}
