// Package field reads the fields of one line of a tool's output. Its cursor
// cannot index out of range: the first failure sticks, later reads return zero
// values, and Err tells what was wrong.
package field

import (
	"errors"
	"fmt"
	"net/netip"

	"github.com/fleetnet/fleetnet"
)

// ErrShort is the error of a line that ends before a field that it must have.
var ErrShort = errors.New("line ends too soon")

// Cursor reads blank-separated fields from the left. Make one with [New]; copy
// it to try something and come back.
type Cursor struct {
	rest []byte
	err  error
}

// New returns a cursor at the start of line.
func New(line []byte) Cursor { return Cursor{rest: line} }

// Err returns the first failure, or nil.
func (c *Cursor) Err() error { return c.err }

// Fail makes err the cursor's failure unless it has one.
func (c *Cursor) Fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// Failf is Fail with a formatted error.
func (c *Cursor) Failf(format string, args ...any) {
	if c.err == nil {
		c.err = fmt.Errorf(format, args...)
	}
}

func blank(b byte) bool { return b == ' ' || b == '\t' }

func (c *Cursor) skipBlanks() {
	i := 0
	for i < len(c.rest) && blank(c.rest[i]) {
		i++
	}
	c.rest = c.rest[i:]
}

// More reports whether another field follows and nothing has failed.
func (c *Cursor) More() bool {
	c.skipBlanks()
	return c.err == nil && len(c.rest) > 0
}

// Peek returns the next field without taking it, or nil.
func (c *Cursor) Peek() []byte {
	c.skipBlanks()
	i := 0
	for i < len(c.rest) && !blank(c.rest[i]) {
		i++
	}
	return c.rest[:i]
}

// Next takes the next field. At the end of the line it fails with [ErrShort].
func (c *Cursor) Next() []byte {
	if c.err != nil {
		return nil
	}
	tok := c.Peek()
	if len(tok) == 0 {
		c.err = ErrShort
		return nil
	}
	c.rest = c.rest[len(tok):]
	return tok
}

// Word takes the next field as a string.
func (c *Cursor) Word() string { return string(c.Next()) }

// Take takes the next field when it is word, and reports whether it was.
func (c *Cursor) Take(word string) bool {
	if c.err != nil || string(c.Peek()) != word {
		return false
	}
	c.rest = c.rest[len(word):]
	return true
}

// Rest takes everything that is left, without the blanks around it.
func (c *Cursor) Rest() []byte {
	if c.err != nil {
		return nil
	}
	c.skipBlanks()
	out := c.rest
	for len(out) > 0 && blank(out[len(out)-1]) {
		out = out[:len(out)-1]
	}
	c.rest = nil
	return out
}

// Left returns everything that is left, from the next field on, without
// taking it.
func (c *Cursor) Left() []byte {
	if c.err != nil {
		return nil
	}
	c.skipBlanks()
	return c.rest
}

// Drop takes n bytes off what is left, or all of it when it is shorter.
func (c *Cursor) Drop(n int) { c.rest = c.rest[min(max(n, 0), len(c.rest)):] }

// Pair takes the next field and cuts it at its first colon: the key and the
// value, which is nil when there is no colon. At the end of the line both are empty.
func (c *Cursor) Pair() (key, value []byte) {
	if c.err != nil {
		return nil, nil
	}
	c.skipBlanks()
	line, colon, i := c.rest, -1, 0
	for ; i < len(line) && !blank(line[i]); i++ {
		if line[i] == ':' && colon < 0 {
			colon = i
		}
	}
	c.rest = line[i:]
	if colon < 0 {
		return line[:i], nil
	}
	return line[:colon], line[colon+1 : i]
}

// Uint takes the next field as a decimal number of at most the given bits.
func (c *Cursor) Uint(bits int) uint64 {
	tok := c.Next()
	if c.err != nil {
		return 0
	}
	n, ok := Uint(tok, bits)
	if !ok {
		c.Failf("%s is not a number", fleetnet.Quote(tok))
	}
	return n
}

// Int takes the next field as a decimal number that may be negative.
func (c *Cursor) Int() int64 {
	tok := c.Next()
	if c.err != nil {
		return 0
	}
	n, ok := Int(tok)
	if !ok {
		c.Failf("%s is not a number", fleetnet.Quote(tok))
	}
	return n
}

// Addr takes the next field as an address, unmapped and without its zone.
func (c *Cursor) Addr() netip.Addr {
	tok := c.Next()
	if c.err != nil {
		return netip.Addr{}
	}
	a, _, ok := Addr(tok)
	if !ok {
		c.Failf("%s is not an address", fleetnet.Quote(tok))
	}
	return a
}

// Prefix takes the next field as a prefix, or as an address, which is a prefix
// of full length. The address bits are kept as they are.
func (c *Cursor) Prefix() netip.Prefix {
	tok := c.Next()
	if c.err != nil {
		return netip.Prefix{}
	}
	p, ok := Prefix(tok)
	if !ok {
		c.Failf("%s is not a prefix", fleetnet.Quote(tok))
	}
	return p
}
