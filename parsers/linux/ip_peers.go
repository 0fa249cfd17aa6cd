package linux

import (
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// isPeerKind reports whether devices of a kind come in pairs. ip shows the
// other end of a pair where it shows the lower device of others: veth0@veth1.
func isPeerKind(kind string) bool { return kind == "veth" || kind == "netkit" }

// partPeers takes the parent from interfaces that name each other as one: they
// are the two ends of a pair, and neither is below the other.
func partPeers(interfaces []fleetnet.Interface) {
	parent := map[string]string{}
	for i := range interfaces {
		if it := &interfaces[i]; it.Parent != "" {
			parent[it.Name] = it.Parent
		}
	}
	for i := range interfaces {
		if it := &interfaces[i]; it.Parent != "" && parent[it.Parent] == it.Name {
			it.Parent = ""
		}
	}
}

// linkType returns the word for a type of link that an ip without a word for
// it shows as a number in brackets: [519].
func linkType(word string) string {
	number, opened := strings.CutPrefix(word, "[")
	number, closed := strings.CutSuffix(number, "]")
	n, ok := field.Uint([]byte(number), 16)
	if known := linkTypes[n]; opened && closed && ok && known != "" {
		return known
	}
	return word
}
