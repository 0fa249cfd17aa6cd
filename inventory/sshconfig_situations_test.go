package inventory

// sshSituations is what TestSSHConfigAsOpenSSH compares. OpenSSH 9.2 must be able
// to read them all.
func sshSituations() []sshSituation {
	all := slicesOf(sshSyntax(), sshHosts(), sshMatches(), sshIncludes(), sshJumps(), sshPaths(), sshValues(), sshSaid())
	return all
}

func slicesOf(parts ...[]sshSituation) (all []sshSituation) {
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

// sshSyntax is about lines.
func sshSyntax() []sshSituation {
	return []sshSituation{
		{name: "empty file", config: "", hosts: "a A.Example.COM 192.0.2.1 2001:DB8::1"},
		{name: "comments and blank lines", config: "# x\n\n   # y\nPort 1 # z\n\t#a\nUser u#v\n", hosts: "a"},
		{name: "comment after a quote", config: "User \"a b\" # c\nPort 3 #\"\n", hosts: "a"},
		{name: "hash within quotes", config: "User \"a#b\"\nIdentityFile '/k #1'\n", hosts: "a"},
		{name: "equals signs", config: "Port=1\nUser = u\nHostName= h\nIdentityFile =/k\nHost=a\nBindAddress\t=\t::1\n", hosts: "a b"},
		{name: "tabs and blanks", config: "\tPort\t\t7\t\n   User   u   \nHost\ta\tb\n\tBindAddress ::1\n", hosts: "a b c"},
		{name: "CRLF", config: "Host a\r\n  Port 7\r\n  User u\r\n\r\nHost b\r\n  IdentityFile \"/k 1\"\r\n", hosts: "a b"},
		{name: "form feed at the end", config: "Port 7\f\nUser u \f\n", hosts: "a"},
		{name: "keywords in any case", config: "hOST a\n pORT 7\n USER U\n", hosts: "a"},
		{name: "keyword in quotes", config: "\"Port\" 7\n\"User\" u\n", hosts: "a"},
		{name: "keyword quote not closed", config: "\"Port 7\nUser u\n", hosts: "a"},
		{name: "leading equals sign", config: "=Port 7\n", hosts: "a"},
		{name: "both kinds of quotes", config: "User 'a \"b'\nIdentityFile \"/it's\"\nHostKeyAlias 'x'\"y\"z\n", hosts: "a"},
		{name: "backslashes", config: `User a\"b` + "\n" + `IdentityFile /a\ b` + "\n" + `IdentityFile "/c\\d"` + "\n" + `IdentityFile /e\f` + "\n" + `IdentityFile "/g\ h"` + "\n", hosts: "a"},
		{name: "no line end", config: "Port 7\nUser u", hosts: "a"},
		{name: "NUL ends a line", config: "Port 7\x00 8\nUser u\n", hosts: "a"},
		{name: "values with equals signs", config: "User a=b\nProxyCommand = x -o A=b %h\n", hosts: "a"},
	}
}

// sshHosts is about Host and precedence.
func sshHosts() []sshSituation {
	return []sshSituation{
		{name: "first value wins", config: "Host a\n Port 1\nHost *\n Port 2\n User u\nHost a\n User v\n Port 3\n", hosts: "a b"},
		{name: "what stands first", config: "Port 1\nHost a\n Port 2\n User u\n", hosts: "a b"},
		{name: "negation", config: "Host *.example.com !db.example.com\n Port 1\nHost !db.example.com\n Port 2\nHost !x *\n Port 3\n", hosts: "web.example.com db.example.com x y"},
		{name: "negation first", config: "Host !a a b\n Port 1\nHost a b\n Port 2\n", hosts: "a b"},
		{name: "question marks", config: "Host web?\n Port 1\nHost web??\n Port 2\nHost ?*?\n Port 3\n", hosts: "web web1 web12 w ab"},
		{name: "stars", config: "Host *a*b*\n Port 1\nHost **\n Port 2\n", hosts: "ab xaybz ba axxb"},
		{name: "patterns have no classes", config: "Host web[1-3]\n Port 1\nHost *\n Port 2\n", hosts: "web1 web"},
		{name: "case of hosts matters", config: "Host Web\n Port 1\nHost web\n Port 2\n", hosts: "Web web WEB"},
		{name: "quoted patterns", config: "Host \"a\" 'b' \"c*\"\n Port 1\n", hosts: "a b cd d"},
		{name: "commas do not separate patterns", config: "Host a,b\n Port 1\nHost *\n Port 2\n", hosts: "a b"},
		{name: "Host without patterns", config: "Host # a\n Port 1\nHost a\n User u\n", hosts: "a"},
		{name: "HostName", config: "Host a\n HostName 10.0.0.1\nHost b\n HostName B.Example.COM\nHost *\n HostName %h.lan\n", hosts: "a b c"},
		{name: "HostName percent", config: "Host a\n HostName fe80::1%%lo\nHost *\n HostName %h-%h\n", hosts: "a b"},
		{name: "Host does not see HostName", config: "Host a\n HostName b\nHost b\n Port 1\n", hosts: "a b"},
		{name: "addresses", config: "Host 10.0.0.*\n Port 1\nHost 2001:db8::*\n Port 2\nHost ::1\n User u\n", hosts: "10.0.0.7 10.0.1.7 2001:db8::5 2001:DB8:0::5 ::1 0:0::1"},
		{name: "identity files add up", config: "IdentityFile /a\nHost a\n IdentityFile /b\n IdentityFile /a\nHost *\n IdentityFile /c\n", hosts: "a b"},
		{name: "certificates add up", config: "CertificateFile /a\nHost a\n CertificateFile /b\n CertificateFile /a\n", hosts: "a b"},
		{name: "known_hosts do not add up", config: "Host a\n UserKnownHostsFile /a /b\nHost *\n UserKnownHostsFile /c\n GlobalKnownHostsFile /d /e\n", hosts: "a b"},
	}
}

// sshMatches is about Match and Tag.
func sshMatches() []sshSituation {
	return []sshSituation{
		{name: "Match all", config: "Match all\n Port 1\nMatch !all\n User u\n", hosts: "a"},
		{name: "Match host", config: "Match host a,b*\n Port 1\nMatch host !c,*\n Port 2\nMatch host *,!d\n User u\n", hosts: "a b1 c d e"},
		{name: "Match host sees HostName", config: "Host a\n HostName x.example.com\nMatch host *.example.com\n Port 1\nMatch host a\n User u\n", hosts: "a b"},
		{name: "Match host before HostName", config: "Match host x\n Port 1\nHost a\n HostName x\nMatch host x\n User u\n", hosts: "a x"},
		{name: "Match host in any case", config: "Match host Web*\n Port 1\nMatch originalhost WEB1\n User u\n", hosts: "web1 WEB1 Web2"},
		{name: "Match originalhost", config: "Host a\n HostName b\nMatch originalhost a\n Port 1\nMatch originalhost b\n Port 2\n", hosts: "a b"},
		{name: "Match negated", config: "Match !host a\n Port 1\nMatch host * !originalhost b\n User u\n", hosts: "a b c"},
		{name: "Match several", config: "Match host a user u\n Port 1\nHost a\n User u\nMatch host a user u\n Port 2\n", hosts: "a b"},
		{name: "Match user default", config: "Match user root,daemon\n Port 1\nMatch !user root,daemon\n Port 2\n", hosts: "a"},
		{name: "Match user said", config: "Match user deploy\n Port 1\n", hosts: "a", user: "deploy"},
		{name: "Match user pattern", config: "User deploy1\nMatch user deploy?,!deploy2\n Port 1\nMatch user !deploy1,*\n Port 2\n", hosts: "a"},
		{name: "Match localuser", config: "Match localuser root,nobody\n Port 1\nMatch localuser !root\n Port 2\n", hosts: "a"},
		{name: "Match with equals signs", config: "Match host=a user=u\n Port 1\nMatch originalhost=a\n Port 2\n", hosts: "a b", user: "u"},
		{name: "Match criteria in any case", config: "Match HOST a\n Port 1\nMATCH !ORIGINALHOST b\n User u\n", hosts: "a b"},
		{name: "Match in quotes", config: "Match host \"a,b\"\n Port 1\nMatch host \"c\" # d\n Port 2\n", hosts: "a b c d"},
		{name: "Match comment", config: "Match host a # host b\n Port 1\nMatch all # x\n User u\n", hosts: "a b"},
		{name: "Match final all", config: "Match final all\n Port 1\nHost *\n Port 2\n User u\nMatch final\n BindAddress ::1\n", hosts: "a"},
		{name: "Match final host", config: "Host a\n HostName x.example.com\nMatch final host *.example.com\n Port 1\nMatch final originalhost a\n User u\n", hosts: "a b"},
		{name: "final pass sees HostName", config: "Host a\n HostName x.example.com\nHost x.example.com\n Port 1\nMatch final all\n User u\n", hosts: "a x.example.com"},
		{name: "final pass and negation", config: "Match final all\nMatch !final host a\n Port 1\nMatch final host a\n Port 2\n User u\n", hosts: "a b"},
		{name: "Match canonical", config: "Match canonical\n Port 1\nMatch !canonical host a\n User u\n", hosts: "a"},
		{name: "Match canonical in a final pass", config: "Match canonical all\n Port 1\nMatch final all\n User u\n", hosts: "a"},
		{name: "final pass adds keys once", config: "IdentityFile /a\nMatch final all\n IdentityFile /b\n IdentityFile /a\n", hosts: "a"},
		{name: "canonicalization without domains", config: "CanonicalizeHostname yes\nHost a\n HostName 192.0.2.5\nHost 192.0.2.*\n User u\n", hosts: "a"},
		{name: "canonicalization is off", config: "CanonicalizeHostname no\nHost a\n HostName 192.0.2.5\nHost 192.0.2.*\n User u\n", hosts: "a"},
		{name: "Match exec", config: "Match exec \"test %h = a\"\n Port 1\nMatch host b exec true\n Port 2\nMatch host c exec false\n Port 3\nMatch !exec \"test %n = c\"\n User u\n", hosts: "a b c d"},
		{name: "Match exec and tokens", config: "Match exec \"test %h.%n.%p.%r = x.a.7.u\"\n BindAddress ::1\nHost a\n HostName x\n Port 7\n User u\nMatch exec \"test %h.%n.%p.%r = x.a.7.u\"\n HostKeyAlias yes\n", hosts: "a b"},
		{name: "Match exec with everything", config: `Match exec true
 HostName x.example.com
 User u
 Port 7
 IdentityFile ~/.ssh/one
 IdentityFile /two
 CertificateFile /c
 UserKnownHostsFile ~/.ssh/k1 /k2
 GlobalKnownHostsFile /g1 /g2
 ProxyJump j@k:1,l
 ControlPath ~/.ssh/c-%h-%p
 IdentityAgent /agent
 HostKeyAlias Z
 StrictHostKeyChecking no
 HostKeyAlgorithms +ssh-rsa
 Ciphers aes256-ctr
 IdentitiesOnly yes
 PubkeyAuthentication no
 PasswordAuthentication no
 KbdInteractiveAuthentication no
 PreferredAuthentications publickey
 NumberOfPasswordPrompts 1
 ConnectTimeout 5
 ConnectionAttempts 2
 ServerAliveInterval 10
 ServerAliveCountMax 4
 AddressFamily inet6
 BindAddress ::1
 BatchMode yes
`, hosts: "a"},
	}
}

// sshIncludes is about Include.
func sshIncludes() []sshSituation {
	return []sshSituation{
		{name: "Include", config: "Include DIR/one\nPort 2\nUser v\n", files: map[string]string{"one": "Port 1\nHost b\n User u\n"}, hosts: "a b"},
		{name: "Include ends no block", config: "Host a\n Include DIR/one\n Port 2\n User v\n", files: map[string]string{"one": "Host zzz\n BindAddress ::1\n"}, hosts: "a b"},
		{name: "Include inside Host", config: "Host a\n Include DIR/one\nHost *\n Port 2\n", files: map[string]string{"one": "Port 1\nHost b\n User u\nHost *\n BindAddress ::1\n"}, hosts: "a b"},
		{name: "Include inside Match", config: "Match host a\n Include DIR/one\nMatch all\n Port 2\n", files: map[string]string{"one": "Match all\n Port 1\n"}, hosts: "a b"},
		{name: "Include globs", config: "Include DIR/conf.d/*.conf\n", files: map[string]string{"conf.d/2.conf": "Port 2\n", "conf.d/1.conf": "Port 1\n", "conf.d/.0.conf": "Port 9\n", "conf.d/3.off": "User off\n"}, hosts: "a"},
		{name: "Include glob classes", config: "Include DIR/c/[!x]* DIR/c/x[1-2]\n", files: map[string]string{"c/a1": "Port 1\n", "c/x1": "User x\n", "c/x3": "BindAddress ::1\n"}, hosts: "a"},
		{name: "Include of several", config: "Include DIR/two DIR/one \"DIR/three 3\"\n", files: map[string]string{"one": "Port 1\n", "two": "Port 2\n", "three 3": "User u\n"}, hosts: "a"},
		{name: "Include of what is not there", config: "Include DIR/none DIR/none/*\nPort 1\n", hosts: "a"},
		{name: "Include nested", config: "Include DIR/one\n", files: map[string]string{"one": "Host a\n Include DIR/two\n Port 1\n", "two": "Host a b\n Include DIR/three\n Port 2\n", "three": "User u\nHost *\n Port 3\n"}, hosts: "a b"},
		{name: "Include twice", config: "Host a\n Include DIR/one\nHost b\n Include DIR/one\n User v\n", files: map[string]string{"one": "Port 1\nHost a\n User u\n"}, hosts: "a b c"},
		{name: "Include and a final pass", config: "Host b\n Include DIR/one\nHost a\n HostName x\nHost x\n Port 3\n", files: map[string]string{"one": "Match final all\n Port 1\n"}, hosts: "a b"},
		{name: "Include of a folder", config: "Include DIR/dir\nPort 1\n", files: map[string]string{"dir/x": "Port 9\n"}, hosts: "a"},
		{name: "Include of exec", config: "Host a\n Include DIR/one\n", files: map[string]string{"one": "Match exec true\n Port 1\n"}, hosts: "a b"},
	}
}

// sshJumps is about ProxyJump and ProxyCommand.
func sshJumps() []sshSituation {
	return []sshSituation{
		{name: "ProxyJump", config: "Host a\n ProxyJump j\nHost b\n ProxyJump u@j:7\nHost c\n ProxyJump [2001:db8::1]:7\nHost d\n ProxyJump 192.0.2.1\n", hosts: "a b c d e"},
		{name: "ProxyJump chain", config: "ProxyJump a@j:1,b@[::1]:2,k,l\n", hosts: "a"},
		{name: "ProxyJump URI", config: "Host a\n ProxyJump ssh://u@j:7\nHost b\n ProxyJump ssh://j\nHost c\n ProxyJump ssh://u;fingerprint=x@j\n", hosts: "a b c"},
		{name: "ProxyJump none", config: "Host a\n ProxyJump none\nHost *\n ProxyJump j\n", hosts: "a b"},
		{name: "ProxyJump NONE", config: "Host a\n ProxyJump NONE\nHost *\n ProxyJump j\n", hosts: "b"},
		{name: "ProxyJump comment", config: "ProxyJump j # k\n", hosts: "a"},
		{name: "ProxyJump and equals sign", config: "ProxyJump = j\n", hosts: "a"},
		{name: "ProxyJump first", config: "ProxyJump j\nProxyCommand nc %h %p\n", hosts: "a"},
		{name: "ProxyCommand first", config: "ProxyCommand nc host\nProxyJump j\n", hosts: "a"},
		{name: "ProxyCommand none first", config: "Host a\n ProxyCommand none\nHost *\n ProxyJump j\n", hosts: "a b"},
		{name: "ProxyCommand and tokens", config: "Host a\n HostName x\n User u\n Port 7\nHost *\n ProxyCommand nc %h %p %r %%\n", hosts: "a b"},
		{name: "ProxyCommand", config: "ProxyCommand  ssh -W '[x]:1' \"a  b\" c # d\n", hosts: "a"},
		{name: "ProxyCommand none", config: "Host a\n ProxyCommand none\nHost *\n ProxyCommand x\n", hosts: "a b"},
		{name: "Host and bastions", config: "Host * !j\n ProxyJump j\nHost j\n Port 7\n", hosts: "a j"},
	}
}

// sshPaths is about tokens, variables and ~.
func sshPaths() []sshSituation {
	return []sshSituation{
		{name: "home", config: "IdentityFile ~/.ssh/k\nCertificateFile ~/c\nUserKnownHostsFile ~/a ~/b\nGlobalKnownHostsFile ~/g\nIdentityAgent ~/s\nControlPath ~/x\n", hosts: "a"},
		{name: "tokens of ControlPath", config: "Host a\n HostName X.example.com\n Port 7\n User u\nHost *\n ControlPath /run/%h-%n-%p-%r-%u-%i-%l-%L-%d-%k-%%\n", hosts: "a b"},
		{name: "connection hash", config: "Host a\n HostName x\n Port 7\n User u\nHost c\n ProxyJump j\nHost *\n ControlPath /run/%C\n", hosts: "a b c 192.0.2.1"},
		{name: "tokens of known_hosts", config: "Host a\n HostKeyAlias Alias\nHost *\n UserKnownHostsFile ~/.ssh/kh-%k /kh/%h/%n\n", hosts: "a b"},
		{name: "variables", config: "UserKnownHostsFile ${X}/kh\nControlPath ${X}/%h\nIdentityAgent ${X}/agent\n", env: map[string]string{"X": "/x y"}, hosts: "a"},
		{name: "tokens of IdentityAgent", config: "IdentityAgent /run/%u/%h\n", hosts: "a"},
		{name: "IdentityAgent none", config: "IdentityAgent none\n", hosts: "a"},
		{name: "files called none", config: "IdentityFile none\nControlPath none\n", hosts: "a"},
		{name: "percent signs in IdentityFile", config: "IdentityFile /k%%1\n", hosts: "a"},
	}
}

// sshValues is about single keywords.
func sshValues() []sshSituation {
	return []sshSituation{
		{name: "yes and no", config: "IdentitiesOnly true\nPubkeyAuthentication FALSE\nPasswordAuthentication No\nKbdInteractiveAuthentication false\nBatchMode Yes\n", hosts: "a"},
		{name: "no and yes", config: "IdentitiesOnly no\nIdentitiesOnly yes\nPubkeyAuthentication yes\nPubkeyAuthentication no\nPasswordAuthentication yes\nPasswordAuthentication no\n", hosts: "a"},
		{name: "old names", config: "ChallengeResponseAuthentication no\nPubkeyAcceptedKeyTypes +ssh-rsa\nIdentityFile2 /x\nDSAAuthentication no\n", hosts: "a"},
		{name: "StrictHostKeyChecking", config: "Host a\n StrictHostKeyChecking accept-new\nHost b\n StrictHostKeyChecking off\nHost c\n StrictHostKeyChecking true\nHost d\n StrictHostKeyChecking ASK\nHost *\n StrictHostKeyChecking no\n", hosts: "a b c d e"},
		{name: "times", config: "Host a\n ConnectTimeout 1m30s\n ServerAliveInterval 2m\nHost b\n ConnectTimeout 1h\n ServerAliveInterval 90\nHost c\n ConnectTimeout none\nHost *\n ConnectTimeout 1W\n", hosts: "a b c d"},
		{name: "numbers", config: "ConnectionAttempts 5\nServerAliveCountMax 9\nNumberOfPasswordPrompts 1\n", hosts: "a"},
		{name: "ports by name", config: "Host a\n Port https\nHost b\n Port 0022\nHost *\n Port 65535\n", hosts: "a b c"},
		{name: "families", config: "Host a\n AddressFamily inet\nHost b\n AddressFamily INET6\nHost c\n AddressFamily any\nHost *\n AddressFamily inet\n", hosts: "a b c d"},
		{name: "algorithms", config: "Ciphers aes256-ctr,aes128-ctr\nMACs hmac-sha2-256\nKexAlgorithms curve25519-sha256\nHostKeyAlgorithms ssh-ed25519\nPubkeyAcceptedAlgorithms ssh-ed25519\n", hosts: "a"},
		{name: "algorithms added", config: "Host a\n Ciphers +aes128-cbc\n MACs ^hmac-sha1\n KexAlgorithms -diffie-hellman*\n HostKeyAlgorithms +ssh-rsa\n PubkeyAcceptedAlgorithms -*cert*\nHost *\n Ciphers aes256-ctr\n", hosts: "a b"},
		{name: "PreferredAuthentications", config: "PreferredAuthentications publickey,keyboard-interactive\n", hosts: "a"},
		{name: "HostKeyAlias", config: "HostKeyAlias Some.Name\n", hosts: "a"},
		{name: "known_hosts in quotes", config: "UserKnownHostsFile \"/a b\" /c\n", hosts: "a"},
		{name: "no known_hosts", config: "UserKnownHostsFile none\nGlobalKnownHostsFile NONE\n", hosts: "a"},
		{name: "IgnoreUnknown", config: "IgnoreUnknown Foo*,bar\nFooBar 1\nBAR x\nPort 7\n", hosts: "a"},
		{name: "ignored keywords", config: "SendEnv LANG LC_*\nSetEnv A=b\nLocalForward 1 b:2\nRequestTTY force\nCompression yes\nLogLevel DEBUG\nProtocol 2\nForwardAgent yes\nPort 7\n", hosts: "a"},
		{name: "PubkeyAuthentication host-bound", config: "Host a\n PubkeyAuthentication host-bound\nHost b\n PubkeyAuthentication unbound\n", hosts: "c"},
	}
}

// sshSaid is about what the inventory and options say.
func sshSaid() []sshSituation {
	config := "Host a\n User f\n Port 1\n HostName x\n IdentityFile /f\n ProxyJump j\n StrictHostKeyChecking no\n"
	return []sshSituation{
		{name: "login said", config: config, user: "said", port: 9, hosts: "a b"},
		{name: "options", config: config, hosts: "a b", options: []sshOption{
			{"User", "o", "x:1"}, {"port", "2", "x:1"}, {"IdentityFile", "/o", "x:1"}, {"ProxyCommand", "nc a b", "x:1"}, {"StrictHostKeyChecking", "yes", "x:1"}, {"ProxyJump", "k", "x:1"}}},
		{name: "login said and options", config: config, user: "said", port: 9, hosts: "a", options: []sshOption{{"User", "o", "x:1"}, {"HostName", "y", "x:1"}}},
		{name: "option ProxyJump", config: "ProxyCommand x\n", hosts: "a", options: []sshOption{{"ProxyJump", "u@j:7,k", "x:1"}}},
		{name: "options for Match", config: "Match user o\n Port 7\n", hosts: "a", options: []sshOption{{"User", "o", "x:1"}}},
	}
}
