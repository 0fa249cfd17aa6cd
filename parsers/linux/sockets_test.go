package linux_test

import "testing"

// TestSocketDialects asserts which commands are read as lists of sockets.
func TestSocketDialects(t *testing.T) {
	tests := []struct{ command, want string }{
		{"ss -tan", "linux/ss"},
		{"ss", "linux/ss"},
		{"/usr/sbin/ss -H4tulpn state listening", "linux/ss"},
		{"ss -s", "linux/ss-summary"},
		{"ss --summary", "linux/ss-summary"},
		{"ss -tanE", ""},
		{"ss -V", ""},
		{"netstat -tulpn", "linux/netstat"},
		{"netstat", "linux/netstat"},
		{"netstat --tcp --numeric", "linux/netstat"},
		{"netstat -c", ""},
		{"netstat --version", ""},
		{"cat /proc/net/tcp6", "linux/proc-sockets"},
		{"tail -n +1 /proc/net/tcp /proc/net/udp", "linux/proc-sockets"},
		{"cat /proc/1041/net/udp", "linux/proc-sockets"},
		{"cat /proc/net/netlink", "linux/proc-sockets"},
		{"head -n 99 /proc/net/packet", "linux/proc-sockets"},
		{"cat /proc/net/sockstat /proc/net/sockstat6", "linux/proc-sockstat"},
		{"lsof -nP -i", "linux/lsof"},
		{"lsof -F pcn", ""},
	}
	for _, tt := range tests {
		d, _ := dialectOf(tt.command)
		if d.Name != tt.want {
			t.Errorf("%s: read as %q, want %q", tt.command, d.Name, tt.want)
		}
	}
}

// TestNetstatLeavesOthers asserts that netstat's other listings are not taken
// for sockets.
func TestNetstatLeavesOthers(t *testing.T) {
	for _, args := range []string{"-r", "-rn", "-i", "-ie", "-s", "-gn", "--route", "--statistics"} {
		if d, _ := dialectOf("netstat " + args); d.Name == "linux/netstat" {
			t.Errorf("netstat %s is read as sockets", args)
		}
	}
}
