package lab

import (
	"fmt"
	"strings"
)

// TrustUserCA is a line for [Host.SSHD]: it lets certificates of
// [Fleet.Certificate] in.
const TrustUserCA = "TrustedUserCAKeys " + userCAPath

const (
	userCAPath = "/etc/lab/user_ca.pub"
	bannerPath = "/etc/lab/banner"
)

// sshdConfig is the configuration of a host's sshd, of which sshd_config(5)
// says that the first value of a keyword counts.
func sshdConfig(h Host, keys int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Port %d\n", h.port())
	for _, line := range h.SSHD {
		b.WriteString(line + "\n")
	}
	for i := range keys {
		fmt.Fprintf(&b, "HostKey %s\n", hostKeyPath(i))
	}
	if h.HostCert {
		fmt.Fprintf(&b, "HostCertificate %s\n", hostCertPath)
	}
	if h.Banner != "" {
		fmt.Fprintf(&b, "Banner %s\n", bannerPath)
	}
	if h.PAM {
		b.WriteString("UsePAM yes\nKbdInteractiveAuthentication yes\n")
	}
	if h.Copies > 0 {
		// It stands for many, each of which would take its share.
		b.WriteString("MaxStartups 1000\n")
	}
	b.WriteString("UsePAM no\nPermitRootLogin prohibit-password\nPasswordAuthentication no\n" +
		"KbdInteractiveAuthentication no\nStrictModes no\nUseDNS no\nPrintMotd no\nPidFile " + pidFile + "\n" +
		"AuthorizedKeysFile /etc/lab/authorized_keys\nSubsystem sftp internal-sftp\n")
	if h.Userland.inner() {
		fmt.Fprintf(&b, "ChrootDirectory %s\n", innerRoot)
	}
	return b.String()
}
