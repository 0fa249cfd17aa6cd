package inventory

import (
	"net"
	"slices"
	"strconv"
	"strings"
	"time"
)

// sshRead reads the values of a line into the setting, which has its arguments
// already. rest is the line after the keyword, as it stands.
type sshRead func(s *sshSetting, rest string, args []sshArg) *sshFault

// oneValue reads exactly one value that check passes and normalises.
func oneValue(check func(string) (string, bool)) sshRead {
	return func(s *sshSetting, _ string, args []sshArg) *sshFault {
		switch {
		case len(args) == 0 || args[0].text == "":
			return &sshFault{msg: "no value after " + s.key.name}
		case len(args) > 1:
			return faultAt(args[1], "%s takes one value (quote one with blanks)", s.key.name)
		}
		text, ok := check(args[0].text)
		if !ok {
			return faultAt(args[0], "%s %q: expected %s", s.key.name, args[0].text, s.key.wants)
		}
		s.text = text
		return nil
	}
}

// someValues reads one value or more; none goes alone.
func someValues(s *sshSetting, _ string, args []sshArg) *sshFault {
	if len(args) == 0 {
		return &sshFault{msg: "no value after " + s.key.name}
	}
	for i, a := range args {
		switch {
		case a.text == "":
			return faultAt(a, "%s: an empty value", s.key.name)
		case strings.EqualFold(a.text, "none") && (i > 0 || len(args) > 1):
			return faultAt(a, `%s: "none" goes alone`, s.key.name)
		}
		s.args = append(s.args, a.text)
	}
	s.text = strings.Join(s.args, " ")
	return nil
}

// restOfLine reads a command: everything to the end of the line.
func restOfLine(s *sshSetting, rest string, _ []sshArg) *sshFault {
	s.text = strings.TrimLeft(rest, sshBlanks+"=")
	return nil
}

func anyText(s string) (string, bool) { return s, true }

// oneOf accepts the words of a list; pairs of it are spellings and their meanings.
func oneOf(pairs ...string) func(string) (string, bool) {
	return func(s string) (string, bool) {
		for i := 0; i < len(pairs); i += 2 {
			if strings.EqualFold(pairs[i], s) {
				return pairs[i+1], true
			}
		}
		return "", false
	}
}

func yesNo(s string) (string, bool) {
	return oneOf("yes", "yes", "true", "yes", "no", "no", "false", "no")(s)
}

// portNumber accepts a number, or the name of a service.
func portNumber(s string) (string, bool) {
	n, err := strconv.ParseUint(s, 10, 16)
	if err != nil {
		service, err := net.LookupPort("tcp", s)
		if err != nil || service <= 0 {
			return "", false
		}
		n = uint64(service)
	}
	return strconv.FormatUint(n, 10), n > 0
}

func wholeNumberText(s string) (string, bool) {
	n, err := strconv.ParseInt(s, 10, 32)
	return strconv.FormatInt(n, 10), err == nil && n >= 0
}

func positiveNumber(s string) (string, bool) {
	text, ok := wholeNumberText(s)
	return text, ok && text != "0"
}

// sshTime accepts TIME FORMATS of sshd_config(5) as seconds. None says nothing:
// a later value counts.
func sshTime(s string) (string, bool) {
	if s == "none" {
		return "", true
	}
	total := 0.0
	for s != "" {
		digits := len(s) - len(strings.TrimLeft(s, "0123456789."))
		n, err := strconv.ParseFloat(s[:digits], 64)
		if err != nil {
			return "", false
		}
		unit := byte('s')
		fraction := strings.Contains(s[:digits], ".")
		if s = s[digits:]; s != "" {
			unit, s = s[0]|0x20, s[1:]
		}
		i := strings.IndexByte("smhdw", unit)
		if i < 0 || fraction && i > 0 {
			return "", false
		}
		total += n * []float64{1, 60, 3600, 86400, 604800}[i]
	}
	return strconv.FormatInt(int64(total), 10), total <= 1<<31-1
}

// agentPath accepts IdentityAgent: $NAME must be the name of a variable.
func agentPath(s string) (string, bool) {
	if name, ok := strings.CutPrefix(s, "$"); ok && !strings.HasPrefix(name, "{") {
		return s, isVariableName(name)
	}
	return s, true
}

func isVariableName(s string) bool {
	return s != "" && !slices.ContainsFunc([]byte(s), func(c byte) bool {
		return c != '_' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z')
	})
}

// The functions below put a value where a host has it, unless one is there.

func fillText(field func(*SSH) *string) sshFill {
	return func(x *sshHost, s *sshSetting) error {
		if p := field(&x.d.SSH); *p == "" {
			*p = s.text
		}
		return nil
	}
}

func fillAddressFamily(x *sshHost, s *sshSetting) error {
	if x.d.SSH.AddressFamily == "" && s.text != "any" {
		x.d.SSH.AddressFamily = s.text
	}
	return nil
}

// fillFlag sets a flag when the value is the one that raises it.
func fillFlag(raises string, field func(*SSH) *bool) sshFill {
	return func(x *sshHost, s *sshSetting) error {
		if s.text == raises {
			*field(&x.d.SSH) = true
		}
		return nil
	}
}

func fillNumber(field func(*SSH) *int) sshFill {
	return func(x *sshHost, s *sshSetting) error {
		if p := field(&x.d.SSH); *p == 0 {
			*p, _ = strconv.Atoi(s.text)
		}
		return nil
	}
}

func fillTime(field func(*SSH) *time.Duration) sshFill {
	return func(x *sshHost, s *sshSetting) error {
		if p := field(&x.d.SSH); *p == 0 {
			n, _ := strconv.Atoi(s.text)
			*p = time.Duration(n) * time.Second
		}
		return nil
	}
}
