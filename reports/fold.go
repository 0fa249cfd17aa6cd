package reports

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// slots matches what may differ between texts that say the same of several
// hosts: addresses and numbers.
var slots = regexp.MustCompile(`\[[0-9a-fA-F:]*:[0-9a-fA-F:]*\]|\d{1,3}(?:\.\d{1,3}){3}|\d+(?:\.\d+)?`)

// shape is a text with what differs between hosts taken out.
type shape struct {
	key   string   // equal for texts that can be said as one
	parts []string // what stands between the slots, one more than slots
	slots []string
}

// hostSlot stands for a host's own name.
const hostSlot = "\x01"

// textShape sets aside the host's name only.
func textShape(text, host string) shape {
	text = withoutName(text, host)
	return shape{key: text, parts: []string{text}}
}

// measureShape also sets aside the numbers that measure something: those that
// stand alone and follow no word such as "port".
func measureShape(text, host string) shape {
	return cutShape(withoutName(text, host), func(slot, before, after string) bool {
		address := strings.ContainsAny(slot, ":[") || strings.Count(slot, ".") > 1
		return !address && standsAlone(before, after) && !naming(before)
	})
}

// errorShape also sets aside every address and number: an error of the network
// names the host's address and our port.
func errorShape(text, host string) shape {
	return cutShape(withoutName(text, host), func(string, string, string) bool { return true })
}

func cutShape(text string, vary func(slot, before, after string) bool) shape {
	var s shape
	from := 0
	for _, m := range slots.FindAllStringIndex(text, -1) {
		if !vary(text[m[0]:m[1]], text[:m[0]], text[m[1]:]) {
			continue
		}
		s.parts = append(s.parts, text[from:m[0]])
		s.slots = append(s.slots, text[m[0]:m[1]])
		from = m[1]
	}
	s.parts = append(s.parts, text[from:])
	s.key = strings.Join(s.parts, "\x00")
	return s
}

// standsAlone reports whether a number between these is a word of its own,
// but for brackets, a sign of percent, or a unit: not a part of a name, of a
// date, of a list.
func standsAlone(before, after string) bool {
	if before != "" && !strings.ContainsRune(" (=<>", rune(before[len(before)-1])) {
		return false
	}
	unit, _, _ := strings.Cut(strings.TrimRight(strings.SplitN(after, " ", 2)[0], ".,;:)"), " ")
	return slices.Contains([]string{"", "%", "s", "ms", "us", "µs", "m", "h", "d", "B", "KiB", "MiB", "GiB", "kB", "MB", "GB", "x", "×"}, unit)
}

// naming reports whether the word before a number says that the number is a name.
func naming(before string) bool {
	words := strings.Fields(before)
	if len(words) == 0 {
		return false
	}
	last := strings.ToLower(strings.TrimLeft(words[len(words)-1], "("))
	return slices.Contains([]string{"port", "pid", "table", "uid", "vlan", "vni", "line", "fd", "inode", "priority", "as", "asn"}, last)
}

// withoutName replaces a host's name, where it is a word, by the host slot,
// and drops it where the text begins with it: it is printed beside the text.
func withoutName(text, host string) string {
	if host == "" {
		return text
	}
	text = strings.TrimPrefix(text, host+": ")
	var b strings.Builder
	for {
		i := strings.Index(text, host)
		if i < 0 {
			b.WriteString(text)
			return b.String()
		}
		end := i + len(host)
		whole := (i == 0 || !nameByte(text[i-1])) && (end == len(text) || !nameByte(text[end]))
		b.WriteString(text[:i])
		if whole {
			b.WriteString(hostSlot)
		} else {
			b.WriteString(text[i:end])
		}
		text = text[end:]
	}
}

func nameByte(c byte) bool {
	return c == '-' || c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// join says texts of one shape as one: numbers that differ as a range, other
// slots that differ as an ellipsis, and the host's name as it is for one host.
func join(shapes []shape, hosts []string) string {
	var b strings.Builder
	for i, p := range shapes[0].parts {
		if i > 0 {
			values := make([]string, len(shapes))
			for n, s := range shapes {
				values[n] = s.slots[i-1]
			}
			b.WriteString(span(values))
		}
		b.WriteString(p)
	}
	if distinct(hosts) == 1 {
		return strings.ReplaceAll(b.String(), hostSlot, fleetnet.Printable(hosts[0]))
	}
	return strings.NewReplacer(hostSlot+".", "….", hostSlot, "the host").Replace(b.String())
}

// span returns the one value, min..max of numbers, or an ellipsis.
func span(values []string) string {
	low, high := values[0], values[0]
	for _, v := range values {
		n, err := strconv.ParseFloat(v, 64)
		if err != nil {
			low, high = "…", "…"
			break
		}
		if least, _ := strconv.ParseFloat(low, 64); n < least {
			low = v
		}
		if most, _ := strconv.ParseFloat(high, 64); n > most {
			high = v
		}
	}
	switch {
	case len(slices.Compact(slices.Clone(values))) == 1:
		return values[0]
	case low == "…":
		return low
	}
	return low + ".." + high
}
