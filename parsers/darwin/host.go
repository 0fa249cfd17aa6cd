package darwin

import (
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/bsdnet"
)

// hostCommand asks who the host is. What a Mac lacks is left out.
const hostCommand = `( sysctl kern.ostype kern.osrelease kern.hostname hw.machine kern.bootsessionuuid kern.boottime; sw_vers; ` +
	`u=$(id -u) && echo "euid: $u"; t=$(date +%s) && echo "epoch: $t"; : ) 2>/dev/null`

// Host reads who the host is from any of these, one after the other:
//
//	Darwin mac1.local 23.5.0 Darwin Kernel Version 23.5.0: Wed May  1 20:12:58 PDT 2024; root:xnu-10063/RELEASE_ARM64_T6000 arm64
//	ProductName:		macOS
//	ProductVersion:		14.5
//	BuildVersion:		23F79
//	kern.osrelease: 23.5.0
//	kern.boottime: { sec = 1718000000, usec = 918881 } Mon Jun 10 08:13:20 2024
//
// and the lines euid and epoch that the probe adds.
func Host(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	var p product
	bsdnet.Host(in, out, bsdnet.HostForm{Systems: []string{"Darwin"}, Uname: uname, Key: p.key})
	if v := p.version(); v != "" {
		out.Host.OSVersion = v
	}
}

// product is what sw_vers tells.
type product struct{ name, number, extra, build string }

func (p *product) key(key, value string) bool {
	switch key {
	case "ProductName":
		p.name = value
	case "ProductVersion":
		p.number = value
	case "ProductVersionExtra":
		p.extra = value
	case "BuildVersion", "kern.osversion":
		p.build = value
	case "kern.osproductversion":
		p.name, p.number = "macOS", value
	default:
		return false
	}
	return true
}

func (p *product) version() string {
	v := strings.Join(strings.Fields(p.name+" "+p.number+" "+p.extra), " ")
	if p.build != "" && v != "" {
		v += " (" + p.build + ")"
	}
	return v
}

// machines are what uname -m says, but for that of PowerPC, which holds a blank.
var machines = []string{"arm64", "arm64e", "x86_64", "i386"}

// uname takes the machine, which stands behind the version. That of GNU
// coreutils adds the processor, which is i386 on every Intel.
func uname(h *fleetnet.Host, words []string) {
	for i, w := range words[3:] {
		switch {
		case slices.Contains(machines, w):
			h.Arch = w
			return
		case w == "Macintosh" && words[2+i] == "Power":
			h.Arch = "Power Macintosh"
			return
		}
	}
}
