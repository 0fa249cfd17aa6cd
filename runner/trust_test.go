package runner_test

import (
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"

	"github.com/fleetnet/fleetnet/inventory"
	"github.com/fleetnet/fleetnet/runner"
	"github.com/fleetnet/fleetnet/runner/sshtest"
)

// keysOf asks hosts for their keys and returns the results by name.
func keysOf(t *testing.T, hosts ...inventory.Host) map[string]runner.HostKeyResult {
	t.Helper()
	all := map[string]runner.HostKeyResult{}
	for res := range runner.New(quick()).HostKeys(t.Context(), hosts) {
		if _, twice := all[res.Host.Name]; twice {
			t.Errorf("two results of %s", res.Host.Name)
		}
		all[res.Host.Name] = res
	}
	return all
}

// brief reads "ssh-ed25519 unknown, ssh-rsa known".
func brief(r runner.HostKeyResult) string {
	if r.Err != nil {
		return r.Err.Error()
	}
	var keys []string
	for _, k := range r.Keys {
		keys = append(keys, k.Type+" "+string(k.Status))
	}
	return strings.Join(keys, ", ")
}

// threeKeys plays a host with a key of each type, to which nobody may log in.
func threeKeys(t *testing.T, l *lab) (h inventory.Host, keys [3]ssh.Signer) {
	t.Helper()
	ed, ec, rs := hostKeyTypes(t)
	return l.at("web1", playWith(t, sshtest.Host{Fault: sshtest.RefuseLogin}, ed, ec, rs)), [3]ssh.Signer{ed, ec, rs}
}

func TestHostKeysAndTrust(t *testing.T) {
	hermetic(t)
	noLeaks(t)
	other, _, _ := hostKeyTypes(t)
	for _, tt := range []struct {
		name    string
		lines   func(addr string, keys [3]ssh.Signer) string
		want    string // what the host shows
		trusted bool
		err     string // of Trust; none when empty
		hint    string
		added   int
	}{
		{
			name: "unknown", lines: func(string, [3]ssh.Signer) string { return "# nothing" },
			want: "ssh-ed25519 unknown, ecdsa-sha2-nistp256 unknown, ssh-rsa unknown", added: 3,
		},
		{
			name: "one is known", lines: func(addr string, keys [3]ssh.Signer) string {
				return knownhosts.Line([]string{addr}, keys[2].PublicKey())
			},
			want: "ssh-rsa known, ssh-ed25519 unknown, ecdsa-sha2-nistp256 unknown", trusted: true, added: 2,
		},
		{
			name: "changed", lines: func(addr string, _ [3]ssh.Signer) string {
				return "# note\n" + knownhosts.Line([]string{addr}, other.PublicKey())
			},
			want: "ssh-ed25519 changed, ecdsa-sha2-nistp256 changed, ssh-rsa changed", err: "the key has changed", hint: "ssh-keygen -f ",
		},
		{
			name: "one has changed", lines: func(addr string, keys [3]ssh.Signer) string {
				return knownhosts.Line([]string{addr}, keys[2].PublicKey()) + "\n" + knownhosts.Line([]string{addr}, other.PublicKey())
			},
			want: "ssh-rsa known, ssh-ed25519 changed, ecdsa-sha2-nistp256 unknown", err: "the key has changed", hint: "ssh-keygen -f ",
		},
		{
			name: "revoked", lines: func(addr string, keys [3]ssh.Signer) string {
				return "@revoked * " + authorized(keys[1].PublicKey()) + knownhosts.Line([]string{addr}, keys[0].PublicKey())
			},
			want: "ssh-ed25519 known, ecdsa-sha2-nistp256 revoked, ssh-rsa unknown", err: "is revoked by", hint: "do not use",
		},
		{
			name: "hashed", lines: func(string, [3]ssh.Signer) string {
				return knownhosts.HashHostname("other") + " " + strings.TrimSpace(authorized(other.PublicKey()))
			},
			want: "ssh-ed25519 unknown, ecdsa-sha2-nistp256 unknown, ssh-rsa unknown", added: 3,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := newLab(t)
			h, keys := threeKeys(t, l)
			write(t, l.knownHosts, tt.lines(addrOf(h), keys)) // without a line feed
			before, _ := os.ReadFile(l.knownHosts)
			res := keysOf(t, h)["web1"]
			if got := brief(res); got != tt.want || res.Trusted() != tt.trusted {
				t.Errorf("%s, trusted: %v, want %s", got, res.Trusted(), tt.want)
			}
			checkKeys(t, res, l.knownHosts, keys)
			if after, _ := os.ReadFile(l.knownHosts); string(after) != string(before) {
				t.Errorf("asking changed known_hosts: %s", after)
			}
			err := runner.Trust(res)
			after, _ := os.ReadFile(l.knownHosts)
			if tt.err != "" {
				wantError(t, err, runner.OpHostKey, tt.err, tt.hint)
				if string(after) != string(before) {
					t.Errorf("known_hosts was changed: %s", after)
				}
				return
			}
			if want := strings.Count(string(before)+"\n", "\n") + tt.added; err != nil || strings.Count(string(after), "\n") != want {
				t.Errorf("%v, want %d lines: %s", err, want, after)
			}
			if tt.name == "hashed" && strings.Count(string(after), "|1|") != 4 {
				t.Errorf("the names are not hashed: %s", after)
			}
			if res := keysOf(t, h)["web1"]; strings.Count(brief(res), "known") != 3 || strings.Contains(brief(res), "unknown") || !res.Trusted() {
				t.Errorf("afterwards: %s", brief(res))
			}
			if err := runner.Trust(res); err != nil { // it is all there
				t.Error(err)
			}
			if again, _ := os.ReadFile(l.knownHosts); string(again) != string(after) {
				t.Errorf("added twice: %s", again)
			}
			wantError(t, collect(t, quick(), h)["web1"].Err, runner.OpLogin, "refused with", "") // and no longer of the key
		})
	}
}

