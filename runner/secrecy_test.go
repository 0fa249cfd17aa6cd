package runner_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
	"github.com/fleetnet/fleetnet/runner"
	"github.com/fleetnet/fleetnet/runner/sshtest"
)

// echoing is a host that prints what it was sent wherever it can, and then
// breaks off, if it is to.
func echoing(password string, breaks bool) sshtest.Answer {
	return func(script []byte) sshtest.Reply {
		r := sshtest.Sections(
			sshtest.Framed{Probe: "linux/plain", User: "sudo", Stdout: "row " + password + "\nbad " + password + "\n", Stderr: "said " + password + "\n"},
			sshtest.Framed{Probe: "linux/piped", User: "sudo", Stdout: "bad\n", Stderr: "sudo: no " + password + "\n", Status: 1},
			sshtest.Framed{Probe: "linux/piped", Stdout: "bad " + password + "\n", Stderr: "said " + password + "\n", Status: 1},
		)(script)
		end := bytes.LastIndex(r.Stdout, []byte("\n@fleetnet"))
		if breaks {
			r.Stdout = append(r.Stdout[:end:end], "\n@fleetnet "+sshtest.Nonce(script)+" begin "+password+" user\n"+password+"\n"...)
		}
		r.Stdout = append(append(bytes.Clone(script), r.Stdout...), password...)
		r.Stderr = append(append(bytes.Clone(script), r.Stderr...), password...)
		return r
	}
}

// tellTale returns all that the run told of its hosts, as a report could show it.
func tellTale(t *testing.T, live map[string]runner.Result) string {
	t.Helper()
	var all strings.Builder
	for _, res := range live {
		text, err := json.Marshal(res.Snapshot)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&all, "%s\n%v\n%s\n%s\n%+v\n%#v\n", text, res.Notes, errorText(res.Err), names(res.Snapshot), res.Host, res.Host)
		text, _ = json.Marshal(res.Host)
		all.Write(text)
	}
	return all.String()
}

// leaks says which of the secrets stands in a text, as it is or as scripts have it.
func leaks(text string, secrets ...string) string {
	for _, s := range secrets {
		if i := strings.Index(text, s); i >= 0 {
			return fmt.Sprintf("%q in …%q…", s, text[max(0, i-60):min(len(text), i+60)])
		}
	}
	return ""
}

func TestNothingKeepsASecret(t *testing.T) {
	hermetic(t)
	become, encoded := `be come'"$pass`, `be\0040come\0047\0042\0044pass`
	secrets := []string{become, encoded, "login-secret", "phrase-secret", "variable-secret", "jump-secret", "/keys/of/mine", "proxy-of-mine"}
	l := newLab(t)
	secretive := func(h inventory.Host, login string) inventory.Host {
		h.Password, h.Passphrase, h.BecomePass = inventory.PlainSecret(login), inventory.PlainSecret("phrase-secret"), inventory.PlainSecret(become)
		h.SSH.Alias, h.SSH.Certificates = "proxy-of-mine", []string{"/keys/of/mine"}
		return h
	}
	whole := secretive(l.host("whole", sshtest.Host{Answer: echoing(become, false)}), "login-secret")
	whole.Become, whole.Vars = "sudo", map[string]any{"ansible_password": "variable-secret", "rack": "r7"}
	broken := secretive(l.host("broken", sshtest.Host{Answer: echoing(become, true)}), "login-secret")
	broken.Become = "sudo"
	mute := secretive(l.host("mute", sshtest.Host{Answer: func(script []byte) sshtest.Reply { return sshtest.Reply{Stderr: script, Status: 1} }}), "login-secret")
	mute.Become = "su"
	jump := secretive(l.host("jump", sound()), "jump-secret")
	jumping := l.host("jumping", sound())
	jumping.Jump = &jump
	cfg := runner.Config{Probes: idProbes()}
	dir, live := record(t, cfg, []inventory.Host{whole, broken, mute, jumping})
	if leak := leaks(tellTale(t, live), become, encoded); leak != "" {
		t.Errorf("a result tells %s", leak)
	}
	if rows := names(live["whole"].Snapshot); rows != "row (hidden)" {
		t.Errorf("rows %q", rows)
	}
	checkFiles(t, dir, secrets)
}

