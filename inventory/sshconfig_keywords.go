package inventory

import "time"

// sshFate is what becomes of a keyword.
type sshFate string

// The fates of keywords, as docs/ssh.md writes them.
const (
	sshHonoured sshFate = "honoured"
	sshIgnored  sshFate = "ignored"         // and said so
	sshMinor    sshFate = "ignored (minor)" // and said so to those who want to know everything
	sshRefused  sshFate = "refused"
)

// sshKeyword is a keyword of ssh_config(5), and what it means here.
type sshKeyword struct {
	name string
	fate sshFate
	says string // what it means here, for the manual; of an ignored one also for its note

	as     string   // the keyword that this is an old name of
	plain  []string // values that are the default, of which there is nothing to say
	wants  string   // what a value is, for errors
	many   bool     // further values are added to the first one
	rival  string   // the keyword that this one excludes, and the other way around
	spoken bool     // ssh -G prints it with its tokens expanded
	listed bool     // a list of algorithms: what ssh -G prints is no sign that something is said
	read   sshRead
	fill   sshFill
}

const (
	wantsYesNo  = `"yes" or "no"`
	wantsNumber = "a number"
	wantsTime   = `a time such as 30, 5m or 1h30m, or "none"`
)

// sshKeywords is every keyword that OpenSSH has or had (readconf.c of 10.5),
// and those that Apple, Debian and Fedora add to it.
func sshKeywords() []sshKeyword {
	var all []sshKeyword
	all = append(all, sshBlockKeywords()...)
	all = append(all, sshReachKeywords()...)
	all = append(all, sshLoginKeywords()...)
	all = append(all, sshTrustKeywords()...)
	all = append(all, sshIgnoredKeywords()...)
	all = append(all, sshMinorKeywords()...)
	return append(all, sshOldKeywords()...)
}

// sshBlockKeywords rule what holds for which host.
func sshBlockKeywords() []sshKeyword {
	return []sshKeyword{
		{name: "Host", fate: sshHonoured, says: "patterns for what one would type after ssh"},
		{name: "Match", fate: sshHonoured, says: "all criteria; exec is decided by ssh -G"},
		{name: "Include", fate: sshHonoured, says: "as in OpenSSH: globs, tokens, inside of Host and Match too"},
		{name: "Tag", fate: sshHonoured, says: "for Match tagged", read: oneValue(anyText), fill: fillNothing},
		{name: "IgnoreUnknown", fate: sshHonoured, says: "no word about unknown keywords that match", read: oneValue(anyText), fill: fillNothing},
	}
}

// sshReachKeywords say how the connection comes about.
func sshReachKeywords() []sshKeyword {
	return []sshKeyword{
		{name: "HostName", fate: sshHonoured, says: "the name or address to dial", read: oneValue(anyText), fill: fillNothing},
		{name: "Port", fate: sshHonoured, says: "the port to dial", wants: "a port", read: oneValue(portNumber), fill: fillNothing},
		{name: "AddressFamily", fate: sshHonoured, says: "inet or inet6 only", wants: `"any", "inet" or "inet6"`,
			plain: []string{"any"}, read: oneValue(oneOf("any", "any", "inet", "inet", "inet6", "inet6")), fill: fillAddressFamily},
		{name: "BindAddress", fate: sshHonoured, says: "the local address to dial from",
			read: oneValue(anyText), fill: fillText(func(s *SSH) *string { return &s.BindAddress })},
		{name: "ConnectTimeout", fate: sshHonoured, says: "bound on connecting", wants: wantsTime,
			plain: []string{"none"}, read: oneValue(sshTime), fill: fillTime(func(s *SSH) *time.Duration { return &s.ConnectTimeout })},
		{name: "ConnectionAttempts", fate: sshHonoured, says: "how often to try, once a second", wants: "a number from 1",
			plain: []string{"1"}, read: oneValue(positiveNumber), fill: fillNumber(func(s *SSH) *int { return &s.ConnectionAttempts })},
		{name: "ServerAliveInterval", fate: sshHonoured, says: "after how much silence the server is asked whether it is there", wants: wantsTime,
			plain: []string{"0"}, read: oneValue(sshTime), fill: fillTime(func(s *SSH) *time.Duration { return &s.ServerAliveInterval })},
		{name: "ServerAliveCountMax", fate: sshHonoured, says: "how many such questions may stay without an answer", wants: wantsNumber,
			plain: []string{"3"}, read: oneValue(wholeNumberText), fill: fillNumber(func(s *SSH) *int { return &s.ServerAliveCountMax })},
		{name: "ProxyJump", fate: sshHonoured, says: "bastions, each with its own settings; excludes ProxyCommand", rival: "ProxyCommand",
			wants: "[user@]host[:port], or several with commas", read: readProxyJump, fill: fillNothing},
		{name: "ProxyCommand", fate: sshHonoured, says: "a command that is the connection; excludes ProxyJump", rival: "ProxyJump",
			read: restOfLine, fill: fillProxyCommand},
		{name: "ControlPath", fate: sshHonoured, says: "the socket of a master connection, if there is one", spoken: true,
			plain: []string{"none"}, read: oneValue(anyText), fill: fillControlPath},
		{name: "Ciphers", fate: sshHonoured, says: "ciphers, with + - ^ and wildcards", listed: true,
			read: oneValue(anyText), fill: fillText(func(s *SSH) *string { return &s.Ciphers })},
		{name: "KexAlgorithms", fate: sshHonoured, says: "key exchange, with + - ^ and wildcards", listed: true,
			read: oneValue(anyText), fill: fillText(func(s *SSH) *string { return &s.KexAlgorithms })},
		{name: "MACs", fate: sshHonoured, says: "message authentication, with + - ^ and wildcards", listed: true,
			read: oneValue(anyText), fill: fillText(func(s *SSH) *string { return &s.MACs })},
		{name: "RefuseConnection", fate: sshRefused, says: "the host is not connected to, and the message is its error",
			read: oneValue(anyText), fill: fillRefused},
	}
}

