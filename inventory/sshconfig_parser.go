package inventory

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// sshParser reads one file, line by line.
type sshParser struct {
	*sshReader
	src   sshSource
	depth int
	at    sshPlace // the line
	file  *sshFile
	block *sshBlock // the last of file
}

// open begins a block.
func (p *sshParser) open(when *sshCondition, where sshPlace) {
	if when == nil {
		p.at = sshPlace{where.file, 0}
	} else {
		p.file.wantsFinal = p.file.wantsFinal || when.wantsFinal()
		p.file.asks = p.file.asks || when.asks()
	}
	p.block = &sshBlock{when: when, where: where}
	p.file.blocks = append(p.file.blocks, p.block)
}

// fail notes what is wrong with the line.
func (p *sshParser) fail(fault *sshFault, column int) {
	if fault == nil {
		return
	}
	if fault.column != 0 {
		column = fault.column
	}
	p.errs = append(p.errs, &Error{p.at.file, p.at.line, column, fault.msg})
}

// take reads a line with a keyword.
func (p *sshParser) take(line sshLine) *sshFault {
	key := p.keywords[strings.ToLower(line.keyword)]
	if key == nil {
		p.unknown = append(p.unknown, newSSHUnknown(line.keyword, p.at.String()))
		return nil
	}
	switch key.name {
	case "Host":
		when, fault := hostCondition(line.args)
		p.open(cond(when), p.at)
		return fault
	case "Match":
		when, fault := matchCondition(line.args)
		p.open(cond(when), p.at)
		return fault
	case "Include":
		return p.include(line.args)
	}
	s, note, fault := newSSHSetting(key, line, p.at)
	if note != nil {
		p.block.notes = append(p.block.notes, *note)
	}
	if s != nil {
		p.block.items = append(p.block.items, sshItem{setting: s})
	}
	return fault
}

// cond stands in for a condition that could not be read.
func cond(c *sshCondition) *sshCondition {
	if c == nil {
		return &sshCondition{never: true}
	}
	return c
}

func newSSHUnknown(keyword, where string) sshUnknown {
	text := fmt.Sprintf("%s is ignored: no such keyword is known here", fleetnet.Quote(keyword))
	return sshUnknown{strings.ToLower(keyword), Note{Where: where, Text: text}}
}

// newSSHSetting returns the setting of a line, unless it is ignored, and the note
// that it is, unless that changes nothing.
func newSSHSetting(key *sshKeyword, line sshLine, at sshPlace) (*sshSetting, *Note, *sshFault) {
	var note *Note
	if key.fate == sshIgnored || key.fate == sshMinor {
		if len(line.args) != 1 || !slices.Contains(key.plain, strings.ToLower(line.args[0].text)) {
			note = &Note{Where: at.String(), Text: key.name + " is ignored: " + key.says, Minor: key.fate == sshMinor}
		}
		if key.read == nil {
			return nil, note, nil
		}
	}
	s := &sshSetting{key: key, where: at}
	if fault := key.read(s, line.rest, line.args); fault != nil {
		return nil, note, fault
	}
	if s.text == "" {
		return nil, note, nil
	}
	return s, note, nil
}
