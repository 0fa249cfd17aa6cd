package bsdnet

import (
	"bytes"
	"errors"

	"github.com/fleetnet/fleetnet/parsers/command"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// narrowRoute is how wide Destination and Gateway of IPv6 are without -n.
const narrowRoute = 18

// The columns of a table whose heading was lost (`netstat -rn | grep default`):
// those of macOS up to 10.14, with Refs and Use, and those of later ones.
var (
	routeColumnsUse = []routeColumn{{name: "Destination"}, {name: "Gateway"}, {name: "Flags"}, {name: "Refs"}, {name: "Use"}, {name: "Netif"}}
	routeColumnsNow = []routeColumn{{name: "Destination"}, {name: "Gateway"}, {name: "Flags"}, {name: "Netif"}}
)

// guess finds the family and the columns of a row when a filter has taken what
// stood above it.
func (r *routesReader) guess(line []byte) error {
	if r.family == "" || r.noTitle {
		r.noTitle = true
		if r.family = r.guessFamily(line); r.family == "" {
			return errors.New("stands before the heading of a table")
		}
	}
	if len(r.columns) > 0 && !r.noHeading {
		return nil
	}
	c := field.New(line)
	c.Next()
	c.Next()
	if !isRouteFlags(c.Next()) {
		return errors.New("stands before the heading of a table")
	}
	r.noHeading, r.columns = true, routeColumnsNow
	if _, number := field.Uint(c.Peek(), 64); number {
		r.columns = routeColumnsUse
	}
	return nil
}

// guessFamily returns the family of a row, by its ends or by what the command
// asked for, or "".
func (r *routesReader) guessFamily(line []byte) string {
	c := field.New(line)
	for _, word := range [][]byte{c.Next(), c.Next()} {
		_, mac := field.MAC(word)
		_, four := Network(word, false)
		switch {
		case four:
			return "inet"
		case !mac && bytes.IndexByte(word, ':') >= 0:
			return "inet6"
		}
	}
	return familyOf(r.in.Command(), command.Of(r.in.Command(), "fFINpTw"))
}
