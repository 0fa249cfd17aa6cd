package windows

import (
	"net/netip"

	"github.com/fleetnet/fleetnet"
)

// addressStates are the numbers of NL_DAD_STATE (nldef.h).
var addressStates = map[string]string{"0": "invalid", "1": "tentative", "2": "duplicate", "3": "deprecated", "4": "preferred"}

// prefixOrigins are the numbers of NL_PREFIX_ORIGIN (nldef.h).
var prefixOrigins = map[string]string{"0": "other", "1": "manual", "2": "wellknown", "3": "dhcp", "4": "routeradvertisement"}

// NetAddresses reads what Get-NetIPAddress writes (Windows 8 and 2012 on), and
// adds the addresses to their interfaces; not those that are only stored for the
// next start.
func NetAddresses(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	readObjects(in, out, "windows/Get-NetIPAddress", []string{"interfaces"}, func(o *object) error {
		a, _, ok := o.addrOf("ipaddress")
		n, sized := o.uintOf(8, "prefixlength")
		index, name := o.interfaceOf()
		if !ok || !sized || int(n) > a.BitLen() || !index.OK && name == "" {
			return o.unlessCut(errNoAddr)
		}
		addr := fleetnet.IfAddr{Prefix: netip.PrefixFrom(a, int(n)), Scope: scopeOf(a)}
		switch state := o.enumOf(addressStates, "addressstate"); state {
		case "tentative", "deprecated":
			addr.Flags = append(addr.Flags, state)
		case "duplicate":
			addr.Flags = append(addr.Flags, "dadfailed")
		}
		switch o.enumOf(prefixOrigins, "prefixorigin") {
		case "dhcp", "routeradvertisement":
			addr.Flags = append(addr.Flags, "dynamic")
		}
		if !o.persistent() {
			addAddr(ifaceNamed(out, index, name, o.ref), addr)
		}
		return nil
	})
}

// NetIPInterfaces reads what Get-NetIPInterface writes (Windows 8 and 2012 on), a
// row for each family of each interface:
//
//	ifIndex InterfaceAlias                  AddressFamily NlMtu(Bytes) InterfaceMetric Dhcp     ConnectionState PolicyStore
//	------- --------------                  ------------- ------------ --------------- ----     --------------- -----------
//	12      Ethernet                        IPv6                  1500              25 Enabled  Connected       ActiveStore
//
// The MTU is that of IPv4 where there are both; one of them connected is enough.
func NetIPInterfaces(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	readObjects(in, out, "windows/Get-NetIPInterface", []string{"interfaces"}, func(o *object) error {
		index, name := o.interfaceOf()
		if o.others("nlmtu", "nlmtu(bytes)", "nlmtubytes", "connectionstate", "interfacemetric", "dhcp") {
			return errOther
		}
		if !index.OK && name == "" {
			return o.unlessCut(errNoName)
		}
		if o.persistent() {
			return nil
		}
		it := ifaceNamed(out, index, name, o.ref)
		v4 := o.enumOf(families, "addressfamily") == "ipv4"
		if mtu, ok := o.uintOf(32, "nlmtu", "nlmtu(bytes)", "nlmtubytes"); ok && (v4 || !it.MTU.OK) {
			setMTU(it, mtu)
		}
		if state, ok := o.word("connectionstate", "Connected", "Disconnected"); ok {
			it.Carrier = fleetnet.Some(it.Carrier.V || state == "1" || state == "Connected")
		}
		return nil
	})
}

// families are the numbers of AddressFamily of MSFT_NetIPInterface.
var families = map[string]string{"2": "ipv4", "23": "ipv6"}

var ipInterfaceLacks = []string{
	"interfaces.type", "interfaces.mac", "interfaces.flags", "interfaces.oper_state", "interfaces.addrs", "interfaces.counters",
	"interfaces.speed_mbps", "interfaces.duplex", "interfaces.master", "interfaces.parent",
}
