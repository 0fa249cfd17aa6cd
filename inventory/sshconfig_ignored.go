package inventory

// sshIgnoredKeywords change how hosts are reached or trusted, and are not done.
func sshIgnoredKeywords() []sshKeyword {
	no, none := []string{"no", "false"}, []string{"none"}
	return []sshKeyword{
		{name: "BindInterface", fate: sshIgnored, says: "the system chooses the interface; BindAddress chooses the address"},
		{name: "CanonicalizeHostname", fate: sshIgnored, plain: no, says: "names are dialled as they are; write full names, or HostName %h.example.com",
			wants: `"yes", "no" or "always"`, fill: fillNothing, // it asks for a second pass
			read: oneValue(oneOf("yes", "yes", "true", "yes", "no", "no", "false", "no", "always", "yes"))},
		{name: "CanonicalizePermittedCNAMEs", fate: sshIgnored, plain: none, says: "names are dialled as they are, and CNAMEs not followed for known_hosts"},
		{name: "HostbasedAuthentication", fate: sshIgnored, plain: no, says: "this method is not there; log in with a key"},
		{name: "KnownHostsCommand", fate: sshIgnored, plain: none, says: "no command is asked for host keys; put them into a known_hosts file"},
		{name: "NoHostAuthenticationForLocalhost", fate: sshIgnored, plain: no, says: "host keys of this machine are checked as any other"},
		{name: "PKCS11Provider", fate: sshIgnored, plain: none, says: "tokens are not opened here; add them to ssh-agent with ssh-add -s"},
		{name: "ProxyUseFdpass", fate: sshIgnored, plain: no, says: "a ProxyCommand must carry the connection on its standard input and output"},
		{name: "RevokedHostKeys", fate: sshIgnored, plain: none, says: "the file is not read; mark revoked keys with @revoked in known_hosts"},
		{name: "SecurityKeyProvider", fate: sshIgnored, plain: []string{"internal", "none", "$SSH_SK_PROVIDER"}, says: "security keys are not opened here; add them to ssh-agent"},
		{name: "VerifyHostKeyDNS", fate: sshIgnored, plain: no, says: "SSHFP records are not asked for; put host keys into known_hosts"},
	}
}

