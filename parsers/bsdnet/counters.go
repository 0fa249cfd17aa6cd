package bsdnet

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/command"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// Counters reads `netstat -s` (inet.c, inet6.c: tcp_stats and its like):
//
//	tcp:
//		4821902 packets sent
//			1820412 data packets (1239018231 bytes)
//			5121 data packets (3821022 bytes) retransmitted
//	icmp:
//		Input histogram:
//			echo reply: 12
//
// A counter is known by its protocol and its text, in which numbers and the s
// of a plural do not count; those of a histogram by the histogram too. What has
// a name in a MIB has that name (see the tables in counters_names.go), some
// others have one that begins with Bsd, and the rest is passed over. Each
// release adds lines and drops some.
func Counters(in *fleetnet.Lines, out *fleetnet.Snapshot) { readCounters(in, out) }

func readCounters(in *fleetnet.Lines, out *fleetnet.Snapshot) counterReader {
	r := counterReader{in: in, out: out, seen: map[string]bool{}}
	for in.Next() {
		line := in.Text()
		if line[0] != ' ' && line[0] != '\t' {
			r.section(line)
			continue
		}
		r.line(line)
	}
	o := command.Of(in.Command(), "fIpMNw")
	if family := familyOf(in.Command(), o); family != "" {
		o.Values = append(o.Values, family)
	}
	if len(o.Values) > 0 {
		coverPart(out, "counters", "", "only "+fleetnet.Printable(o.Values[0]))
	}
	return r
}

type counterReader struct {
	in        *fleetnet.Lines
	out       *fleetnet.Snapshot
	proto     string
	histogram string
	depth     int // how far the histogram's title is indented
	seen      map[string]bool
	tcp       bool // the section of TCP was read
	tcpMoved  bool // and a number in it is not zero
}

// section reads `tcp:`, which every section begins with.
func (r *counterReader) section(line []byte) {
	if bytes.HasPrefix(line, []byte("netstat: sysctl: ")) && bytes.HasSuffix(line, []byte(": No such file or directory")) {
		r.in.Skip() // statistics that this kernel does not keep
		return
	}
	name, ok := bytes.CutSuffix(bytes.TrimRight(line, " \t"), []byte{':'})
	if !ok || len(name) == 0 || len(name) > 40 {
		return // not understood
	}
	r.proto, r.histogram = string(name), ""
	r.tcp = r.tcp || r.proto == "tcp"
	r.in.Skip()
}

func (r *counterReader) line(line []byte) {
	text := bytes.TrimSpace(line)
	depth := indentation(line)
	if depth <= r.depth {
		r.histogram = ""
	}
	if r.proto == "" {
		r.in.Fail(errors.New("stands before the name of a protocol"))
		return
	}
	if title, ok := bytes.CutSuffix(text, []byte{':'}); ok {
		r.histogram, r.depth = string(title), depth
		r.in.Skip()
		return
	}
	if r.histogram != "" {
		r.bar(text)
		return
	}
	key, numbers := normal(text)
	if len(numbers) == 0 {
		if text[0] < '0' || text[0] > '9' {
			r.in.Skip() // a sentence: "ICMP address mask responses are disabled"
		}
		return
	}
	r.tcpMoved = r.tcpMoved || r.proto == "tcp" && slices.ContainsFunc(numbers, func(n int64) bool { return n != 0 })
	known := false
	for i, name := range counterNames(r.proto, key) {
		if i < len(numbers) && name != "" {
			known = true
			r.add(name, numbers[i])
		}
	}
	r.claim(known)
}

// bar reads a line of a histogram: `echo reply: 12`, or as any other.
func (r *counterReader) bar(text []byte) {
	label, value, ok := cutLast(text, []byte(": "))
	n, number := field.Uint(value, 63)
	if !ok || !number {
		r.in.Skip() // a histogram of other lines
		return
	}
	name := barName(r.proto, r.histogram, string(label))
	if name != "" {
		r.add(name, int64(n))
	}
	r.claim(name != "")
}

func (r *counterReader) claim(row bool) {
	if row {
		r.in.Row()
		return
	}
	r.in.Skip()
}

// add adds a counter once: a section may be printed again for each family.
func (r *counterReader) add(name string, value int64) {
	if r.seen[name] {
		return
	}
	r.seen[name] = true
	r.out.Counters = append(r.out.Counters, fleetnet.Counter{Name: name, Value: value, Ref: r.in.Ref()})
}

// indentation returns how many blanks a line begins with; a tab is eight.
func indentation(line []byte) int {
	n := 0
	for _, b := range line {
		switch b {
		case '\t':
			n += 8
		case ' ':
			n++
		default:
			return n
		}
	}
	return n
}

func cutLast(b, sep []byte) (before, after []byte, ok bool) {
	i := bytes.LastIndex(b, sep)
	if i < 0 {
		return nil, nil, false
	}
	return b[:i], bytes.TrimSpace(b[i+len(sep):]), true
}

// normal returns the text of a counter with % for each number and every word
// in the singular, and the numbers. A text that does not begin with a number has
// none that is known to be one.
//
//	5121 data packets (3821022 bytes) retransmitted -> % data packet (% byte) retransmitted
func normal(text []byte) (string, []int64) {
	var key strings.Builder
	var numbers []int64
	for i, word := range bytes.Fields(text) {
		open := word
		prefix := ""
		if word[0] == '(' {
			open, prefix = word[1:], "("
		}
		if n, ok := field.Uint(open, 63); ok {
			numbers = append(numbers, int64(n))
			open = []byte{'%'}
		} else if i == 0 {
			return "", nil
		}
		if i > 0 {
			key.WriteByte(' ')
		}
		key.WriteString(prefix)
		key.WriteString(singular(string(open)))
	}
	return key.String(), numbers
}

// singular drops the ending of a plural as the tools make them: packet(s),
// switch(es), entr(y|ies). It is a normal form, not English.
func singular(word string) string {
	closing := ""
	if w, ok := strings.CutSuffix(word, ")"); ok {
		word, closing = w, ")"
	}
	for _, end := range []struct{ plural, singular string }{
		{"okies", "okie"}, {"ies", "y"}, {"ches", "ch"}, {"sses", "ss"}, {"shes", "sh"}, {"xes", "x"},
	} {
		if w, ok := strings.CutSuffix(word, end.plural); ok && len(w) > 1 {
			return w + end.singular + closing
		}
	}
	switch {
	case len(word) < 3, strings.HasSuffix(word, "ss"), word == "this", word == "was", word == "has":
	default:
		word = strings.TrimSuffix(word, "s")
	}
	return word + closing
}
