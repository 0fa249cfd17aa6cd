// Package lab builds a live fleet out of Linux network namespaces, for tests:
// N hosts on one bridge, each with its own network, process table, hostname,
// file system and real sshd, and real faults planted in them by real programs.
//
//	func TestMain(m *testing.M) { lab.Main(); os.Exit(m.Run()) }
//
//	func TestScan(t *testing.T) {
//		f := lab.New(t, lab.Host{Name: "web1"}, lab.Host{Name: "db1", Userland: lab.NoSS, User: "ops"})
//		f.Plant("web1", lab.CloseWaitLeak(150).As("backend"))
//		run("scan", "-i", f.Inventory())
//	}
//
// # A host
//
// A host is a set of anonymous namespaces (network, mount, process, UTS, IPC)
// whose first process is this very binary, started again by [Main]. Its root is
// an overlay of the machine's: it sees the machine's programs, and whatever is
// written there lies in a tmpfs that vanishes with it ([Fleet.Changed] lists
// it). /root, /home, /tmp, /var/tmp and /run begin empty; accounts, host keys
// and sudoers are the host's own. The machine's configuration is never touched.
//
// With a small [Userland], or the root file system of another release, sessions
// are in a root of their own within that one, and sshd is the machine's.
//
// # The network
//
// All hosts are on one bridge in a namespace called the hub, which is also
// their default gateway and the far end of most faults. The network is
// 10.213.N.0/24 and fd00:213:N::/64, for the first N that is free:
//
//	.1          the hub: the gateway; it answers and forwards nothing
//	.3          nobody ([GatewayFailed])
//	.10 – .99   the hosts, in the order in which [New] was given them
//	.100 – .253 the far ends of faults, addresses of the hub
//	.254        the test process, over a veth fnlabN in the root namespace
//
// A host with a [Host.Jump] has an address in another network instead, which
// only its jump host is in as well: 10.214.N.0/24, 10.215.N.0/24 and so on, one for
// each host that others jump through, in their order. Jump hosts may be behind
// jump hosts. The copies of a host ([Host.Copies]) have a network of that sort, too.
// No packet leaves these namespaces.
//
// # Logging in
//
// A host lets the fleet's identity in ([Fleet.Identity]), by its key alone. What
// its server does otherwise is said in [Host]: lines of sshd_config, passwords,
// PAM, dropbear in place of sshd, kinds of host keys, certificates, and what sudo,
// doas and su want. [Fleet.Log] is what the server has to say of it.
//
// # What it takes
//
// Linux, root, overlay mounts, and the Debian packages openssh-server,
// iproute2 and util-linux. A host may want more and skips the test without it:
// net-tools, busybox-static, toybox, sudo, opendoas, dropbear-bin, fish, tcsh. With
// FLEETNET_CI=1 nothing skips: what is missing fails. The root file systems of
// other releases are below $FLEETNET_ROOTS ([Roots]).
//
// # Cleaning up
//
// Nothing has a name in the file system and every first process ends when the
// pipe from the test process does, so the kernel takes processes, namespaces,
// mounts and links back even after a kill -9. Only the temporary directory can
// be left, by such a kill.
package lab
