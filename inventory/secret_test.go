package inventory_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/fleetnet/fleetnet/inventory"
)

func TestParseSecret(t *testing.T) {
	for in, want := range map[string]struct {
		kind inventory.SecretKind
		arg  string
	}{
		"ask":               {inventory.SecretAsk, ""},
		"env:PASSWORD":      {inventory.SecretEnv, "PASSWORD"},
		"file:/run/pw":      {inventory.SecretFile, "/run/pw"},
		"cmd:pass show a:b": {inventory.SecretCmd, "pass show a:b"},
		"cmd: pass show ":   {inventory.SecretCmd, "pass show"},
	} {
		s, err := inventory.ParseSecret(in)
		kind, arg := s.Source()
		if err != nil || kind != want.kind || arg != want.arg || s.IsZero() {
			t.Errorf("ParseSecret(%q) = %s %q, %v", in, kind, arg, err)
		}
		var back inventory.Secret
		if text, err := s.MarshalText(); err != nil || back.UnmarshalText(text) != nil || !back.Equal(s) {
			t.Errorf("%q comes back as %s: %v", in, back, err)
		}
	}
	for _, in := range []string{"", "hunter2", "env:", "env: ", "file:", "plain:hunter2", "(hidden)", "ASK", "Env:X", "ask:hunter2"} {
		s, err := inventory.ParseSecret(in)
		if !errors.Is(err, inventory.ErrSecret) || !s.IsZero() {
			t.Errorf("ParseSecret(%q) = %s, %v", in, s, err)
		}
		if strings.Contains(fmt.Sprint(err), "hunter2") {
			t.Errorf("the error shows what may be the secret: %v", err)
		}
	}
}

// TestSecretIsNotShown looks for a stated secret in everything that could print a host.
func TestSecretIsNotShown(t *testing.T) {
	const secret = "hunter2-é"
	h := inventory.Host{Name: "a", Password: inventory.PlainSecret(secret), BecomePass: inventory.PlainSecret(secret)}
	h.Jump = &inventory.Host{Name: "b", Passphrase: inventory.PlainSecret(secret)}
	if _, got := h.Password.Source(); got != secret {
		t.Fatalf("the secret is %q", got)
	}
	values := map[string]any{
		"secret": h.Password, "pointer": &h.Password, "host": h, "host pointer": &h, "jump": *h.Jump, "list": []inventory.Host{h},
		"map": map[string]inventory.Secret{"a": h.Password}, "key": map[inventory.Secret]int{h.Password: 1}, "struct": struct{ S inventory.Secret }{h.Password},
		"any": []any{h.Password}, "field": struct{ s inventory.Secret }{h.Password}, "field of a field": struct{ h inventory.Host }{h},
		"pointers": struct{ h *inventory.Host }{&h},
	}
	spied := []string{secret, fmt.Sprintf("%x", secret), fmt.Sprintf("%X", secret), fmt.Sprintf("%+q", secret), fmt.Sprint([]byte(secret))}
	check := func(how, text string) {
		for _, spy := range spied {
			if strings.Contains(text, strings.Trim(spy, `"[]`)) {
				t.Fatalf("%s shows the secret: %s", how, text)
			}
		}
	}
	for name, v := range values {
		for verb := 'A'; verb <= 'z'; verb++ {
			for _, flags := range []string{"", "+", "#", "-20", " ", "020", "+#", "# "} {
				if verb == 'T' || verb == 'p' || verb > 'Z' && verb < 'a' {
					continue
				}
				format := "%" + flags + string(verb)
				check(format+" of "+name, fmt.Sprintf(format, v))
			}
		}
		check("Println of "+name, fmt.Sprintln(v))
		check("error of "+name, fmt.Errorf("login: %w: %v", errors.New("refused"), v).Error())
		if text, err := json.Marshal(v); err == nil {
			check("JSON of "+name, string(text))
		}
		if name != "key" {
			if text, err := yaml.Marshal(v); err == nil {
				check("YAML of "+name, string(text))
			}
		}
		var log strings.Builder
		slog.New(slog.NewTextHandler(&log, nil)).Info("host", "v", v)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("host", "v", v)
		check("log of "+name, log.String())
	}
	if other := inventory.PlainSecret(secret); !other.Equal(h.Password) || other.Equal(inventory.PlainSecret("")) || other.Equal(inventory.Secret{}) {
		t.Error("a secret is not equal to itself, or to another")
	}
	if got := fmt.Sprintf("%#v %s %q %d", h.Password, h.Password, h.Password, h.Password); got != "(hidden) (hidden) (hidden) (hidden)" {
		t.Errorf("a hidden secret is written %s", got)
	}
}

// A host that is stored comes back without the secret, but with sources that are none.
func TestSecretJSON(t *testing.T) {
	file, err := inventory.ParseSecret("file:/run/pw")
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(inventory.Host{Name: "a", Password: inventory.PlainSecret("hunter2"), BecomePass: file})
	if err != nil {
		t.Fatal(err)
	}
	var back inventory.Host
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if !back.Password.IsZero() || !back.BecomePass.Equal(file) {
		t.Errorf("%s comes back as %v and %v", text, back.Password, back.BecomePass)
	}
}

// A password where a source of one belongs is not repeated by the error.
func TestSecretErrors(t *testing.T) {
	_, err := inventory.Parse("h", []byte(`
defaults: {password: hunter2, passphrase: "plain:hunter2", become_password: [hunter2]}
groups: {g: {become_password: "ask:hunter2"}}
hosts:
  a: {password: "file:"}
  b: {jump: "ssh://me:hunter2@gw"}
  c: {password: ~}
`))
	want := "h:2:22: password: " + inventory.ErrSecret.Error() + "\n" +
		"h:2:43: passphrase: " + inventory.ErrSecret.Error() + "\n" +
		"h:2:77: become_password: expected a value, found a list\n" +
		"h:3:31: become_password: " + inventory.ErrSecret.Error() + "\n" +
		"h:5:17: password: " + inventory.ErrSecret.Error() + "\n" +
		"h:6:13: jump: a password in an ssh:// URL: it does not belong there\n" +
		"h:7:17: password has no value"
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
	if _, err := (inventory.Reader{}).FromNames(t.Context(), "a,ssh://me:hunter2@b"); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("%v", err)
	}
}
