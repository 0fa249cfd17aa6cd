package inventory

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// maxGlobs bounds the globs that one range with wildcards stands for: each is
// tried on every host.
const maxGlobs = 1000

// matcher is a name, a range or a glob.
type matcher struct {
	exact   []string
	test    func(name string) bool // nil without wildcards
	pattern bool                   // a range or a glob
}

func newMatcher(name string) (matcher, error) {
	if strings.ContainsAny(name, `\/`) {
		return matcher{}, fmt.Errorf("%q has a slash where a name cannot", name)
	}
	plain := unbracketPattern(name)
	names, err := fleetnet.Expand(plain)
	if err != nil {
		return matcher{}, err
	}
	m := matcher{pattern: strings.ContainsAny(plain, "[*?")}
	if !strings.ContainsAny(plain, "*?") {
		m.exact = names
		return m, nil
	}
	if len(names) > maxGlobs {
		return matcher{}, fmt.Errorf("%q: a range with wildcards stands for more than %d", name, maxGlobs)
	}
	// What path.Match means by brackets never comes this far: they are ranges.
	m.test = func(s string) bool {
		return slices.ContainsFunc(names, func(glob string) bool { return globMatch(glob, s) })
	}
	return m, nil
}

// globMatch is path.Match, and quick about what differs before the wildcard.
func globMatch(glob, s string) bool {
	if i := strings.IndexAny(glob, "*?"); i >= 0 && !strings.HasPrefix(s, glob[:i]) { // "web[1,2*]" has globs without one
		return false
	}
	ok, _ := path.Match(glob, s)
	return ok
}

// unbracketPattern is unbracket for addresses with wildcards too.
func unbracketPattern(s string) string {
	if inner, ok := strings.CutPrefix(s, "["); ok && strings.Count(s, ":") > 1 && strings.Count(s, "[") == 1 {
		if inner, ok = strings.CutSuffix(inner, "]"); ok && !strings.Contains(inner, "]") {
			return inner
		}
	}
	return s
}

// regexp adds the hosts and groups that a regular expression matches from
// their beginning on, as re.match of Python does.
func (s *selector) regexp(pattern string, set hostSet) error {
	re, err := regexp.Compile(pattern)
	if err != nil {
		return fmt.Errorf("%q: %w", "~"+pattern, err)
	}
	begins := func(name string) bool {
		at := re.FindStringIndex(name) // the leftmost match, so that one at 0 is found
		return at != nil && at[0] == 0
	}
	if !s.matched(matcher{test: begins}, false, set) {
		return fmt.Errorf("%q matches no host or group", "~"+pattern)
	}
	return nil
}

// subscript chooses hosts of a list by their places, counted from 0.
type subscript struct {
	from, to int // to is the last one that is chosen; -1 is the last one there is
}

// Numbers that begin with 0, and bounds with a dash between, are of ranges only:
// web[03-05] must not become other hosts when those are gone.
var subscripts = regexp.MustCompile(`^(.+)\[(-?(?:0|[1-9]\d{0,8}))(?:(:)(0|[1-9]\d{0,8})?)?\]$`)

// cutSubscript cuts web[0], web[-1], web[0:2] and web[1:].
func cutSubscript(s string) (base string, sub subscript, ok bool) {
	m := subscripts.FindStringSubmatch(s)
	if m == nil || strings.HasPrefix(m[2], "-") && m[3] != "" {
		return "", subscript{}, false
	}
	from, _ := strconv.Atoi(m[2])
	switch {
	case m[3] == "":
		return m[1], subscript{from, from}, true
	case m[4] == "":
		return m[1], subscript{from, -1}, true
	}
	to, _ := strconv.Atoi(m[4])
	return m[1], subscript{from, to}, true
}

// base returns the hosts of what stands before a subscript, a group or a glob,
// in the order in which the inventory names them.
func (s *selector) base(name string, onlyGroups bool) (list []int, found bool) {
	if members, ok := s.group(name); ok {
		return s.inOrder(members), true
	}
	m, err := newMatcher(name)
	if err != nil || m.test == nil {
		return nil, false
	}
	set := s.none()
	if !s.matched(m, onlyGroups, set) {
		return nil, false
	}
	for i, in := range set {
		if in {
			list = append(list, i)
		}
	}
	return s.inOrder(list), true
}

func (s *selector) inOrder(list []int) []int {
	return slices.SortedFunc(slices.Values(list), func(a, b int) int { return s.inv.rank[a] - s.inv.rank[b] })
}

// subscript adds to set what sub chooses of list.
func (s *selector) subscript(term string, list []int, sub subscript, set hostSet) error {
	from, to := sub.from, sub.to
	if from < 0 {
		from += len(list)
	}
	if to < 0 {
		to += len(list)
	}
	to = min(to, len(list)-1)
	if from < 0 || from > to {
		return fmt.Errorf("%q matches no host: there are %d, counted from 0", term, len(list))
	}
	set.add(list[from : to+1])
	return nil
}
