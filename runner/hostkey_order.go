package runner

import (
	"bytes"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"
)

// algorithms returns those of the offered algorithms that the host may show,
// those of the keys that are known first, so that the server shows one of these.
func (c *keyCheck) algorithms(offered []string) []string {
	rank := func(algorithm string) int {
		for _, e := range c.known {
			if proves(algorithm, e) {
				return 0
			}
		}
		return 1
	}
	order := slices.Clone(offered)
	if !slices.ContainsFunc(c.known, func(e *knownEntry) bool { return e.authority }) {
		if withoutCerts := slices.DeleteFunc(slices.Clone(offered), isCert); len(withoutCerts) > 0 {
			order = withoutCerts
		}
	}
	slices.SortStableFunc(order, func(a, b string) int { return rank(a) - rank(b) })
	return order
}

func isCert(algorithm string) bool { return strings.Contains(algorithm, "-cert-v01@") }

func plainAlgorithms() []string {
	return []string{
		ssh.KeyAlgoED25519, ssh.KeyAlgoECDSA256, ssh.KeyAlgoECDSA384, ssh.KeyAlgoECDSA521,
		ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256,
	}
}

func certAlgorithms() []string {
	return []string{
		ssh.CertAlgoED25519v01, ssh.CertAlgoECDSA256v01, ssh.CertAlgoECDSA384v01, ssh.CertAlgoECDSA521v01,
		ssh.CertAlgoRSASHA512v01, ssh.CertAlgoRSASHA256v01,
	}
}

// proves reports whether a server can prove an entry with an algorithm. An RSA
// key stands in known_hosts as ssh-rsa, which as an algorithm means SHA-1; an
// authority may sign keys of any type.
func proves(algorithm string, e *knownEntry) bool {
	if e.authority {
		return isCert(algorithm)
	}
	kind, _, _ := bytes.Cut(e.text, []byte{' '})
	return slices.Contains(signatureAlgorithms(string(kind)), algorithm)
}
