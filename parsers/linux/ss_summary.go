package linux

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/command"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// SSSummary reads `ss -s` (iproute2, misc/ss.c, print_summary), which counts the
// sockets that there are by /proc/net/sockstat:
//
//	Total: 1046
//	TCP:   20 (estab 9, closed 5, orphaned 0, timewait 4)
//
//	Transport Total     IP        IPv6
//	UDP	  13        9         4
//
// The numbers become the counters that [ProcSockstat] reads. Up to iproute2 4.17
// there are those of the slabs too, behind a slash and as "kernel 200", of which
// later kernels tell nothing; they are passed over.
func SSSummary(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	for in.Next() {
		line := bytes.TrimSpace(in.Text())
		switch {
		case bytes.HasPrefix(line, []byte("Transport ")), bytes.HasPrefix(line, []byte("INET")), bytes.HasPrefix(line, []byte("*")):
			in.Skip()
		case bytes.HasPrefix(line, []byte("Total: ")):
			c := field.New(line[len("Total: "):])
			claim(in, addSummary(in, out, "sockets_used", c.Next()))
		case bytes.HasPrefix(line, []byte("TCP: ")):
			claim(in, summaryOfTCP(in, out, string(line)))
		default:
			claim(in, summaryRow(in, out))
		}
	}
	coverPart(out, "counters", "linux/ss-summary", "only the numbers of sockets")
}

// summaryOfTCP reads what stands in the brackets of `TCP: 20 (estab 9, closed 5)`.
func summaryOfTCP(in *fleetnet.Lines, out *fleetnet.Snapshot, line string) error {
	_, list, _ := strings.Cut(line, "(")
	list, _, closed := strings.Cut(list, ")")
	if !closed {
		return errors.New("numbers in brackets expected")
	}
	names := map[string]string{"estab": "TCP_estab", "orphaned": "TCP_orphan", "timewait": "TCP_tw"}
	for part := range strings.SplitSeq(list, ", ") {
		word, number, _ := strings.Cut(part, " ")
		number, _, _ = strings.Cut(number, "/")
		if name := names[word]; name != "" {
			if err := addSummary(in, out, name, []byte(number)); err != nil {
				return err
			}
		}
	}
	return nil
}

// summaryRow reads a transport and its sockets, those of both families together
// first.
func summaryRow(in *fleetnet.Lines, out *fleetnet.Snapshot) error {
	c := field.New(in.Text())
	transport := string(c.Next())
	c.Next()
	four, six := c.Next(), c.Next()
	switch {
	case c.Err() != nil:
		return c.Err()
	case c.More() || !slices.Contains([]string{"RAW", "UDP", "TCP", "FRAG"}, transport):
		return errors.New("a transport and its three numbers expected")
	}
	if err := addSummary(in, out, transport+"_inuse", four); err != nil {
		return err
	}
	return addSummary(in, out, transport+"6_inuse", six)
}

func addSummary(in *fleetnet.Lines, out *fleetnet.Snapshot, name string, number []byte) error {
	value, ok := counterValue(number)
	if !ok {
		return errors.New("the value is not a number")
	}
	addCounter(out, "Sockstat."+name, value, in.Ref())
	return nil
}

// summarizes accepts an ss that prints its summary, and no list behind it.
func summarizes(args []string) bool {
	o := command.Read(args, "")
	return o.Has("s", "summary") && len(o.Operands) == 0 && strings.Trim(o.Letters, "snarepimoH") == ""
}
