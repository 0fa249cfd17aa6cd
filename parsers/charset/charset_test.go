package charset_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/fleetnet/fleetnet/parsers/charset"
)

// What consoles of several languages print, as far as it is not ASCII.
const (
	german    = "Aktive Verbindungen\n  Proto  Lokale Adresse  Remoteadresse  Status\n  TCP    0.0.0.0:135  0.0.0.0:0  ABHÖREN\nTCP-Statistik für IPv4\n  Empfangene übermittelte Pakete\n  Zurückgesetzte\nPrimäres DNS-Suffix\nPaket zu groß\n"
	french    = "Connexions actives\n  Proto  Adresse locale  Adresse distante  État\nCarte réseau sans fil Wi-Fi\n Impossible d'obtenir les informations de propriétaire\n Média déconnecté\n Bail à même\n"
	spanish   = "Configuración IP de Windows\nAdaptador de LAN inalámbrica\nVínculo: dirección IPv6\nMáscara de subred\nTamaño\nDirección física\n"
	brazil    = "Conexões ativas\n  Endereço local  Endereço externo\nNo vínculo\nConcessão Obtida\nServidores DNS não\nMáscara de Sub-rede\nEndereço Físico\n"
	russian   = "Активные подключения\n  Имя    Локальный адрес   Внешний адрес   Состояние   PID\nСетевой адрес  Маска сети\nПодключение по локальной сети\n"
	japanese_ = "アクティブな接続\n  プロトコル  ローカル アドレス  外部アドレス  状態\nイーサネット アダプター イーサネット:\n   物理アドレス. . . . . . . . . . .: 00-11\n IPv4 の統計\n"
	chinese   = "活动连接\n  协议  本地地址          外部地址        状态\n以太网适配器 以太网:\n   物理地址. . . . . . . . . . . . . : 00-11\n   媒体状态  . . . . : 媒体已断开连接\n"
	korean_   = "활성 연결\n  프로토콜  로컬 주소   외부 주소   상태\n이더넷 어댑터 이더넷:\n"
	taiwan    = "使用中連線\n  協定   本機位址   外部位址   狀態\n乙太網路卡 乙太網路:\n"
	czech     = "Konfigurace protokolu IP systému Windows\n   Stav média. . : odpojeno\n   Přípona DNS podle připojení . . . : \nAdaptér sítě Ethernet Příšerně žluťoučký kůň:\n"
	hungarian = "Aktív kapcsolatok\n   Alhálózati maszk  . . . : \nEthernet-adapter Erdő tűz:\n"
	greek     = "Προσαρμογέας Ethernet Τοπική σύνδεση:\n   Διεύθυνση IPv4. . . : 10.0.0.1\n   Προεπιλεγμένη πύλη . . :\n"
	turkish   = "Windows IP Yapılandırması\nEthernet bağdaştırıcısı Ethernet:\n   Bağlantıya özgü DNS Soneki . . . :\n   Açıklama. . . : Işık ğüşöç\n"
	polish    = "Połączenia aktywne\n  Protokół  Adres lokalny  Obcy adres  Stan\nKarta Ethernet Połączenie lokalne:\nŻądany\n"
)

func encode(t testing.TB, e encoding.Encoding, text string) []byte {
	t.Helper()
	raw, err := e.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestDecode(t *testing.T) {
	for _, c := range []struct {
		name, text string
		encoding   encoding.Encoding
	}{
		{charset.UTF8, german + russian, encoding.Nop},
		{charset.UTF8, french, unicode.UTF8BOM},
		{charset.UTF16LE, german + chinese + "\U0001F5A7", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)},
		{charset.UTF16BE, german + chinese, unicode.UTF16(unicode.BigEndian, unicode.UseBOM)},
		{charset.UTF16LE, german, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)},
		{charset.UTF16BE, russian + strings.Repeat("0.0.0.0:135 ", 20), unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)},
		{"cp850", german, charmap.CodePage850},
		{"cp850", german, charmap.CodePage437}, // the same bytes
		{"cp850", french, charmap.CodePage850},
		{"cp850", spanish, charmap.CodePage850},
		{"cp850", brazil, charmap.CodePage850},
		{"cp1252", german, charmap.Windows1252},
		{"cp1252", strings.ReplaceAll(french, "'", "’"), charmap.Windows1252},
		{"cp1252", spanish, charmap.Windows1252},
		{"cp1252", brazil, charmap.Windows1252},
		{"cp866", russian, charmap.CodePage866},
		{"cp1251", russian, charmap.Windows1251},
		{"cp932", japanese_, japanese.ShiftJIS},
		{"cp936", chinese, simplifiedchinese.GBK},
		{"cp850", "Café Bibliothèque Büro Español.exe\n", charmap.CodePage850}, // names alone, of no other page
		{"cp866", "Мои документы.exe\n", charmap.CodePage866},
		{"cp1251", "Подключение Wi-Fi\n", charmap.Windows1251},
		{"cp949", korean_, korean.EUCKR},
		{"cp950", taiwan, traditionalchinese.Big5},
		{"cp852", polish, charmap.CodePage852},
		{"cp1250", polish, charmap.Windows1250},
		{"cp852", czech, charmap.CodePage852},
		{"cp1250", czech, charmap.Windows1250},
		{"cp852", hungarian, charmap.CodePage852},
		{"cp1253", greek, charmap.Windows1253},
		{"cp1254", turkish, charmap.Windows1254},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, name := charset.Decode(encode(t, c.encoding, c.text))
			if name != c.name || string(got) != c.text {
				t.Errorf("%s, want %s:\n%s", name, c.name, got)
			}
		})
	}
}

