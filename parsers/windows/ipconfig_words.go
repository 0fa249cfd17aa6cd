package windows

import "strings"

// What ipconfig says in words: the states of addresses and the kinds of adapters,
// in the languages that are known.

// temporary are the beginnings of words in labels of temporary addresses (RFC 8981).
var temporary = []string{"tempor", "tijdelijk", "tymczasow", "tillfällig", "midlertidig", "временн", "临时", "臨時", "一時", "임시"}

// addressMarks are the marks of addresses: with the flags that they stand for,
// none for an address that is in use.
var addressMarks = map[string]string{
	"": "", "preferred": "", "bevorzugt": "", "préféré": "", "preferido": "", "preferito": "", "preferencial": "", "voorkeur": "",
	"preferowane": "", "основной": "", "首选": "", "首選": "", "優先": "", "偏好選項": "", "기본 설정": "", "tercih edilen": "",
	"tentative": "tentative", "deprecated": "deprecated", "受到抨击": "deprecated", "duplicate": "dadfailed", "复制": "dadfailed",
}

// addrFlags returns what the label and the mark of an address say of it.
func (r *ipconfigReader) addrFlags(label, mark string) []string {
	var flags []string
	label, mark = strings.ToLower(label), strings.ToLower(mark)
	for _, word := range temporary {
		if strings.Contains(label, word) {
			flags = append(flags, "temporary")
			break
		}
	}
	flag, known := addressMarks[mark]
	if flag != "" {
		flags = append(flags, flag)
	}
	r.marks = r.marks || !known
	return flags
}

// kinds are what stands before the name of an adapter, in the languages that
// are known, and what type it is.
var kinds = []struct{ prefix, kind string }{
	{"Ethernet adapter ", "ether"}, {"Wireless LAN adapter ", "ether"}, {"Tunnel adapter ", "tunnel"}, {"PPP adapter ", "ppp"},
	{"Mobile Broadband adapter ", "wwan"}, {"Unknown adapter ", ""},
	{"Ethernet-Adapter ", "ether"}, {"Ethernetadapter ", "ether"}, {"Drahtlos-LAN-Adapter ", "ether"}, {"Drahtlosnetzwerkadapter ", "ether"},
	{"Tunneladapter ", "tunnel"}, {"PPP-Adapter ", "ppp"}, {"Mobiler Breitbandadapter ", "wwan"}, {"Unbekannter Adapter ", ""},
	{"Carte Ethernet ", "ether"}, {"Carte réseau sans fil ", "ether"}, {"Carte Tunnel ", "tunnel"}, {"Carte PPP ", "ppp"}, {"Carte inconnue ", ""},
	{"Adaptador de Ethernet ", "ether"}, {"Adaptador Ethernet ", "ether"}, {"Adaptador de LAN inalámbrica ", "ether"},
	{"Adaptador de túnel ", "tunnel"}, {"Adaptador PPP ", "ppp"}, {"Adaptador desconocido ", ""},
	{"Adaptador de Rede sem Fio ", "ether"}, {"Adaptador de Rede Sem Fio ", "ether"}, {"Adaptador de LAN sem Fio ", "ether"},
	{"Scheda Ethernet ", "ether"}, {"Scheda LAN wireless ", "ether"}, {"Scheda Tunnel ", "tunnel"}, {"Scheda sconosciuta ", ""},
	{"Ethernet-adapter ", "ether"}, {"Adapter voor draadloos LAN ", "ether"}, {"Tunnel-adapter ", "tunnel"},
	{"Адаптер Ethernet ", "ether"}, {"Ethernet адаптер ", "ether"}, {"Адаптер беспроводной локальной сети ", "ether"},
	{"Туннельный адаптер ", "tunnel"}, {"Адаптер PPP ", "ppp"}, {"Неизвестный адаптер ", ""},
	{"Karta Ethernet ", "ether"}, {"Karta bezprzewodowej sieci LAN ", "ether"}, {"Karta tunelowa ", "tunnel"},
	{"以太网适配器 ", "ether"}, {"无线局域网适配器 ", "ether"}, {"隧道适配器 ", "tunnel"}, {"未知适配器 ", ""},
	{"乙太網路卡 ", "ether"}, {"無線區域網路介面卡 ", "ether"}, {"通道介面卡 ", "tunnel"}, {"PPP 介面卡 ", "ppp"}, {"PPP 适配器 ", "ppp"},
	{"イーサネット アダプター ", "ether"}, {"イーサネット アダプタ ", "ether"}, {"PPP アダプター ", "ppp"}, {"不明なアダプター ", ""},
	{"이더넷 어댑터 ", "ether"}, {"무선 LAN 어댑터 ", "ether"}, {"터널 어댑터 ", "tunnel"}, {"PPP 어댑터 ", "ppp"}, {"알 수 없는 어댑터 ", ""},
	{"Adaptér sítě Ethernet ", "ether"}, {"Adaptér bezdrátové sítě LAN ", "ether"},
	{"Ethernet bağdaştırıcısı ", "ether"}, {"Kablosuz LAN bağdaştırıcısı ", "ether"}, {"Bilinmeyen bağdaştırıcı ", ""},
	{"Ethernet-kort ", "ether"}, {"Trådlöst nätverkskort ", "ether"}, {"Tunnelkort ", "tunnel"},
}

// adapterName takes the kind off a heading. Where it is not known, the whole
// heading is returned.
func adapterName(heading string) (name, kind string, known bool) {
	for _, k := range kinds {
		if rest, ok := strings.CutPrefix(heading, k.prefix); ok && strings.TrimSpace(rest) != "" {
			return strings.TrimSpace(rest), k.kind, true
		}
	}
	return heading, "", false
}
