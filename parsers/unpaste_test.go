package parsers

import "testing"

func TestUnpaste(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"nothing to undo", "tcp 0 0 10.0.0.5:22\n", "tcp 0 0 10.0.0.5:22\n"},
		{"entities", `users:((&quot;sshd&quot;,pid=8,fd=3)) &lt;-&gt;&nbsp;a&amp;lt;`, `users:(("sshd",pid=8,fd=3)) <-> a&lt;`},
		{"a quotation", "> a\n>\n> > b\n", "a\n\n> b\n"},
		{"a quotation of a quotation", ">> a\n> > b\n", "a\nb\n"},
		{"a prompt of ksh", "> a\nb\n", "> a\nb\n"},
		{"code of Markdown", "    a:\n\n      b\r\n    c", "a:\n\n  b\r\nc"},
		{"code behind a tab", "\ta\n\t b\n", "a\n b\n"},
		{"columns to the right", "  sl a\n   0: b\n", "  sl a\n   0: b\n"},
		{"a pager", "a\n--More--\nb\n--More--(12%)\r         \rc\n--More-- \b\b\b\b\b\b\b\b\b\bd\n", "a\n\nb\nc\nd\n"},
		{"colours", "\x1b[01;31mtcp\x1b[m\x1b[K 0\n", "tcp 0\n"},
		{"letters wiped out", "sa\bs -t\ban\n", "ss -an\n"},
		{"a prompt at the end", "a\nroot@web1:~# \n", "a\n\n"},
		{"a prompt alone", "root@web1:~# ", "root@web1:~# "},
		{"a command at the end", "a\nroot@web1:~# ss -tan\n", "a\nroot@web1:~# ss -tan\n"},
	}
	for _, tt := range tests {
		if got := string(Unpaste([]byte(tt.text))); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
