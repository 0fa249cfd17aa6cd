package lab

import (
	"os/exec"
	"strings"
)

// Scripts for [Fleet.ReplaceShell]. sshd starts them as a login shell: with
// `-c COMMAND`, or to read commands.
const (
	// ShellNoise greets on both streams before it does as told.
	ShellNoise = "#!/bin/sh\necho 'Welcome to the lab.'\necho 'Last login: never' >&2\nprintf 'no newline at the end'\nexec /bin/sh \"$@\"\n"
	// ShellEndless prints without end and ignores the command.
	ShellEndless = "#!/bin/sh\nwhile :; do echo all work and no play makes jack a dull boy; done\n"
	// ShellGiB prints one GiB, in lines of 1 KiB, and exits with 0.
	ShellGiB = "#!/bin/sh\nyes \"$(printf '%01023d' 0)\" | head -c 1073741824\n"
	// ShellSilent says nothing and never ends.
	ShellSilent = "#!/bin/sh\nwhile :; do read -r line || exec sleep 1000000; done\n"
	// ShellCut cuts the connection after 600 bytes of the answer.
	ShellCut = "#!/bin/sh\n/bin/sh \"$@\" | head -c 600\nsleep 1\nkill -9 $PPID\n"
	// ShellFalse exits with 1 at once, as /usr/sbin/nologin does.
	ShellFalse = "#!/bin/sh\necho This account is currently not available.\nexit 1\n"
	// ShellWine has cmd of Wine do as told, as OpenSSH for Windows has cmd do.
	ShellWine = "#!/bin/sh\nexec wine cmd /c \"$2\"\n"
)

// ReplaceShell makes a script the login shell of a host's user.
func (f *Fleet) ReplaceShell(name, script string) {
	f.t.Helper()
	f.WriteFile(name, "/etc/lab-shell", script, 0o755)
	f.loginShell(name, "/etc/lab-shell")
}

// UseShell makes a program of this machine the login shell of a host's user:
// fish, csh. It skips the test when the machine has no such program.
func (f *Fleet) UseShell(name, program string) {
	f.t.Helper()
	found, err := exec.LookPath(program)
	if err != nil {
		lacking(f.t, err)
	}
	f.loginShell(name, found)
}

func (f *Fleet) loginShell(name, shell string) {
	f.t.Helper()
	h := f.host(name)
	for _, a := range accounts(h.Host, shell) {
		if strings.HasSuffix(a.Path, "/passwd") {
			f.must(a.write(h.root()))
		}
	}
}

// WriteFile writes a file on a host, at a path as sessions see it. It belongs
// to the host's user: /root/.bashrc, say, or /home/ops/.profile.
func (f *Fleet) WriteFile(name, path, content string, mode uint32) {
	f.t.Helper()
	h := f.host(name)
	root, owner := h.root()+h.sessions(), 0
	if h.user() != "root" {
		owner = uid
	}
	f.must(file{Path: path, Mode: mode, UID: owner, Content: content}.write(root))
}
