package lab

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// order tells a puppet what to do with its sockets.
type order struct {
	Do      string
	From    netip.AddrPort // to listen at, or to come from; the zero value lets the kernel choose
	To      netip.AddrPort
	N       int    // connections, bytes, datagrams, or the length of the accept queue
	NoWait  bool   // dial: the connections need not come about
	Foreign bool   // dial: From is an address that nobody has
	TOS     int    // datagrams: the byte of the IP header with the ECN bits
	Payload []byte // datagrams
}

// The values of order.Do.
const (
	doListen    = "listen"    // at From, with an accept queue of N
	doAccept    = "accept"    // N connections
	doDial      = "dial"      // N connections to To
	doSend      = "send"      // N bytes on each connection, or until the other side takes no more
	doShutdown  = "shutdown"  // say on each connection that nothing more will be sent
	doClose     = "close"     // all connections
	doDatagrams = "datagrams" // N of them to To
)

// answer says how an order went. An empty Error is success.
type answer struct{ Error string }

// puppet is a process in a node's namespaces that holds sockets as told.
type puppet struct {
	node    *node
	cmd     *exec.Cmd
	strings io.Closer
	orders  *json.Encoder
	answers *json.Decoder
}

// startPuppet starts a puppet in n, which is called comm there.
func (f *Fleet) startPuppet(n *node, comm string) (*puppet, error) {
	program, err := f.programNamed(comm)
	if err != nil {
		return nil, err
	}
	// Outside the node's mount namespace, where the program is; ss and lsof
	// inside see the process all the same.
	cmd := exec.Command("nsenter", "-t", strconv.Itoa(n.pid()), "-u", "-i", "-n", "-p", "--", program)
	cmd.Env = []string{path, reexec + "=" + asPuppet}
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("lab: %s: start %s: %w", n.name, comm, err)
	}
	return &puppet{node: n, cmd: cmd, strings: in, orders: json.NewEncoder(in), answers: json.NewDecoder(out)}, nil
}

// programNamed returns a path to this very program whose last part is comm:
// that is what the kernel calls a process started from it.
func (f *Fleet) programNamed(comm string) (string, error) {
	program, err := os.Executable()
	if err != nil {
		return "", err
	}
	bin := filepath.Join(f.dir, "bin")
	if err := os.MkdirAll(bin, 0o755); err != nil {
		return "", err
	}
	link := filepath.Join(bin, comm)
	if err := os.Symlink(program, link); err != nil && !errors.Is(err, os.ErrExist) {
		return "", err
	}
	return link, nil
}

// do has the puppet carry out orders, up to the first that fails.
func (p *puppet) do(orders ...order) error {
	for _, o := range orders {
		if err := p.orders.Encode(o); err != nil {
			return fmt.Errorf("lab: %s: %s: %w", p.node.name, o.Do, err)
		}
		var a answer
		if err := p.answers.Decode(&a); err != nil {
			return fmt.Errorf("lab: %s: %s: %w", p.node.name, o.Do, err)
		}
		if a.Error != "" {
			return fmt.Errorf("lab: %s: %s", p.node.name, a.Error)
		}
	}
	return nil
}

// stop ends the puppet, and so closes its sockets.
func (p *puppet) stop() {
	p.strings.Close()
	p.cmd.Wait()
}
