package main

import (
	"bytes"
	"context"
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
	h, err := newBusyHost()
	fatal(err)
	stdout := slices.Clone(h.before)
	for n := 0; len(stdout)+len(h.after) < busyHostBytes; n++ {
		stdout = appendConnection(stdout, n)
	}
	stdout = append(stdout, h.after...)
	answer := func(script []byte) sshtest.Reply {
		nonce := []byte(sshtest.Nonce(script))
		return sshtest.Reply{
			Stdout: bytes.ReplaceAll(stdout, h.nonce, nonce),
			Stderr: bytes.ReplaceAll(h.stderr, h.nonce, nonce),
		}
	}
	fatal(sshtest.Simulate(sshtest.One(sshtest.Host{Answer: answer}), 100, os.Stdout, os.Stdin))
}

// recordMillion is the command that makes, in the folder named by its argument,
// the recording of a host with 1,000,000 connections.
func recordMillion() {
	h, err := newBusyHost()
	fatal(err)
	stdout := slices.Clone(h.before)
	for n := range 1_000_000 {
		stdout = appendConnection(stdout, n)
	}
	stdout = append(stdout, h.after...)
	header := fmt.Appendf(nil, busyHostHeader+"\n", h.nonce, len(stdout), len(h.stderr))
	fatal(os.WriteFile(filepath.Join(os.Args[1], "web1.txt"), slices.Concat(header, stdout, h.stderr), 0o600))
	fatal(os.WriteFile(filepath.Join(os.Args[1], "run.json"), []byte(`{"schema_version":1,"started_at":"2026-01-01T00:00:00Z","duration":"1s",
		"hosts":[{"host":{"name":"web1","addr":"192.0.2.1"},"file":"web1.txt","duration":"1s"}]}`), 0o600))
}

const busyHostHeader = "fleetnet recording 1 nonce=%32s stdout=%012d stderr=%012d"

// busyHost is the host web01 of the demonstration fleet with room for more
// connections between what it printed before and after its own.
type busyHost struct {
	nonce, before, after, stderr []byte
}

func newBusyHost() (h busyHost, err error) {
	text, err := demoFleet.ReadFile("demofleet/web01.txt")
	if err != nil {
		return h, err
	}
	header, body, _ := bytes.Cut(text, []byte{'\n'})
	var out, errs int
	if _, err := fmt.Sscanf(string(header), busyHostHeader, &h.nonce, &out, &errs); err != nil {
		return h, err
	}
	const heading = "Netid State"
	before, rest, found := bytes.Cut(body[:out], []byte(heading))
	end := bytes.Index(rest, []byte("\n\n@fleetnet"))
	if !found || end < 0 {
		return h, errors.New("web01 has no output of ss")
	}
	h.before = slices.Concat(before, []byte(heading+" Recv-Q Send-Q Local Address:Port Peer Address:Port Process\n"))
	h.after, h.stderr = rest[end+1:], withoutNotices(body[out:out+errs])
	return h, nil
}

// appendConnection appends the n-th connection as ss shows it: one in three is
// established, the others are in TIME_WAIT.
func appendConnection(text []byte, n int) []byte {
	port := 1024 + n*7%64000
	if n%3 != 0 {
		return fmt.Appendf(text, "tcp   TIME-WAIT 0      0        10.213.0.10:443  10.213.%d.%d:%d timer:(timewait,%dsec,0) ino:0 sk:%x\n",
			1+n%9, 1+n%250, port, 1+n%59, 0xa4be+n)
	}
	return fmt.Appendf(text, "tcp   ESTAB  0      %-8d 10.213.0.10:443  10.213.%d.%d:%d users:((\"nginx\",pid=%d,fd=%d)) timer:(keepalive,%dmin,0) uid:33 ino:%d sk:%x cgroup:/system.slice/nginx.service <->\n"+
		"\t ts sack cubic wscale:7,7 rto:204 rtt:0.%03d/0.%03d ato:40 mss:1448 pmtu:1500 rcvmss:536 advmss:1448 cwnd:10 bytes_sent:%d bytes_acked:%d bytes_received:%d segs_out:73 segs_in:57 data_segs_out:68 data_segs_in:27 send 897Mbps lastsnd:%d lastrcv:%d lastack:%d pacing_rate 1.79Gbps delivery_rate 193Mbps delivered:69 app_limited busy:260ms rcv_space:14480 rcv_ssthresh:91272 minrtt:0.012 snd_wnd:103424\n",
		n%4*36, 1+n%9, 1+n%250, port, 9+n%4, 7+n, 1+n%119, 428289+n, 0xa4be+n,
		n%999, n%499, n*2521, n*2521, n*394, n*12, n*16, n*12)
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
	inv, err := (inventory.Reader{}).Load(context.Background(), filepath.Join(dir, "hosts.yaml"))
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