// TestDecodeUnknown: what is written in other pages, or too short to tell, comes
// out as marks, never as other letters.
func TestDecodeUnknown(t *testing.T) {
	for name, raw := range map[string][]byte{
		// Names alone, without words of the tools.
		"949":                     encode(t, korean.EUCKR, "홍길동 홍보팀\n"),
		"950":                     encode(t, traditionalchinese.Big5, "王小明的電腦\n"),
		"852":                     encode(t, charmap.CodePage852, "Łódź Wałęsa\n"),
		"852, plausible in 850":   encode(t, charmap.CodePage852, "Paweł.exe\n"),
		"1250, plausible in 1252": encode(t, charmap.Windows1250, "Jiří.exe\n"),
		"737":                     []byte("\x92\xe6\xa4\x9b\x9c\xa9\x9e\n"),
		"1253":                    encode(t, charmap.Windows1253, "Σπύρος.exe\n"),
		"862":                     encode(t, charmap.CodePage862, "משרד ראשי\n"),
		"1255":                    encode(t, charmap.Windows1255, "משרד ראשי\n"),
		"1256":                    encode(t, charmap.Windows1256, "المكتب الرئيسي\n"),
		"874":                     encode(t, charmap.Windows874, "สำนักงานใหญ่\n"),
		// Words of two pages in one text.
		"two": append(encode(t, korean.EUCKR, korean_), encode(t, traditionalchinese.Big5, taiwan)...),
		// ê in 850, š in 1250: nothing else tells them apart from Û or ˆ.
		"noise":   {'a', 0xFF, 0x81, 'b', 0xFE},
		"half":    {'a', ' ', 0xFD},
		"mixture": append(encode(t, charmap.CodePage850, german), encode(t, charmap.CodePage866, russian)...),
	} {
		t.Run(name, func(t *testing.T) {
			got, page := charset.Decode(raw)
			if page != charset.Unknown {
				t.Errorf("told %s:\n%s", page, got)
			}
			if strings.Map(ascii, string(got)) != strings.Map(ascii, masked(raw)) || !utf8.Valid(got) {
				t.Errorf("%q", got)
			}
		})
	}
}

func ascii(r rune) rune {
	if r < 0x80 {
		return r
	}
	return '?'
}

func masked(raw []byte) string {
	var b strings.Builder
	for _, ch := range raw {
		b.WriteRune(ascii(rune(ch)))
	}
	return b.String()
}

// TestTables: the pages that x/text does not have.
func TestTables(t *testing.T) {
	for name, c := range map[string]struct{ text, raw string }{
		"cp737": {"Διεύθυνση IPv4 Ώρα\n", "\x83\xa0\x9c\xe7\x9f\xac\xa4\xa9\x9e IPv4 \xf0\xa8\x98\n"},
		"cp857": {"Ağ Geçidi İş ıI\n", "A\xa7 Ge\x87idi \x98\x9f \x8dI\n"},
	} {
		if got, page := charset.Decode([]byte(c.raw)); page != name || string(got) != c.text {
			t.Errorf("%s: %q", page, got)
		}
	}
}

// TestUnicodeKeeps: text that is UTF-8 already is not copied, and Unicode leaves
// code pages as they are.
func TestUnicodeKeeps(t *testing.T) {
	for _, raw := range [][]byte{[]byte(german), {}, []byte("a"), []byte("\x00\x00\x00\x00"), encode(t, charmap.CodePage850, german)} {
		got, _ := charset.Unicode(raw)
		if string(got) != string(raw) || len(raw) > 0 && &got[0] != &raw[0] {
			t.Errorf("%q became %q", raw, got)
		}
	}
}

func TestUTF16Ends(t *testing.T) {
	for raw, want := range map[string]string{
		"\xff\xfea\x00b":                 "a\uFFFD",
		"\xff\xfe\x00\xd8a\x00":          "\uFFFDa",
		"\xff\xfe\x3d\xd8":               "\uFFFD",
		"\xfe\xff\xd8\x3d\xdd\xa7\x00\n": string([]rune{0x1F5A7}) + "\n",
	} {
		if got, _ := charset.Unicode([]byte(raw)); string(got) != want {
			t.Errorf("%q became %q, want %q", raw, got, want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(german))
	f.Add(encode(f, charmap.CodePage866, russian))
	f.Add(encode(f, japanese.ShiftJIS, japanese_))
	f.Fuzz(func(t *testing.T, raw []byte) {
		text, name := charset.Decode(raw)
		if !utf8.Valid(text) {
			t.Errorf("%s: %q", name, text)
		}
		if again, _ := charset.Decode(raw); string(again) != string(text) {
			t.Error("decoded differently")
		}
	})
}
