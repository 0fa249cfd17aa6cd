package inventory

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Error is something wrong at one place of an inventory. The errors of [Load]
// and [Parse] are joined ones of this type, in the order of the file, apart
// from those of files that cannot be read.
type Error struct {
	File         string
	Line, Column int // counted from 1; the column in characters
	Msg          string
}

// Error returns file:line:column: message.
func (e *Error) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Msg)
}

// maxProblems is how many errors of one file are told.
const maxProblems = 20

// problems collects what is wrong with one file.
type problems struct {
	name string
	list []Error
	seen map[Error]bool
}

// add notes a problem at n. The same one at the same place is noted once.
func (p *problems) add(n *yaml.Node, format string, args ...any) {
	p.addAt(n.Line, n.Column, format, args...)
}

func (p *problems) addAt(line, column int, format string, args ...any) {
	e := Error{p.name, line, column, fmt.Sprintf(format, args...)}
	if p.seen[e] {
		return
	}
	if p.seen == nil {
		p.seen = map[Error]bool{}
	}
	p.seen[e] = true
	p.list = append(p.list, e)
}

// err returns the first problems in the order of the file, joined, or nil.
func (p *problems) err() error {
	slices.SortStableFunc(p.list, compareErrors)
	var errs []error
	for i := range p.list {
		if i == maxProblems {
			errs = append(errs, fmt.Errorf("%s: and %d more errors", p.name, len(p.list)-i))
			break
		}
		errs = append(errs, &p.list[i])
	}
	return errors.Join(errs...)
}

func compareErrors(a, b Error) int {
	if d := a.Line - b.Line; d != 0 {
		return d
	}
	if d := a.Column - b.Column; d != 0 {
		return d
	}
	// Maps are read in no order: the text decides between errors of one place.
	return strings.Compare(a.Msg, b.Msg)
}
