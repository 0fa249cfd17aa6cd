package parsers

import (
	"bytes"
	"regexp"
)

// MaxPaste bounds what is taken for something that was pasted: more is a file
// that a program wrote.
const MaxPaste = 8 << 20

// marks are what tells that a text was not left as a tool printed it.
var marks = [][]byte{[]byte("&lt;"), []byte("&gt;"), []byte("&quot;"), []byte("&#"), []byte("&nbsp;"), []byte("\u00a0"), []byte("--More--"), {'\x1b'}, {'\b'}}

// Unpaste undoes what web pages, mails, pagers and terminals did to a text:
//
//	users:((&quot;sshd&quot;,pid=812,fd=3)) &lt;-&gt;     entities of HTML, blanks that do not break
//	> tcp    0    0 10.0.0.5:22 …                     the mark of a quotation, when it stands on every line
//	    tcp    0    0 10.0.0.5:22 …                   the indentation of Markdown's code, likewise
//	--More--(12%)                                     and what a pager prints over it
//	ESC[01;31mtcpESC[0m                               colours
//
// and takes away a prompt at the end, behind which nothing was typed. The lines
// keep their numbers.
func Unpaste(text []byte) []byte {
	if len(text) > MaxPaste {
		return text
	}
	for _, m := range marks {
		if bytes.Contains(text, m) {
			text = unmarked(text)
			break
		}
	}
	return withoutLastPrompt(unindented(unquoted(text)))
}

var (
	entities = map[string]string{"&lt;": "<", "&gt;": ">", "&quot;": `"`, "&#34;": `"`, "&#39;": "'", "&#x27;": "'", "&apos;": "'", "&nbsp;": " ", "&amp;": "&"}
	entity   = regexp.MustCompile(`&(lt|gt|quot|apos|nbsp|amp|#34|#39|#x27);`)
	// more is what more(1) and BusyBox leave: the prompt and what wipes it out.
	more = regexp.MustCompile(`(?m)^--More--(?:\(\d+%\)| \(\d+% of \d+ bytes\))?[ \x08]*(?:\r[ ]*\r?)?`)
)

// unmarked takes out the marks.
func unmarked(text []byte) []byte {
	text = colour.ReplaceAll(text, nil)
	text = more.ReplaceAll(text, nil)
	text = bytes.ReplaceAll(text, []byte("\u00a0"), []byte(" "))
	text = entity.ReplaceAllFunc(text, func(e []byte) []byte { return []byte(entities[string(e)]) })
	return wiped(text)
}

// wiped takes out the letters that a backspace wiped out.
func wiped(text []byte) []byte {
	if bytes.IndexByte(text, '\b') < 0 {
		return text
	}
	out := make([]byte, 0, len(text))
	for _, ch := range text {
		switch last := len(out) - 1; {
		case ch != '\b':
			out = append(out, ch)
		case last >= 0 && out[last] != '\n':
			out = out[:last]
		}
	}
	return out
}

// unquoted takes the mark of a quotation, or of one in another, off the lines
// when all have it.
func unquoted(text []byte) []byte {
	for range 3 {
		if !quoted(text) {
			break
		}
		text = quotation.ReplaceAll(text, nil)
	}
	return text
}

// quotation is the mark of one and the blank behind it.
var quotation = regexp.MustCompile(`(?m)^> ?`)

// quoted reports whether every line that is not blank has the mark.
func quoted(text []byte) bool {
	seen := false
	for line := range bytes.Lines(text) {
		if line = bytes.TrimSpace(line); len(line) > 0 && line[0] != '>' {
			return false
		}
		seen = seen || len(line) > 0
	}
	return seen
}

// leastIndent is what Markdown takes for code. No tool indents all of its lines
// as much.
const leastIndent = 4

// unindented takes the blanks, or the tabs, off that all lines begin with.
func unindented(text []byte) []byte {
	common := []byte(nil)
	for line := range bytes.Lines(text) {
		rest := bytes.TrimLeft(line, " \t")
		if blanks := line[:len(line)-len(rest)]; len(bytes.TrimSpace(rest)) == 0 {
			continue
		} else if common == nil {
			common = blanks
		} else {
			common = commonStart(common, blanks)
		}
		if len(common) < leastIndent && !bytes.HasPrefix(common, []byte{'\t'}) {
			return text
		}
	}
	if common == nil {
		return text
	}
	var out bytes.Buffer
	for line := range bytes.Lines(text) {
		out.Write(bytes.TrimPrefix(line, common))
	}
	return out.Bytes()
}

func commonStart(a, b []byte) []byte {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return a[:n]
}

// withoutLastPrompt blanks the last line when it is a prompt and nothing more.
func withoutLastPrompt(text []byte) []byte {
	end := bytes.TrimRight(text, " \t\r\n")
	at := bytes.LastIndexByte(end, '\n') + 1
	if p, ok := promptIn(string(end[at:])); at > 0 && ok && p.certain && p.typed == "" {
		return append(text[:at:at], '\n')
	}
	return text
}
