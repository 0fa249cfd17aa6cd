package runner_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
	"github.com/fleetnet/fleetnet/runner"
	"github.com/fleetnet/fleetnet/runner/sshtest"
)

// boxScript makes a machine of its own of the folders that say who may become
// root, in a mount namespace that ends with it, and runs a shell there as ops.
// $1 holds files to read: passwd is for chpasswd, setup for sh.
const boxScript = `
set -e
mount -t tmpfs none /mnt
mkdir /mnt/upper /mnt/work /mnt/bin
chmod 755 /mnt
mount -t overlay overlay -o lowerdir=/etc,upperdir=/mnt/upper,workdir=/mnt/work /etc
for dir in /run/sudo /var/lib/sudo; do
	[ -d $dir ] && mount -t tmpfs none $dir
done
unix='account required pam_unix.so
session required pam_permit.so'
for program in sudo su doas; do
	printf '%s\n' 'auth sufficient pam_rootok.so' 'auth required pam_unix.so nodelay' "$unix" >/etc/pam.d/$program
done
printf '%s\n' 'root:x:0:0::/root:/bin/sh' 'ops:x:4242:4242::/:/bin/sh' >/etc/passwd
printf '%s\n' 'root:x:0:' 'ops:x:4242:' >/etc/group
printf '%s\n' 'root:*:19000:0:99999:7:::' 'ops:*:19000:0:99999:7:::' >/etc/shadow
chpasswd -c SHA512 -s 1000 <$1/passwd
echo 'root ALL=(ALL) ALL' >/etc/sudoers
rm -rf /etc/sudoers.d /etc/doas.conf
. $1/setup
shift
exec setpriv --reuid=4242 --regid=4242 --clear-groups "$@"
`

// box is a host on which sudo, doas and su are real. Setup is a piece of
// shell that says what they permit; commands run in the shell as ops.
func box(t *testing.T, password, setup string, shell ...string) sshtest.Answer {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "passwd"), "ops:"+password+"\nroot:"+password+"\n")
	write(t, filepath.Join(dir, "setup"), setup+"\n")
	args := append([]string{"-m", "--propagation", "private", "sh", "-c", boxScript, "box", dir}, shell...)
	return sshtest.Shell("unshare", args...)
}

// needsBox skips the test where a box cannot be made, or a program is missing.
func needsBox(t *testing.T, programs ...string) {
	t.Helper()
	why := ""
	if os.Geteuid() != 0 {
		why = "needs root"
	}
	for _, p := range append(programs, "unshare", "setpriv", "chpasswd") {
		if _, err := exec.LookPath(p); err != nil {
			why = p + " is not installed"
		}
	}
	if why == "" {
		out, err := exec.Command("unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt").CombinedOutput()
		if err != nil {
			why = "no mount namespaces here: " + string(out)
		}
	}
	switch {
	case why == "":
	case os.Getenv("FLEETNET_CI") == "1":
		t.Fatal(why)
	default:
		t.Skip(why)
	}
}

// idProbes print the user as whom they run: a plain command, one that needs a
// shell, and one that does not want root.
func idProbes() []fleetnet.Probe {
	plain, piped := probe("plain", "plain", "id -un"), probe("piped", "piped", `id -un | cat; echo "it's" # $(:)`)
	for _, p := range []*fleetnet.Probe{&plain, &piped} {
		p.Root, p.RootFields = true, []string{"settings.value"}
	}
	return []fleetnet.Probe{plain, piped, probe("user", "user", "id -un")}
}

// hardPassword holds what shells and programs take for something else.
const hardPassword = "-n $HOME `id`'\"\\0101\\n%s !#*PASSWORD ü"

