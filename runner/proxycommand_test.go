//go:build unix

package runner_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fleetnet/fleetnet/inventory"
	"github.com/fleetnet/fleetnet/runner"
	"github.com/fleetnet/fleetnet/runner/sshtest"
)

// netcat is a command that connects to an address, in whatever the machine has.
func netcat(t *testing.T, h inventory.Host) string {
	t.Helper()
	return fmt.Sprintf("%s -e 'use IO::Socket::INET; my $s = IO::Socket::INET->new(q(%s)) or die qq($@\\n); if (my $p = fork) { while (sysread $s, my $b, 65536) { syswrite STDOUT, $b } kill 9, $p } else { while (sysread STDIN, my $b, 65536) { syswrite $s, $b } shutdown $s, 1 }'",
		needProgram(t, "perl"), addrOf(h))
}

// nowhere is a host that only its command leads to.
func nowhere(h inventory.Host, command string) inventory.Host {
	h.SSH.ProxyCommand = command
	h.SSH.HostKeyAlias = addrOf(h)
	h.Addr, h.Port = h.Name+".invalid", 22
	return h
}

// A command is the connection of a host, and of a bastion.
func TestProxyCommand(t *testing.T) {
	hermetic(t)
	noLeaks(t)
	bastion, inner := newLab(t), newLab(t)
	bastion.Forward = dialTCP
	direct := inner.host("web1", sound())
	jump := bastion.host("bastion", sshtest.Host{})
	direct, jump = nowhere(direct, netcat(t, direct)), nowhere(jump, netcat(t, jump))
	alias(t, inner, direct)
	alias(t, bastion, jump)
	behind := inner.host("web2", sound())
	behind.Jump = &jump
	for name, res := range collect(t, runner.Config{Probes: settingsProbes()}, direct, behind) {
		if res.Err != nil || names(res.Snapshot) != "one two" {
			t.Errorf("%s: %v, %s", name, res.Err, names(res.Snapshot))
		}
	}
}

// alias makes the key known under the host's HostKeyAlias alone.
func alias(t *testing.T, l *lab, h inventory.Host) {
	t.Helper()
	write(t, l.knownHosts, strings.ReplaceAll(h.SSH.HostKeyAlias, "[", "")+" "+authorized(l.HostKey()))
}

func TestProxyCommandFailures(t *testing.T) {
	hermetic(t)
	for _, tt := range []struct {
		name, command, shell, text, hint string
		tries                            int // of a command that counts them
	}{
		{
			name: "not there", command: "/nowhere/nc web1 22", shell: "/bin/sh",
			text: `proxy command "/nowhere/nc web1 22": exit status 127: "`, hint: "run the command by hand",
		},
		{
			name: "fails", command: `sh -c 'echo >>$FLEETNET_TEST_MARKER; echo "no route\x1b[2J" >&2; echo second >&2; exit 3'`, shell: "/bin/bash",
			text: `: exit status 3: "no route`, hint: "by hand", tries: 1,
		},
		{
			name: "ends", command: "sh -c 'echo >>$FLEETNET_TEST_MARKER'", shell: "",
			text: `MARKER'": web1.invalid:22: the server closed the connection without a word`, hint: "by hand", tries: 3,
		},
		{
			name: "says nothing", command: "sh -c 'echo waiting >&2; sleep 600'", shell: "/bin/sh",
			text: `no end within 300ms, the server said nothing: "waiting"`, hint: "by hand",
		},
		{
			name: "does not want to end", command: `sh -c 'trap "" HUP TERM; sleep 600 & sleep 600; sleep 600'`, shell: "/bin/sh",
			text: `no end within 300ms, the server said nothing`, hint: "by hand",
		},
		{name: "is not sshd", command: "echo HTTP/1.1 400 Bad Request", shell: "/bin/sh", text: `not an SSH server: it says "HTTP/1.1 400 Bad Request"`, hint: "addr and port"},
		{name: "no shell", command: "true", shell: "/nowhere/sh", text: "/nowhere/sh: no such file", hint: "$SHELL"},
		{name: "floods", command: "sh -c 'yes error >&2'", shell: "/bin/sh", text: `: "error; error; `, hint: "by hand"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			noLeaks(t)
			t.Setenv("SHELL", tt.shell)
			marker := filepath.Join(t.TempDir(), "marker")
			h := inventory.Host{Name: "web1", Addr: "web1.invalid"}
			h.SSH.ProxyCommand = tt.command
			t.Setenv("FLEETNET_TEST_MARKER", marker)
			cfg := quick()
			cfg.Timeout, cfg.HandshakeTimeout = time.Minute, 300*time.Millisecond
			res := collect(t, cfg, h)["web1"]
			wantError(t, res.Err, runner.OpDial, tt.text, tt.hint)
			if lines, _ := os.ReadFile(marker); len(lines) != tt.tries {
				t.Errorf("it was tried %d times, want %d", len(lines), tt.tries)
			}
			allEnded(t, marker)
		})
	}
}

