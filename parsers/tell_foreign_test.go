package parsers_test

import (
	"strings"
	"testing"

	"github.com/fleetnet/fleetnet/parsers"
)

// TestTellForeign asserts that what systems print that are not read is taken for
// none of those that are, and that the error names them.
func TestTellForeign(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"routes of AIX", `Routing tables
Destination        Gateway           Flags   Refs     Use  If   Exp  Groups

Route tree for Protocol Family 2 (Internet):
default            10.40.0.1         UG        3    446237 en0      -      -   =>
default            10.40.0.2         UG        7    596156 en0      -      -   
10.40/16           10.40.0.5         U        32  21793220 en0      -      -   
127/8              127.0.0.1         U         3     19077 lo0      -      -   
`, "AIX"},
		{"interfaces of AIX", `Name  Mtu   Network     Address            Ipkts Ierrs    Opkts Oerrs  Coll
en0   1500  link#2      0.9.6b.6e.e3.f1      8120     0     5230     0     0
en0   1500  10.40       10.40.0.5            8120     0     5230     0     0
lo0   16896 link#1                           1456     0     1456     0     0
`, "AIX"},
		{"neighbours of AIX", `  ? (10.40.0.1) at 0:d:b9:41:5c:88 [ethernet] stored in bucket 93

  host7 (10.40.0.7) at 0:0:5e:0:1:5c [ethernet] permanent stored in bucket 97
`, "AIX"},
		{"ifconfig of AIX", `en0: flags=1e084863,480<UP,BROADCAST,NOTRAILERS,RUNNING,SIMPLEX,MULTICAST,GROUPRT,64BIT,CHECKSUM_OFFLOAD(ACTIVE),CHAIN>
	inet 10.40.0.5 netmask 0xffff0000 broadcast 10.40.255.255
	 tcp_sendspace 262144 tcp_recvspace 262144 rfc1323 1
`, "AIX"},
		{"sockets of AIX", `Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)
tcp        0      0  *.*                    *.*                    CLOSED
tcp4       0      0  *.22                   *.*                    LISTEN
tcp4       0     48  10.40.0.5.22           10.40.0.9.50122        ESTABLISHED
udp4       0      0  *.514                  *.*                    
`, "AIX"},
		{"neighbours of FreeBSD or OpenBSD", `Neighbor                             Linklayer Address  Netif Expire    S Flags
fe80::1%em0                          00:0d:b9:41:5c:88    em0 23h41m4s  S R
2001:db8:17:4::a                     08:00:27:aa:bb:cc    em0 8s        R
`, "openbsd"},
		{"routes of Solaris", `
Routing Table: IPv4
  Destination           Gateway           Flags  Ref     Use     Interface 
-------------------- -------------------- ----- ----- ---------- --------- 
default              10.40.0.1            UG        2      76419 net0      
10.40.0.0            10.40.0.17           U         4       8100 net0      
`, "Solaris"},
		{"routes of Solaris with -v", `
IRE Table: IPv4
  Destination             Mask           Gateway          Device  MTU  Ref Flg  Out  In/Fwd 
-------------------- --------------- -------------------- ------ ----- --- --- ----- ------ 
default              0.0.0.0         10.40.0.1                    1500   3 UG    1208      0 
`, "Solaris"},
		{"ifconfig of Solaris", `lo0: flags=2001000849<UP,LOOPBACK,RUNNING,MULTICAST,IPv4,VIRTUAL> mtu 8232 index 1
	inet 127.0.0.1 netmask ff000000 
net0: flags=100001004843<UP,BROADCAST,RUNNING,MULTICAST,DHCP,IPv4,PHYSRUNNING> mtu 1500 index 2
	inet 10.40.0.17 netmask ffffff00 broadcast 10.40.0.255
	ether 0:14:4f:fa:1c:22 
`, "Solaris"},
		{"sockets of Solaris", `
TCP: IPv4
   Local Address        Remote Address     Swind  Send-Q  Rwind  Recv-Q    State
-------------------- -------------------- ------- ------ ------- ------ -----------
      *.22                 *.*                  0      0  128000      0 LISTEN
`, "Solaris"},
		{"neighbours of Solaris", `
Net to Media Table: IPv4
Device   IP Address               Mask      Flags      Phys Addr
------ -------------------- --------------- -------- ---------------
net0   10.40.0.1            255.255.255.255          00:0d:b9:41:5c:88
`, "Solaris"},
		{"routes of HP-UX", `Routing tables
Dest/Netmask                    Gateway            Flags Refs Interface  Pmtu
127.0.0.1/255.255.255.255       127.0.0.1          UH    0    lo0       32808
default/0.0.0.0                 10.40.0.1          UG    0    lan0       1500
`, "HP-UX"},
		{"fstat of FreeBSD", `USER     CMD          PID   FD MOUNT      INUM MODE         SZ|DV R/W
root     sshd         812 text /         64321 -r-xr-xr-x  345112  r
root     sshd         812    3* internet6 stream tcp fffff80003df4b70
`, "fstat"},
	} {
		told, err := parsers.Tell([]byte(tt.text), parsers.Asked{})
		if err == nil {
			t.Errorf("%s: told %+v", tt.name, told)
		} else if !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
}
