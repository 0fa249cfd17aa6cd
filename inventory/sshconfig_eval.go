package inventory

import (
	"cmp"
	"errors"
	"slices"
	"strings"
)

// undecidedPolicy is what to do with a block that only ssh can decide.
type undecidedPolicy int

const (
	stopUndecided undecidedPolicy = iota
	skipUndecided
	takeUndecided
)

// sshEval finds what a configuration says of one host: the first value of every
// keyword, and all values of those that add up.
type sshEval struct {
	config *SSHConfig
	alias  string // what one would type after ssh
	host   string // what Host matches: the alias, in the final pass the name to dial
	user   string // said by the inventory
	port   int
	final  bool
	// wantsFinal means that a file asks for a second pass which was not known
	// when the others were read.
	wantsFinal bool
	policy     undecidedPolicy

	said    map[string]*sshSetting
	taken   []*sshSetting // of said and many, in their order
	many    map[string][]*sshSetting
	notes   []Note
	skipped []*sshBlock // undecided
}

// run evaluates options and files.
func (e *sshEval) run(options sshOptions, files []*sshFile) error {
	e.notes = append(e.notes, options.notes...)
	for _, s := range options.settings {
		e.take(s)
	}
	if err := e.pass(files); err != nil {
		return err
	}
	if e.wantsFinal || !isOff(e.value("CanonicalizeHostname")) || slices.ContainsFunc(files, func(f *sshFile) bool { return f.wantsFinal }) {
		e.host, e.final = e.dialName(), true
		return e.pass(files)
	}
	return nil
}

func (e *sshEval) pass(files []*sshFile) error {
	for _, f := range files {
		if err := e.file(f); err != nil {
			return err
		}
	}
	return nil
}

func (e *sshEval) file(f *sshFile) error {
	for _, b := range f.blocks {
		holds, err := e.holds(b.when)
		if err != nil {
			if e.policy == stopUndecided {
				return err
			}
			e.skipped = append(e.skipped, b)
			holds = e.policy == takeUndecided
		}
		if !holds {
			continue
		}
		e.notes = append(e.notes, b.notes...)
		if err := e.block(b); err != nil {
			return err
		}
	}
	return nil
}

func (e *sshEval) block(b *sshBlock) error {
	for _, item := range b.items {
		if item.setting != nil {
			e.take(item.setting)
			continue
		}
		for _, part := range item.include.parts {
			files := part.files
			if part.tokens {
				var err error
				if files, err = e.include(item.include, part.path); err != nil {
					return err
				}
			}
			if err := e.pass(files); err != nil {
				return err
			}
		}
	}
	return nil
}

// include returns the files of an Include whose path has tokens. One that
// cannot be expanded is passed over, as OpenSSH does.
func (e *sshEval) include(inc *sshInclude, path sshArg) ([]*sshFile, error) {
	text, err := e.tokens().expand(path.text, connectionTokens, true)
	if err == nil && text == "" {
		err = errors.New("an empty path")
	}
	if err != nil {
		e.notes = append(e.notes, Note{Where: inc.where.String(), Text: "Include is ignored: " + err.Error()})
		return nil, nil
	}
	files, err := e.config.includeLate(inc, text, path.column)
	for _, f := range files {
		e.wantsFinal = e.wantsFinal || f.wantsFinal
	}
	return files, err
}

// take takes a setting that nobody has said before.
func (e *sshEval) take(s *sshSetting) {
	name := s.key.name
	if s.key.many {
		if !slices.ContainsFunc(e.many[name], func(o *sshSetting) bool { return o.text == s.text }) {
			e.many[name] = append(e.many[name], s)
			e.taken = append(e.taken, s)
		}
		return
	}
	if e.said[name] == nil && !excludes(e.said[s.key.rival], s) {
		e.said[name] = s
		e.taken = append(e.taken, s)
	}
}

// excludes reports whether what is said of the rival of s leaves no room for s.
// ProxyJump none leaves room for a ProxyCommand, and is no rival of one.
func excludes(rival, s *sshSetting) bool {
	noJump := func(s *sshSetting) bool { return s.key.name == "ProxyJump" && len(s.hops) == 0 }
	return rival != nil && !noJump(rival) && !noJump(s)
}

// value returns what is said of a keyword so far, or nothing.
func (e *sshEval) value(name string) string {
	if s := e.said[name]; s != nil {
		return s.text
	}
	return ""
}

// hostName returns the name to dial, as far as it is known.
func (e *sshEval) hostName() string {
	if e.final {
		return e.host
	}
	name := e.value("HostName")
	switch {
	case name == "":
		return e.alias
	case e.said["HostName"].spoken:
		return name
	}
	// A bad token is reported when the host is filled in.
	text, err := sshTokens{'h': e.alias}.expand(name, "h", false)
	if err != nil {
		return name
	}
	return text
}

// dialName returns hostName as OpenSSH dials it: names in lower case, addresses
// as they are usually written.
func (e *sshEval) dialName() string { return canonicalName(e.hostName()) }

func (e *sshEval) userName() string {
	return cmp.Or(e.user, e.value("User"), e.config.local.user)
}

// jumpName returns what %j stands for.
func (e *sshEval) jumpName() string {
	if s := e.said["ProxyJump"]; s != nil && len(s.hops) > 0 {
		return s.hops[len(s.hops)-1].host
	}
	return ""
}

// ignoresUnknown reports whether IgnoreUnknown covers a keyword.
func (e *sshEval) ignoresUnknown(keyword string) bool {
	list := e.value("IgnoreUnknown")
	return list != "" && splitSSHPatterns(strings.ToLower(list)).match(keyword)
}

func isOff(s string) bool { return s == "" || s == "no" }