// allEnded fails the test when processes with the marker are left.
func allEnded(t *testing.T, marker string) {
	t.Helper()
	left := running(marker)
	for range 200 { // who was killed takes a moment
		if left == "" {
			return
		}
		time.Sleep(10 * time.Millisecond)
		left = running(marker)
	}
	t.Errorf("processes are left: %s", left)
}

// running returns the processes that have the marker in their environment.
func running(marker string) string {
	var left []string
	dirs, _ := filepath.Glob("/proc/[0-9]*")
	for _, dir := range dirs {
		env, _ := os.ReadFile(dir + "/environ")
		if strings.Contains(string(env), marker) && filepath.Base(dir) != fmt.Sprint(os.Getpid()) {
			cmd, _ := os.ReadFile(dir + "/cmdline")
			left = append(left, strings.ReplaceAll(string(cmd), "\x00", " "))
		}
	}
	return strings.Join(left, "; ")
}

// A command ends with the run, and with its host's time.
func TestProxyCommandEnds(t *testing.T) {
	hermetic(t)
	noLeaks(t)
	marker := filepath.Join(t.TempDir(), "marker")
	t.Setenv("FLEETNET_TEST_MARKER", marker)
	l := newLab(t)
	h := l.host("web1", sshtest.Host{Answer: sound().Answer, Fault: sshtest.HangInOutput})
	h = nowhere(h, netcat(t, h)+"; sleep 600")
	alias(t, l, h)
	h.Timeout = time.Second
	res := collect(t, quick(), h)["web1"]
	wantError(t, res.Err, runner.OpTimeout, "the host's 1s are over", "")
	allEnded(t, marker)
}

// ssh itself as the command, through a real sshd: what most people have.
func TestProxyCommandOfSSH(t *testing.T) {
	hermetic(t)
	noLeaks(t)
	needProgram(t, "ssh")
	bastion, inner := startSSHD(t, "MaxStartups 10:30:100"), newLab(t)
	marker := filepath.Join(t.TempDir(), "marker")
	t.Setenv("FLEETNET_TEST_MARKER", marker) // not for the sshd
	var hosts []inventory.Host
	b := bastion.host("bastion")
	for i := range 20 {
		h := inner.host(fmt.Sprintf("web%d", i), sound())
		h.SSH.ProxyCommand = fmt.Sprintf("ssh -F none -i %s -o UserKnownHostsFile=%s -o BatchMode=yes -p %d -W %s %s", bastion.key, bastion.knownHosts, b.Port, addrOf(h), b.Addr)
		hosts = append(hosts, h)
	}
	for name, res := range collect(t, runner.Config{Probes: settingsProbes()}, hosts...) {
		if res.Err != nil || names(res.Snapshot) != "one two" {
			t.Errorf("%s: %v, %s", name, res.Err, names(res.Snapshot))
		}
	}
	refused := hosts[0]
	refused.SSH.ProxyCommand = strings.Replace(refused.SSH.ProxyCommand, "-i "+bastion.key, "-i none", 1)
	wantError(t, collect(t, quick(), refused)["web0"].Err, runner.OpDial, "exit status 255: ", "by hand")
	allEnded(t, marker)
}
