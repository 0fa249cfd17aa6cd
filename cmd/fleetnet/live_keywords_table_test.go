package main

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fleetnet/fleetnet/cmd/fleetnet/internal/lab"
)

// keywordLab is the fleet of TestLiveSSHKeywords: the host main, the host inner
// behind it, the host old, whose sshd speaks nothing that is offered by default,
// and the host late, whose sshd is started later.
type keywordLab struct {
	t         *testing.T
	f         *lab.Fleet
	dir       string // for files of the user
	rsa       lab.Key
	files     int
	bind      string // an address of this machine besides the one that it dials from
	test      string // that one
	stranger  lab.Key
	protected lab.Key // the fleet's identity, encrypted
	certified lab.Key // a key whose certificate is elsewhere
	cert      string
	agent     string // holds the fleet's identity
	master    string // the socket of a master connection to main
}

// freezer is a login shell that stops the sshd that it belongs to.
const freezer = "#!/bin/sh\nkill -STOP $PPID\nexec sleep 1000\n"

// keywordRules are the rules of the host main for some aliases.
const keywordRules = `Match User root
  AuthorizedKeysFile none
Match User kbdinteractive*,challengeresponse*,skey*,tis*
  AuthenticationMethods keyboard-interactive
Match User passwordauthentication*
  PasswordAuthentication yes
  AuthenticationMethods password
Match User preferredauthentications*
  PasswordAuthentication yes
Match User pubkeyaccepted*
  PubkeyAcceptedAlgorithms ssh-rsa
Match User certificatefile*
  AuthorizedKeysFile none
  TrustedUserCAKeys /etc/lab/user_ca.pub
`

func newKeywordLab(t *testing.T) *keywordLab {
	lab.Require(t)
	lab.Need(t, "ssh", "ssh-agent", "ssh-add", "script", "nstat")
	l := &keywordLab{t: t, dir: t.TempDir(), rsa: lab.NewKey(t, lab.RSA, ""), stranger: lab.NewKey(t, lab.ED25519, "")}
	sshd := append(noPenalties(), "MaxStartups 100")
	l.f = lab.New(t,
		lab.Host{Name: "main", User: "ops", Password: "LoginWord4711", PAM: true, SSHD: append(sshd, "Include /etc/lab/*.rules", "PermitRootLogin yes")},
		lab.Host{Name: "inner", Jump: "main"}, lab.Host{Name: "late"},
		lab.Host{Name: "old", Port: 2222, HostKeys: []lab.KeyType{lab.RSA}, SSHD: append(sshd, oldAlgorithms...)})
	l.protected, l.agent = l.f.Protected(keyPhrase), l.f.Agent(l.f.Identity())
	l.certified, l.cert = l.f.Certificate("certificatefile", "certificatefile-not"), filepath.Join(l.dir, "cert.pub")
	if err := os.Rename(l.certified.Path+"-cert.pub", l.cert); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(l.f.Home(""), ".ssh/known_hosts")); err != nil {
		t.Fatal(err)
	}
	l.f.WriteFile("main", "/etc/lab/accounts.rules", keywordRules, 0o644)
	l.f.WriteFile("main", "/etc/lab/authorized_keys", l.public(l.f.Identity())+l.rsa.Public+"\n", 0o644)
	l.f.KillSSHD("main")
	l.f.StartSSHD("main")
	l.bind, l.test = secondAddress(t, l.f)
	l.master = filepath.Join(filepath.Dir(l.f.ControlPath()), "master")
	return l
}

func (l *keywordLab) public(key string) string {
	l.t.Helper()
	text, err := os.ReadFile(key + ".pub")
	if err != nil {
		l.t.Fatal(err)
	}
	return string(text)
}

// noPenalties has the sshd of OpenSSH 9.8 and later let an address in that has
// been refused a few times.
func noPenalties() []string {
	const none = "PerSourcePenalties no"
	if exec.Command("/usr/sbin/sshd", "-G", "-f", "/dev/null", "-o", none).Run() != nil {
		return nil
	}
	return []string{none}
}

// secondAddress gives the test one more address in the fleet's network, and
// returns it and the first.
func secondAddress(t *testing.T, f *lab.Fleet) (second, first string) {
	t.Helper()
	second = f.Gateway().Next().String()
	links, err := net.Interfaces()
	if err != nil {
		t.Fatal(err)
	}
	for _, link := range links {
		addrs, _ := link.Addrs()
		for _, a := range addrs {
			p, err := netip.ParsePrefix(a.String())
			if err != nil || !p.Contains(f.Gateway()) {
				continue
			}
			if out, err := exec.Command("ip", "addr", "add", second+"/24", "dev", link.Name).CombinedOutput(); err != nil {
				t.Fatalf("ip addr add: %v: %s", err, out)
			}
			return second, p.Addr().String()
		}
	}
	t.Fatalf("no address in the network of %s", f.Gateway())
	return "", ""
}

