package inventory

import "time"

// SSH is what OpenSSH's configuration says of reaching a host besides what
// [Host] itself holds: ssh_config(5), and options given as ssh -o has them. A zero
// field means that nothing is said. Paths are absolute and tokens (%h, %p …) are
// expanded, except for those of ProxyCommand and ControlPath as noted.
type SSH struct {
	Alias          string   `json:"alias,omitzero"`           // what one would type after ssh; %n
	HostKeyAlias   string   `json:"host_key_alias,omitzero"`  // the name in known_hosts, instead of the address
	ProxyCommand   string   `json:"proxy_command,omitzero"`   // for sh -c, tokens expanded; excludes Host.Jump
	ControlPath    string   `json:"control_path,omitzero"`    // socket of a master connection that may exist, tokens expanded
	IdentitiesOnly bool     `json:"identities_only,omitzero"` // offer no key of the agent that no identity file names
	IdentityAgent  string   `json:"identity_agent,omitzero"`  // socket of the agent, "none", or empty for $SSH_AUTH_SOCK
	Certificates   []string `json:"certificates,omitzero"`    // CertificateFile

	Refused string `json:"refused,omitzero"` // why ssh would not connect: the host's error

	GlobalKnownHosts      []string `json:"global_known_hosts,omitzero"`       // GlobalKnownHostsFile, "none" is no file; nil means /etc/ssh/ssh_known_hosts and ssh_known_hosts2
	StrictHostKeyChecking string   `json:"strict_host_key_checking,omitzero"` // "yes", "ask", "accept-new", "no"

	// Lists of algorithms as ssh_config(5) writes them: a leading +, - or ^
	// changes the default list, and elements may hold wildcards after a -.
	HostKeyAlgorithms        string `json:"host_key_algorithms,omitzero"`
	KexAlgorithms            string `json:"kex_algorithms,omitzero"`
	Ciphers                  string `json:"ciphers,omitzero"`
	MACs                     string `json:"macs,omitzero"`
	PubkeyAcceptedAlgorithms string `json:"pubkey_accepted_algorithms,omitzero"`

	// Authentication methods that are turned off, and the order of those that
	// are not; PreferredAuthentications as it stands.
	NoPubkey              bool   `json:"no_pubkey,omitzero"`
	NoPassword            bool   `json:"no_password,omitzero"`
	NoKeyboardInteractive bool   `json:"no_keyboard_interactive,omitzero"`
	PreferredAuth         string `json:"preferred_auth,omitzero"`
	BatchMode             bool   `json:"batch_mode,omitzero"` // ask nobody for anything

	ConnectTimeout      time.Duration `json:"connect_timeout,omitzero"`
	ConnectionAttempts  int           `json:"connection_attempts,omitzero"` // of TCP, one a second
	ServerAliveInterval time.Duration `json:"server_alive_interval,omitzero"`
	ServerAliveCountMax int           `json:"server_alive_count_max,omitzero"`
	AddressFamily       string        `json:"address_family,omitzero"` // "inet" or "inet6"
	BindAddress         string        `json:"bind_address,omitzero"`
}
