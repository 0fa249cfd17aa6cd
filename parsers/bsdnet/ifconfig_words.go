package bsdnet

import (
	"bytes"
	"slices"
)

// knownDetail reports whether a line of a block begins with a word of which
// the model takes nothing (ifconfig.c of macOS, and of FreeBSD where it says more).
func knownDetail(word []byte) bool {
	if key, _, ok := bytes.Cut(word, []byte{'='}); ok {
		word = key
	}
	if bytes.HasPrefix(word, []byte("[(")) || bytes.HasPrefix(word, []byte{'('}) { // the ends of a lagg
		return true
	}
	return slices.Contains(detailWords, string(bytes.TrimPrefix(word, []byte{'-'})))
}

var detailWords = []string{
	"options", "options4", "options6", "capabilities", "ec_capabilities", "ec_enabled", "enabled", "eflags", "xflags", "hwassist",
	"nd6", "supported", "none", "Configuration:", "id", "maxage", "root", "ipfilter", "ifmaxaddr", "Address", "member", "path", "groups:", "description:",
	"desc:", "type:", "functional", "agent", "state", "link", "uplink", "downlink", "scheduler:", "throttling:", "unaligned", "data",
	"logging:", "effective", "txstart", "timestamp:", "qosmarking", "low", "L4S:", "multi", "generation", "max", "tunnel", "nat64",
	"availability:", "congested", "inband", "plugged:", "vendor:", "fd", "ssid", "regdomain", "country", "authmode", "privacy", "wme", "hwaddr", "laggproto",
	"lagg", "parent", "priority:", "priority", "index", "lladdr:", "netem", "gateway", "tbr", "pltime", "clat46", "ieee80211:", "carp:", "pfsync:", "syncpeer:", "bond:", "mode",
	"role", "hostfilter", "checksum", "in:", "out:", "MAC", "DHCP", "routermode4:", "routermode6:", "peer:", "netif:", "flowswitch:", "bandwidth", "corruption",
	"delay", "jitter", "loss", "BURST_LOSS", "BURST_RECV", "GAP_RECV", "duplication", "recovery", "reordering", "model",
	"address", "route", "expensive", "constrained", "ultra", "companion", "traffic", "module", "lane", "RX:",
	// FreeBSD
	"fib:", "tunnelfib:", "drivername:", "Opened", "vxlan", "maclist", "bmiss", "roam:", "roaming", "txpower", "scanvalid", "protmode", "wgpubkey", "channel",
	"bintval", "SFF8472", "rxpower", "peers:", "ether:", "stf", "tunnelttl", "bssid", "deftxkey", "AES-CCM", "ampdulimit", "shortgi", "wpa", "nwid", "stationname", "wepmode", "physical",
	"ch", "syncok:", "version:", "grekey:", "reqid:", "v4net", "untagged", "tagged", "flags", "lag", "active", "flapping:", "flowid_shift:", "rr_limit:", "peer", "bridge",
	// FreeBSD, of wireless (ifieee80211.c), whose lines break anywhere
	"anywhere", "indoor", "outdoor", "ecm", "countermeasures", "wepkey", "TKIP", "undefkey", "powersavemode", "powersavesleep", "txpowmax", "dotd", "rtsthreshold",
	"fragthreshold", "ucastrate", "mcastrate", "mgmtrate", "maxretry", "ucast", "11a", "11b", "11g", "11na", "11ng", "bgscan", "bgscanintvl", "bgscanidle", "roam:rssi",
	"roam:rate", "pureg", "ht", "ht20", "ht40", "vht", "htcompat", "ampdu", "ampdudensity", "ampdutxsmall", "amsdu", "htprotmode", "puren", "smps", "rifs", "stbc",
	"stbctx", "ldpc", "uapsd", "burst", "ff", "dturbo", "dwds", "hidessid", "apbridge", "dtimperiod", "doth", "inact", "meshttl", "meshpeering", "meshforward",
	"meshgate", "meshmetric", "meshpath", "hwmprootmode", "hwmpmaxhops", "tdmaslot", "tdmaslotcnt", "tdmaslotlen", "tdmabintval", "AC_BE", "AC_BK", "AC_VI", "AC_VO",
	// OpenBSD
	"Addresses", "sid:", "sppp:", "phase", "authproto", "authname", "peerproto", "peername", "serial:", "product:", "model:", "voltage:", "bias", "temp:", "rx:",
	"trunk:", "patch:", "pflow:", "hwfeatures", "wgport", "wgpeer", "wgpsk", "wgpka", "wgendpoint", "wgdescr", "wgdescr:", "wgaip", "tx:", "last", "keepalive",
	"llprio", "rdomain", "port", "mpls:", "pwe3", "tunnel:", "bridge:", "designated:", "pppoe:", "dev:", "transceiver:", "umb:", "sec:", "roaming:", "veb", "keytag",
	"support:", "rxprio", "auto", "flow", "umb", "SIM", "APN", "subscriber-id", "ICC-id", "device", "firmware", "phone#", "dns",
	// NetBSD
	"input:", "output:", "session-id", "cookie",
	"capabilities:", "linkstr:", "agrproto", "mediaopt", "ssid:", "powersave", "fw", "chan", "fragmentation", "enabled:",
}