// checkKeys checks what is said of each key besides its status.
func checkKeys(t *testing.T, res runner.HostKeyResult, file string, keys [3]ssh.Signer) {
	t.Helper()
	for _, k := range res.Keys {
		i := slices.IndexFunc(keys[:], func(s ssh.Signer) bool { return s.PublicKey().Type() == k.Type })
		if k.Fingerprint != ssh.FingerprintSHA256(keys[i].PublicKey()) {
			t.Errorf("fingerprint of %s: %s", k.Type, k.Fingerprint)
		}
		if unknown := k.Status == runner.HostKeyUnknown; unknown != (k.File == file) || unknown != (k.Entry == "") || !unknown && !strings.HasPrefix(k.Entry, file+":") {
			t.Errorf("%+v", k)
		}
	}
}

// Bastions come first, and what is behind one that is not trusted says so.
func TestHostKeysBehindBastions(t *testing.T) {
	hermetic(t)
	noLeaks(t)
	outer, bastion, inner := newLab(t), newLab(t), newLab(t)
	outer.Forward, bastion.Forward = dialTCP, dialTCP
	first, second := outer.host("outer", sshtest.Host{}), bastion.host("bastion", sshtest.Host{})
	second.Jump = &first
	web1, web2 := inner.host("web1", sound()), inner.host("web2", sound())
	web1.Jump, web2.Jump = &second, &second
	write(t, bastion.knownHosts, "")
	write(t, inner.knownHosts, "")
	local := inventory.Host{Name: "here", Transport: inventory.TransportLocal}

	all := keysOf(t, web1, web2, local)
	if len(all) != 3 || !all["bastion"].Bastion || brief(all["bastion"]) != "ssh-ed25519 unknown" {
		t.Fatalf("%d results, of the bastion %s", len(all), brief(all["bastion"]))
	}
	wantError(t, all["web1"].Err, runner.OpJump, "bastion: host key: ", "fleetnet trust bastion")
	if err := runner.Trust(all["web1"]); !errors.Is(err, all["web1"].Err) {
		t.Errorf("trusting what was not seen: %v", err)
	}
	if err := runner.Trust(all["bastion"]); err != nil {
		t.Fatal(err)
	}
	all = keysOf(t, web1, web2)
	if len(all) != 2 || brief(all["web1"]) != "ssh-ed25519 unknown" || all["web1"].Bastion {
		t.Fatalf("%d results, %s", len(all), brief(all["web1"]))
	}
	var wg sync.WaitGroup
	for _, res := range all {
		wg.Go(func() {
			if err := runner.Trust(res); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for name, res := range collect(t, quick(), web1, web2) {
		if res.Err != nil {
			t.Errorf("%s: %v", name, res.Err)
		}
	}
}

func TestHostKeysOfHostsThatFail(t *testing.T) {
	hermetic(t)
	noLeaks(t)
	l := newLab(t)
	mute, web := l.host("mute", sshtest.Host{Fault: sshtest.HangBeforeBanner}), l.host("web", sshtest.Host{Fault: sshtest.NotSSH})
	closed, well := l.host("closed", sound()), l.host("well", sound())
	closed.Port = 1
	command := well
	command.Name, command.SSH.ProxyCommand = "command", "sh -c 'exit 3'"
	all := keysOf(t, mute, web, closed, well, command)
	wantError(t, all["mute"].Err, runner.OpHandshake, "the server said nothing", "")
	wantError(t, all["web"].Err, runner.OpHandshake, "not an SSH server", "")
	wantError(t, all["closed"].Err, runner.OpDial, "connection refused", "")
	wantError(t, all["command"].Err, runner.OpDial, "exit status 3", "")
	if !all["well"].Trusted() {
		t.Error(brief(all["well"]))
	}
}

// A host whose certificate is good needs no trust in its key.
func TestHostKeysOfCertifiedHost(t *testing.T) {
	hermetic(t)
	l := newLab(t)
	key, authority, _ := hostKeyTypes(t)
	cert := &ssh.Certificate{Key: key.PublicKey(), CertType: ssh.HostCert, ValidPrincipals: []string{"web1"}, ValidBefore: ssh.CertTimeInfinity}
	if err := cert.SignCert(rand.Reader, authority); err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewCertSigner(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	h := l.at("web1", playWith(t, sound(), signer, key))
	write(t, l.knownHosts, "@cert-authority * "+authorized(authority.PublicKey()))
	res := keysOf(t, h)["web1"]
	if !strings.Contains(brief(res), "ssh-ed25519-cert-v01@openssh.com known") || !res.Trusted() {
		t.Error(brief(res))
	}
	if k := res.Keys[0]; k.Entry != l.knownHosts+":1" || k.Fingerprint != ssh.FingerprintSHA256(key.PublicKey()) {
		t.Errorf("%+v", k)
	}
	h.Name = "web2"
	wantError(t, keysOf(t, h)["web2"].Err, runner.OpHostKey, "not in the set of valid principals", "")
}

// A real sshd shows all its keys, and what is added is what ssh-keyscan finds.
func TestHostKeysOfSSHD(t *testing.T) {
	hermetic(t)
	s := startSSHD(t)
	h := s.host("web1")
	known, _ := os.ReadFile(s.knownHosts)
	h.KnownHosts = []string{filepath.Join(t.TempDir(), "new", "known_hosts")}
	if err := runner.Trust(keysOf(t, h)["web1"]); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(h.KnownHosts[0]); string(got) != string(known) {
		t.Errorf("%s\nwant %s", got, known)
	}
	if strings.Contains(s.log.String(), "Accepted") {
		t.Error("somebody has logged in")
	}
}