// checkFiles checks that no file of a recording holds a secret.
func checkFiles(t *testing.T, dir string, secrets []string) {
	t.Helper()
	files := 0
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		text, err := os.ReadFile(filepath.Join(dir, path))
		if leak := leaks(string(text), secrets...); leak != "" {
			t.Errorf("%s tells %s", path, leak)
		}
		return err
	})
	if err != nil || files < 3 {
		t.Errorf("%d files, %v", files, err)
	}
}

// A password shows in no list of processes, no environment, and in nothing that
// a shell tells of what it does; and no part of the script needs a file.
func TestPasswordIsNotSeenOnTheHost(t *testing.T) {
	needsBox(t, "sudo", "grep")
	hermetic(t)
	const password = "s3cretword's"
	seen := probe("seen", "seen", `cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\0' '\n' | grep -c 's3cret[w]ord'; id -un`)
	seen.Root = true
	for _, become := range []string{"sudo", "su"} {
		for _, shell := range [][]string{{"sh", "-xv"}, {"bash", "-a", "-x", "-v"}, {"ksh", "-a", "-x"}, {"mksh", "-x", "-v"}} {
			t.Run(become+" in "+strings.Join(shell, " "), func(t *testing.T) {
				if _, err := exec.LookPath(shell[0]); err != nil {
					t.Skip("not installed")
				}
				l := newLab(t)
				var raw atomic.Value
				answer := box(t, password, "echo 'ops ALL=(ALL) ALL' >>/etc/sudoers", shell...)
				h := l.host("web1", sshtest.Host{Answer: func(script []byte) sshtest.Reply {
					reply := answer(script)
					raw.Store(string(reply.Stdout) + string(reply.Stderr))
					return reply
				}})
				h.Become, h.BecomePass = become, inventory.PlainSecret(password)
				res := collect(t, runner.Config{Probes: []fleetnet.Probe{seen}}, h)["web1"]
				if res.Err != nil || names(res.Snapshot) != "0 root" {
					t.Errorf("%v, %q", res.Err, names(res.Snapshot))
				}
				if leak := leaks(raw.Load().(string), "s3cretword"); leak != "" {
					t.Errorf("the host printed %s", leak)
				}
			})
		}
	}
}

func TestScriptsHaveNoHereDocuments(t *testing.T) {
	for _, become := range []string{"sudo", "doas", "su"} {
		for _, password := range []bool{false, true} {
			script := runner.Script(idProbes(), runner.ScriptOptions{Become: become, Password: password})
			if strings.Contains(script, "<<") {
				t.Errorf("%s: old shells make files of here-documents:\n%s", become, script)
			}
			if got, want := strings.Count(script, "PASSWORD"), map[bool]int{true: 1}[password && become != "doas"]; got != want {
				t.Errorf("%s: PASSWORD stands there %d times, want %d", become, got, want)
			}
		}
	}
}

// sent matches the password of a script.
var sent = regexp.MustCompile(`(?m)^become_password='(.*)'$`)

