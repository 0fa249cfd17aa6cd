package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"

	"github.com/fleetnet/fleetnet/inventory"
	"github.com/fleetnet/fleetnet/parsers"
	"github.com/fleetnet/fleetnet/runner"
	"github.com/fleetnet/fleetnet/runner/sshtest"
)

// busyHostBytes is what each simulated host of the benchmarks prints.
const busyHostBytes = 50_000

// simulateFleet is the command that plays the hosts of a benchmark, any number
// of them, at 100 ports.
func simulateFleet() {
	answer, err := busyHost()
	if err == nil {
		err = sshtest.Simulate(sshtest.One(sshtest.Host{Answer: answer}), 100, os.Stdout, os.Stdin)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// busyHost answers as the host web01 of the demonstration fleet would with more
// connections: one in three established, the others in TIME_WAIT.
func busyHost() (sshtest.Answer, error) {
	text, err := demoFleet.ReadFile("demofleet/web01.txt")
	if err != nil {
		return nil, err
	}
	header, body, _ := bytes.Cut(text, []byte{'\n'})
	var nonce string
	var out, errs int
	if _, err := fmt.Sscanf(string(header), "fleetnet recording 1 nonce=%32s stdout=%d stderr=%d", &nonce, &out, &errs); err != nil {
		return nil, err
	}
	heading := []byte("Netid State")
	before, after, ok := bytes.Cut(body[:out], heading)
	end := bytes.Index(after, []byte("\n\n@fleetnet"))
	if !ok || end < 0 {
		return nil, errors.New("web01 has no output of ss")
	}
	stdout := append(slices.Clip(before), heading...)
	stdout = append(stdout, " Recv-Q Send-Q Local Address:Port Peer Address:Port Process\n"...)
	for n := 0; len(stdout)+len(after)-end < busyHostBytes; n++ {
		stdout = appendConnection(stdout, n)
	}
	stdout = append(stdout, after[end+1:]...)
	return sshtest.Answer(func(script []byte) sshtest.Reply {
		return sshtest.Reply{
			Stdout: bytes.ReplaceAll(stdout, []byte(nonce), []byte(sshtest.Nonce(script))),
			Stderr: bytes.ReplaceAll(withoutNotices(body[out:out+errs]), []byte(nonce), []byte(sshtest.Nonce(script))),
		}
	}), nil
}

func appendConnection(text []byte, n int) []byte {
	if n%3 != 0 {
		return fmt.Appendf(text, "tcp   TIME-WAIT 0      0        10.213.0.10:443  10.213.%d.%d:%d timer:(timewait,%dsec,0) ino:0 sk:%x\n",
			1+n%9, 1+n%250, 32768+n*7, 1+n%59, 0xa4be+n)
	}
	return fmt.Appendf(text, "tcp   ESTAB  0      %-8d 10.213.0.10:443  10.213.%d.%d:%d users:((\"nginx\",pid=%d,fd=%d)) timer:(keepalive,%dmin,0) uid:33 ino:%d sk:%x cgroup:/system.slice/nginx.service <->\n"+
		"\t ts sack cubic wscale:7,7 rto:204 rtt:0.%03d/0.%03d ato:40 mss:1448 pmtu:1500 rcvmss:536 advmss:1448 cwnd:10 bytes_sent:%d bytes_acked:%d bytes_received:%d segs_out:73 segs_in:57 data_segs_out:68 data_segs_in:27 send 897Mbps lastsnd:%d lastrcv:%d lastack:%d pacing_rate 1.79Gbps delivery_rate 193Mbps delivered:69 app_limited busy:260ms rcv_space:14480 rcv_ssthresh:91272 minrtt:0.012 snd_wnd:103424\n",
		n%4*36, 1+n%9, 1+n%250, 32768+n*7, 9+n%4, 7+n, 1+n%119, 428289+n, 0xa4be+n,
		9+n, 4+n, n*2521, n*2521, n*394, n*12, n*16, n*12)
}

// withoutNotices drops what ss says where there is no cgroup2, which is rare.
func withoutNotices(text []byte) []byte {
	var kept []byte
	for line := range bytes.Lines(text) {
		if !bytes.HasPrefix(line, []byte("Failed to")) {
			kept = append(kept, line...)
		}
	}
	return kept
}

// plainSSH is the command that a scan is compared with: the smallest program
// that logs in to the hosts of the inventory in the folder named by its argument,
// runs the same script and drops what it prints. It writes how many bytes that was.
func plainSSH() {
	dir := os.Args[1]
	inv, err := inventory.Load(filepath.Join(dir, "hosts.yaml"))
	fatal(err)
	pem, err := os.ReadFile(filepath.Join(dir, "id_ed25519"))
	fatal(err)
	key, err := ssh.ParsePrivateKey(pem)
	fatal(err)
	known, err := knownhosts.New(filepath.Join(dir, "known_hosts"))
	fatal(err)
	cfg := &ssh.ClientConfig{User: "ops", Auth: []ssh.AuthMethod{ssh.PublicKeys(key)}, HostKeyCallback: known}
	script := strings.ReplaceAll(runner.Script(parsers.All(), runner.ScriptOptions{}), "NONCE", strings.Repeat("0", 32))
	var bytes counter
	var next atomic.Int64
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			for i := next.Add(1) - 1; int(i) < len(inv.Hosts); i = next.Add(1) - 1 {
				fatal(runPlain(inv.Hosts[i], cfg, script, &bytes))
			}
		})
	}
	wg.Wait()
	fmt.Println(bytes.n.Load())
}

func runPlain(h inventory.Host, cfg *ssh.ClientConfig, script string, out io.Writer) error {
	client, err := ssh.Dial("tcp", h.Addr+":"+strconv.Itoa(h.Port), cfg)
	if err != nil {
		return err
	}
	defer client.Close()
	session, err := client.NewSession()
	if err != nil {
		return err
	}
	session.Stdin, session.Stdout, session.Stderr = strings.NewReader(script), out, io.Discard
	return session.Run("/bin/sh")
}

func fatal(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// counter drops what is written to it.
type counter struct{ n atomic.Int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.n.Add(int64(len(p)))
	return len(p), nil
}
