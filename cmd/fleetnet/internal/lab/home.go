package lab

import (
	"os"
	"path/filepath"
)

// Home makes a home directory, with this text as ~/.ssh/config and the fleet's
// known_hosts, the home of this process until the test ends, without any agent.
// It returns the directory. ssh(1) itself ignores HOME: it wants -F.
func (f *Fleet) Home(config string) string {
	f.t.Helper()
	home := f.t.TempDir()
	known, err := os.ReadFile(f.KnownHosts())
	f.must(err)
	for _, w := range []file{
		{Path: home + "/.ssh/", Mode: 0o700},
		{Path: home + "/.ssh/config", Mode: 0o600, Content: config},
		{Path: home + "/.ssh/known_hosts", Mode: 0o600, Content: string(known)},
	} {
		f.must(w.write(""))
	}
	f.t.Setenv("HOME", home)
	f.t.Setenv("SSH_AUTH_SOCK", "")
	return home
}

// Block is the `Host` of an ssh_config(5) for a host, as its user would write
// it, with further lines in it. It names neither keys nor a way.
func (f *Fleet) Block(name string, lines ...string) string {
	f.t.Helper()
	h := f.host(name)
	return f.block(h, reached{name, f.addr(h)}, lines...)
}

// ControlPath is a path for a socket that is short enough for one.
func (f *Fleet) ControlPath() string {
	f.t.Helper()
	dir, err := os.MkdirTemp("", "lab")
	f.must(err)
	f.t.Cleanup(func() { os.RemoveAll(dir) })
	return filepath.Join(dir, "%C")
}
