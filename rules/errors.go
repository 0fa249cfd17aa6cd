package rules

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Error is a fault in a rule file and where it is.
type Error struct {
	File string
	// Line and Column count from 1; 0 when there is none.
	Line, Column int
	Msg          string
}

// Error reads `rules.yaml:14:7: unknown field "prot" (did you mean "proto"?)`.
func (e *Error) Error() string {
	switch {
	case e.Line == 0:
		return e.File + ": " + e.Msg
	case e.Column == 0:
		return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Msg)
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Msg)
}

// Errors are all the faults that were found, by file and place.
type Errors []*Error

// Error is one line per fault.
func (e Errors) Error() string {
	errs := make([]error, len(e))
	for i := range e {
		errs[i] = e[i]
	}
	return errors.Join(errs...).Error()
}

// Unwrap returns the faults, for errors.As.
func (e Errors) Unwrap() []error {
	errs := make([]error, len(e))
	for i := range e {
		errs[i] = e[i]
	}
	return errs
}

// orNil returns the faults of each file in the order of their places.
func (e Errors) orNil() error {
	if len(e) == 0 {
		return nil
	}
	slices.SortStableFunc(e, func(a, b *Error) int {
		return cmp.Or(strings.Compare(a.File, b.File), a.Line-b.Line, a.Column-b.Column)
	})
	return e
}