// sshLoginKeywords say who logs in, and with what.
func sshLoginKeywords() []sshKeyword {
	return []sshKeyword{
		{name: "User", fate: sshHonoured, says: "the login", read: oneValue(anyText), fill: fillNothing},
		{name: "IdentityFile", fate: sshHonoured, says: "private keys to offer, all that are said; none is no file", many: true,
			read: oneValue(anyText), fill: fillIdentityFile},
		{name: "CertificateFile", fate: sshHonoured, says: "certificates to offer, all that are said", many: true,
			read: oneValue(anyText), fill: fillCertificateFile},
		{name: "IdentitiesOnly", fate: sshHonoured, says: "no keys of the agent but those that files name", wants: wantsYesNo,
			plain: []string{"no"}, read: oneValue(yesNo), fill: fillFlag("yes", func(s *SSH) *bool { return &s.IdentitiesOnly })},
		{name: "IdentityAgent", fate: sshHonoured, says: "the socket of the agent, $VARIABLE, SSH_AUTH_SOCK or none", wants: "a path or a variable", spoken: true,
			plain: []string{"SSH_AUTH_SOCK"}, read: oneValue(agentPath), fill: fillIdentityAgent},
		{name: "PubkeyAuthentication", fate: sshHonoured, says: "whether keys are offered", wants: wantsYesNo,
			plain: []string{"yes"}, read: oneValue(oneOf("yes", "yes", "true", "yes", "no", "no", "false", "no", "unbound", "yes", "host-bound", "yes")),
			fill: fillFlag("no", func(s *SSH) *bool { return &s.NoPubkey })},
		{name: "PasswordAuthentication", fate: sshHonoured, says: "whether a password is offered", wants: wantsYesNo,
			plain: []string{"yes"}, read: oneValue(yesNo), fill: fillFlag("no", func(s *SSH) *bool { return &s.NoPassword })},
		{name: "KbdInteractiveAuthentication", fate: sshHonoured, says: "whether the server's questions are answered", wants: wantsYesNo,
			plain: []string{"yes"}, read: oneValue(yesNo), fill: fillFlag("no", func(s *SSH) *bool { return &s.NoKeyboardInteractive })},
		{name: "PreferredAuthentications", fate: sshHonoured, says: "the order of the methods",
			read: oneValue(anyText), fill: fillText(func(s *SSH) *string { return &s.PreferredAuth })},
		{name: "PubkeyAcceptedAlgorithms", fate: sshHonoured, says: "signatures of one's own keys, with + - ^ and wildcards", listed: true,
			read: oneValue(anyText), fill: fillText(func(s *SSH) *string { return &s.PubkeyAcceptedAlgorithms })},
		{name: "BatchMode", fate: sshHonoured, says: "yes: nobody is asked for anything", wants: wantsYesNo,
			plain: []string{"no"}, read: oneValue(yesNo), fill: fillFlag("yes", func(s *SSH) *bool { return &s.BatchMode })},
	}
}

// sshTrustKeywords say which host keys are believed.
func sshTrustKeywords() []sshKeyword {
	return []sshKeyword{
		{name: "UserKnownHostsFile", fate: sshHonoured, says: "the known_hosts files; none is none", spoken: true,
			plain: []string{"~/.ssh/known_hosts ~/.ssh/known_hosts2"}, read: someValues, fill: fillKnownHosts},
		{name: "GlobalKnownHostsFile", fate: sshHonoured, says: "the known_hosts files of the system; none is none",
			plain: []string{"/etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2"}, read: someValues, fill: fillGlobalKnownHosts},
		{name: "HostKeyAlias", fate: sshHonoured, says: "the name to look up in known_hosts",
			read: oneValue(anyText), fill: fillHostKeyAlias},
		{name: "StrictHostKeyChecking", fate: sshHonoured, says: "what becomes of unknown and changed host keys", wants: `"yes", "no", "ask" or "accept-new"`,
			plain: []string{"ask"}, read: oneValue(oneOf("yes", "yes", "true", "yes", "no", "no", "false", "no", "off", "no", "ask", "ask", "accept-new", "accept-new")),
			fill: fillText(func(s *SSH) *string { return &s.StrictHostKeyChecking })},
		{name: "HostKeyAlgorithms", fate: sshHonoured, says: "host keys to ask for, with + - ^ and wildcards", listed: true,
			read: oneValue(anyText), fill: fillText(func(s *SSH) *string { return &s.HostKeyAlgorithms })},
	}
}
