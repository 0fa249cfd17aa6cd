package parsers_test

import (
	"testing"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers"
)

// TestTellPromptsOfBSD: two commands behind the prompts of firewalls and shells, and
// the prompt alone at the end, as pastes have it.
func TestTellPromptsOfBSD(t *testing.T) {
	const routes = "Routing tables\n\nInternet:\nDestination        Gateway            Flags     Netif Expire\n" +
		"default            192.0.2.1          UGS      vtnet0\n127.0.0.1          link#2             UH          lo0\n"
	const neighbors = "? (192.0.2.1) at 00:0d:b9:11:22:34 on vtnet0 expires in 1186 seconds [ethernet]\n"
	for _, prompt := range []string{
		"[2.7.2-RELEASE][admin@fw1.home.arpa]/root: ", "[23.09-RELEASE][root@fw1]/var/log: ", "root@fw1:~ # ", "root@fw1[~]# ",
		"fw1# ", "fw1$ ", "% ", "~ # ", "bash-5.1# ", "jdoe@bsd:/home/jdoe % ",
	} {
		told, err := parsers.Tell([]byte(prompt+"netstat -rn\n"+routes+prompt+"arp -an\n"+neighbors+prompt), parsers.Asked{})
		if err != nil {
			t.Errorf("%q: %v", prompt, err)
			continue
		}
		snap := fleetnet.NewSnapshot("fw1")
		accounts, err := told.Read(snap)
		if err != nil || len(accounts) != 2 || len(snap.Routes) != 2 || len(snap.Neighbors) != 1 {
			t.Errorf("%q: %d outputs, %d routes, %d neighbours, %v", prompt, len(accounts), len(snap.Routes), len(snap.Neighbors), err)
			continue
		}
		for _, a := range accounts {
			if a.Errors > 0 {
				t.Errorf("%q: %v", prompt, a.First)
			}
		}
	}
}