// A wrong password is sent to three hosts of many, and a replay says the same.
func TestWrongPasswordIsNotSentAround(t *testing.T) {
	hermetic(t)
	l := newLab(t)
	var tries atomic.Int32
	answer := func(script []byte) sshtest.Reply {
		sections := []sshtest.Framed{{Probe: "linux/plain", Stdout: "row\n"}, {Probe: "linux/piped", Stdout: "row\n"}, {Probe: "linux/user", Stdout: "row\n"}}
		if sent.Match(script) {
			tries.Add(1)
			refused := sshtest.Framed{Probe: "linux/plain", User: "sudo", Stderr: "Sorry, try again.\nsudo: 1 incorrect password attempt\n", Status: 1}
			sections = append([]sshtest.Framed{refused}, sections...)
		}
		return sshtest.Sections(sections...)(script)
	}
	var hosts []inventory.Host
	for i := range 12 {
		h := l.host(fmt.Sprintf("web%d", i), sshtest.Host{Answer: answer})
		h.Become, h.BecomePass = "sudo", inventory.PlainSecret("wrong")
		hosts = append(hosts, h)
	}
	cfg := runner.Config{Probes: idProbes()}
	dir, live := record(t, cfg, hosts)
	if n := tries.Load(); n != 3 {
		t.Errorf("the password was sent to %d hosts", n)
	}
	reasons := map[string]int{}
	for _, res := range live {
		if res.Err != nil || names(res.Snapshot) != "row row row" {
			t.Errorf("%v, %s", res.Err, names(res.Snapshot))
		}
		reasons[res.Snapshot.Known("settings", "value").Reason]++
	}
	if reasons["not root: the become password was refused by 3 hosts in a row, and is sent to no more"] != 9 || len(reasons) != 2 {
		t.Errorf("reasons %v", reasons)
	}
	rec, err := runner.OpenRecording(dir)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Replay = rec
	for name, again := range collect(t, cfg, rec.Hosts()...) {
		if diff := cmp.Diff(live[name], again, sameResults, cmpopts.IgnoreFields(inventory.Host{}, "BecomePass")); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// A password that cannot be had leaves the host to be asked without it.
func TestPasswordThatCannotBeHad(t *testing.T) {
	hermetic(t)
	l := newLab(t)
	h := l.host("web1", sshtest.Host{Answer: func(script []byte) sshtest.Reply {
		if sent.Match(script) || bytes.Contains(script, []byte("sudo")) {
			return sshtest.Reply{Status: 1}
		}
		return sshtest.Sections(sshtest.Framed{Probe: "linux/plain", Stdout: "row\n"})(script)
	}})
	h.Become = "sudo"
	for text, reason := range map[string]string{
		"env:FLEETNET_TEST_NOT_SET":   "not root: become password: the environment variable FLEETNET_TEST_NOT_SET is not set",
		"cmd:printf 'a\\0b'":          "not root: become password: it holds a line feed or a NUL",
		"file:/no/such/file":          "not root: become password: open /no/such/file: no such file or directory",
		"cmd:echo secret >&2; exit 3": "not root: become password: ",
	} {
		secret, err := inventory.ParseSecret(text)
		if err != nil {
			t.Fatal(err)
		}
		h.BecomePass = secret
		res := collect(t, runner.Config{Probes: idProbes()}, h)["web1"]
		if res.Err != nil || names(res.Snapshot) != "row" {
			t.Errorf("%s: %v, %s", text, res.Err, names(res.Snapshot))
			continue
		}
		if got := res.Snapshot.Known("settings", "value").Reason; !strings.HasPrefix(got, reason) {
			t.Errorf("%s: %s", text, got)
		}
	}
}

// On this machine, too, the environment of commands holds no password.
func TestLocalEnvironmentHoldsNoPassword(t *testing.T) {
	asUser(t, "1000", `cat >/dev/null; shift; shift; shift; shift; AS=root exec "$@"`)
	t.Setenv("FLEETNET_TEST_BECOME", "s3cretword")
	secret, err := inventory.ParseSecret("env:FLEETNET_TEST_BECOME")
	if err != nil {
		t.Fatal(err)
	}
	p := probe("env", "env", `env | grep -c s3cretword; echo "$AS"`)
	p.Root = true
	res := collect(t, runner.Config{Probes: []fleetnet.Probe{p}}, inventory.Host{Name: "here", Transport: "local", Become: "sudo", BecomePass: secret})["here"]
	if res.Err != nil || names(res.Snapshot) != "0 root" {
		t.Errorf("%v, %q", res.Err, names(res.Snapshot))
	}
}
