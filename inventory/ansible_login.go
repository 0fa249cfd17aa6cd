package inventory

import (
	"fmt"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// plugin returns the last part of a plugin's full name: ssh of ansible.builtin.ssh.
func plugin(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

// transport sets how the host is reached, and reports whether it can be.
func (s *subject) transport() bool {
	text, name, at := s.need("ansible_connection")
	switch kind := plugin(text); kind {
	case "", "ssh", "smart", "paramiko", "paramiko_ssh", "libssh":
	case TransportLocal:
		s.Transport = TransportLocal
	default:
		s.remark(remarkNote, at, "", ": left out, for %s is %s, and fleetnet logs in with SSH", name, fleetnet.Quote(kind))
		return false
	}
	return true
}

// login sets where the host is and who logs in how.
func (s *subject) login() {
	if text, name, at := s.need("ansible_host", "ansible_ssh_host"); text != "" {
		s.Addr = unbracket(text)
		s.SSH.Alias = s.Addr
		if err := checkHost(s.Addr); err != nil {
			s.remark(remarkError, at, name+" of", ": %s is no name or address of a host", fleetnet.Quote(text))
		}
	}
	if text, name, at := s.need("ansible_port", "ansible_ssh_port"); text != "" {
		port, ok := parsePort(text)
		if s.Port = port; !ok {
			s.remark(remarkError, at, name+" of", ": %s is not a number from 1 to 65535", fleetnet.Quote(text))
		}
	}
	if text, name, at := s.need("ansible_user", "ansible_ssh_user"); text != "" {
		s.User = text
		if err := checkUser(text); err != nil {
			s.remark(remarkError, at, name+" of", ": %v", err)
		}
	}
	if text, name, at := s.need("ansible_private_key_file", "ansible_ssh_private_key_file"); text != "" {
		path, err := expandPath(s.dir, text)
		if s.IdentityFiles = []string{path}; err != nil {
			s.remark(remarkError, at, name+" of", ": %v", err)
		}
	}
}

// arguments reads the arguments that Ansible gives to ssh. Of the first ones a port or
// a user beats the variables, for ssh takes the first it sees.
func (s *subject) arguments() {
	for _, name := range []string{"ansible_ssh_args", "ansible_ssh_common_args", "ansible_ssh_extra_args"} {
		text, _, at := s.need(name)
		args, err := parseSSHArgs(text, at.String())
		if err != nil {
			s.remark(remarkError, at, name+" of", ": %v", err)
			continue
		}
		for _, o := range args.options {
			switch key := strings.ToLower(o.key); {
			case name != "ansible_ssh_args":
			case key == "port":
				s.Port = 0
			case key == "user":
				s.User = ""
			}
		}
		s.options = append(s.options, args.options...)
		if len(args.notes) > 0 {
			s.remark(remarkNote, at, name+" of", ": ssh's %s is not done", strings.Join(args.notes, " "))
		}
		if len(args.minor) > 0 {
			s.remark(remarkMinor, at, name+" of", ": ssh's %s means nothing here", strings.Join(args.minor, " "))
		}
	}
}

// tuning reads what Ansible makes options of ssh of.
func (s *subject) tuning() {
	option := func(key, value string, at place) {
		s.options = append(s.options, sshOption{key, value, at.String()})
	}
	if check, said := s.wantBool("ansible_host_key_checking", "ansible_ssh_host_key_checking"); said && !check {
		_, v, _ := s.find("ansible_host_key_checking", "ansible_ssh_host_key_checking")
		option("StrictHostKeyChecking", "no", v.at)
	}
	if text, name, at := s.want("ansible_timeout", "ansible_ssh_timeout"); text != "" {
		if n, ok := wholeOf(text); ok && n > 0 {
			option("ConnectTimeout", fmt.Sprint(n), at)
		} else {
			s.remark(remarkNote, at, name+" of", " is not used: it is not a number of seconds above 0")
		}
	}
	if text, name, at := s.want("ansible_ssh_retries"); text != "" {
		n, ok := wholeOf(text)
		switch {
		case ok && n > 0 && n < 1000:
			option("ConnectionAttempts", fmt.Sprint(n+1), at)
		case !ok || n != 0:
			s.remark(remarkNote, at, name+" of", " is not used: it is not a number")
		}
	}
	for _, name := range []string{"ansible_paramiko_proxy_command", "ansible_ssh_pkcs11_provider"} {
		if text, _, at := s.want(name); text != "" {
			s.remark(remarkNote, at, name+" of", " is not used")
		}
	}
}
