package inventory

import (
	"fmt"
	"strings"
)

// sshFlags are ssh's options, ssh(1), with the keyword of ssh_config that each stands for.
// A keyword that ends in a blank takes the option's argument; one with a value has
// none. Options without a keyword are told.
var sshFlags = map[byte]struct {
	keyword string
	takes   bool
	minor   bool // of no consequence for a scan
}{
	'4': {keyword: "AddressFamily inet"},
	'6': {keyword: "AddressFamily inet6"},
	'A': {minor: true},
	'a': {minor: true},
	'B': {keyword: "BindInterface ", takes: true},
	'b': {keyword: "BindAddress ", takes: true},
	'C': {minor: true},
	'c': {keyword: "Ciphers ", takes: true},
	'D': {takes: true},
	'E': {takes: true, minor: true},
	'e': {takes: true, minor: true},
	'F': {takes: true},
	'f': {minor: true},
	'g': {minor: true},
	'I': {keyword: "PKCS11Provider ", takes: true},
	'i': {keyword: "IdentityFile ", takes: true},
	'J': {keyword: "ProxyJump ", takes: true},
	'K': {},
	'k': {minor: true},
	'L': {takes: true},
	'l': {keyword: "User ", takes: true},
	'M': {minor: true},
	'm': {keyword: "MACs ", takes: true},
	'N': {minor: true},
	'n': {minor: true},
	'o': {takes: true},
	'P': {takes: true, minor: true},
	'p': {keyword: "Port ", takes: true},
	'Q': {takes: true, minor: true},
	'q': {minor: true},
	'R': {takes: true},
	'S': {keyword: "ControlPath ", takes: true},
	's': {minor: true},
	'T': {minor: true},
	't': {minor: true},
	'v': {minor: true},
	'W': {takes: true},
	'w': {takes: true},
	'X': {minor: true},
	'x': {minor: true},
	'Y': {minor: true},
	'y': {minor: true},
}

// sshArgs is what a text of arguments for ssh says.
type sshArgs struct {
	options []sshOption
	notes   []string
	minor   []string
}

// parseSSHArgs reads arguments as ssh's getopt does: -o Key=Value, -oKey=Value, -p22,
// and -4C together.
func parseSSHArgs(text, where string) (sshArgs, error) {
	var out sshArgs
	words, _, err := shellWords(text, false)
	if err != nil {
		return out, err
	}
	for i := 0; i < len(words); i++ {
		word := words[i]
		if len(word) < 2 || word[0] != '-' || word == "--" {
			return out, fmt.Errorf("argument %d is no option of ssh", i+1)
		}
		for j := 1; j < len(word); j++ {
			flag, known := sshFlags[word[j]]
			if !known {
				return out, fmt.Errorf("-%c is no option of ssh", rune(word[j]))
			}
			arg := ""
			if flag.takes {
				if arg = word[j+1:]; arg == "" {
					if i++; i == len(words) {
						return out, fmt.Errorf("-%c has no argument", rune(word[j]))
					}
					arg = words[i]
				}
			}
			if err := out.add(word[j], arg, where); err != nil {
				return out, err
			}
			if flag.takes {
				break
			}
		}
	}
	return out, nil
}

// add adds one option of ssh.
func (s *sshArgs) add(letter byte, arg, where string) error {
	flag := sshFlags[letter]
	switch {
	case letter == 'o':
		key, value, err := cutOption(arg)
		if err != nil {
			return err
		}
		s.options = append(s.options, sshOption{key, value, where})
	case flag.keyword != "":
		key, value, _ := strings.Cut(flag.keyword, " ")
		if flag.takes {
			value = arg
		}
		s.options = append(s.options, sshOption{key, value, where})
	case flag.minor:
		s.minor = append(s.minor, "-"+string(letter))
	default:
		s.notes = append(s.notes, "-"+string(letter))
	}
	return nil
}

// cutOption takes "Key=Value" and "Key Value" apart, as in a line of ssh_config.
func cutOption(s string) (key, value string, err error) {
	s = strings.TrimSpace(s)
	n := strings.IndexAny(s, "= \t")
	if n <= 0 {
		return "", "", fmt.Errorf("-o takes Key=Value")
	}
	value = strings.TrimLeft(s[n:], " \t")
	value = strings.TrimLeft(strings.TrimPrefix(value, "="), " \t")
	if value == "" {
		return "", "", fmt.Errorf("-o %s has no value", s[:n])
	}
	return s[:n], value, nil
}
