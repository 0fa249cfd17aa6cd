package windows

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// NetshInterfaces reads `netsh interface ipv4|ipv6 show interfaces`:
//
//	Idx     Met         MTU          State                Name
//	---  ----------  ----------  ------------  ---------------------------
//	  1          75  4294967295  connected     Loopback Pseudo-Interface 1
//
// The column State is in the language of the display; where it is not known the
// carrier is. An MTU of 4294967295 is none.
func NetshInterfaces(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	strange := false
	readNetshRows(in, out, "windows/netsh-interfaces", func(line []byte, ends []int) bool {
		c := field.New(line)
		index := c.Uint(31)
		c.Uint(32) // the metric
		mtu := c.Uint(32)
		state, name := netshState(line, ends, &c)
		if c.Err() != nil || name == "" {
			return false
		}
		it := ifaceOf(out, fleetnet.Some(int(index)), name, in.Ref())
		setMTU(it, mtu)
		up, known := netshStates[strings.ToLower(state)]
		if strange = strange || !known; known {
			it.Carrier = fleetnet.Some(up)
		}
		return true
	})
	if strange {
		coverPart(out, "windows/netsh-interfaces", "interfaces", "the states of interfaces are in a language that is not known", "carrier")
	}
}

// netshState returns the columns State and Name. The ruler says where the name
// begins, unless something before it is too wide; then the state is one word.
func netshState(line []byte, ends []int, c *field.Cursor) (state, name string) {
	text := []rune(string(line))
	if len(ends) == 5 && len(text) > ends[3]+2 && text[ends[2]] == ' ' && text[ends[3]] == ' ' && text[ends[3]+1] == ' ' {
		if state = strings.TrimSpace(string(text[ends[2]:ends[3]])); state != "" {
			return state, strings.TrimSpace(string(text[ends[3]:]))
		}
	}
	state = c.Word()
	return state, string(c.Rest())
}

// netshStates says of the words for connected and disconnected, in the languages
// that are known, whether there is a carrier.
var netshStates = map[string]bool{
	"connected": true, "verbunden": true, "connecté": true, "conectado": true, "connesso": true, "verbonden": true, "подключен": true, "połączono": true, "připojeno": true,
	"bağlı": true, "已连接": true, "已連線": true, "接続": true, "연결됨": true,
	"disconnected": false, "getrennt": false, "déconnecté": false, "desconectado": false, "disconnesso": false, "отключен": false, "odłączono": false, "odpojeno": false,
	"已断开连接": false, "已中斷連線": false, "切断": false, "연결 끊김": false,
}

// setMTU sets an MTU; that of a loopback has no bound.
func setMTU(it *fleetnet.Interface, mtu uint64) {
	if mtu > 0 && mtu < 1<<31 {
		it.MTU = fleetnet.Some(int(mtu))
	}
}

// NetshSubinterfaces reads `netsh interface ipv4|ipv6 show subinterfaces`:
//
//	   MTU  MediaSenseState   Bytes In  Bytes Out  Interface
//	------  ---------------  ---------  ---------  -------------
//	4294967295                1          0     183546  Loopback Pseudo-Interface 1
//	  1500                5          0          0  Local Area Connection
//
// The state of the medium is 1 with a carrier and 5 without. The bytes are those
// of the one protocol.
func NetshSubinterfaces(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	readNetshRows(in, out, "windows/netsh-subinterfaces", func(line []byte, _ []int) bool {
		c := field.New(line)
		mtu, medium, received, sent := c.Uint(32), c.Uint(32), c.Uint(64), c.Uint(64)
		name := string(c.Rest())
		if c.Err() != nil || name == "" {
			return false
		}
		it := ifaceOf(out, fleetnet.Opt[int]{}, name, in.Ref())
		setMTU(it, mtu)
		if medium == 1 || medium == 5 {
			it.Carrier = fleetnet.Some(medium == 1)
		}
		if it.Counters == nil {
			it.Counters = &fleetnet.IfCounters{}
		}
		if !it.Counters.RxBytes.OK {
			it.Counters.RxBytes, it.Counters.TxBytes = fleetnet.Some(received), fleetnet.Some(sent)
		}
		return true
	})
	coverPart(out, "windows/netsh-subinterfaces", "interfaces", "the bytes are those of one protocol alone", "counters.rx_bytes", "counters.tx_bytes")
}

// readNetshRows hands out the rows below the ruler of a table of netsh, with the
// ends of the ruler's columns, and skips the rest.
func readNetshRows(in *fleetnet.Lines, out *fleetnet.Snapshot, probe string, row func(line []byte, ends []int) bool) {
	var ends []int
	for in.Next() {
		line := in.Text()
		switch {
		case dashes(line):
			ends = columnEnds(line)
			in.Skip()
		case ends == nil && heading(line), prompt(line):
			in.Skip()
		case row(line, ends):
			in.Row()
		}
	}
	if ends == nil {
		coverEmpty(out, probe, "interfaces")
	}
}

// dashes reports whether the line is a ruler: dashes and blanks.
func dashes(line []byte) bool {
	return len(bytes.Trim(line, "- \t")) == 0 && bytes.Contains(line, []byte("--"))
}

// columnEnds returns where each column of a ruler ends.
func columnEnds(line []byte) []int {
	var ends []int
	for i, b := range line {
		if b == '-' && (i+1 == len(line) || line[i+1] != '-') {
			ends = append(ends, i+1)
		}
	}
	return ends
}

// NetshDynamicPort reads `netsh interface ipv4 show dynamicport tcp`:
//
//	Protocol tcp Dynamic Port Range
//	---------------------------------
//	Start Port      : 49152
//	Number of Ports : 16384
//
// The first number is the first port and the second how many there are. The
// range of TCP over IPv4 is the setting ephemeral_ports, the others are
// ephemeral_ports_udp, ephemeral_ports_tcp6 and ephemeral_ports_udp6.
func NetshDynamicPort(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	name := dynamicPortName(optionsOf(in.Command()))
	var first uint64
	var ref fleetnet.Ref
	found := false
	for in.Next() {
		line := in.Text()
		colon := bytes.LastIndexByte(line, ':')
		n, ok := field.Uint(bytes.TrimSpace(line[colon+1:]), 17)
		switch {
		case heading(line), dashes(line), prompt(line):
			in.Skip()
		case colon < 0 || !ok: // not understood
		case ref == (fleetnet.Ref{}):
			first, ref = n, in.Ref()
			in.Row()
		default:
			if n > 0 && first > 0 && first+n-1 < 1<<16 {
				found = true
				out.Settings = append(out.Settings, fleetnet.Setting{Name: name, Value: portRange(first, n), Ref: ref})
			}
			first, ref = 0, fleetnet.Ref{}
			in.Row()
		}
	}
	if !found {
		coverEmpty(out, "windows/netsh-dynamicport", "settings")
	}
}

func portRange(first, n uint64) string {
	return strconv.FormatUint(first, 10) + "-" + strconv.FormatUint(first+n-1, 10)
}

// dynamicPortName returns the setting that a command asks for.
func dynamicPortName(o options) string {
	name := fleetnet.SettingEphemeralPorts
	if o.has("udp") {
		name += "_udp"
	} else if o.has("ipv6") {
		name += "_tcp"
	}
	if o.has("ipv6") {
		name += "6"
	}
	return name
}

func itoa(n int) string { return strconv.Itoa(n) }
