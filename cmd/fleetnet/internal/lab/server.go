package lab

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// Server is which program lets users in.
type Server string

const (
	// OpenSSH is the machine's sshd.
	OpenSSH Server = ""
	// Dropbear is the machine's dropbear, which lets the fleet's identity in, and
	// passwords.
	Dropbear Server = "dropbear"
)

// dropbear is where Debian has it.
const dropbear = "/usr/sbin/dropbear"

const (
	sshdLog = "/var/log/lab-sshd.log" // where a host's server writes, on the host
	pidFile = "/run/sshd.pid"         // of the listening server
)

// startServer starts the host's server and returns when it listens. sshd goes to
// the background before it does, and writes its pid file when it does.
func (h *host) startServer() error {
	if err := os.Remove(h.root() + pidFile); err != nil && !os.IsNotExist(err) {
		return err
	}
	if err := h.launchServer(); err != nil {
		return err
	}
	for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		if pid, err := os.ReadFile(h.root() + pidFile); err == nil && len(pid) > 0 {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("lab: %s: no server listens after %s: %s", h.Name, patience, h.log())
		}
	}
}

func (h *host) launchServer() error {
	if h.Server == Dropbear {
		return h.startDropbear()
	}
	_, err := h.exec("", sshd, "-f", "/etc/lab/sshd_config", "-E", sshdLog)
	return err
}

func (h *host) startDropbear() error {
	args := []string{dropbear, "-E", "-P", pidFile, "-p", strconv.Itoa(h.port())}
	if h.Banner != "" {
		args = append(args, "-b", bannerPath)
	}
	for i := range h.keys {
		own := fmt.Sprintf("/etc/lab/dropbear_key_%d", i)
		if _, err := h.exec("", "dropbearconvert", "openssh", "dropbear", hostKeyPath(i), own); err != nil {
			return err
		}
		args = append(args, "-r", own)
	}
	if h.Userland.inner() {
		args = append([]string{"chroot", innerRoot}, args...) // unlike sshd it has no way to send sessions there
	}
	_, err := h.exec("", "sh", "-c", "exec "+strings.Join(args, " ")+" </dev/null >/dev/null 2>>"+sshdLog)
	return err
}

// killServer ends the listening server and those of the sessions, and returns
// when they are gone, and their sockets with them.
func (h *host) killServer() error {
	// The comm of sessions is sshd, or since OpenSSH 9.8 sshd-session. One that
	// is dead and not yet reaped has no sockets any more.
	_, err := h.exec(`while
		left=
		for p in /proc/[0-9]*; do
			read -r comm < $p/comm || continue
			case $comm in sshd*|dropbear) ;; *) continue;; esac
			while read -r key value rest; do [ "$key" = State: ] && break; done < $p/status || continue
			case $value in [ZX]) continue;; esac
			kill -9 ${p#/proc/}
			left=1
		done 2>/dev/null
		[ $left ]
	do sleep 0.02; done`, "sh")
	return err
}

// KillSSHD ends a host's server, sessions included: connections are refused.
func (f *Fleet) KillSSHD(name string) {
	f.t.Helper()
	f.must(f.host(name).killServer())
}

// StartSSHD starts a host's server again after [Fleet.KillSSHD].
func (f *Fleet) StartSSHD(name string) {
	f.t.Helper()
	f.must(f.host(name).startServer())
}

// EndSessions kills what a host's sshd has for each of its connections. The
// listening one goes on.
func (f *Fleet) EndSessions(name string) {
	f.t.Helper()
	_, err := f.host(name).exec(`read -r listener <`+pidFile+`
		for p in /proc/[0-9]*; do
			[ ${p#/proc/} != $listener ] && read -r comm < $p/comm || continue
			case $comm in sshd*) kill -9 ${p#/proc/};; esac
		done 2>/dev/null; true`, "sh")
	f.must(err)
}

// FreezeSSHD stops a host's listening server in its tracks: the kernel still
// accepts connections, and nobody ever says a word on them.
func (f *Fleet) FreezeSSHD(name string) {
	f.t.Helper()
	_, err := f.host(name).exec("kill -STOP $(cat "+pidFile+")", "sh")
	f.must(err)
}

// ThawSSHD lets a frozen server go on.
func (f *Fleet) ThawSSHD(name string) {
	f.t.Helper()
	_, err := f.host(name).exec("kill -CONT $(cat "+pidFile+")", "sh")
	f.must(err)
}

// ChangeHostKey gives a host new keys and restarts its server. The fleet's
// known_hosts keeps the old ones.
func (f *Fleet) ChangeHostKey(name string) {
	f.t.Helper()
	h := f.host(name)
	keys, err := hostKeys(h.Host)
	f.must(err)
	f.must(h.killServer())
	h.keys = keys
	for i, key := range keys {
		f.must(file{Path: hostKeyPath(i), Mode: 0o600, Content: key.private}.write(h.root()))
	}
	f.must(h.startServer())
}
