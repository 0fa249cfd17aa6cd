package lab

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// tcpState is a state in the numbers of the kernel's tcp_states.h.
type tcpState uint8

const (
	established tcpState = 1
	synSent     tcpState = 2
	synRecv     tcpState = 3
	finWait1    tcpState = 4
	finWait2    tcpState = 5
	timeWait    tcpState = 6
	closeWait   tcpState = 8
	lastAck     tcpState = 9
	listening   tcpState = 10
)

// zeroWindowProbe is the number of the persist timer in /proc/net/tcp.
const zeroWindowProbe = 4

// tcpSocket is a line of /proc/net/tcp; see proc_net_tcp.rst of the kernel.
type tcpSocket struct {
	localPort, remotePort uint16
	state                 tcpState
	sendQ, recvQ          uint64 // of a listener, recvQ is the accept queue
	timer                 uint64
}

// sockets reads the node's IPv4 TCP sockets that have port on either side.
//
//	sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt …
//	 0: 0AD50A0A:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000 …
func (n *node) sockets(port uint16) ([]tcpSocket, error) {
	in, err := os.Open(fmt.Sprintf("/proc/%d/net/tcp", n.pid()))
	if err != nil {
		return nil, err
	}
	defer in.Close()
	var sockets []tcpSocket
	lines := bufio.NewScanner(in)
	lines.Scan() // the heading
	for lines.Scan() {
		if s := parseTCP(lines.Text()); s.localPort == port || s.remotePort == port {
			sockets = append(sockets, s)
		}
	}
	return sockets, lines.Err()
}

func parseTCP(line string) tcpSocket {
	f := strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == ':' })
	if len(f) < 10 {
		return tcpSocket{}
	}
	hex := func(i int) uint64 {
		n, _ := strconv.ParseUint(f[i], 16, 64)
		return n
	}
	return tcpSocket{localPort: uint16(hex(2)), remotePort: uint16(hex(4)), state: tcpState(hex(5)),
		sendQ: hex(6), recvQ: hex(7), timer: hex(8)}
}
