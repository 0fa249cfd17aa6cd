package inventory

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// sshSituation is a configuration for which ssh -G and we must say the same of
// every host. DIR in its texts is the folder of its files.
type sshSituation struct {
	name    string
	config  string
	files   map[string]string
	hosts   string // with blanks between
	user    string // said by the inventory
	port    int
	options []sshOption
	env     map[string]string
}

// TestSSHConfigAsOpenSSH compares every honoured keyword of many situations with
// what ssh -G says.
func TestSSHConfigAsOpenSSH(t *testing.T) {
	needSSH(t)
	for _, s := range sshSituations() {
		t.Run(s.name, func(t *testing.T) {
			for k, v := range s.env {
				t.Setenv(k, v)
			}
			dir := t.TempDir()
			for name, text := range s.files {
				writeSSHFile(t, filepath.Join(dir, name), strings.ReplaceAll(text, "DIR", dir))
			}
			path := filepath.Join(dir, "config")
			writeSSHFile(t, path, strings.ReplaceAll(s.config, "DIR", dir))
			c, err := OpenSSHConfig(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range strings.Fields(s.hosts) {
				compareHost(t, c, s, path, name)
			}
		})
	}
}

// compareHost compares one host.
func compareHost(t *testing.T, c *SSHConfig, s sshSituation, path, name string) {
	t.Helper()
	d := &draft{Host: Host{Name: name, User: s.user, Port: s.port}, options: s.options}
	want := sshG(t, c.questions(c.newEval(d, stopUndecided), d)...)
	if _, err := c.apply(t.Context(), d); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if d.SSH.Refused != "" {
		t.Fatalf("%s is refused: %s", name, d.SSH.Refused)
	}
	ours := filepath.Join(filepath.Dir(path), "ours")
	writeSSHFile(t, ours, renderSSH(d))
	got := sshG(t, "-F", ours, "--", name)
	if diff := cmp.Diff(effective(want), effective(got)); diff != "" {
		t.Errorf("%s (-ssh +ours):\n%s\nwe say:\n%s", name, diff, renderSSH(d))
	}
}

// renderSSH writes what a draft says as an ssh_config.
func renderSSH(d *draft) string {
	var b strings.Builder
	say := func(keyword string, values ...string) {
		for _, v := range values {
			if v != "" && v != "0" {
				fmt.Fprintf(&b, "%s %s\n", keyword, v)
			}
		}
	}
	quote := func(list []string) string {
		out := slices.Clone(list)
		for i, s := range out {
			out[i] = `"` + strings.NewReplacer("%", "%%", `"`, `\"`, `'`, `\'`, `\`, `\\`).Replace(s) + `"`
		}
		return strings.Join(out, " ")
	}
	no := func(keyword string, off bool) {
		if off {
			say(keyword, "no")
		}
	}
	yes := func(keyword string, on bool) {
		if on {
			say(keyword, "yes")
		}
	}
	say("HostName", strings.ReplaceAll(d.Addr, "%", "%%"))
	say("Port", fmt.Sprint(d.Port))
	if d.User != "" {
		say("User", strings.ReplaceAll(quote([]string{d.User}), "%%", "%"))
	}
	for _, f := range d.IdentityFiles {
		say("IdentityFile", quote([]string{f}))
	}
	for _, f := range d.SSH.Certificates {
		say("CertificateFile", quote([]string{f}))
	}
	say("UserKnownHostsFile", quote(d.KnownHosts))
	say("GlobalKnownHostsFile", quote(d.SSH.GlobalKnownHosts))
	say("ProxyJump", renderJump(d.jump))
	say("ProxyCommand", strings.ReplaceAll(d.SSH.ProxyCommand, "%", "%%"))
	say("ControlPath", quote(slices.DeleteFunc([]string{d.SSH.ControlPath}, isEmpty)))
	say("IdentityAgent", quote(slices.DeleteFunc([]string{d.SSH.IdentityAgent}, isEmpty)))
	say("HostKeyAlias", d.SSH.HostKeyAlias)
	say("StrictHostKeyChecking", d.SSH.StrictHostKeyChecking)
	say("HostKeyAlgorithms", d.SSH.HostKeyAlgorithms)
	say("KexAlgorithms", d.SSH.KexAlgorithms)
	say("Ciphers", d.SSH.Ciphers)
	say("MACs", d.SSH.MACs)
	say("PubkeyAcceptedAlgorithms", d.SSH.PubkeyAcceptedAlgorithms)
	yes("IdentitiesOnly", d.SSH.IdentitiesOnly)
	yes("BatchMode", d.SSH.BatchMode)
	no("PubkeyAuthentication", d.SSH.NoPubkey)
	no("PasswordAuthentication", d.SSH.NoPassword)
	no("KbdInteractiveAuthentication", d.SSH.NoKeyboardInteractive)
	say("PreferredAuthentications", d.SSH.PreferredAuth)
	say("ConnectTimeout", fmt.Sprint(int(d.SSH.ConnectTimeout/time.Second)))
	say("ConnectionAttempts", fmt.Sprint(d.SSH.ConnectionAttempts))
	say("ServerAliveInterval", fmt.Sprint(int(d.SSH.ServerAliveInterval/time.Second)))
	say("ServerAliveCountMax", fmt.Sprint(d.SSH.ServerAliveCountMax))
	say("AddressFamily", d.SSH.AddressFamily)
	say("BindAddress", d.SSH.BindAddress)
	return b.String()
}

func isEmpty(s string) bool { return s == "" }

func renderJump(d *draft) string {
	if d == nil {
		return ""
	}
	out := d.Name
	if strings.Contains(out, ":") {
		out = "[" + out + "]"
	}
	if d.User != "" {
		out = d.User + "@" + out
	}
	if d.Port != 0 {
		out += fmt.Sprintf(":%d", d.Port)
	}
	if d.jump != nil {
		return renderJump(d.jump) + "," + out
	}
	return out
}

// effective returns the lines of ssh -G that tell honoured keywords, with
// paths from the root and tokens of paths expanded.
func effective(text string) map[string]string {
	honoured := map[string]bool{}
	for _, k := range sshKeywords() {
		honoured[strings.ToLower(k.name)] = k.fate == sshHonoured && k.fill != nil
	}
	honoured["ignoreunknown"], honoured["host"], honoured["tag"] = false, false, false
	home := newSSHLocal().home
	out, tokens := map[string]string{}, map[string]string{}
	for line := range strings.Lines(text) {
		word, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch word {
		case "user", "hostname", "port":
			tokens[word[:1]] = value
		}
		if !honoured[word] || strings.Contains(value, "~/.ssh/id_xmss") || word == "connecttimeout" && value == "0" {
			continue
		}
		value = strings.ReplaceAll(" "+value, " ~/", " "+home+"/")
		if word == "identityfile" || word == "certificatefile" || word == "proxycommand" {
			value = strings.NewReplacer("%%", "%", "%h", tokens["h"], "%p", tokens["p"], "%r", tokens["u"]).Replace(value)
		}
		if strings.HasSuffix(word, "knownhostsfile") {
			value = strings.ReplaceAll(value, " NONE", " none")
		}
		out[word] += value + "\n"
	}
	return out
}

func sshG(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.Command("ssh", append([]string{"-G"}, args...)...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("ssh -G %q: %v\n%s", args, err, out)
	}
	return string(out)
}

// needSSH skips a test for want of an ssh that does what these tests rely on.
func needSSH(t *testing.T) {
	t.Helper()
	_, err := exec.LookPath("ssh")
	u, uerr := user.Current()
	switch {
	case err == nil && uerr == nil:
		t.Setenv("HOME", u.HomeDir)
	case os.Getenv("FLEETNET_CI") != "":
		t.Fatalf("no ssh: %v %v", err, uerr)
	default:
		t.Skipf("no ssh: %v %v", err, uerr)
	}
}

func writeSSHFile(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