// prepare gives every alias an account, everywhere. All of them are root's, so
// that they see everything.
func (l *keywordLab) prepare(tests []keywordTest) {
	const add = `hash=$(sed -n 's/^ops:\([^:]*\):.*/\1/p' /etc/shadow)
		for user; do
			case $user in serveralive*) shell=/etc/lab-freezer;; *) shell=/bin/sh;; esac
			echo "$user:x:0:0::/root:$shell" >>/etc/passwd
			echo "$user:${hash:-*}:19000:0:99999:7:::" >>/etc/shadow
		done`
	command := []string{"sh", "-c", add, "sh"}
	for _, test := range tests {
		for _, way := range test.trials() {
			command = append(command, way.alias)
		}
	}
	for _, node := range []string{"main", "inner", "late", "old"} {
		if _, err := l.f.Exec(node, command...); err != nil {
			l.t.Fatal(err)
		}
	}
	l.f.WriteFile("main", "/etc/lab-freezer", freezer, 0o755)
	l.f.KillSSHD("late")
	masterOf(l.t, l.f, "controlpath@main", l.master)
}

// env is the environment of a scan.
func (l *keywordLab) env() []string { return []string{"LAB_LOGIN=LoginWord4711"} }

// file writes a file of the user and returns its path.
func (l *keywordLab) file(text string) string {
	l.t.Helper()
	l.files++
	path := filepath.Join(l.dir, fmt.Sprint("file", l.files))
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		l.t.Fatal(err)
	}
	return path
}

// args write a configuration and an inventory for a scan, and name them.
func (l *keywordLab) args(trials []trial) []string {
	config := l.f.Block("main", "IdentityFile "+l.f.Identity(), "UserKnownHostsFile "+l.f.KnownHosts())
	hosts := "hosts:\n"
	for _, way := range trials {
		config += way.block([]string{
			"HostName " + l.f.Addr(way.test.nodeName()).String(), "User " + way.alias,
			"IdentityFile " + l.f.Identity(), "UserKnownHostsFile " + l.f.KnownHosts(),
		})
		said := strings.Trim(way.test.inventory+", "+way.inventory, ", ")
		hosts += fmt.Sprintf("  %s: {%s}\n", way.alias, said)
	}
	return []string{"-F", l.file(config), "-i", l.file(hosts)}
}

// oldAlgorithms are what the host old takes, and what one has to say to get in.
var oldAlgorithms = []string{"Ciphers aes128-cbc", "HostKeyAlgorithms ssh-rsa", "KexAlgorithms diffie-hellman-group14-sha1", "MACs hmac-sha1-96"}

// old is the test of a keyword without which the host old is not talked to.
func old(keyword, value, what string) keywordTest {
	k := keywordTest{keyword: keyword, value: value, node: "old", before: []string{"Port 2222"}, without: fate{fails: "no common algorithm for " + what}}
	for _, line := range oldAlgorithms {
		if !strings.HasPrefix(line, keyword) {
			k.before = append(k.before, line)
		}
	}
	return k
}

// password has hosts.yaml say where the password is.
const password = "password: env:LAB_LOGIN"

// noKey is the error of a host for which there is none.
const noKey = "no key to offer"

// tests are the tests, those of old names too.
func (l *keywordLab) tests() []keywordTest {
	var all []keywordTest
	for _, k := range append(append(l.blockTests(), l.reachTests()...), append(l.loginTests(), l.trustTests()...)...) {
		all = append(all, k)
		for _, name := range k.old {
			all = append(all, k.under(name))
		}
	}
	return all
}

func (l *keywordLab) blockTests() []keywordTest {
	identity := "IdentityFile " + l.f.Identity()
	return []keywordTest{
		{keyword: "Host", value: "elsewhere", after: []string{"Port 1"}, without: fate{fails: "connection refused"}},
		{keyword: "IgnoreUnknown", value: "LabW*", after: []string{"LabWord yes"}},
		{keyword: "Include", value: l.file(identity), before: []string{"IdentityFile none"}, without: fate{fails: noKey}},
		{keyword: "Match", value: `originalhost {} exec "test ! -e /"`, before: []string{`Match originalhost {} exec "test -e /"`, identity}, after: []string{"Port 1"}, without: fate{fails: "connection refused"}},
		{keyword: "RefuseConnection", value: `"ask somebody else"`, with: fate{fails: "ask somebody else"}},
		{keyword: "Tag", value: "lab", before: []string{"IdentityFile none"}, after: []string{"Match tagged lab", identity}, without: fate{fails: noKey}},
	}
}

