package parsers

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/fleetnet/fleetnet"
)

// look is what a text that is not read may be, for people to see their mistake.
type look struct {
	what string
	expr *regexp.Regexp
}

// looks are tried in order, on the first lines with single blanks.
var looks = sync.OnceValue(func() []look {
	var all []look
	for _, l := range [][2]string{
		{"HTML", `(?i)^<(!doctype html|html|head|body|table|div|pre)\b`},
		{"XML", `^<(\?xml|\w+[ >])`},
		{"a tool of AIX, which is not read", `^(Destination Gateway Flags Refs Use If\b|tcp 0 0 \*\.\* \*\.\* CLOSED$|Route [Tt]ree for Protocol Family \d|AIX \S+ \d+ \d+ |\S+ \d+ link#\d+ [0-9a-f.]+ \d|\S+: flags=[0-9a-f]+(,[0-9a-f]+<|<\S*(GROUPRT|64BIT))|.*\[ethernet\]( permanent| published)* stored in bucket \d)`},
		{"a tool of Solaris, which is not read", `^((Routing|IRE) Table: IPv[46]$|Destination(/Mask)? Gateway Flags Ref Use (Interface|If)$|Net to Media Table: IPv[46]$|(TCP|UDP|SCTP): IPv[46]$|Name Mtu Net/Dest Address Ipkts|SunOS \S+ 5\.|\S+: flags=[0-9a-f]+<\S*\bIPv[46]\b\S*> (metric \d+ )?mtu \d+ index \d)`},
		{"a tool of HP-UX, which is not read", `^(Dest/Netmask Gateway Flags Refs Interface|Destination Gateway Flags Refs Interface Pmtu$|Name Mtu Network Address Ipkts (Ierrs )?Opkts( Oerrs Coll)?$|HP-UX \S+ \S*B\.|\S+: flags=[0-9a-f]+<\S*\bCKO\b)`},
		{"fstat of FreeBSD or NetBSD, which is not read", `^USER CMD PID FD (DEV|MOUNT) INUM MODE SZ\|DV R/W`},
		{"a file of PEM keys or certificates", `^-----BEGIN `},
		{"a patch", `^(diff --git|--- \S+|Index: \S+)`},
		{"the usage of a command", `(?i)^(usage|syntax|benutzung|utilisation)(:| )`},
		{"an error: the command was not there", `(command not found|is not recognized as an internal|: not found$|No such file or directory)`},
		{"an error: the login may not run the command", `(?i)(permission denied|operation not permitted|requires elevation|access is denied)`},
		{"tasklist, which tells of no network alone", `^={20,} ={8} ={10,} ={11} ={12}$`},
		{"ps", `^(UID|USER|PID|F S|F UID|S UID)\b.*\b(CMD|COMMAND)$|^PID TTY TIME CMD$|^PID USER (TIME|VSZ|PR)\b`},
		{"top", `^top - \d|^Mem: \d+K used|^Processes: \d+ total`},
		{"df", `^Filesystem .*\b(Use%|Capacity|Mounted on)`},
		{"free", `^total used free`},
		{"ls -l", `^(total \d+|[d-][rwxsStT-]{9}[.+@]? \d+ \S+ \S+ \d+ )`},
		{"ping", `^(PING \S+|Pinging \S+|\d+ bytes from )`},
		{"traceroute", `^(traceroute to |Tracing route to )`},
		{"dig", `^; <<>> DiG`},
		{"iptables or nft", `^(Chain \S+ \((policy|\d+ references)|table (inet|ip|ip6) \S+ \{|\*(filter|nat|mangle|raw)$)`},
		{"tcpdump", `^\d\d:\d\d:\d\d\.\d+ (IP6?|ARP)\b`},
		{"ethtool", `^Settings for \S+:`},
		{"nmap", `^(Starting Nmap|# Nmap )`},
		{"a log", `^(<\d+>)?([A-Z][a-z]{2} \d{1,2} \d\d:\d\d:\d\d |\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d|\[?\d{2}/[A-Z][a-z]{2}/\d{4}|\[ *\d+\.\d+\] |\S+ - \S+ \[\d)`},
		{"a script", `^#!`},
		{"JSON, but none of a command that is read", `^[\[{]`},
		{"YAML", `^---$`},
		{"prose", `^[\p{L}'’",-]+( [\p{L}'’",.-]+){5,}`},
		{"CSV, but none of a cmdlet that is read", `^[^,;]+([,;][^ ,;][^,;]*){2,}$`},
	} {
		all = append(all, look{l[0], regexp.MustCompile("(?m)" + l[1])})
	}
	return all
})

// lookLines is how many lines are looked at.
const lookLines = 6

// looksLike says what a text is that is like nothing that is read.
func looksLike(text []byte) string {
	switch head := text[:min(len(text), sampleBytes)]; {
	case len(bytes.TrimSpace(head)) == 0 && len(head) == len(text):
		return "it is empty"
	case binary(head):
		return "it looks like binary data"
	}
	s := newSample(text)
	head := s.words
	if lines := strings.SplitAfterN(head, "\n", lookLines+2); len(lines) > lookLines+1 {
		head = strings.Join(lines[:lookLines+1], "")
	}
	for _, l := range looks() {
		if l.expr.MatchString(head) {
			return "it looks like " + l.what
		}
	}
	first, _, _ := bytes.Cut(bytes.TrimSpace([]byte(s.raw)), []byte("\n"))
	return fmt.Sprintf("no line looks like the output of a command that is read, the first: %s", fleetnet.Quote(first[:min(len(first), 120)]))
}

// binary reports whether the bytes are no text: they have zero bytes, or
// more control characters and broken letters than a terminal leaves.
func binary(head []byte) bool {
	odd := 0
	for i := 0; i < len(head); {
		r, n := utf8.DecodeRune(head[i:])
		if r == 0 {
			return true
		}
		if r == utf8.RuneError && n == 1 || r < ' ' && r != '\n' && r != '\r' && r != '\t' && r != '\x1b' && r != '\f' {
			odd++
		}
		i += n
	}
	return odd*10 > len(head)
}
