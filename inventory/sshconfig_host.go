package inventory

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// sshFill says of a host what a setting says.
type sshFill func(x *sshHost, s *sshSetting) error

// sshHost is a host that is being filled in with what was found for it.
type sshHost struct {
	d *draft
	e *sshEval

	keysSaid bool      // by the inventory
	known    sshTokens // nil: not made yet
}

// fill says of the host what nobody has said. Where ssh would give up, so does
// the host, but no other one.
func (x *sshHost) fill() {
	d, e := x.d, x.e
	x.keysSaid = len(d.IdentityFiles) > 0
	d.SSH.Alias = e.alias
	if name := e.dialName(); name != e.alias {
		d.Addr = name
	}
	if d.Port == 0 && e.said["Port"] != nil {
		d.Port = e.portNumber()
	}
	if s := e.said["User"]; s != nil && d.User == "" {
		d.User = x.login(s)
	}
	x.check(e.said["HostName"], x.checkHostName())
	for _, s := range e.taken {
		x.check(s, s.key.fill(x, s))
	}
	x.check(e.said["ProxyJump"], x.fillJump())
}

// check keeps the first reason not to connect.
func (x *sshHost) check(s *sshSetting, err error) {
	if err != nil && x.d.SSH.Refused == "" {
		x.d.SSH.Refused = fmt.Sprintf("%v: %s: %v", s.where, s.key.name, err)
	}
}

func (x *sshHost) tokens() sshTokens {
	if x.known == nil {
		x.known = x.e.tokens()
		x.known['h'] = x.e.dialName()
		x.known['r'] = cmp.Or(x.d.User, x.e.config.local.user)
		x.known['C'] = x.known.connection(x.e.config.ssh.hashesJump)
	}
	return x.known
}

// checkHostName reports a HostName that cannot be expanded or dialled.
func (x *sshHost) checkHostName() error {
	s := x.e.said["HostName"]
	if s == nil {
		return nil
	}
	if !s.spoken {
		if _, err := (sshTokens{'h': x.e.alias}).expand(s.text, "h", false); err != nil {
			return err
		}
	}
	if name := x.e.dialName(); strings.ContainsAny(name, " \t\"'`$\\;&<>|(){},") || name[0] == '-' {
		return fmt.Errorf("%q is no host name", name)
	}
	return nil
}

// login returns the login with its tokens expanded; OpenSSH before 10 has none
// there, so that what is no token stays.
func (x *sshHost) login(s *sshSetting) string {
	if s.spoken {
		return s.text
	}
	text, err := x.e.tokens().expand(s.text, userTokens, true)
	if err != nil {
		return s.text
	}
	return text
}

// path returns an absolute path with tokens expanded.
func (x *sshHost) path(s *sshSetting, text string) (string, error) {
	text, err := x.e.config.local.tilde(text)
	if err == nil && !s.spoken && strings.ContainsAny(text, "%$") {
		text, err = x.tokens().expand(text, connectionTokens, true)
	}
	if err != nil {
		return "", err
	}
	return filepath.Abs(text)
}

func isNoneText(s string) bool { return strings.EqualFold(s, "none") }

func fillNothing(*sshHost, *sshSetting) error { return nil }

func fillRefused(_ *sshHost, s *sshSetting) error { return errors.New(s.text) }

func fillHostKeyAlias(x *sshHost, s *sshSetting) error {
	x.d.SSH.HostKeyAlias = cmp.Or(x.d.SSH.HostKeyAlias, strings.ToLower(s.text))
	return nil
}

func fillIdentityFile(x *sshHost, s *sshSetting) error {
	if x.keysSaid {
		return nil
	}
	if isNoneText(s.text) {
		x.d.IdentityFiles = append(x.d.IdentityFiles, "none")
		return nil
	}
	path, err := x.path(s, s.text)
	if err == nil {
		x.d.IdentityFiles = append(x.d.IdentityFiles, path)
	}
	return err
}

func fillCertificateFile(x *sshHost, s *sshSetting) error {
	path, err := x.path(s, s.text)
	if err == nil {
		x.d.SSH.Certificates = append(x.d.SSH.Certificates, path)
	}
	return err
}

func fillControlPath(x *sshHost, s *sshSetting) (err error) {
	if !isNoneText(s.text) && x.d.SSH.ControlPath == "" {
		x.d.SSH.ControlPath, err = x.path(s, s.text)
	}
	return err
}

func fillIdentityAgent(x *sshHost, s *sshSetting) (err error) {
	name, variable := strings.CutPrefix(s.text, "$")
	switch {
	case x.d.SSH.IdentityAgent != "" || s.text == "SSH_AUTH_SOCK":
	case s.text == "none":
		x.d.SSH.IdentityAgent = "none"
	case variable && !strings.HasPrefix(name, "{"):
		x.d.SSH.IdentityAgent = cmp.Or(os.Getenv(name), "none")
	default:
		x.d.SSH.IdentityAgent, err = x.path(s, s.text)
	}
	return err
}

// fillKnownHosts leaves none as it is: an empty list would mean the usual files.
func fillKnownHosts(x *sshHost, s *sshSetting) error {
	if len(x.d.KnownHosts) > 0 {
		return nil
	}
	files, err := x.paths(s, x.path)
	x.d.KnownHosts = files
	return err
}

func fillGlobalKnownHosts(x *sshHost, s *sshSetting) error {
	if x.d.SSH.GlobalKnownHosts != nil {
		return nil
	}
	files, err := x.paths(s, func(_ *sshSetting, text string) (string, error) {
		text, err := x.e.config.local.tilde(text)
		if err != nil {
			return "", err
		}
		return filepath.Abs(text)
	})
	x.d.SSH.GlobalKnownHosts = files
	return err
}

func (x *sshHost) paths(s *sshSetting, path func(*sshSetting, string) (string, error)) ([]string, error) {
	if isNoneText(s.text) {
		return []string{"none"}, nil
	}
	var out []string
	for _, text := range s.args {
		file, err := path(s, text)
		if err != nil {
			return nil, err
		}
		out = append(out, file)
	}
	return out, nil
}
