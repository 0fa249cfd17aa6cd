package inventory

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// TestSSHConfigDocs checks that the table of docs/ssh.md is the table of
// keywords, no more and no less.
func TestSSHConfigDocs(t *testing.T) {
	text, err := os.ReadFile("../docs/ssh.md")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	_, table, _ := strings.Cut(string(text), "\n## Keywords\n")
	for line := range strings.Lines(table) {
		if strings.HasPrefix(line, "## ") {
			break
		}
		if strings.HasPrefix(line, "| `") {
			got = append(got, strings.TrimSpace(line))
		}
	}
	if diff := gocmp.Diff(sshTable(), got); diff != "" {
		t.Errorf("the table (-read +documented):\n%s", diff)
	}
}

// sshTable returns the rows of the table.
func sshTable() []string {
	keywords := sshKeywords()
	slices.SortFunc(keywords, func(a, b sshKeyword) int {
		return cmp.Compare(strings.ToLower(a.name), strings.ToLower(b.name))
	})
	fates := map[string]sshFate{}
	for _, k := range keywords {
		fates[k.name] = k.fate
	}
	var rows []string
	for _, k := range keywords {
		rows = append(rows, fmt.Sprintf("| `%s` | %s | %s |", k.name, cmp.Or(k.fate, fates[k.as]), k.says))
	}
	return rows
}

// TestSSHConfigKeywords checks that every keyword has a fate, once, and that
// what is honoured can be read.
func TestSSHConfigKeywords(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range sshKeywords() {
		name := strings.ToLower(k.name)
		switch {
		case seen[name]:
			t.Errorf("%s is there twice", k.name)
		case k.as != "" && !slices.ContainsFunc(sshKeywords(), func(o sshKeyword) bool { return o.name == k.as && o.as == "" }):
			t.Errorf("%s is an old name of nothing", k.name)
		case k.as == "" && (k.fate == "" || k.says == "" || (k.read == nil) != (k.fill == nil)):
			t.Errorf("%s is not whole: %+v", k.name, k)
		}
		seen[name] = true
	}
	for _, word := range strings.Fields(sshManualKeywords) {
		if !seen[strings.ToLower(word)] {
			t.Errorf("%s of ssh_config(5) is not known", word)
		}
	}
}

// sshManualKeywords is every keyword of ssh_config(5) of OpenSSH 10.5.
const sshManualKeywords = `AddKeysToAgent AddressFamily BatchMode BindAddress BindInterface
CASignatureAlgorithms CanonicalDomains CanonicalizeFallbackLocal CanonicalizeHostname
CanonicalizeMaxDots CanonicalizePermittedCNAMEs CertificateFile ChannelTimeout CheckHostIP
Ciphers ClearAllForwardings Compression ConnectTimeout ConnectionAttempts ControlMaster
ControlPath ControlPersist DynamicForward EnableEscapeCommandline EnableSSHKeysign EscapeChar
ExitOnForwardFailure FingerprintHash ForkAfterAuthentication ForwardAgent ForwardX11
ForwardX11Timeout ForwardX11Trusted GSSAPIAuthentication GSSAPIDelegateCredentials GatewayPorts
GlobalKnownHostsFile HashKnownHosts Host HostKeyAlgorithms HostKeyAlias
HostbasedAcceptedAlgorithms HostbasedAuthentication Hostname IPQoS IdentitiesOnly IdentityAgent
IdentityFile IgnoreUnknown Include KbdInteractiveAuthentication KbdInteractiveDevices
KexAlgorithms KnownHostsCommand LocalCommand LocalForward LogLevel LogVerbose MACs Match
NoHostAuthenticationForLocalhost NumberOfPasswordPrompts ObscureKeystrokeTiming PKCS11Provider
PasswordAuthentication PermitLocalCommand PermitRemoteOpen Port PreferredAuthentications
ProxyCommand ProxyJump ProxyUseFdpass PubkeyAcceptedAlgorithms PubkeyAuthentication
RefuseConnection RekeyLimit RemoteCommand RemoteForward RequestTTY RequiredRSASize
RevokedHostKeys SecurityKeyProvider SendEnv ServerAliveCountMax ServerAliveInterval SessionType
SetEnv StdinNull StreamLocalBindMask StreamLocalBindUnlink StrictHostKeyChecking
SyslogFacility TCPKeepAlive Tag Tunnel TunnelDevice UpdateHostKeys User UserKnownHostsFile
VerifyHostKeyDNS VersionAddendum VisualHostKey WarnWeakCrypto XAuthLocation`
