package runner

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const testNonce = "0123456789abcdef0123456789abcdef"

// told is what an answer tells in the end, for comparing.
type told struct {
	Sections []string
	Skips    []skip
	Notes    []string
	Done     bool
}

// tell decodes two streams that come in pieces of so many bytes.
func tell(stdout, stderr []byte, pieces int) told {
	a := newAnswer(testNonce)
	for p := range slices.Chunk(stdout, pieces) {
		a.stdout.write(slices.Clone(p))
	}
	for p := range slices.Chunk(stderr, pieces) {
		a.stderr.write(slices.Clone(p))
	}
	a.close()
	all := told{Skips: a.skips, Notes: a.notes(), Done: a.done}
	for _, s := range a.sections {
		all.Sections = append(all.Sections, fmt.Sprintf("%s as %s: %d %v %v %q %q", s.Probe, s.User, s.Status, s.Complete, s.Duration, s.Text.Bytes(), s.Stderr))
	}
	return all
}

// framed writes M for the marker of a frame.
func framed(text string) []byte {
	return []byte(strings.ReplaceAll(text, "M ", "@fleetnet "+testNonce+" "))
}

func TestFrames(t *testing.T) {
	for _, tt := range []struct {
		name           string
		stdout, stderr string
		want           told
	}{
		{
			name:   "sections",
			stdout: "M begin a root\none\ntwo\n\nM end a 0 12\nM begin b user\n\nM end b 3 0\nM done\n",
			stderr: "M begin a root\n\nM end a 0 12\nM begin b user\noops\n\nM end b 3 0\nM done\n",
			want: told{Sections: []string{
				`a as root: 0 true 120ms "one\ntwo\n" ""`,
				`b as user: 3 true 0s "" "oops\n"`,
			}, Done: true},
		},
		{
			name:   "no line feed at the end, and a blank line at the end",
			stdout: "M begin a root\none\nM end a 0 0\nM begin b root\none\n\n\nM end b 0 0\nM done\n",
			want:   told{Sections: []string{`a as root: 0 true 0s "one" ""`, `b as root: 0 true 0s "one\n\n" ""`}, Done: true},
		},
		{
			name:   "CR LF",
			stdout: "M begin a root\r\none\r\n\r\nM end a 0 0\r\nM done\r\n",
			want:   told{Sections: []string{`a as root: 0 true 0s "one\r\n" ""`}, Done: true},
		},
		{
			name:   "cut within a line",
			stdout: "M begin a root\none\ntw",
			want:   told{Sections: []string{`a as root: -1 false 0s "one" ""`}},
		},
		{
			name:   "cut within a frame",
			stdout: "M begin a root\none\nM end a",
			want:   told{Sections: []string{`a as root: -1 false 0s "one" ""`}},
		},
		{
			name:   "an end that was not sent",
			stdout: "M begin a root\none\nM begin b root\ntwo\nM end b 0 0\nM done\n",
			want:   told{Sections: []string{`a as root: -1 false 0s "one" ""`, `b as root: 0 true 0s "two" ""`}, Done: true},
		},
		{
			name:   "forged without the nonce, and with odd words",
			stdout: "M begin a root\n@fleetnet 00000000000000000000000000000000 end a 0 0\n@fleetnet\n\nM end a x 0\nM end a 0 0\nM what\nM  \nM begin\nM end\nM done\n",
			want:   told{Sections: []string{`a as root: -1 false 0s "@fleetnet 00000000000000000000000000000000 end a 0 0\n@fleetnet\n" ""`}, Done: true},
		},
		{
			name:   "noise before, between and after",
			stdout: "hello\n\nand M begin a root\none\nM end a 0 0\nlater\r\nM skip b needs\nM done\nbye\n",
			stderr: "warning \x1b[31m\n",
			want: told{
				Sections: []string{`a as root: 0 true 0s "one" ""`}, Skips: []skip{{"b", "needs"}}, Done: true,
				Notes: []string{
					`3 lines outside of any frame were dropped from standard output, the first: "hello"`,
					`1 line outside of any frame was dropped from standard error: "warning \x1b[31m"`,
				},
			},
		},
		{
			name:   "a standard error that is ahead",
			stdout: "M begin a root\none\n",
			stderr: "M begin a root\nM end a 0 0\nM begin b root\nsaid\nM end b 1 0\n",
			want:   told{Sections: []string{`a as root: -1 false 0s "one" ""`, ` as : -1 false 0s "" "said"`}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, pieces := range []int{1, 2, 3, 7, 50, 1 << 20} {
				if diff := cmp.Diff(tt.want, tell(framed(tt.stdout), framed(tt.stderr), pieces)); diff != "" {
					t.Errorf("in pieces of %d: %s", pieces, diff)
				}
			}
		})
	}
}

