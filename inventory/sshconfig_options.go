package inventory

import (
	"fmt"
	"strings"
)

// sshOptions are settings that beat those of files.
type sshOptions struct {
	settings []*sshSetting
	notes    []Note
}

// options reads ssh's options, as given after -o. Their unknown keywords are
// returned.
func (c *SSHConfig) options(list []sshOption) (sshOptions, []sshUnknown, error) {
	var out sshOptions
	var unknown []sshUnknown
	for _, o := range list {
		key := c.reader.keywords[strings.ToLower(o.key)]
		if key == nil {
			unknown = append(unknown, newSSHUnknown(o.key, o.where))
			continue
		}
		s, note, err := readSSHOption(key, o)
		if err != nil {
			return out, nil, err
		}
		if s != nil {
			out.settings = append(out.settings, s)
		}
		if note != nil {
			note.Where = o.where
			out.notes = append(out.notes, *note)
		}
	}
	return out, unknown, nil
}

func readSSHOption(key *sshKeyword, o sshOption) (*sshSetting, *Note, error) {
	line, _, err := parseSSHLine(o.key + "=" + o.value)
	if err == nil && key.read == nil && key.fate == sshHonoured {
		err = fmt.Errorf("it cannot be an option")
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s: ssh option %s: %w", o.where, o.key, err)
	}
	s, note, fault := newSSHSetting(key, line, sshPlace{file: o.where})
	if fault != nil {
		return nil, nil, fmt.Errorf("%s: ssh option %s", o.where, fault.msg)
	}
	return s, note, nil
}