func TestBecomeForReal(t *testing.T) {
	needsBox(t, "sudo")
	hermetic(t)
	const root, user = "root root it's ops", "ops ops it's ops"
	const all = `echo 'ops ALL=(ALL) ALL' >>/etc/sudoers; `
	for _, tt := range []struct {
		name, needs          string // a program
		become, setup, given string
		rows, reason         string
	}{
		{name: "sudo wants none", become: "sudo", setup: `echo 'ops ALL=(ALL) NOPASSWD: ALL' >>/etc/sudoers`, rows: root},
		{name: "sudo wants none and gets one", become: "sudo", setup: `echo 'ops ALL=(ALL) NOPASSWD: ALL' >>/etc/sudoers`, given: hardPassword, rows: root},
		{name: "sudo with the password", become: "sudo", setup: all, given: hardPassword, rows: root},
		{name: "sudo with a lecture", become: "sudo", setup: all + `echo 'Defaults lecture=always' >>/etc/sudoers`, given: hardPassword, rows: root},
		{name: "sudo with a terminal of its own", become: "sudo", setup: all + `echo 'Defaults use_pty' >>/etc/sudoers`, given: hardPassword, rows: root},
		{
			name: "sudo without the password", become: "sudo", setup: all, rows: user,
			reason: "sudo was refused: \"sudo: a password is required\"; --ask-become-pass, or the rule that `fleetnet sudoers` prints",
		},
		{
			name: "sudo with another password", become: "sudo", setup: all, given: "wrong", rows: user,
			reason: `sudo was refused: "Sorry, try again.\nsudo: 1 incorrect password attempt"; the become password is wrong there`,
		},
		{
			name: "sudo with another password and a lecture", become: "sudo", setup: all + `echo 'Defaults lecture=always' >>/etc/sudoers`, given: "wrong", rows: user,
			reason: `sudo was refused: "Sorry, try again.\nsudo: 1 incorrect password attempt"; the become password is wrong there`,
		},
		{
			name: "no rule for the user", become: "sudo", given: hardPassword, rows: user,
			reason: "sudo was refused: \"ops is not in the sudoers file.\"; `fleetnet sudoers` prints the rule that is missing",
		},
		{
			name: "no rule for the command", become: "sudo", setup: `echo 'ops ALL=(ALL) /bin/true' >>/etc/sudoers`, given: hardPassword, rows: user,
			reason: "is not allowed to execute '/usr/bin/id -un' as root",
		},
		{
			name: "an expired account", become: "sudo", setup: all + "chage -E 1 ops", given: hardPassword, rows: user,
			reason: "; the account needs attention: log in by hand",
		},
		{
			name: "sudo wants a terminal", become: "sudo", setup: all + "echo 'Defaults requiretty' >>/etc/sudoers", given: hardPassword, rows: user,
			reason: "sudo: sorry, you must have a tty to run sudo",
		},
		{name: "doas", needs: "doas", become: "doas", setup: "echo 'permit nopass ops' >/etc/doas.conf; chmod 400 /etc/doas.conf", rows: root},
		{
			name: "doas wants a password", needs: "doas", become: "doas", setup: "echo 'permit ops' >/etc/doas.conf; chmod 400 /etc/doas.conf", given: hardPassword, rows: user,
			reason: "doas was refused: \"doas: Authentication required\"; doas takes no password from a program",
		},
		{
			name: "doas has no rule", needs: "doas", become: "doas", setup: "echo 'permit bob' >/etc/doas.conf; chmod 400 /etc/doas.conf", rows: user,
			reason: `doas was refused: "doas: Operation not permitted"`,
		},
		{name: "su with the password", become: "su", given: hardPassword, rows: root},
		{name: "su with another password", become: "su", given: "wrong", rows: user, reason: `su was refused: "su: Authentication failure"; the become password is wrong there`},
		{name: "su without one", become: "su", rows: user, reason: ` (no password was given)"; su wants root's password: --ask-become-pass`},
		{name: "su to a login shell of another kind", needs: "tcsh", become: "su", setup: "sed -i 's,^root.*,root:x:0:0::/root:/bin/tcsh,' /etc/passwd", given: hardPassword, rows: root},
		{name: "su where root has no shell", become: "su", setup: "sed -i 's,^root.*,root:x:0:0::/root:/usr/sbin/nologin,' /etc/passwd", given: hardPassword, rows: user, reason: `This account is currently not available`},
		{name: "su of BusyBox", needs: "busybox", become: "su", setup: "cp $(command -v busybox) /mnt/bin/su; chmod 4755 /mnt/bin/su; PATH=/mnt/bin:$PATH", given: hardPassword, rows: root},
		{
			name: "su of BusyBox with another password", needs: "busybox", become: "su", setup: "cp $(command -v busybox) /mnt/bin/su; chmod 4755 /mnt/bin/su; PATH=/mnt/bin:$PATH", given: "wrong", rows: user,
			reason: `su was refused: "su: incorrect password"; the become password is wrong there`,
		},
		{name: "another method", become: "pfexec", given: hardPassword, rows: user, reason: `not root: become "pfexec" is not supported`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.needs != "" {
				needsBox(t, tt.needs)
			}
			l := newLab(t)
			h := l.host("web1", sshtest.Host{Answer: box(t, hardPassword, tt.setup, "sh")})
			h.Become = tt.become
			if tt.given != "" {
				h.BecomePass = inventory.PlainSecret(tt.given)
			}
			res := collect(t, runner.Config{Probes: idProbes()}, h)["web1"]
			checkBecome(t, res, tt.rows, tt.reason)
		})
	}
}

// checkBecome checks what commands ran as whom, and the reason given when not as root.
func checkBecome(t *testing.T, res runner.Result, rows, reason string) {
	t.Helper()
	if res.Err != nil {
		t.Fatal(res.Err)
	}
	if got := names(res.Snapshot); got != rows {
		t.Errorf("rows %q, want %q", got, rows)
	}
	if res.Notes != nil {
		t.Errorf("notes %q", res.Notes)
	}
	want := fleetnet.StatusDenied
	if reason == "" {
		want = fleetnet.StatusComplete
	}
	if c := res.Snapshot.Known("settings", "value"); c.Status != want || !strings.Contains(c.Reason, reason) {
		t.Errorf("coverage %+v\nwant %s: %s", c, want, reason)
	}
	if got := res.Snapshot.Host.Privileged; got != fleetnet.Some(reason == "") {
		t.Errorf("privileged %v", got)
	}
}

func TestBecomeInRealShells(t *testing.T) {
	needsBox(t, "sudo")
	hermetic(t)
	for _, shell := range shells {
		for _, become := range []string{"sudo", "su"} {
			if become == "su" && shell[0] == "busybox" {
				continue // it runs its own su, without the rights to
			}
			t.Run(become+" in "+strings.Join(shell, " "), func(t *testing.T) {
				if _, err := exec.LookPath(shell[0]); err != nil {
					t.Skip("not installed")
				}
				l := newLab(t)
				h := l.host("web1", sshtest.Host{Answer: box(t, hardPassword, `echo 'ops ALL=(ALL) ALL' >>/etc/sudoers`, shell...)})
				h.Become, h.BecomePass = become, inventory.PlainSecret(hardPassword)
				res := collect(t, runner.Config{Probes: idProbes()}, h)["web1"]
				checkBecome(t, res, "root root it's ops", "")
			})
		}
	}
}