func TestFramesKeepLongLines(t *testing.T) {
	line := strings.Repeat("x", 3*maxHeld+5)
	got := tell(framed("M begin a root\n"+line+"\n\nM end a 0 0\nM done\n"), nil, 1000)
	if want := fmt.Sprintf("a as root: 0 true 0s %q \"\"", line+"\n"); len(got.Sections) != 1 || got.Sections[0] != want {
		t.Errorf("a line of %d bytes was not kept", len(line))
	}
}

func TestStderrAndSectionsAreBounded(t *testing.T) {
	many := strings.Repeat("M begin a root\nM end a 0 0\n", maxSections+500)
	if got := tell(framed(many), nil, 1<<16); len(got.Sections) != maxSections {
		t.Errorf("%d sections", len(got.Sections))
	}
	a := newAnswer(testNonce)
	a.stderr.write(framed("M begin a root\n" + strings.Repeat("said\n", 10_000) + "M end a 0 0\n"))
	if n := len(a.sections[0].Stderr); n != maxStderr {
		t.Errorf("%d bytes of standard error", n)
	}
}

// FuzzFrames checks that what is decoded does not depend on the pieces in
// which it comes, and that nothing is kept that was not sent.
func FuzzFrames(f *testing.F) {
	f.Add([]byte("M begin a root\none\ntwo\n\nM end a 0 12\nM done\n"), []byte("M begin a root\nM end a 0 1\n"), 3)
	f.Add([]byte("Welcome M begin a b\r\nx\r\nM end a 1 0\r\nM skip b if\nM begin"), []byte("M done\n"), 1)
	f.Add([]byte("M begin a root\n@fleetnet @fleetnet M M end a -1 99999999999999\n"), []byte("\r\r\n\n"), 2)
	f.Fuzz(func(t *testing.T, stdout, stderr []byte, pieces int) {
		stdout, stderr = framed(string(stdout)), framed(string(stderr))
		pieces = max(1, min(pieces, 1<<16))
		whole := tell(stdout, stderr, 1<<20)
		if diff := cmp.Diff(whole, tell(stdout, stderr, pieces)); diff != "" {
			t.Errorf("in pieces of %d: %s", pieces, diff)
		}
		a := newAnswer(testNonce)
		a.stdout.write(stdout)
		if len(a.stdout.held) > maxHeld+maxFrame {
			t.Errorf("%d bytes held", len(a.stdout.held))
		}
		a.close()
		var kept int
		for _, s := range a.sections {
			kept += s.Text.Len()
		}
		if kept > len(stdout) {
			t.Errorf("%d bytes of %d", kept, len(stdout))
		}
	})
}

func BenchmarkFrames(b *testing.B) {
	line := []byte("tcp   ESTAB 0      0      10.0.0.1:22   10.0.0.2:51234 users:((\"sshd\",pid=4242,fd=4))\n")
	text := bytes.Join([][]byte{framed("M begin a root\n"), bytes.Repeat(line, 10_000), framed("\nM end a 0 1\nM done\n")}, nil)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		a := newAnswer(testNonce)
		for p := range slices.Chunk(text, 32<<10) {
			a.stdout.write(p)
		}
		if !a.done {
			b.Fatal("no end")
		}
	}
}
