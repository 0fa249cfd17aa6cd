package runner

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
)

// algorithmList is what a keyword of ssh_config(5) chooses from: what is offered
// when nothing is said, and what else there is.
type algorithmList struct {
	keyword  string
	defaults []string
	others   []string // no longer safe, or of use to nobody who does not ask for them
}

func kexAlgorithms() algorithmList {
	return algorithmList{"KexAlgorithms", ssh.SupportedAlgorithms().KeyExchanges,
		append(ssh.InsecureAlgorithms().KeyExchanges, "curve25519-sha256@libssh.org")}
}

func cipherAlgorithms() algorithmList {
	return algorithmList{"Ciphers", ssh.SupportedAlgorithms().Ciphers, ssh.InsecureAlgorithms().Ciphers}
}

func macAlgorithms() algorithmList {
	return algorithmList{"MACs", ssh.SupportedAlgorithms().MACs, ssh.InsecureAlgorithms().MACs}
}

// hostKeyAlgorithms has ed25519 first, as ssh does and x/crypto does not.
func hostKeyAlgorithms() algorithmList {
	return algorithmList{"HostKeyAlgorithms", append(certAlgorithms(), plainAlgorithms()...),
		append(ssh.SupportedAlgorithms().HostKeys, ssh.InsecureAlgorithms().HostKeys...)}
}

// pubkeyAlgorithms are those for logging in, those of certificates too.
func pubkeyAlgorithms() algorithmList {
	list := algorithmList{"PubkeyAcceptedAlgorithms", ssh.SupportedAlgorithms().PublicKeyAuths, ssh.InsecureAlgorithms().PublicKeyAuths}
	list.defaults = append(list.defaults, ssh.CertAlgoSKED25519v01, ssh.CertAlgoSKECDSA256v01)
	list.defaults = append(list.defaults, certAlgorithms()...)
	list.others = append(list.others, ssh.CertAlgoRSAv01)
	return list
}

// resolve returns the algorithms that a value of the keyword means: a list, or
// one that is added to the defaults (+), taken away (-) or put before them (^).
// Names may hold wildcards. Those that are not known here are passed over, as
// they may be ssh's own; when none is left that is an error.
func (a algorithmList) resolve(value string) ([]string, error) {
	if value == "" {
		return a.defaults, nil
	}
	var out []string
	switch named := a.named(strings.TrimLeft(value, "+-^")); value[0] {
	case '+':
		out = slices.Concat(a.defaults, named)
	case '^':
		out = slices.Concat(named, a.defaults)
	case '-':
		out = slices.DeleteFunc(a.defaults, func(s string) bool { return slices.Contains(named, s) })
	default:
		out = named
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s %s: none of these is supported", a.keyword, fleetnet.Quote(value))
	}
	return unique(out), nil
}

// named returns the algorithms that a list of names and patterns means.
func (a algorithmList) named(list string) []string {
	all := unique(slices.Concat(a.defaults, a.others))
	var out []string
	for name := range strings.SplitSeq(list, ",") {
		name = strings.TrimSpace(name)
		for _, algorithm := range all {
			if wildMatch(name, algorithm) {
				out = append(out, algorithm)
			}
		}
	}
	return out
}

func unique(list []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// offer is the algorithms that a host is offered.
type offer struct{ kex, ciphers, macs, hostKeys []string }

// offer returns what to offer to a host.
func (d *sshDoor) offer(s inventory.SSH) (offer, error) {
	if s.KexAlgorithms == "" && s.Ciphers == "" && s.MACs == "" && s.HostKeyAlgorithms == "" {
		return d.usual, nil
	}
	return offerOf(s)
}

func offerOf(s inventory.SSH) (o offer, err error) {
	var errs [4]error
	o.kex, errs[0] = kexAlgorithms().resolve(s.KexAlgorithms)
	o.ciphers, errs[1] = cipherAlgorithms().resolve(s.Ciphers)
	o.macs, errs[2] = macAlgorithms().resolve(s.MACs)
	o.hostKeys, errs[3] = hostKeyAlgorithms().resolve(s.HostKeyAlgorithms)
	for _, err := range errs {
		if err != nil {
			return o, err
		}
	}
	return o, nil
}

func (o offer) config() ssh.Config {
	return ssh.Config{KeyExchanges: o.kex, Ciphers: o.ciphers, MACs: o.macs}
}

func badOffer(h inventory.Host, err error) *HostError {
	return &HostError{h.Name, OpHandshake, err, "mend the line in ssh_config or the inventory"}
}

// signatureAlgorithms returns the algorithms of a kind of key, the best first.
func signatureAlgorithms(kind string) []string {
	switch kind {
	case ssh.KeyAlgoRSA:
		return []string{ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256, ssh.KeyAlgoRSA}
	case ssh.CertAlgoRSAv01:
		return []string{ssh.CertAlgoRSASHA512v01, ssh.CertAlgoRSASHA256v01, ssh.CertAlgoRSAv01}
	}
	return []string{kind}
}

// disagreement is a server with which nothing is in common.
type disagreement struct {
	what  string
	cause *ssh.AlgorithmNegotiationError
}

func (e *disagreement) Error() string {
	return fmt.Sprintf("no common algorithm for %s: the server offers only %s", e.what, fleetnet.Quote(strings.Join(e.cause.RequestedAlgorithms, ", ")))
}

func (e *disagreement) Unwrap() error { return e.cause }

// noCommon says what a server offers with which nothing is in common, and which
// line of ssh_config would allow it.
func noCommon(host, addr string, cause *ssh.AlgorithmNegotiationError) *HostError {
	fail := &HostError{Host: host, Op: OpHandshake, Err: fmt.Errorf("%s: %w", addr, &disagreement{cause.What, cause})}
	fail.Hint = "the server speaks only algorithms that are not supported: update it"
	var list algorithmList
	switch {
	case cause.What == "key exchange":
		list = kexAlgorithms()
	case cause.What == "host key":
		list = hostKeyAlgorithms()
	case strings.HasSuffix(cause.What, "cipher"):
		list = cipherAlgorithms()
	case strings.HasSuffix(cause.What, "MAC"):
		list = macAlgorithms()
	}
	for _, algorithm := range slices.Concat(list.defaults, list.others) {
		if slices.Contains(cause.RequestedAlgorithms, algorithm) {
			fail.Hint = fmt.Sprintf("update the server, or allow it for this host in ssh_config: %s +%s", list.keyword, algorithm)
			break
		}
	}
	return fail
}
