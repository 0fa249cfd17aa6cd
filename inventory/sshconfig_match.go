package inventory

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// sshCondition says for which hosts a block holds. Exactly one of its fields is set,
// or none for what stands before the first Host or Match.
type sshCondition struct {
	hosts    sshPatterns
	criteria []sshCriterion
	never    bool // Host without a pattern
}

// sshCriterion is one criterion of a Match.
type sshCriterion struct {
	name     string // in lower case
	negated  bool
	arg      string
	patterns sshPatterns
	networks []netip.Prefix
}

// hostCondition reads what follows Host.
func hostCondition(args []sshArg) (*sshCondition, *sshFault) {
	c := &sshCondition{never: len(args) == 0}
	for _, a := range args {
		if a.text == "" {
			return nil, faultAt(a, "an empty pattern")
		}
		c.hosts = append(c.hosts, newSSHPattern(a.text))
	}
	return c, nil
}

// matchCondition reads what follows Match.
func matchCondition(args []sshArg) (*sshCondition, *sshFault) {
	c := &sshCondition{}
	for len(args) > 0 {
		n, fault := c.criterion(args)
		if fault != nil {
			return nil, fault
		}
		args = args[n:]
	}
	if len(c.criteria) == 0 {
		return nil, &sshFault{msg: "Match without a criterion"}
	}
	return c, nil
}

// criterion reads the criterion at the beginning of args, and returns how many
// of them it is. One that nobody knows yet takes all the rest.
func (c *sshCondition) criterion(args []sshArg) (int, *sshFault) {
	word, negated := strings.CutPrefix(args[0].text, "!")
	name, arg, attached := strings.Cut(word, "=")
	crit := sshCriterion{name: strings.ToLower(name), negated: negated, arg: arg}
	used := 1
	switch crit.name {
	case "all":
		if len(c.criteria) > 1 || len(args) > 1 {
			return 0, faultAt(args[0], `"all" goes alone, or after final or canonical`)
		}
	case "final", "canonical":
	case "host", "originalhost", "user", "localuser", "localnetwork", "version", "tagged", "command", "exec", "sessiontype":
		if !attached {
			if len(args) == 1 {
				return 0, faultAt(args[0], "Match %s has no value", crit.name)
			}
			crit.arg, used = args[1].text, 2
		}
		if fault := crit.readArg(args[used-1]); fault != nil {
			return 0, fault
		}
	default:
		used = len(args)
	}
	c.criteria = append(c.criteria, crit)
	return used, nil
}

func (c *sshCriterion) readArg(at sshArg) *sshFault {
	var err error
	switch {
	case c.arg == "" && c.name != "tagged" && c.name != "command":
		return faultAt(at, "Match %s has no value", c.name)
	case c.name == "localnetwork":
		if c.networks, err = parseNetworks(c.arg); err != nil {
			return faultAt(at, "Match localnetwork: %v", err)
		}
	case c.name == "host" || c.name == "originalhost":
		c.patterns = splitSSHPatterns(strings.ToLower(c.arg))
	case c.name != "exec":
		c.patterns = splitSSHPatterns(c.arg)
	}
	return nil
}

// undecidable reports whether only OpenSSH itself can decide the criterion.
func (c *sshCriterion) undecidable() bool {
	switch c.name {
	case "all", "final", "canonical", "host", "originalhost", "user", "localuser", "localnetwork", "version", "tagged", "command":
		return false
	}
	return true
}

// wantsFinal reports whether the condition asks for a second pass.
func (c *sshCondition) wantsFinal() bool {
	return slices.ContainsFunc(c.criteria, func(c sshCriterion) bool { return c.name == "final" && !c.negated })
}

// asks reports whether deciding the condition may take OpenSSH itself.
func (c *sshCondition) asks() bool {
	return slices.ContainsFunc(c.criteria, func(c sshCriterion) bool { return c.undecidable() })
}

// errUndecided is a criterion that is for OpenSSH to decide.
var errUndecided = errors.New("a Match that only ssh can decide")

// holds reports whether the block of c holds for the host of e, as far as is
// known at this place of the configuration.
func (e *sshEval) holds(c *sshCondition) (bool, error) {
	switch {
	case c == nil:
		return true, nil
	case c.hosts != nil || c.never:
		return c.hosts.match(e.host), nil
	}
	for i := range c.criteria {
		crit := &c.criteria[i]
		if crit.undecidable() || crit.name == "version" && e.config.ssh.version() == "" {
			return false, errUndecided
		}
		if e.satisfies(crit) == crit.negated {
			return false, nil
		}
	}
	return true, nil
}

// satisfies decides a criterion, apart from its negation.
func (e *sshEval) satisfies(c *sshCriterion) bool {
	switch c.name {
	case "all":
		return true
	case "final", "canonical":
		return e.final
	case "host":
		return c.patterns.match(strings.ToLower(e.hostName()))
	case "originalhost":
		return c.patterns.match(strings.ToLower(e.alias))
	case "user":
		return c.patterns.match(e.userName())
	case "localuser":
		return c.patterns.match(e.config.local.user)
	case "tagged":
		return matchSaid(e.value("Tag"), c)
	case "command":
		return matchSaid("", c)
	case "version":
		return c.patterns.match(e.config.ssh.version())
	case "localnetwork":
		return slices.ContainsFunc(e.config.local.addrs(), func(a netip.Addr) bool {
			return slices.ContainsFunc(c.networks, func(n netip.Prefix) bool { return n.Contains(a) })
		})
	}
	return false
}

// matchSaid matches what may not be said at all, which only the empty list matches.
func matchSaid(s string, c *sshCriterion) bool {
	if s == "" {
		return c.arg == ""
	}
	return c.patterns.match(s)
}

// sshFault is something wrong with one line.
type sshFault struct {
	column int // 0: of the keyword
	msg    string
}

func faultAt(a sshArg, format string, args ...any) *sshFault {
	return &sshFault{a.column, fmt.Sprintf(format, args...)}
}
