package linux_test

import (
	"context"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/linux"
)

// socketProbesByName returns the probes of the slot sockets.
func socketProbesByName(t *testing.T) map[string]fleetnet.Probe {
	byName := map[string]fleetnet.Probe{}
	for _, p := range linux.Probes() {
		if p.Slot == "sockets" {
			byName[p.Name] = p
		}
	}
	if len(byName) == 0 {
		t.Fatal("no probe has the slot sockets")
	}
	return byName
}

// run runs a shell command line and returns what it printed.
func run(t *testing.T, command string, env ...string) (string, error) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		skipOrFail(t, "no sh here")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, sh, "-c", command)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}, env...)
	out, err := cmd.Output()
	return string(out), err
}

// TestModuleConditions asserts when ss may run: never when it would have the
// kernel load a module.
func TestModuleConditions(t *testing.T) {
	type files map[string]string
	modular := files{"proc/modules": "", "proc/sys/kernel/osrelease": "6.1.0\n", "proc/sys/kernel/modprobe": "/sbin/modprobe\n", "proc/sys/kernel/modules_disabled": "0\n"}
	with := func(more files) files {
		all := files{}
		for _, m := range []files{modular, more} {
			for name, text := range m {
				all[name] = text
			}
		}
		return all
	}
	tests := []struct {
		name          string
		files         files
		env           string
		ss, raw, udpd bool // linux/ss, linux/ss-raw-proc, linux/ss-udp-proc
	}{
		{"modules that are not loaded", modular, "", false, false, false},
		{"allowed", modular, "FLEETNET_ALLOW_MODULE_LOAD=1", true, true, true},
		{"allowed with a zero", modular, "FLEETNET_ALLOW_MODULE_LOAD=0", false, false, false},
		{"kernel without modules", files{}, "", true, true, true},
		{"loading disabled", with(files{"proc/sys/kernel/modules_disabled": "1\n"}), "", true, true, true},
		{"no modprobe", with(files{"proc/sys/kernel/modprobe": "\n"}), "", true, true, true},
		{"no file about modprobe", files{"proc/modules": ""}, "", false, false, false},
		{"tcp loaded", with(files{"sys/module/tcp_diag/x": ""}), "", false, false, true},
		{"tcp and udp loaded", with(files{"sys/module/tcp_diag/x": "", "sys/module/udp_diag/x": ""}), "", false, true, true},
		{"all loaded", with(files{"sys/module/tcp_diag/x": "", "sys/module/udp_diag/x": "", "sys/module/raw_diag/x": ""}), "", true, true, true},
		{"udp loaded alone", with(files{"sys/module/udp_diag/x": ""}), "", false, false, false},
		{"all built in", with(files{"lib/modules/6.1.0/modules.builtin": "kernel/net/ipv4/raw_diag.ko\nkernel/net/ipv4/tcp_diag.ko\nkernel/net/ipv4/udp_diag.ko\n"}), "", true, true, true},
		{"tcp built in, udp loaded", with(files{"lib/modules/6.1.0/modules.builtin": "kernel/net/ipv4/tcp_diag.ko\n", "sys/module/udp_diag/x": ""}), "", false, true, true},
		{"another built in", with(files{"lib/modules/6.1.0/modules.builtin": "kernel/net/sctp/sctp_diag.ko\nkernel/net/dccp/tcp_diag_x.ko\n"}), "", false, false, false},
	}
	probes := socketProbesByName(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			root := t.TempDir()
			for name, text := range tt.files {
				file := filepath.Join(root, name)
				if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			within := strings.NewReplacer("/proc/", root+"/proc/", "/sys/", root+"/sys/", "/lib/", root+"/lib/")
			want := map[string]bool{"linux/ss": tt.ss, "linux/ss-raw-proc": tt.raw, "linux/ss-udp-proc": tt.udpd}
			for name, holds := range want {
				_, err := run(t, "if "+within.Replace(probes[name].If)+"; then exit 0; else exit 9; fi", tt.env)
				if got := err == nil; got != holds {
					t.Errorf("%s: the condition is %v, want %v", name, got, holds)
				}
			}
		})
	}
}

// TestProcSocketsFindsItself runs the bundle on this machine and looks for a
// socket of this very process in it.
func TestProcSocketsFindsItself(t *testing.T) {
	if _, err := os.Stat("/proc/net/tcp"); err != nil {
		skipOrFail(t, "no /proc/net/tcp here")
	}
	l := listen(t)
	p := socketProbesByName(t)["linux/proc-sockets"]
	for _, tt := range []struct{ name, path string }{{"ls", ""}, {"sh and cat alone", onlyCat(t)}} {
		t.Run(tt.name, func(t *testing.T) {
			command := p.Command
			if tt.path != "" {
				command = "PATH=" + tt.path + "; " + command
			}
			out, err := run(t, command)
			if err != nil {
				t.Fatal(err)
			}
			s := fleetnet.NewSnapshot("")
			if acct := s.ReadBytes(p, []byte(out)); acct.Errors > 0 {
				t.Errorf("%+v: %v", acct, acct.First[0])
			}
			for _, k := range s.Sockets {
				if k.Local.Addr == l.Addr() && k.Local.Port == l.Port() && k.State == fleetnet.StateListen {
					if len(k.Processes) != 1 || k.Processes[0].PID != os.Getpid() || k.Processes[0].Name == "" {
						t.Errorf("held by %v, want process %d", k.Processes, os.Getpid())
					}
					return
				}
			}
			t.Errorf("no socket listens on %v", l)
		})
	}
}

// listen opens a socket on loopback for the time of the test.
func listen(t *testing.T) netip.AddrPort {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Skipf("no loopback here: %v", err)
	}
	t.Cleanup(func() { l.Close() })
	return l.Addr().(*net.TCPAddr).AddrPort()
}

// onlyCat returns a folder with nothing but cat in it.
func onlyCat(t *testing.T) string {
	cat, err := exec.LookPath("cat")
	if err != nil {
		skipOrFail(t, "no cat here")
	}
	dir := t.TempDir()
	if err := os.Symlink(cat, filepath.Join(dir, "cat")); err != nil {
		t.Fatal(err)
	}
	return dir
}
