package runner

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetnet/fleetnet/inventory"
)

func secretOf(t *testing.T, s string) inventory.Secret {
	t.Helper()
	secret, err := inventory.ParseSecret(s)
	if err != nil {
		t.Fatalf("%s: %v", s, err)
	}
	return secret
}

func TestSecrets(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("HOME", dir)
	t.Setenv("FLEETNET_TEST_SECRET", "hunter2")
	t.Setenv("FLEETNET_TEST_EMPTY", "")
	for name, mode := range map[string]os.FileMode{"private": 0o600, "group": 0o640, "world": 0o604} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("hunter2\r\nand more\n"), mode); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		source, text, err, hint string
	}{
		{source: "ask", text: "an answer to sudo password"},
		{source: "env:FLEETNET_TEST_SECRET", text: "hunter2"},
		{source: "env:FLEETNET_TEST_NONE", err: "sudo password: the environment variable FLEETNET_TEST_NONE is not set", hint: "export"},
		{source: "env:FLEETNET_TEST_EMPTY", err: "sudo password: it is empty"},
		{source: "file:" + dir + "/private", text: "hunter2"},
		{source: "file:~/private", text: "hunter2"},
		{source: "file:" + dir + "/group", err: "others can read the file: its mode is 0640", hint: "chmod 600 " + dir + "/group"},
		{source: "file:" + dir + "/world", err: "its mode is 0604", hint: "chmod 600"},
		{source: "file:" + dir + "/none", err: "sudo password: open " + dir + "/none: no such file or directory"},
		{source: "cmd:echo hunter2; echo more", text: "hunter2"},
		{source: "cmd:printf hunter2; sleep 100 &", text: "hunter2"},
		{source: "cmd:yes hunter2 | head -c 300000", text: "hunter2"},
		{source: "cmd:true", err: "sudo password: it is empty"},
		{source: "cmd:vault read pw; echo no such vault >&2; exit 3", err: `the command "vault": exit status 3: "`},
		{source: "cmd:echo hunter2; echo bad hunter2 >&2; exit 3", err: `the command "echo": exit status 3`},
		{source: "cmd:PW=hunter2 nonsense", err: "the command: exit status 127"},
	} {
		s := newSecrets(t.Context(), func(_ context.Context, q Question) (string, error) { return "an answer to " + q.Text, nil })
		text, err := s.text(t.Context(), secretOf(t, tt.source), "sudo password")
		if tt.err == "" {
			if err != nil || text != tt.text {
				t.Errorf("%s: %q, %v", tt.source, text, err)
			}
			continue
		}
		if err == nil || text != "" || !strings.Contains(err.Error(), tt.err) || !strings.Contains(hintOf(err), tt.hint) {
			t.Errorf("%s: %q, %v (%s), want …%s… (%s)", tt.source, text, err, hintOf(err), tt.err, tt.hint)
		}
		if strings.Contains(err.Error()+hintOf(err), "hunter2") {
			t.Errorf("%s: the error tells the secret: %v", tt.source, err)
		}
	}
}

// Each secret is resolved once, however many ask and whatever comes of it, and
// one question is asked at a time.
func TestSecretsAreResolvedOnce(t *testing.T) {
	for _, fails := range []bool{false, true} {
		var asked, asking atomic.Int32
		s := newSecrets(t.Context(), func(_ context.Context, q Question) (string, error) {
			if asking.Add(1) > 1 {
				t.Error("two questions at a time")
			}
			defer asking.Add(-1)
			asked.Add(1)
			time.Sleep(time.Millisecond)
			if fails {
				return "", errors.New("end of file")
			}
			return q.Text, nil
		})
		count := filepath.Join(t.TempDir(), "count")
		command := secretOf(t, "cmd:echo once >> "+count+"; echo secret")
		var wg sync.WaitGroup
		for i := range 60 {
			wg.Go(func() {
				purpose := []string{"SSH password", "sudo password"}[i%2]
				text, err := s.text(t.Context(), secretOf(t, "ask"), purpose)
				if fails && err == nil || !fails && (err != nil || text != purpose) {
					t.Errorf("%q, %v", text, err)
				}
				if text, err := s.text(t.Context(), command, purpose); text != "secret" {
					t.Errorf("%q, %v", text, err)
				}
			})
		}
		wg.Wait()
		if n := asked.Load(); n != 2 {
			t.Errorf("asked %d times for two passwords", n)
		}
		if text, _ := os.ReadFile(count); string(text) != "once\n" {
			t.Errorf("the command ran: %q", text)
		}
	}
}

func TestNobodyToAsk(t *testing.T) {
	_, err := newSecrets(t.Context(), nil).text(t.Context(), secretOf(t, "ask"), "SSH password")
	if err == nil || err.Error() != "SSH password: there is nobody to ask" || !strings.Contains(hintOf(err), "terminal") {
		t.Errorf("%v (%s)", err, hintOf(err))
	}
}

// The time of a host stands still while a person thinks.
func TestPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		run, end := context.WithCancel(t.Context())
		defer end()
		s := newSecrets(run, func(context.Context, Question) (string, error) {
			time.Sleep(time.Hour)
			return "at last", nil
		})
		start := time.Now()
		over := errors.New("over")
		outer, stopOuter := withPatience(run, time.Minute, over)
		defer stopOuter()
		inner, stop := withPatience(outer, 50*time.Second, nil)
		defer stop()
		time.Sleep(20 * time.Second)
		if _, err := s.text(inner, secretOf(t, "ask"), "SSH password"); err != nil {
			t.Error(err)
		}
		<-inner.Done()
		if took := time.Since(start); took != time.Hour+50*time.Second {
			t.Errorf("the inner clock took %v", took)
		}
		<-outer.Done()
		if took := time.Since(start); took != time.Hour+time.Minute || context.Cause(outer) != over {
			t.Errorf("the outer clock took %v: %v", took, context.Cause(outer))
		}
	})
}

// A run that is cancelled does not wait for an answer.
func TestCancelledQuestion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		run, end := context.WithCancel(t.Context())
		s := newSecrets(run, func(ctx context.Context, _ Question) (string, error) {
			<-ctx.Done()
			return "", ctx.Err()
		})
		time.AfterFunc(time.Second, end)
		if _, err := s.text(run, secretOf(t, "ask"), "SSH password"); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		s.close()
	})
}
