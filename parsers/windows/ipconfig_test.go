package windows_test

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/fleetnet/fleetnet"
)

// TestIpconfigEncodings: the bytes of consoles, with CR CR LF as XP redirects it.
func TestIpconfigEncodings(t *testing.T) {
	for _, c := range []struct {
		name, dns, heading, adapter, suffix, address, mask string
		encoding                                           encoding.Encoding
	}{
		{"850", "Sufixo DNS primário  . . . . . . ", "Adaptador de Rede sem Fio Conexão 2", "Conexão 2", "Sufixo DNS específico de conexão . .  ", "Endereço IPv4. . . . . . . .  ", "Máscara de Sub-rede . . . . . . . . . .  ", charmap.CodePage850},
		{"866", "Основной DNS-суффикс . . . . . . ", "Адаптер Ethernet Сеть", "Сеть", "DNS-суффикс подключения . . . . . ", "IPv4-адрес. . . . . . . . . . . . ", "Маска подсети . . . . . . . . . . ", charmap.CodePage866},
		{"949", "주 DNS 접미사 . . . . . . . ", "이더넷 어댑터 홍길동", "홍길동", "연결별 DNS 접미사. . . . ", "IPv4 주소 . . . . . . . . . ", "서브넷 마스크 . . . . . . . ", korean.EUCKR},
		{"950", "主要 DNS 尾碼  . . . . . . . . . .", "乙太網路卡 王小明", "王小明", "連線特定 DNS 尾碼 . . . . . . . . ", "IPv4 位址 . . . . . . . . . . . . ", "子網路遮罩 . . . . . . . . . . . .", traditionalchinese.Big5},
		{"1254", "Birincil DNS Soneki . . . . . . . ", "Ethernet bağdaştırıcısı Işık", "Işık", "Bağlantıya özgü DNS Soneki . . . ", "IPv4 Adresi . . . . . . . . . . . ", "Alt Ağ Maskesi  . . . . . . . . . ", charmap.Windows1254},
		{"utf-16", "Primary Dns Suffix  . . . . . . . ", "Ethernet adapter 会社", "会社", "Connection-specific DNS Suffix  . ", "IP Address. . . . . . . . . . . . ", "Subnet Mask . . . . . . . . . . . ", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Join([]string{"", "Windows IP", "", "   Host . . . : PC-1", "   " + c.dns + ": ", "", c.heading + ":", "",
				"   " + c.suffix + ": ", "   " + c.address + ": 10.20.0.5", "   " + c.mask + ": 255.255.255.0", ""}, "\r\r\n")
			raw, err := c.encoding.NewEncoder().Bytes([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			s := fleetnet.NewSnapshot("")
			if a := s.ReadBytes(probe(t, "ipconfig"), raw); a.Errors != 0 || len(s.Interfaces) != 1 || s.Host.Hostname != "PC-1" {
				t.Fatalf("%+v %+v %+v", a, s.Interfaces, s.Host)
			}
			if it := s.Interfaces[0]; it.Name != c.adapter || len(it.Addrs) != 1 || it.Addrs[0].Prefix.String() != "10.20.0.5/24" {
				t.Errorf("%+v", it)
			}
		})
	}
}
