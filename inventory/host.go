// Package inventory says who to ask: it reads inventories, resolves each
// host's connection settings, and selects hosts.
package inventory

import "time"

// Host is one host to scan, with everything needed to reach it.
type Host struct {
	Name          string         // unique in the inventory
	Addr          string         // name or address to dial; never empty
	Port          int            // 22 unless set
	User          string         // login; empty means the current user
	IdentityFiles []string       // private keys to offer; empty means the agent and the usual files of ~/.ssh
	KnownHosts    string         // known_hosts file; empty means ~/.ssh/known_hosts and /etc/ssh/ssh_known_hosts
	Jump          *Host          // bastion to go through, or nil
	Become        string         // "sudo", or empty for none
	Platform      string         // "auto", or a GOOS
	Transport     string         // "ssh" or "local"
	Timeout       time.Duration  // bound on everything done with the host; 0 means the runner's default
	Groups        []string       // sorted; every host is also in "all", which is not listed
	Vars          map[string]any // for rules and selection; nil when there are none
	Params        map[string]any // "rule.param" to its value, already merged over groups; nil when there are none
}
