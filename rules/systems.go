package rules

import (
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
	"gopkg.in/yaml.v3"
)

// systemNames are the words for systems in rule files: Go's GOOS, and bsd for four.
func systemNames() []string {
	return []string{"linux", "darwin", "windows", "freebsd", "openbsd", "netbsd", "dragonfly", "solaris", "aix", "bsd"}
}

// systems returns what a word for systems stands for, or none and a fault. More
// words may be there for which the word was meant.
func (r *reader) systems(n *yaml.Node, what, word string, more ...string) []string {
	names := append(systemNames(), more...)
	meant := fleetnet.Systems(word)
	if slices.Contains(systemNames(), word) {
		return meant
	}
	hint := fleetnet.DidYouMean(word, names)
	if slices.Contains(names, meant[0]) { // macos
		hint = fleetnet.DidYouMean(meant[0], meant)
	}
	if hint == "" {
		hint = "; known are " + strings.Join(names, ", ")
	}
	r.fail(n, "%s: unknown system %q%s", what, word, hint)
	return nil
}

// readPlatforms reads the systems on which the rule's facts exist.
func (r *reader) readPlatforms(rule *Rule, n *yaml.Node) {
	if n == nil {
		return
	}
	items := []*yaml.Node{n}
	if r.resolve(n).Kind == yaml.SequenceNode {
		items = r.resolve(n).Content
	}
	for _, item := range items {
		var word string
		if r.text("platforms", &word)(item); word == "" {
			continue
		}
		for _, s := range r.systems(item, "platforms", word) {
			if !slices.Contains(rule.Platforms, s) {
				rule.Platforms = append(rule.Platforms, s)
			}
		}
	}
}

// judgedOn reports whether the rule's facts exist on a system.
func (r *Rule) judgedOn(system string) bool {
	return len(r.Platforms) == 0 || slices.Contains(r.Platforms, system)
}
