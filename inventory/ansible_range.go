package inventory

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// The patterns of parsing/utils/addresses.py: what Ansible takes for a host with
// a port, and for a host at all. Within brackets stand ranges.
const (
	rangeOfNumbers = `\[[0-9]+:[0-9]+(?::[0-9]+)?\]`
	rangeOfHex     = `\[[0-9a-f]+:[0-9a-f]+(?::[0-9]+)?\]`
	rangeOfWords   = `\[(?:[a-z]:[a-z]|[0-9]+:[0-9]+)(?::[0-9]+)?\]`
	octet          = `(?:[01]?[0-9]{1,2}|2[0-4][0-9]|25[0-5]|` + rangeOfNumbers + `)`
	hextet         = `(?:[0-9a-f]{1,4}|` + rangeOfHex + `)`
	word           = `[\p{L}\p{N}_]`
	label          = `(?:` + word + `|` + rangeOfWords + `)(?:(?:[-_]|` + word + `|` + rangeOfWords + `)*(?:[\p{L}\p{N}]|` + rangeOfWords + `))?`
)

var (
	bracketedPort = regexp.MustCompile(`^\[(.+)\]:([0-9]+)$`)
	plainPort     = regexp.MustCompile(`^((?:[^:\[\]]|\[[^\]]*\])*):([0-9]+)$`)
	ansibleAddr4  = regexp.MustCompile(`(?i)^(?:` + octet + `\.){3}` + octet + `$`)
	ansibleAddr6  = regexp.MustCompile(`(?i)^(?:` + hextet + `?:){1,7}` + hextet + `?$`)
	anyRange      = regexp.MustCompile(`\[[^\]]*\]`)
	ansibleName   = regexp.MustCompile(`(?i)^` + label + `(?:\.` + label + `)*$`)
)

// hostPattern is a host as Ansible writes it: a name or a range, and a port or 0.
func hostPattern(s string) (pattern string, port int) {
	addr, digits := s, ""
	for _, re := range []*regexp.Regexp{bracketedPort, plainPort} {
		if m := re.FindStringSubmatch(addr); m != nil {
			addr, digits = m[1], m[2]
		}
	}
	if !ansibleAddr4.MatchString(addr) && !isAnsibleAddr6(addr) && !ansibleName.MatchString(addr) {
		return s, 0
	}
	port, _ = strconv.Atoi(digits)
	return addr, port
}

// isAnsibleAddr6 reports whether s is an IPv6 address, with or without ranges.
func isAnsibleAddr6(s string) bool {
	return ansibleAddr6.MatchString(s) && (strings.Contains(s, "::") || strings.Count(anyRange.ReplaceAllString(s, ""), ":") == 7)
}

// expandPattern returns the hosts that s, a host with or without a port, stands
// for. Its ranges are those of plugins/inventory: [01:20], [a:f], [1:9:2].
func expandPattern(s string) (names []string, port int, err error) {
	pattern, port := hostPattern(s)
	if port > 65535 {
		return nil, 0, fmt.Errorf("%q: port %d is not a number from 1 to 65535", s, port)
	}
	names, err = expandRanges(pattern, maxHosts)
	if err != nil {
		return nil, 0, fmt.Errorf("%q: %w", s, err)
	}
	return names, port, nil
}

// expandRanges expands the ranges of a pattern to at most room names.
func expandRanges(pattern string, room int) ([]string, error) {
	open := strings.IndexByte(pattern, '[')
	if open < 0 {
		return []string{pattern}, nil
	}
	end := strings.IndexByte(pattern, ']')
	if end < open {
		return nil, errors.New("[ without ]")
	}
	items, err := ansibleRange(pattern[open+1:end], room)
	if err != nil {
		return nil, err
	}
	rest, err := expandRanges(pattern[end+1:], room)
	if err != nil {
		return nil, err
	}
	if len(items)*len(rest) > room {
		return nil, fmt.Errorf("more than %d hosts", room)
	}
	out := make([]string, 0, len(items)*len(rest))
	for _, it := range items {
		for _, r := range rest {
			out = append(out, pattern[:open]+it+r)
		}
	}
	return out, nil
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

// ansibleRange returns what begin:end or begin:end:step stands for.
func ansibleRange(s string, room int) ([]string, error) {
	bounds := strings.Split(s, ":")
	if len(bounds) != 2 && len(bounds) != 3 {
		return nil, fmt.Errorf("range %q is not begin:end or begin:end:step", s)
	}
	begin, end, step := bounds[0], bounds[1], "1"
	if len(bounds) == 3 {
		step = bounds[2]
	}
	if begin == "" {
		begin = "0"
	}
	width := 0
	if begin[0] == '0' && len(begin) > 1 {
		width = len(begin)
	}
	by, err := strconv.Atoi(step)
	switch {
	case end == "":
		return nil, fmt.Errorf("range %q has no end", s)
	case width > 0 && width != len(end):
		return nil, fmt.Errorf("range %q: begin and end must be of equal length", s)
	case err != nil || by <= 0:
		return nil, fmt.Errorf("range %q: step %q is not a number above 0", s, step)
	}
	if len(begin) == 1 && len(end) == 1 && strings.Contains(letters, begin) && strings.Contains(letters, end) {
		return letterRange(s, strings.Index(letters, begin), strings.Index(letters, end), by)
	}
	return numberRange(s, begin, end, width, by, room)
}

func letterRange(s string, first, last, by int) ([]string, error) {
	if first > last {
		return nil, fmt.Errorf("range %q is empty", s)
	}
	var out []string
	for i := first; i <= last; i += by {
		out = append(out, letters[i:i+1])
	}
	return out, nil
}

func numberRange(s, begin, end string, width, by, room int) ([]string, error) {
	first, err1 := strconv.ParseUint(begin, 10, 62)
	last, err2 := strconv.ParseUint(end, 10, 62)
	switch {
	case err1 != nil || err2 != nil:
		return nil, fmt.Errorf("range %q is neither of numbers nor of letters", s)
	case first > last:
		return nil, fmt.Errorf("range %q is empty", s)
	case (last-first)/uint64(by) >= uint64(room):
		return nil, fmt.Errorf("range %q: more than %d hosts", s, room)
	}
	var out []string
	for n := first; n <= last; n += uint64(by) {
		out = append(out, fmt.Sprintf("%0*d", width, n))
	}
	return out, nil
}
