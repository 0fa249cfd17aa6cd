package linux

import (
	"bytes"
	"errors"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// readSys reads what the probes print from /sys/class/net, a line for each
// interface, with the files that could be read (Linux,
// Documentation/ABI/testing/sysfs-class-net); the name is read already:
//
//	eth0.100 ifindex=4 mtu=1500 type=1 flags=0x1003 address=02:… operstate=up carrier=1 speed=1000 duplex=full lower=eth0 ifalias=to the lab
//
// The type stands before the address. A speed of -1 (4294967295 in old kernels)
// is that of a driver that knows none.
func readSys(c field.Cursor, it *fleetnet.Interface, out *fleetnet.Snapshot) error {
	for c.More() {
		key, value, ok := bytes.Cut(c.Next(), []byte{'='})
		if !ok {
			return errors.New("key=value expected")
		}
		if string(key) == "ifalias" {
			text := strings.TrimSpace(string(value) + " " + string(c.Rest()))
			it.Aliases = append(it.Aliases, text)
			return nil
		}
		if !setSysField(it, string(key), value, out) {
			return errors.New("unknown key or value")
		}
	}
	return c.Err()
}

// setSysField sets one field, and reports whether key and value made sense.
func setSysField(it *fleetnet.Interface, key string, value []byte, out *fleetnet.Snapshot) bool {
	switch key {
	case "master":
		it.Master = out.Intern(value)
	case "lower":
		it.Parent = out.Intern(value)
	case "operstate":
		it.OperState = operState(string(bytes.ToUpper(value)))
	case "duplex":
		if string(value) != "unknown" {
			it.Duplex = out.Intern(value)
		}
	case "address":
		it.MAC = linkMAC(it.Type, value)
	case "flags":
		flags, ok := hexUint(value)
		it.Flags = flagWords(flags)
		return ok
	case "carrier":
		it.Carrier = fleetnet.Some(string(value) == "1")
		return string(value) == "0" || string(value) == "1"
	default:
		return setSysNumber(it, key, value)
	}
	return true
}

func setSysNumber(it *fleetnet.Interface, key string, value []byte) bool {
	n, ok := field.Int(value)
	if !ok || n < 0 && key != "speed" {
		return false
	}
	switch key {
	case "ifindex":
		it.Index = fleetnet.Some(int(n))
	case "mtu":
		it.MTU = fleetnet.Some(int(n))
	case "type":
		it.Type = linkTypes[uint64(n)]
	case "speed":
		if n > 0 && n < 1<<31-1 {
			it.SpeedMbps = fleetnet.Some(int(n))
		}
	default:
		return false
	}
	return true
}

// SysSpeed reads the lines of the probe linux/sys-speed, which ip does not
// tell, and adds them to the interfaces that are known by now. An interface of
// the same name with another index or address is one of another network
// namespace: /sys is that of whoever mounted it.
func SysSpeed(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	set := allIfaces(out)
	for in.Next() {
		c := field.New(in.Text())
		i := set.index(c.Next())
		if i < 0 {
			in.Skip()
			continue
		}
		have := &out.Interfaces[i]
		it := fleetnet.Interface{Type: have.Type}
		switch err := readSys(c, &it, out); {
		case err != nil:
			in.Fail(err)
		case have.Index.OK && have.Index != it.Index, have.MAC != it.MAC && have.MAC != "" && it.MAC != "":
			in.Skip()
		default:
			have.SpeedMbps, have.Duplex = it.SpeedMbps, it.Duplex
			if have.Master == "" {
				have.Master = it.Master
			}
			in.Row()
		}
	}
}
