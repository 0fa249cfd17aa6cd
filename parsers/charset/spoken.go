package charset

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/traditionalchinese"
)

// spoken is a code page whose letters make words in any text, so that it is told
// by the words which the tools of Windows print in its languages. Consoles in
// Hebrew, Arabic, Thai and other scripts that they cannot set print English, so
// that no page of those is told.
type spoken struct {
	name   string
	decode func(text []byte) (string, bool)
	script []*unicode.RangeTable
	words  []string
}

// The words of a language have letters in every one that no other page makes of
// the same bytes.
var (
	koreanWords  = []string{"어댑터", "프로토콜", "서브넷", "게이트웨이", "인터페이스"}
	taiwanWords  = []string{"乙太網路", "介面卡", "使用中連線", "本機位址", "外部位址", "子網路遮罩", "預設閘道", "網際網路"}
	centralWords = []string{
		"Połączeni", "połączeni", "odłączony", "włączon", // Polish
		"připojení", "Přípona", "Výchozí", "sítě", "protokolů", // Czech
		"átjáró", "Alhálózati", "Aktív", // Hungarian
	}
	greekWords   = []string{"Προσαρμογέας", "ιεύθυνση", "συνδέσεις", "Προεπιλεγμένη", "δικτύου"}
	turkishWords = []string{"bağdaştırıcısı", "Bağlantı", "Açıklama", "Geçidi", "Yapılandırma"}
)

func spokenPages() []spoken {
	latin, greek := []*unicode.RangeTable{unicode.Latin}, []*unicode.RangeTable{unicode.Greek}
	return []spoken{
		{"cp949", decoder(korean.EUCKR), []*unicode.RangeTable{unicode.Hangul, unicode.Han}, koreanWords},
		{"cp950", decoder(traditionalchinese.Big5), []*unicode.RangeTable{unicode.Han}, taiwanWords},
		{"cp852", decoder(charmap.CodePage852), latin, centralWords},
		{"cp1250", decoder(charmap.Windows1250), latin, centralWords},
		{"cp737", table(cp737), greek, greekWords},
		{"cp1253", decoder(charmap.Windows1253), greek, greekWords},
		{"cp857", table(cp857), latin, turkishWords},
		{"cp1254", decoder(charmap.Windows1254), latin, turkishWords},
	}
}

// westernWords are words of the tools in languages of western Europe that are the
// same in every page.
var westernWords = []string{
	"Connexions", "Adresse locale", "Carte ", "Passerelle", "Masque de", "Statistiques", "Itin", // French
	"Conexiones", "Adaptador", "Servidor", "Puerta de", "Estad", "Interfaz", "Sufijo", // Spanish, Portuguese
	"ativas", "Gateway", "Sufixo", "Rede", "Interface", // Portuguese
	"Connessioni", "Scheda", "Indirizz", "Statistiche", // Italian
	"Aktive ", "Verbindungen", "Adapter", "Adresse", "Schnittstelle", "Statistik", // German, Danish, Norwegian
	"Aktiva", "adress", "Undern", "Aktiiviset", "sovitin", "verbindingen", // Swedish, Finnish, Dutch
}

// saysWestern reports whether the tools speak a language of western Europe.
func saysWestern(text []byte) bool {
	for _, w := range westernWords {
		if bytes.Contains(text, []byte(w)) {
			return true
		}
	}
	return false
}

// tells reports whether the words of a text beyond ASCII are whole in the page,
// have letters of its script alone, and one of those of the tools among them.
func (s spoken) tells(words []byte) bool {
	decoded, ok := s.decode(words)
	return ok && !strings.ContainsFunc(decoded, s.strange) &&
		slices.ContainsFunc(s.words, func(w string) bool { return strings.Contains(decoded, w) })
}

// strange holds for what the tools do not print in the page's languages.
func (s spoken) strange(r rune) bool {
	return r >= utf8.RuneSelf && !unicode.In(r, s.script...) && !strings.ContainsRune(westernMarks, r) &&
		!(r >= 0x3001 && r <= 0x3011) && !(r >= 0xFF01 && r <= 0xFF5E) && r != 'ー'
}

// decodeSpoken returns the text in the one page that tells it, and its name.
func decodeSpoken(text []byte, words [][]byte) (decoded, name string, ok bool) {
	joined := bytes.Join(words, []byte(" "))
	for _, s := range spokenPages() {
		if !s.tells(joined) {
			continue
		}
		d, whole := s.decode(text)
		if !whole || ok && d != decoded {
			return "", "", false
		}
		if !ok {
			decoded, name, ok = d, s.name, true
		}
	}
	return decoded, name, ok
}

func decoder(e encoding.Encoding) func([]byte) (string, bool) {
	return func(text []byte) (string, bool) {
		decoded, err := e.NewDecoder().Bytes(text)
		return string(decoded), err == nil && !bytes.ContainsRune(decoded, utf8.RuneError)
	}
}

// table decodes with the upper half of a code page of one byte.
func table(upper string) func([]byte) (string, bool) {
	letters := []rune(upper)
	return func(text []byte) (string, bool) {
		var b strings.Builder
		whole := true
		for _, ch := range text {
			r := rune(ch)
			if ch >= 0x80 {
				r = letters[ch-0x80]
				whole = whole && r != utf8.RuneError
			}
			b.WriteRune(r)
		}
		return b.String(), whole
	}
}

// The upper halves of code pages 737 (Greek) and 857 (Turkish), as the Unicode
// consortium maps them (CP737.TXT, CP857.TXT).
const (
	cp737 = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρσςτυφχψ░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀ωάέήϊίόύϋώΆΈΉΊΌΎΏ±≥≤ΪΫ÷≈°∙·√ⁿ²■\u00a0"
	cp857 = "ÇüéâäàåçêëèïîıÄÅÉæÆôöòûùİÖÜø£ØŞşáíóúñÑĞğ¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ºªÊËÈ\uFFFDÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµ\uFFFD×ÚÛÙìÿ¯´\u00ad±\uFFFD¾¶§÷¸°¨·¹³²■\u00a0"
)
