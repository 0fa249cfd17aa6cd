package inventory

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// connector makes drafts of Ansible's hosts. What it has to say of several hosts it
// says once.
type connector struct {
	*ansible
	vars   *ansibleVars
	groups map[*ansibleGroup]bool // whether a group's name is one of ours
	dir    string                 // the current folder, which Ansible's relative paths start from
	hidden map[string]bool        // variables that passwords are made of
	said   map[remark][]string    // the hosts that each remark is of
	order  []remark
	first  map[remark]place // where a note was due first
}

// remark is an error or a note about hosts.
type remark struct {
	at            place  // of errors; a note is one wherever it is due
	before, after string // of the hosts' names
	kind          remarkKind
}

type remarkKind int

const (
	remarkError remarkKind = iota
	remarkNote
	remarkMinor
)

// drafts returns the hosts that can be asked. What cannot is noted.
func (a *ansible) drafts() []*member {
	c := &connector{ansible: a, vars: a.variables(), groups: map[*ansibleGroup]bool{}, hidden: map[string]bool{}, said: map[remark][]string{}, first: map[remark]place{}}
	c.dir, _ = os.Getwd()
	for _, g := range a.groupOrder {
		err := checkGroup(g.name)
		if c.groups[g] = err == nil; err != nil && g.name != all {
			a.notes.add(Note{Text: fmt.Sprintf("group %v: it is read, and cannot be selected", err)})
		}
	}
	var out []*member
	var sets []*varSet
	for _, h := range a.hostOrder {
		lineage := c.lineage(h)
		set := c.vars.of(h, lineage)
		if d := c.draft(h, lineage, set.vars); d != nil {
			out = append(out, &member{draft: *d})
			sets = append(sets, set)
		}
	}
	for i, m := range out {
		m.Vars = sets[i].exported(c.hidden)
	}
	for _, r := range c.order {
		c.say(r, c.said[r])
	}
	return out
}

// say tells a remark of its hosts.
func (c *connector) say(r remark, hosts []string) {
	text := strings.TrimSpace(r.before + " " + fewHosts(hosts) + r.after)
	if r.kind == remarkError {
		c.fail(r.at, "%s", text)
		return
	}
	c.note(c.first[r], r.kind == remarkMinor, "%s", text)
}

// fewHosts names hosts, as many as a line holds.
func fewHosts(names []string) string {
	if folded := fleetnet.Fold(names); len(folded) <= 100 {
		return folded
	}
	few := fleetnet.Fold(names[:3])
	return fmt.Sprintf("%s and %d more", few, len(names)-3)
}

// subject is one host whose variables are being read.
type subject struct {
	*connector
	*draft
	host *ansibleHost
	vars map[string]variable
	fill template
}

// draft returns what a host's variables say of reaching it, or nil when it cannot
// be reached with SSH.
func (c *connector) draft(h *ansibleHost, lineage []*ansibleGroup, vars map[string]variable) *draft {
	s := &subject{connector: c, draft: &draft{}, host: h, vars: vars}
	s.fill = template{host: h, vars: vars, hint: c.vaultHint}
	s.Name = h.name
	if !s.transport() {
		return nil
	}
	if s.Transport != TransportLocal {
		s.login()
		s.arguments()
		s.tuning()
	}
	s.become()
	s.passwords()
	for _, g := range lineage {
		if c.groups[g] {
			s.Groups = append(s.Groups, g.name)
		}
	}
	slices.Sort(s.Groups)
	return s.draft
}

// remark adds a remark about the variable of this host.
func (s *subject) remark(kind remarkKind, at place, before, after string, args ...any) {
	r := remark{before: before, after: fmt.Sprintf(after, args...), kind: kind}
	if kind == remarkError {
		r.at = at
	}
	if s.said[r] == nil {
		s.first[r] = at
		s.order = append(s.order, r)
	}
	s.said[r] = append(s.said[r], s.host.name)
}

// find returns the variable that counts among several names for one thing, which
// is the last, as in Ansible. Null is not said.
func (s *subject) find(names ...string) (name string, v variable, ok bool) {
	for _, n := range slices.Backward(names) {
		if v, ok := s.vars[n]; ok && v.value != nil {
			return n, v, true
		}
	}
	return "", variable{}, false
}

// need returns the text of a variable that is needed to connect, "" when there is
// none. That it cannot be had is an error.
func (s *subject) need(names ...string) (text, name string, at place) {
	name, v, ok := s.find(names...)
	if !ok {
		return "", "", place{}
	}
	text, err := s.fill.text(v.value)
	if err != nil {
		s.remark(remarkError, v.at, name+" of", ": %v", err)
		return "", name, v.at
	}
	return strings.TrimSpace(text), name, v.at
}

// want returns the text of a variable that is not needed to connect. That it cannot be
// had is noted.
func (s *subject) want(names ...string) (text, name string, at place) {
	name, v, ok := s.find(names...)
	if !ok {
		return "", "", place{}
	}
	text, err := s.fill.text(v.value)
	if err != nil {
		s.remark(remarkNote, v.at, name+" of", " is not used: %v", err)
		return "", name, v.at
	}
	return strings.TrimSpace(text), name, v.at
}

// wantBool returns the truth of a variable. Ansible's words for it are many.
func (s *subject) wantBool(names ...string) (value, said bool) {
	text, name, at := s.want(names...)
	switch strings.ToLower(text) {
	case "":
		return false, false
	case "y", "yes", "on", "1", "true", "t":
		return true, true
	case "n", "no", "off", "0", "false", "f":
		return false, true
	}
	s.remark(remarkNote, at, name+" of", " is not used: it is neither true nor false")
	return false, false
}

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

// groupNames returns the groups that can be selected.
func (a *ansible) groupNames() []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(a.groups)) {
		if checkGroup(name) == nil {
			out = append(out, name)
		}
	}
	return out
}

// err returns what is wrong with Ansible's sources, in their order.
func (a *ansible) err() error {
	errs := a.broken
	for _, p := range a.fileOrder {
		errs = append(errs, p.err())
	}
	return errors.Join(errs...)
}
