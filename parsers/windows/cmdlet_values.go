package windows

import (
	"errors"
	"net/netip"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// uintOf returns a number that is not negative.
func (o *object) uintOf(bits int, names ...string) (uint64, bool) {
	v, ok := o.get(names...)
	if !ok {
		return 0, false
	}
	return field.Uint([]byte(v), bits)
}

func (o *object) intOf(names ...string) fleetnet.Opt[int] {
	n, ok := o.uintOf(31, names...)
	return fleetnet.Opt[int]{V: int(n), OK: ok}
}

func (o *object) countOf(names ...string) fleetnet.Opt[uint64] {
	n, ok := o.uintOf(64, names...)
	return fleetnet.Opt[uint64]{V: n, OK: ok}
}

// addrOf returns an address and its zone.
func (o *object) addrOf(names ...string) (netip.Addr, string, bool) {
	v, ok := o.get(names...)
	if !ok {
		return netip.Addr{}, "", false
	}
	a, zone, ok := field.Addr([]byte(v))
	return a, string(zone), ok
}

// enumOf returns the value of an enumeration, which is a word or its number; the
// words come in the case of the readers.
func (o *object) enumOf(numbers map[string]string, names ...string) string {
	v, ok := o.get(names...)
	if !ok {
		return ""
	}
	if word, isNumber := numbers[v]; isNumber {
		return word
	}
	return strings.ToLower(strings.ReplaceAll(v, " ", ""))
}

// interfaceOf returns the number and the name of the interface of an object.
func (o *object) interfaceOf() (fleetnet.Opt[int], string) {
	index := o.intOf("ifindex", "interfaceindex")
	name, _ := o.get("interfacealias", "ifalias")
	return index, name
}

// interfaceName returns the name of the interface of an object, or its number when
// none is known.
func (o *object) interfaceName(names map[string]string) string {
	index, name := o.interfaceOf()
	switch {
	case name != "":
		return name
	case !index.OK:
		return ""
	case names[itoa(index.V)] != "":
		return names[itoa(index.V)]
	}
	return itoa(index.V)
}

// macOf returns a link-layer address, whose octets older releases do not part.
func (o *object) macOf(names ...string) string {
	v, ok := o.get(names...)
	if !ok {
		return ""
	}
	if len(v) == 12 && !strings.ContainsAny(v, "-:") {
		v = v[:2] + "-" + v[2:4] + "-" + v[4:6] + "-" + v[6:8] + "-" + v[8:10] + "-" + v[10:]
	}
	return mac(field.MAC([]byte(v)))
}

var (
	errNoAddr  = errors.New("an address expected")
	errNoPort  = errors.New("a port expected")
	errNoRoute = errors.New("a destination expected")
	errNoName  = errors.New("the name of an interface expected")
	errNoPID   = errors.New("the number of a process expected")
)

// unknownWhere returns nil for a value that the console cut, so that the row can
// go on without it, and err otherwise.
func (o *object) unlessCut(err error) error {
	if o.cut {
		return nil
	}
	return err
}
