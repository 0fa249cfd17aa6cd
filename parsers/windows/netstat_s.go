package windows

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// NetstatS reads `netstat -s`, `netstat -e` or both of Windows XP to 11:
//
//	Interface Statistics
//	                           Received            Sent
//	Bytes                    1054682112       204781234
//	TCP Statistics for IPv4
//	  Active Opens                        = 40587
//	ICMPv4 Statistics
//	                            Received    Sent
//	  Messages                  368         481
//
// The labels are in the language of the display, so a line is known by where it
// stands in its block, and a block by the protocols that its title names and by
// how many lines it has, which are the same everywhere (see [blocks]). A
// block with another number of lines is not read. Where TCP has a block for
// IPv4 and one for IPv6, their sum has the name that other systems use. With an
// interval all blocks come again and again, and the first are read.
func NetstatS(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	r := readStats(in, out)
	for _, why := range r.leftOut() {
		coverPart(out, "windows/netstat-s", "counters", why)
	}
}

// netstatTotals is NetstatS of `netstat -e` where another probe tells the rest.
func netstatTotals(in *fleetnet.Lines, out *fleetnet.Snapshot) { readStats(in, out) }

func readStats(in *fleetnet.Lines, out *fleetnet.Snapshot) *statsReader {
	r := &statsReader{in: in, out: out, asked: optionsOf(in.Command()), read: map[string]bool{}}
	for in.Next() {
		r.line(in.Text())
	}
	r.end()
	r.sum()
	if len(r.read) == 0 {
		coverEmpty(out, "windows/netstat-s", "counters")
	}
	return r
}

type statsReader struct {
	in    *fleetnet.Lines
	out   *fleetnet.Snapshot
	asked options

	title string
	rows  []statsRow      // of the block so far
	read  map[string]bool // groups of the blocks
	tcp   [2][]fleetnet.Counter
	six   bool // there is a block of IPv6
}

// statsRow is a line of a block: one number, or one received and one sent.
type statsRow struct {
	values [2]int64
	n      int
	label  int // how long the label is
	ref    fleetnet.Ref
}

func (r *statsReader) line(line []byte) {
	if netstatProto(line) != "" && bytes.IndexByte(line, ':') > 0 { // `netstat -s -p tcp` lists the connections too
		r.in.Skip()
		return
	}
	row, ok := statsNumbers(line)
	switch {
	case ok:
		row.ref = r.in.Ref()
		r.rows = append(r.rows, row)
		r.in.Row()
	case !heading(line) && !prompt(line): // not understood
	case len(r.rows) > 0 || line[0] != ' ' && line[0] != '\t' || len(protocols(string(line))) > 0:
		r.end()
		r.title = string(bytes.TrimSpace(line))
		r.in.Skip()
	default: // names of columns
		r.in.Skip()
	}
}

// statsNumbers reads `label = 17`, or the numbers that stand last in a line.
func statsNumbers(line []byte) (statsRow, bool) {
	words := bytes.Fields(line)
	var row statsRow
	for i := len(words) - 1; i > 0 && row.n < 2; i-- {
		n, ok := field.Int(words[i])
		if !ok {
			break
		}
		row.values[1], row.values[0] = row.values[0], n
		row.n++
	}
	row.label = utf8.RuneCount(bytes.Join(words[:len(words)-row.n], []byte(" ")))
	return row, row.n > 0
}

// end reads the block that ends here.
func (r *statsReader) end() {
	rows, title := r.rows, r.title
	r.rows = nil
	if len(rows) == 0 {
		return
	}
	b, ok := blockOf(title, rows)
	if !ok {
		coverPart(r.out, "windows/netstat-s", "counters", fmt.Sprintf("the block %s with %d lines is not known", fleetnet.Quote([]byte(title)), len(rows)))
		return
	}
	if r.read[b.group] {
		coverPart(r.out, "windows/netstat-s", "counters", "the first of several times that it was printed")
		return
	}
	r.read[b.group] = true
	r.six = r.six || strings.HasSuffix(b.group, "6")
	for i, row := range rows {
		for side := range row.n {
			if name := b.names[side][i]; name != "" {
				r.add(b.group, fleetnet.Counter{Name: name, Value: row.values[side], Ref: row.ref})
			}
		}
	}
}

// add adds a counter; those of TCP wait for the sum of both protocols.
func (r *statsReader) add(group string, c fleetnet.Counter) {
	switch group {
	case "Tcp4":
		r.tcp[0] = append(r.tcp[0], c)
	case "Tcp6":
		r.tcp[1] = append(r.tcp[1], c)
	default:
		c.Name = group + "." + c.Name
		r.out.Counters = append(r.out.Counters, c)
	}
}

// sum adds the counters of TCP over both protocols. Where one of them was not
// asked for, or its block is missing, the other has a name of its own.
func (r *statsReader) sum() {
	four, six := r.tcp[0], r.tcp[1]
	whole := len(four) > 0 && (len(four) == len(six) || len(six) == 0 && !r.six && r.asked.value('p') == "")
	if !whole {
		for i, family := range []string{"Tcp4.", "Tcp6."} {
			for _, c := range r.tcp[i] {
				c.Name = family + c.Name
				r.out.Counters = append(r.out.Counters, c)
			}
		}
		return
	}
	for i, c := range four {
		c.Name = "Tcp." + c.Name
		if i < len(six) {
			c.Value += six[i].Value
		}
		r.out.Counters = append(r.out.Counters, c)
	}
}

// leftOut says which blocks the command did not ask for, and which of those that
// come together are missing.
func (r *statsReader) leftOut() []string {
	var why, missing []string
	proto := r.asked.value('p')
	switch {
	case proto != "":
		why = append(why, "only "+strings.ToLower(fleetnet.Printable(proto)))
	case r.asked.letter('e') && !r.asked.letter('s'):
		why = append(why, "only the interfaces, without -s")
	default:
		for _, group := range []string{"Ip", "Icmp", "Tcp4", "Udp", "Ip6", "Icmp6", "Tcp6", "Udp6"} {
			if !r.read[group] && (r.six || !strings.HasSuffix(group, "6")) {
				missing = append(missing, group)
			}
		}
	}
	if r.asked.piped {
		why = append(why, "only what a filter let through")
	}
	if len(missing) > 0 && len(r.read) > 0 {
		why = append(why, "no block that is known of "+strings.Join(missing, ", "))
	}
	return why
}
