package parsers_test

import (
	"testing"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers"
)

// TestTellHost: what a session tells of the host itself is taken, that a name
// alone too, once the system is known by the rest.
func TestTellHost(t *testing.T) {
	const arp = "Address                  HWtype  HWaddress           Flags Mask            Iface\n10.20.0.254              ether   02:00:5e:10:00:fe   C                     eth0\n"
	tests := []struct {
		name, text string
		want       fleetnet.Host
		passed     int
	}{
		{"a name, above", "ops@web7:~$ hostname -f\nweb7.example.org\nops@web7:~$ arp -n\n" + arp, fleetnet.Host{OS: "linux", Hostname: "web7.example.org"}, 0},
		{"a kernel, below", "$ arp -n\n" + arp + "$ uname -r\n6.1.0-23-amd64\n", fleetnet.Host{OS: "linux", Kernel: "6.1.0-23-amd64"}, 0},
		{"all of it", "# uname -a\nLinux gw4 5.15.134 #0 Mon Oct 9 21:45:35 2023 mips GNU/Linux\n# cat /etc/openwrt_release\nDISTRIB_ID='OpenWrt'\nDISTRIB_DESCRIPTION='OpenWrt 23.05.0'\n",
			fleetnet.Host{OS: "linux", Hostname: "gw4", Kernel: "5.15.134", Arch: "mips", OSVersion: "OpenWrt 23.05.0"}, 0},
		{"the name of another host", "ops@web7:~$ ssh db1 hostname\ndb1\nops@web7:~$ arp -n\n" + arp, fleetnet.Host{OS: "linux"}, 1},
		{"no name", "ops@web7:~$ hostname -f\nhostname: Name or service not known\nops@web7:~$ arp -n\n" + arp, fleetnet.Host{OS: "linux"}, 1},
		{"os-release of a BSD", "$ cat /etc/os-release\nNAME=FreeBSD\nID=freebsd\n$ uname -a\nFreeBSD fw1 14.1-RELEASE FreeBSD 14.1-RELEASE releng/14.1-n267679 GENERIC amd64\n",
			fleetnet.Host{OS: "freebsd", Hostname: "fw1", Kernel: "14.1-RELEASE", Arch: "amd64", OSVersion: "FreeBSD 14.1-RELEASE"}, 1},
	}
	for _, tt := range tests {
		told, err := parsers.Tell([]byte(tt.text), parsers.Asked{})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		snap := fleetnet.NewSnapshot("")
		if _, err := told.Read(snap); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if snap.Host.Ref = (fleetnet.Ref{}); snap.Host != tt.want || len(told.Passed) != tt.passed {
			t.Errorf("%s: host %+v, passed over %v", tt.name, snap.Host, told.Passed)
		}
	}
}

// TestTellNameAlone: a line that any system may have printed tells none.
func TestTellNameAlone(t *testing.T) {
	if told, err := parsers.Tell([]byte("ops@web7:~$ hostname\nweb7\n"), parsers.Asked{}); err == nil {
		t.Errorf("told %s", told.Platform)
	}
}
