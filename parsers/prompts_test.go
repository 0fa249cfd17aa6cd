package parsers_test

import (
	"testing"

	"github.com/fleetnet/fleetnet/parsers"
)

// TestTellHeaded: how people and shells show which command printed what follows.
func TestTellHeaded(t *testing.T) {
	const table = "Routing tables\n\nInternet:\nDestination        Gateway            Flags           Netif Expire\n" +
		"default            10.3.0.1           UGScg             en0       \n127                127.0.0.1          UCS               lo0       \n"
	for name, above := range map[string]string{
		"a prompt at the right edge":  "❯ netstat -rn                                        12s 11:22:33\n",
		"a theme of zsh":              "╭─ops@mac1 ~/src ‹main*›\n╰─➤  netstat -rn                              1 ↵\n",
		"a theme without a character": "╭─ ~/src ········ ✔ 11:22:33 ─╮\n╰─ netstat -rn                          ─╯\n",
		"sudo asks":                   "bash-3.2$ netstat -rn\nPassword:\n",
		"the end of a prompt":         "✗ netstat -rn\n",
		"between marks":               "===== netstat -rn =====\n",
		"a title":                     "### netstat -rn\n",
		"code and a colon":            "`netstat -rn`:\n",
		"a colon":                     "netstat -rn:\n",
		"an arrow":                    "==> netstat -rn <==\n",
	} {
		told, err := parsers.Tell([]byte(above+table), parsers.Asked{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if r := told.Readings[0]; len(told.Readings) != 1 || r.Probe.Command != "netstat -rn" || !r.Typed || r.Lines() != 5 {
			t.Errorf("%s: told %q, %d lines", name, r.Probe.Command, r.Lines())
		}
	}
}

// TestTellCollected: a file that a script put together is a session, too.
func TestTellCollected(t *testing.T) {
	const text = "--- arp -an ---\n? (10.3.0.1) at 0:1c:42:0:0:8 on en0 ifscope [ethernet]\n\n" +
		"--- ifconfig lo0 ---\nlo0: flags=8049<UP,LOOPBACK,RUNNING,MULTICAST> mtu 16384\n\tinet 127.0.0.1 netmask 0xff000000 \n"
	told, err := parsers.Tell([]byte(text), parsers.Asked{Platforms: []string{"darwin"}})
	if err != nil || len(told.Readings) != 2 || told.Readings[0].Line != 1 || told.Readings[1].Line != 4 {
		t.Errorf("told %+v, %v", told, err)
	}
}