// sshMinorKeywords are of no consequence for a scan, or stand in the configuration
// that whole distributions ship.
func sshMinorKeywords() []sshKeyword {
	const (
		forward = "nothing is forwarded"
		script  = "a scan runs its own command, and nothing is typed into it"
		kerb    = "Kerberos is not there; log in with a key or a password"
		canon   = "it serves CanonicalizeHostname"
	)
	no := []string{"no", "false"}
	return []sshKeyword{
		{name: "AddKeysToAgent", fate: sshMinor, plain: no, says: "keys stay where they are"},
		{name: "CanonicalDomains", fate: sshMinor, says: canon},
		{name: "CanonicalizeFallbackLocal", fate: sshMinor, says: canon},
		{name: "CanonicalizeMaxDots", fate: sshMinor, says: canon},
		{name: "CASignatureAlgorithms", fate: sshMinor, says: "host certificates are accepted with any signature that is known here"},
		{name: "ChannelTimeout", fate: sshMinor, says: "a scan has its own deadlines"},
		{name: "CheckHostIP", fate: sshMinor, says: "host keys are looked up by name, as OpenSSH does by default"},
		{name: "ClearAllForwardings", fate: sshMinor, says: forward},
		{name: "Compression", fate: sshMinor, plain: no, says: "the connection is not compressed"},
		{name: "ControlMaster", fate: sshMinor, plain: no, says: "a master that is there is used, none is started"},
		{name: "ControlPersist", fate: sshMinor, plain: no, says: "a master that is there is used, none is started"},
		{name: "DynamicForward", fate: sshMinor, says: forward},
		{name: "EnableEscapeCommandline", fate: sshMinor, says: script},
		{name: "EnableSSHKeysign", fate: sshMinor, plain: no, says: "it serves HostbasedAuthentication"},
		{name: "EscapeChar", fate: sshMinor, says: script},
		{name: "ExitOnForwardFailure", fate: sshMinor, says: forward},
		{name: "FingerprintHash", fate: sshMinor, says: "fingerprints are shown as SHA256"},
		{name: "ForkAfterAuthentication", fate: sshMinor, plain: no, says: script},
		{name: "ForwardAgent", fate: sshMinor, plain: no, says: forward},
		{name: "ForwardX11", fate: sshMinor, plain: no, says: forward},
		{name: "ForwardX11Timeout", fate: sshMinor, says: forward},
		{name: "ForwardX11Trusted", fate: sshMinor, plain: no, says: forward},
		{name: "GatewayPorts", fate: sshMinor, plain: no, says: forward},
		{name: "GSSAPIAuthentication", fate: sshMinor, plain: no, says: kerb},
		{name: "GSSAPIClientIdentity", fate: sshMinor, says: kerb},
		{name: "GSSAPIDelegateCredentials", fate: sshMinor, plain: no, says: kerb},
		{name: "GSSAPIKexAlgorithms", fate: sshMinor, says: kerb},
		{name: "GSSAPIKeyExchange", fate: sshMinor, plain: no, says: kerb},
		{name: "GSSAPIRenewalForcesRekey", fate: sshMinor, plain: no, says: kerb},
		{name: "GSSAPIServerIdentity", fate: sshMinor, says: kerb},
		{name: "GSSAPITrustDNS", fate: sshMinor, plain: no, says: kerb},
		{name: "HashKnownHosts", fate: sshMinor, plain: no, says: "new entries of known_hosts are written in the clear"},
		{name: "HostbasedAcceptedAlgorithms", fate: sshMinor, says: "it serves HostbasedAuthentication"},
		{name: "IPQoS", fate: sshMinor, says: "packets carry the system's default"},
		{name: "KbdInteractiveDevices", fate: sshMinor, says: "the server chooses"},
		{name: "LocalCommand", fate: sshMinor, says: "nothing is run after logging in"},
		{name: "LocalForward", fate: sshMinor, says: forward},
		{name: "LogLevel", fate: sshMinor, says: "-v of fleetnet says how much is told"},
		{name: "LogVerbose", fate: sshMinor, says: "-v of fleetnet says how much is told"},
		{name: "NumberOfPasswordPrompts", fate: sshMinor, says: "a password is sent once, so that no account gets locked"},
		{name: "ObscureKeystrokeTiming", fate: sshMinor, says: script},
		{name: "PermitLocalCommand", fate: sshMinor, plain: no, says: "nothing is run after logging in"},
		{name: "PermitRemoteOpen", fate: sshMinor, says: forward},
		{name: "RekeyLimit", fate: sshMinor, says: "keys are renewed after 1 GiB"},
		{name: "RemoteCommand", fate: sshMinor, plain: []string{"none"}, says: script},
		{name: "RemoteForward", fate: sshMinor, says: forward},
		{name: "RequestTTY", fate: sshMinor, plain: []string{"no", "false", "auto"}, says: "a scan has no terminal"},
		{name: "RequiredRSASize", fate: sshMinor, says: "shorter RSA keys are not refused"},
		{name: "SendEnv", fate: sshMinor, says: "no variables are sent"},
		{name: "SessionType", fate: sshMinor, plain: []string{"default"}, says: script},
		{name: "SetEnv", fate: sshMinor, says: "no variables are sent"},
		{name: "StdinNull", fate: sshMinor, plain: no, says: script},
		{name: "StreamLocalBindMask", fate: sshMinor, says: forward},
		{name: "StreamLocalBindUnlink", fate: sshMinor, plain: no, says: forward},
		{name: "SyslogFacility", fate: sshMinor, says: "nothing is sent to syslog"},
		{name: "TCPKeepAlive", fate: sshMinor, plain: []string{"yes", "true"}, says: "TCP keepalives are sent; see ServerAliveInterval"},
		{name: "Tunnel", fate: sshMinor, plain: no, says: forward},
		{name: "TunnelDevice", fate: sshMinor, says: forward},
		{name: "UpdateHostKeys", fate: sshMinor, plain: no, says: "known_hosts is not updated from what servers announce"},
		{name: "UseKeychain", fate: sshMinor, plain: no, says: "Apple's keychain is not opened; ssh-add --apple-use-keychain puts the key into the agent"},
		{name: "VersionAddendum", fate: sshMinor, says: "the client's version line stands as it is"},
		{name: "VisualHostKey", fate: sshMinor, plain: no, says: "host keys are not drawn"},
		{name: "WarnWeakCrypto", fate: sshMinor, says: "weak algorithms give no warning here"},
		{name: "XAuthLocation", fate: sshMinor, says: forward},
	}
}

// sshOldKeywords are other names, and keywords that OpenSSH itself passes over.
func sshOldKeywords() []sshKeyword {
	var all []sshKeyword
	for _, pair := range [][2]string{
		{"ChallengeResponseAuthentication", "KbdInteractiveAuthentication"},
		{"DSAAuthentication", "PubkeyAuthentication"},
		{"HostbasedKeyTypes", "HostbasedAcceptedAlgorithms"},
		{"IdentityFile2", "IdentityFile"},
		{"KeepAlive", "TCPKeepAlive"},
		{"PubkeyAcceptedKeyTypes", "PubkeyAcceptedAlgorithms"},
		{"RSAMinSize", "RequiredRSASize"},
		{"SKeyAuthentication", "KbdInteractiveAuthentication"},
		{"SmartcardDevice", "PKCS11Provider"},
		{"TISAuthentication", "KbdInteractiveAuthentication"},
	} {
		all = append(all, sshKeyword{name: pair[0], as: pair[1], says: "old name of " + pair[1]})
	}
	for _, name := range []string{
		"AFSTokenPassing", "Cipher", "CompressionLevel", "FallBackToRsh", "GlobalKnownHostsFile2", "KerberosAuthentication",
		"KerberosTGTPassing", "Protocol", "RhostsAuthentication", "RhostsRSAAuthentication", "RSAAuthentication",
		"UsePrivilegedPort", "UserKnownHostsFile2", "UseRoaming", "UseRsh",
	} {
		all = append(all, sshKeyword{name: name, fate: sshMinor, says: "OpenSSH has given it up and ignores it too"})
	}
	return all
}
