package runner

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
)

// hide returns what is left of text, read in pieces.
func hide(t testing.TB, text, password string, read func(io.Reader) io.Reader) string {
	t.Helper()
	s := &session{stdout: read(strings.NewReader(text)), stderr: strings.NewReader("")}
	got, err := io.ReadAll(hiding(s, testNonce, newPlan([]fleetnet.Probe{{Name: "linux/ss", OS: "linux"}}), password).stdout)
	if err != nil {
		t.Fatal(err)
	}
	return string(got)
}

func TestHiding(t *testing.T) {
	for _, tt := range []struct{ name, password, text, want string }{
		{"none", "", "a password\n", "a password\n"},
		{"nothing to hide", "secret", "a line\nsecre", "a line\nsecre"},
		{"as it is", "secret", "secret\nthe secret, secretsecret", "(hidden)\nthe (hidden), (hidden)(hidden)"},
		{"begun twice", "aaab", "aaaab aaaaaab", "a(hidden) aaa(hidden)"},
		{"as the script has it", "it's", `become_password='` + string(encodePassword("it's")) + `'`, "become_password='(hidden)'"},
		{"in quotes", `p"a$s\ `, `'p"a$s\ ' p"a$s\`, `'(hidden)' p"a$s\`},
		{"a word of the frames", "linux/ss", "begin linux/ss user\n", "begin linux/ss user\n"},
		{"the nonce", testNonce[3:9], "@fleetnet " + testNonce + " done\n", "@fleetnet " + testNonce + " done\n"},
		{"too short to be told from others", "abc", "abc\n", "abc\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for name, read := range map[string]func(io.Reader) io.Reader{
				"bytes": iotest.OneByteReader, "halves": iotest.HalfReader, "late end": iotest.DataErrReader, "whole": func(r io.Reader) io.Reader { return r },
			} {
				if got := hide(t, tt.text, tt.password, read); got != tt.want {
					t.Errorf("%s: %q, want %q", name, got, tt.want)
				}
			}
		})
	}
}

// What cannot be the beginning of the password is passed on at once: the last
// frame does not wait for the end of the stream.
func TestHidingDoesNotWait(t *testing.T) {
	r, w := io.Pipe()
	defer w.Close()
	s := hiding(&session{stdout: r}, testNonce, newPlan(nil), "secret")
	go io.WriteString(w, "done\nsec")
	buf := make([]byte, 100)
	n, err := s.stdout.Read(buf)
	if err != nil || string(buf[:n]) != "done\n" {
		t.Errorf("%q, %v", buf[:n], err)
	}
}

func FuzzHiding(f *testing.F) {
	f.Add("secret", "a secsecretret b", 3)
	f.Add("a'a'", "a'a'a'\\0047a\\0047", 1)
	f.Fuzz(func(t *testing.T, password, text string, size int) {
		if len(password) < minHidden || strings.Contains(password, hidden) || strings.Contains(hidden, password) {
			return
		}
		whole := hide(t, text, password, func(r io.Reader) io.Reader { return r })
		pieces := hide(t, text, password, func(r io.Reader) io.Reader {
			return readerFunc(func(p []byte) (int, error) { return r.Read(p[:min(len(p), max(1, size))]) })
		})
		if whole != pieces {
			t.Errorf("%q in pieces, %q", pieces, whole)
		}
		for _, part := range strings.Split(whole, hidden) {
			if bytes.Contains([]byte(part), []byte(password)) {
				t.Errorf("%q holds %q", whole, password)
			}
		}
	})
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// entered reports whether the password may be sent to one more host now.
func entered(t *testing.T, p *passwords, s inventory.Secret) (leave func(passwordFate), err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
	defer cancel()
	return p.enter(ctx, s)
}

func TestPasswordsAreTriedOnAFew(t *testing.T) {
	p, ours, others := newPasswords(0), inventory.PlainSecret("ours"), inventory.PlainSecret("others")
	var leave [3]func(passwordFate)
	for i := range leave {
		leave[i], _ = entered(t, p, ours)
	}
	if _, err := entered(t, p, ours); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a fourth host at once: %v", err)
	}
	if _, err := entered(t, p, others); err != nil {
		t.Errorf("another password: %v", err)
	}
	leave[0](passwordUntried)
	again, err := entered(t, p, ours)
	if err != nil {
		t.Fatalf("after one that told nothing: %v", err)
	}
	again(passwordRefused)
	leave[1](passwordRefused)
	if _, err := entered(t, p, ours); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("after two refusals, with one host under way: %v", err)
	}
	leave[2](passwordRefused)
	if _, err := entered(t, p, ours); !errors.Is(err, errPasswordRefused) {
		t.Errorf("after three refusals: %v", err)
	}
}

func TestPasswordsThatWorkAreSentToAll(t *testing.T) {
	p, s := newPasswords(2), inventory.PlainSecret("ours")
	for range 2 { // refusals that are not in a row
		for _, fate := range []passwordFate{passwordRefused, passwordWorked} {
			leave, err := entered(t, p, s)
			if err != nil {
				t.Fatal(err)
			}
			leave(fate)
		}
	}
	for range 10 {
		if _, err := entered(t, p, s); err != nil {
			t.Fatal(err)
		}
	}
	unbounded := newPasswords(-1)
	for range 10 {
		leave, err := entered(t, unbounded, s)
		if err != nil {
			t.Fatal(err)
		}
		leave(passwordRefused)
	}
}
