package command

import (
	"strings"
	"testing"
)

func TestUnwrap(t *testing.T) {
	for typed, want := range map[string][2]string{
		"ss -tan":                                       {"ss -tan"},
		"/usr/sbin/ss -tan":                             {"ss -tan"},
		"sudo ss -tan":                                  {"ss -tan"},
		"sudo -n -u root /bin/netstat -an":              {"netstat -an"},
		"sudo -uroot LC_ALL=C netstat -an":              {"netstat -an"},
		"sudo -- ip route":                              {"ip route"},
		"$ LANG=C TERM=dumb env -i busybox netstat -rn": {"netstat -rn"},
		"watch -n 1 -d ss -s":                           {"ss -s"},
		"watch -n1 ss -s":                               {"ss -s"},
		"time timeout -k 5 10 netstat -s":               {"netstat -s"},
		"ssh -p 2222 -l ops web1 ss -ltn":               {"ss -ltn", "ssh -p 2222 -l ops web1"},
		"ssh web1 sudo ss -ltn":                         {"ss -ltn", "ssh web1"},
		"docker exec -it -u root web ss -ltn":           {"ss -ltn", "docker exec -it -u root web"},
		"kubectl exec -n prod web-0 -- ss -ltn":         {"ss -ltn", "kubectl exec -n prod web-0 --"},
		"sudo ip netns exec blue ip -4 addr show":       {"ip -4 addr show", "ip netns exec blue"},
		"nsenter -t 12 -n ss -ltn":                      {"ss -ltn", "nsenter -t 12 -n"},
		"adb shell netstat":                             {"netstat", "adb shell"},
		"ip netns list":                                 {"ip netns list"},
		"ip -n blue route":                              {"ip -n blue route"},
		"sudo":                                          {""},
		"ssh web1":                                      {"", "ssh web1"},
		"":                                              {""},
		"for i in 1":                                    {"for i in 1"},
	} {
		core, where := Unwrap(strings.Fields(typed))
		if got := strings.Join(core, " "); got != want[0] || where != want[1] {
			t.Errorf("%s: %q %q, want %q", typed, got, where, want)
		}
	}
}
