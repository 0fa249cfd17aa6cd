package windows

import (
	"strings"

	"github.com/fleetnet/fleetnet"
)

// The numbers of properties of MSFT_NetAdapter: those of ifOperStatus and
// InterfaceType are of RFC 2863 and IANA.
var (
	operStates = map[string]string{
		"1": "up", "2": "down", "3": "testing", "4": "unknown", "5": "dormant", "6": "notpresent", "7": "lowerlayerdown",
	}
	interfaceTypes = map[string]string{"6": "ether", "71": "ether", "23": "ppp", "24": "loopback", "131": "tunnel", "243": "wwan", "244": "wwan"}
	connections_   = map[string]string{"0": "unknown", "1": "connected", "2": "disconnected"}
	adminStates    = map[string]string{"1": "up", "2": "down", "3": "testing"}
)

// NetAdapters reads what Get-NetAdapter writes (Windows 8 and 2012 on):
//
//	Name                      InterfaceDescription                    ifIndex Status       MacAddress             LinkSpeed
//	----                      --------------------                    ------- ------       ----------             ---------
//	Ethernet                  Intel(R) 82574L Gigabit Network Conn...      12 Up           00-15-5D-0D-45-01         1 Gbps
//
// It lists no loopback. As JSON and CSV it tells more than as a table.
func NetAdapters(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	readObjects(in, out, "windows/Get-NetAdapter", []string{"interfaces"}, func(o *object) error {
		name, ok := o.get("name", "interfacealias")
		index := o.intOf("ifindex", "interfaceindex")
		if o.others("name", "interfacedescription", "ifdesc", "macaddress", "status", "ifoperstatus", "linkspeed") {
			return errOther
		}
		if !ok && !index.OK {
			return o.unlessCut(errNoName)
		}
		adapterOf(o, ifaceNamed(out, index, name, o.ref))
		return nil
	})
}

func adapterOf(o *object, it *fleetnet.Interface) {
	if d, ok := o.get("interfacedescription", "ifdesc"); ok && len(it.Aliases) == 0 {
		it.Aliases = []string{d}
	}
	it.Type = interfaceTypes[o.raw("interfacetype")]
	it.MAC = o.macOf("macaddress", "linklayeraddress")
	if mtu, ok := o.uintOf(32, "mtusize", "activemaximumtransmissionunit"); ok {
		setMTU(it, mtu)
	}
	setStates(o, it)
	if bits, ok := o.uintOf(63, "speed", "receivelinkspeed", "transmitlinkspeed"); ok && bits > 0 {
		it.SpeedMbps = fleetnet.Some(int(bits / 1_000_000))
	} else if v, ok := o.get("linkspeed"); ok && it.Carrier != fleetnet.Some(false) {
		it.SpeedMbps = linkSpeed(v)
	}
	switch strings.ToLower(o.raw("fullduplex")) {
	case "true":
		it.Duplex = "full"
	case "false":
		it.Duplex = "half"
	}
}

// setStates reads the states of an adapter. The word Status stands for several of
// them: Up, Disconnected, Disabled, Not Present.
func setStates(o *object, it *fleetnet.Interface) {
	status := o.enumOf(nil, "status")
	oper := o.enumOf(operStates, "ifoperstatus", "interfaceoperationalstatus")
	switch {
	case oper != "":
	case status == "up":
		oper = "up"
	case status == "disconnected", status == "disabled":
		oper = "down"
	case status == "notpresent":
		oper = status
	}
	it.OperState = strings.ToUpper(oper)
	switch media := o.enumOf(connections_, "mediaconnectstate", "mediaconnectionstate"); {
	case media == "connected", media == "" && status == "up":
		it.Carrier = fleetnet.Some(true)
	case media == "disconnected", media == "" && status == "disconnected":
		it.Carrier = fleetnet.Some(false)
	}
	admin := o.enumOf(adminStates, "interfaceadminstatus", "adminstatus", "ifadminstatus")
	if admin == "up" || admin == "" && (status == "up" || status == "disconnected") {
		it.Flags = []string{"UP"}
	}
}

// linkSpeed reads `1 Gbps`, `866.7 Mbps`.
func linkSpeed(v string) fleetnet.Opt[int] {
	number, unit, _ := strings.Cut(v, " ")
	whole, tenths, _ := strings.Cut(strings.Replace(number, ",", ".", 1), ".")
	factor := map[string]int{"Mbps": 1, "Gbps": 1000}[unit]
	n, ok := optInt(whole)
	if !ok || factor == 0 || n > 1<<20 {
		return fleetnet.Opt[int]{}
	}
	n *= factor
	if t, ok := optInt(tenths); ok && factor == 1000 {
		for range 3 - len(tenths) {
			t *= 10
		}
		n += min(t, 999)
	}
	return fleetnet.Opt[int]{V: n, OK: n > 0}
}

// NetAdapterStatistics reads what Get-NetAdapterStatistics writes:
//
//	Name                             ReceivedBytes ReceivedUnicastPackets       SentBytes SentUnicastPackets
//	----                             ------------- ----------------------       --------- ------------------
//	vEthernet (Default Switch)             1054682                   8120          204781               6410
//
// Packets are those of unicast, multicast and broadcast together, and unknown
// where one of them is, as in the table.
func NetAdapterStatistics(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	readObjects(in, out, "windows/Get-NetAdapterStatistics", []string{"interfaces"}, func(o *object) error {
		name, ok := o.get("name", "interfacealias")
		if o.others("receivedbytes", "sentbytes") {
			return errOther
		}
		if !ok {
			return o.unlessCut(errNoName)
		}
		it := ifaceOf(out, fleetnet.Opt[int]{}, name, o.ref)
		it.Counters = &fleetnet.IfCounters{
			Ref:     o.ref,
			RxBytes: o.countOf("receivedbytes"), RxPackets: o.sumOf("receivedunicastpackets", "receivedmulticastpackets", "receivedbroadcastpackets"),
			RxErrors: o.countOf("receivedpacketerrors"), RxDropped: o.countOf("receiveddiscardedpackets"),
			TxBytes: o.countOf("sentbytes"), TxPackets: o.sumOf("sentunicastpackets", "sentmulticastpackets", "sentbroadcastpackets"),
			TxErrors: o.countOf("outboundpacketerrors"), TxDropped: o.countOf("outbounddiscardedpackets"),
		}
		return nil
	})
}

// sumOf returns the sum of counters, unknown when one of them is.
func (o *object) sumOf(names ...string) fleetnet.Opt[uint64] {
	sum := fleetnet.Some(uint64(0))
	for _, n := range names {
		c := o.countOf(n)
		sum = fleetnet.Opt[uint64]{V: sum.V + c.V, OK: sum.OK && c.OK}
	}
	return sum
}

func optInt(s string) (int, bool) {
	n := 0
	for _, ch := range s {
		if ch < '0' || ch > '9' || n > 1<<24 {
			return 0, false
		}
		n = n*10 + int(ch-'0')
	}
	return n, s != ""
}
