package inventory

import (
	"github.com/fleetnet/fleetnet"
)

// become reads whether and how to become root. Ansible can become others too: then
// nobody is become, for root is not what the inventory allows.
func (s *subject) become() {
	if yes, _ := s.wantBool("ansible_become"); !yes {
		return
	}
	if user, name, at := s.want("ansible_become_user"); user != "root" && name != "" {
		s.remark(remarkNote, at, name+" of", " is %s: only root can be become, so ansible_become is not used", fleetnet.Quote(user))
		return
	}
	method, name, at := s.want("ansible_become_method")
	if method == "" && name != "" {
		return
	}
	switch kind := plugin(method); kind {
	case "", BecomeSudo:
		s.Become = BecomeSudo
	case BecomeDoas, BecomeSu:
		s.Become = kind
	default:
		s.remark(remarkNote, at, name+" of", " is %s: only sudo, doas and su are used, so ansible_become is not", fleetnet.Quote(kind))
		return
	}
	if _, name, at := s.want("ansible_become_exe", "ansible_"+s.Become+"_exe"); name != "" {
		s.remark(remarkNote, at, name+" of", " is not used: %s of the PATH is", s.Become)
	}
	if _, name, at := s.want("ansible_become_flags", "ansible_"+s.Become+"_flags"); name != "" {
		s.remark(remarkMinor, at, name+" of", " is not used")
	}
}

// passwords reads the passwords. The variables that they are made of are hidden.
func (s *subject) passwords() {
	s.fill.used = s.hidden
	if s.Transport != TransportLocal {
		s.Password = s.secret("--password", "ansible_password", "ansible_ssh_pass", "ansible_ssh_password")
	}
	method := s.Become
	if method == "" {
		method = BecomeSudo
	}
	s.BecomePass = s.secret("--become-password", "ansible_become_password", "ansible_become_pass", "ansible_"+method+"_pass")
}

// secret returns a password. One that cannot be read is asked for, unless the flag
// says where else it is.
func (s *subject) secret(flag string, names ...string) Secret {
	name, v, ok := s.find(names...)
	if !ok {
		return Secret{}
	}
	if text, ok := v.value.(string); ok {
		if m := envLookup.FindStringSubmatch(text); m != nil {
			return Secret{kind: SecretEnv, arg: m[1]}
		}
	}
	text, err := s.fill.text(v.value)
	if err != nil {
		s.remark(remarkNote, v.at, name+" of", ": %v; the password is asked for, where it is needed (%s env:NAME says another place)", err, flag)
		return Secret{kind: SecretAsk}
	}
	if text == "" {
		return Secret{}
	}
	return PlainSecret(text)
}