func (l *keywordLab) reachTests() []keywordTest {
	const nobody = "no answer within 3s"
	main, inner := l.f.Addr("main").String(), l.f.Addr("inner").String()
	from := "Accepted publickey for {} from "
	viaMain := fate{log: from + inner[:strings.LastIndexByte(inner, '.')+1]}
	return []keywordTest{
		{keyword: "AddressFamily", value: "inet6", with: fate{fails: "no address of the family inet6"}},
		{keyword: "BindAddress", value: l.bind, with: fate{log: from + l.bind + " "}, without: fate{log: from + l.test + " "}},
		old("Ciphers", "+aes128-cbc", "client to server cipher"),
		{keyword: "ConnectionAttempts", value: "60", node: "late", without: fate{fails: "connection refused"}},
		{keyword: "ConnectTimeout", value: "1", node: "inner", with: fate{fails: "no answer within 1s"}, without: fate{fails: "4s are over", inventory: "timeout: 4s"}},
		{keyword: "ControlPath", value: l.master, before: []string{"IdentityFile none"}, without: fate{fails: noKey}},
		{keyword: "HostName", value: main, before: []string{"ConnectTimeout 3"}, without: fate{fails: "hostname-not:22"}},
		old("KexAlgorithms", "^diffie-hellman-group14-sha1", "key exchange"),
		old("MACs", "hmac-sha1-*", "client to server MAC"),
		{keyword: "Port", value: "2222", node: "old", before: oldAlgorithms, without: fate{fails: "connection refused"}},
		{keyword: "ProxyCommand", value: "ssh -F " + l.f.SSHConfig() + " -W [%h]:%p main", node: "inner", before: []string{"ConnectTimeout 3"}, with: viaMain, without: fate{fails: nobody}},
		{keyword: "ProxyJump", value: "main", node: "inner", before: []string{"ConnectTimeout 3"}, with: viaMain, without: fate{fails: nobody}},
		{keyword: "ServerAliveCountMax", value: "1", before: []string{"ServerAliveInterval 1"},
			with: fate{fails: "no sign of life for 1s", log: from}, without: fate{fails: "no sign of life for 3s", log: from}},
		{keyword: "ServerAliveInterval", value: "1", before: []string{"ServerAliveCountMax 2"},
			with: fate{fails: "no sign of life for 2s", log: from}, without: fate{fails: "4s are over", log: from, inventory: "timeout: 4s"}},
	}
}

func (l *keywordLab) loginTests() []keywordTest {
	const no = "refused with"
	onlyRSA := "IdentityFile " + l.rsa.Path
	return []keywordTest{
		{keyword: "BatchMode", value: "yes", before: []string{"IdentityFile " + l.protected.Path}, with: fate{fails: "encrypted"}},
		{keyword: "CertificateFile", value: l.cert, before: []string{"IdentityFile " + l.certified.Path}, without: fate{fails: no}},
		{keyword: "IdentitiesOnly", value: "yes", before: []string{"IdentityAgent " + l.agent, "IdentityFile " + l.stranger.Path}, with: fate{fails: no}},
		{keyword: "IdentityAgent", value: l.agent, before: []string{"IdentityFile none"}, without: fate{fails: noKey}},
		{keyword: "IdentityFile", value: l.f.Identity(), old: []string{"IdentityFile2"}, without: fate{fails: noKey}},
		{keyword: "KbdInteractiveAuthentication", value: "no", old: []string{"ChallengeResponseAuthentication", "SKeyAuthentication", "TISAuthentication"},
			inventory: password, with: fate{fails: "KbdInteractiveAuthentication is no here"}, without: fate{log: "Accepted keyboard-interactive/pam for {} from "}},
		{keyword: "PasswordAuthentication", value: "no", inventory: password, with: fate{fails: "PasswordAuthentication is no here"}, without: fate{log: "Accepted password for {} from "}},
		{keyword: "PreferredAuthentications", value: "password,publickey", inventory: password, with: fate{log: "Accepted password for {} from "}},
		{keyword: "PubkeyAcceptedAlgorithms", value: "ssh-rsa", old: []string{"PubkeyAcceptedKeyTypes"}, before: []string{onlyRSA}, without: fate{fails: no}},
		{keyword: "PubkeyAuthentication", value: "no", old: []string{"DSAAuthentication"}, with: fate{fails: "PubkeyAuthentication is no here"}},
		{keyword: "User", value: "user", without: fate{fails: no}},
	}
}

func (l *keywordLab) trustTests() []keywordTest {
	const unknown = "is not known"
	return []keywordTest{
		{keyword: "GlobalKnownHostsFile", value: l.f.KnownHosts(), before: []string{"UserKnownHostsFile none"}, without: fate{fails: unknown}},
		old("HostKeyAlgorithms", "+ssh-rsa", "host key"),
		{keyword: "HostKeyAlias", value: "lab-alias", before: []string{"UserKnownHostsFile " + l.file("lab-alias "+l.f.HostKey("main")+"\n")}, without: fate{fails: unknown}},
		{keyword: "StrictHostKeyChecking", value: "accept-new", before: []string{"UserKnownHostsFile " + l.dir + "/known-%n"}, without: fate{fails: unknown}},
		{keyword: "UserKnownHostsFile", value: l.f.KnownHosts(), without: fate{fails: unknown}},
	}
}
