package darwin

import (
	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/bsdnet"
)

// sysctlCommand asks for the settings of the network and a few of the kernel.
// sysctl fails when one name is unknown; what it printed counts.
const sysctlCommand = `v=$(sysctl net.inet net.inet6 net.link.generic.system kern.ipc.somaxconn kern.ipc.maxsockbuf kern.ipc.nmbclusters ` +
	`kern.maxfiles kern.maxfilesperproc kern.num_files 2>/dev/null); [ -n "$v" ] && echo "$v"`

// Sysctl reads `sysctl net.inet`.
func Sysctl(in *fleetnet.Lines, out *fleetnet.Snapshot) { bsdnet.Settings(in, out) }

// sysctlAll reads `sysctl -a`, which tells the host as well.
func sysctlAll(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	var p product
	bsdnet.SettingsOfHost(in, out, bsdnet.HostForm{Key: p.key})
	if v := p.version(); v != "" {
		out.Host.OSVersion = v
	}
}
