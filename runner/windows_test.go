package runner_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
	"github.com/fleetnet/fleetnet/runner"
	"github.com/fleetnet/fleetnet/runner/sshtest"
)

// windowsProbes are a cmdlet with a program for its alternative, and a program.
func windowsProbes() []fleetnet.Probe {
	all := []fleetnet.Probe{
		{Name: "windows/Get-A", Slot: "a", Shell: fleetnet.ShellPowerShell, Needs: []string{"Get-A", "Get-B"}, Command: "Get-A | ConvertTo-Csv"},
		{Name: "windows/a", Slot: "a", Shell: fleetnet.ShellCmd, Command: "a -x & a -y", If: "a /?"},
		{Name: "windows/b", Slot: "b", Shell: fleetnet.ShellCmd, Command: "b"},
	}
	for i := range all {
		all[i].OS, all[i].Read, all[i].Tables = "windows", readSettings, []string{"settings"}
		if all[i].Shell == fleetnet.ShellCmd {
			all[i].Decode = func(raw []byte) []byte { return bytes.ReplaceAll(raw, []byte{0x99}, []byte("Ö")) } // as code page 850 has it
		}
	}
	return all
}

// windowsHost plays a Windows: shell hands on the command as the login shell
// does, answer is what PowerShell prints, or, in lines of Windows, cmd.
type windowsHost struct {
	shell      func(t *testing.T, command string) (line string, why *sshtest.Reply)
	answer     sshtest.Answer
	powershell bool
}

func (w windowsHost) host(t *testing.T) sshtest.Host {
	return sshtest.Host{Command: func(command string, stdin []byte) sshtest.Reply {
		line, why := w.shell(t, command)
		if why != nil {
			return *why
		}
		nonce := sshtest.Nonce(stdin)
		program, native, ok := strings.Cut(line, "; exit 3&if not !errorlevel!==42 (set n=@fleetnet "+nonce+"&")
		if !ok || len(nonce) != 32 || !strings.HasSuffix(native, ")") || program != "powershell -NoLogo -NoProfile -NonInteractive -OutputFormat Text"+
			" -Command . ([scriptblock]::Create([Console]::In.ReadToEnd()))" {
			t.Errorf("cmd is to run %q", line)
		}
		reply := w.answer(stdin)
		if !w.powershell {
			reply.Stdout, reply.Stderr = crlf(reply.Stdout), crlf(reply.Stderr)
		}
		return reply
	}}
}

func crlf(text []byte) []byte { return bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n")) }

// ofCmd is sshd's `cmd /c "COMMAND"`, whose outer quotes cmd takes off; then it
// runs cmd.exe, which does the same with those that are left.
func ofCmd(t *testing.T, command string) (string, *sshtest.Reply) {
	t.Helper()
	line, ok := strings.CutPrefix(command, `cmd.exe /v:on /d /s /c "`)
	line, ok2 := strings.CutSuffix(line, `"`)
	if !ok || !ok2 || strings.Contains(line, `"`) {
		t.Errorf("cmd is given %q", command)
	}
	return line, nil
}

// ofPowerShell is sshd's `powershell -c "COMMAND"`, in which $ and ` would be
// expanded between the quotes.
func ofPowerShell(t *testing.T, command string) (string, *sshtest.Reply) {
	t.Helper()
	if strings.ContainsAny(command, "$`") {
		t.Errorf("PowerShell is given %q", command)
	}
	return ofCmd(t, command)
}

// ofEscaping is a cmd that sshd takes for another shell, as it does with one
// of an unusual path: it escapes the quotes, which cmd does not know.
func ofEscaping(t *testing.T, command string) (string, *sshtest.Reply) {
	if strings.Contains(command, `"`) {
		return "", &sshtest.Reply{Stderr: []byte("'\\\"powershell' is not recognized as an internal or external command,\r\noperable program or batch file.\r\n"), Status: 1}
	}
	line, ok := strings.CutPrefix(command, `cmd.exe /v:on /d /c `)
	plain := strings.NewReplacer("^^", "^", "^", "").Replace(line)
	for i, r := range line {
		if strings.ContainsRune("&|<>()", r) && (i == 0 || line[i-1] != '^') {
			t.Errorf("%q is not escaped in %q", r, line)
		}
	}
	if !ok {
		t.Errorf("cmd is given %q", command)
	}
	return plain, nil
}

func framed(probe, user, text string, status int) sshtest.Framed {
	return sshtest.Framed{Probe: probe, User: user, Stdout: text, Status: status}
}

const groups = "GROUP INFORMATION\nEveryone  Well-known group S-1-1-0\nMandatory Label\\High  Label S-1-16-12288\n"

func TestWindows(t *testing.T) {
	hermetic(t)
	platform := framed("platform", "-", "Windows_NT\n", 0)
	powershell := sshtest.Raw(platform, framed("user", "-", "root\n", 0), framed("windows/Get-A", "root", "öne\n", 0), framed("windows/b", "root", "K\x99LN\r\n", 0))
	cmd := sshtest.Raw(platform, framed("user", "-", groups, 0), framed("windows/a", "-", "öne\n", 0), framed("windows/b", "-", "K\x99LN\n", 0))
	for name, w := range map[string]windowsHost{
		"PowerShell by cmd":           {ofCmd, powershell, true},
		"PowerShell by PowerShell":    {ofPowerShell, powershell, true},
		"cmd by cmd":                  {ofCmd, cmd, false},
		"cmd by PowerShell":           {ofPowerShell, cmd, false},
		"cmd by one of another name":  {ofEscaping, cmd, false},
		"PowerShell by such a one":    {ofEscaping, powershell, true},
		"PowerShell below a slow cmd": {ofCmd, powershell, true},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			l.Version = "SSH-2.0-OpenSSH_for_Windows_9.5"
			h := l.host("win1", w.host(t))
			res := collect(t, runner.Config{Probes: windowsProbes()}, h)["win1"]
			if res.Err != nil || names(res.Snapshot) != "öne KÖLN" {
				t.Fatalf("%v, %s", res.Err, names(res.Snapshot))
			}
			if got := res.Snapshot.Host; got.OS != "windows" || got.Privileged != fleetnet.Some(true) {
				t.Errorf("host %+v", got)
			}
			if l.Connections.Load() != 1 {
				t.Errorf("%d connections", l.Connections.Load())
			}
			if escaped := strings.Contains(name, "such") || strings.Contains(name, "another"); (len(res.Notes) > 0) != escaped {
				t.Errorf("notes %q", res.Notes)
			}
			if known := res.Snapshot.Known("settings"); known.Status != fleetnet.StatusComplete {
				t.Errorf("coverage %+v", res.Snapshot.Coverage)
			}
		})
	}
}

// What cmd cannot answer is told, and never taken for an empty table.
func TestWindowsWithout(t *testing.T) {
	hermetic(t)
	platform, user := framed("platform", "-", "Windows_NT\n", 0), framed("user", "-", "x  S-1-16-8192\n", 0)
	for name, test := range map[string]struct {
		answer sshtest.Answer
		status fleetnet.Status
		reason string
	}{
		"no program": {sshtest.Raw(platform, user, sshtest.Framed{Probe: "windows/b", User: "-", Stderr: "'b' is not recognized\n", Status: 9009}),
			fleetnet.StatusUnsupported, `exit status 9009: "'b' is not recognized"`},
		"a program that says nothing": {sshtest.Raw(platform, user, framed("windows/b", "-", "\n", 0)), fleetnet.StatusFailed, "it printed nothing"},
		"a program that fails":        {sshtest.Raw(platform, user, framed("windows/b", "-", "", 1)), fleetnet.StatusFailed, "exit status 1"},
		"no right": {sshtest.Raw(platform, user, sshtest.Framed{Probe: "windows/b", User: "user", Stderr: "PermissionDenied: Zugriff verweigert\n", Status: 1}),
			fleetnet.StatusDenied, `exit status 1: "PermissionDenied: Zugriff verweigert"`},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			l.Version = "SSH-2.0-OpenSSH_for_Windows_8.1"
			h := l.host("win1", windowsHost{ofCmd, test.answer, false}.host(t))
			res := collect(t, runner.Config{Probes: windowsProbes()[2:]}, h)["win1"]
			if res.Err != nil {
				t.Fatal(res.Err)
			}
			got := res.Snapshot.Known("settings")
			if got.Status != test.status || got.Reason != test.reason {
				t.Errorf("coverage %+v\nwant %s %s", got, test.status, test.reason)
			}
			if res.Snapshot.Host.Privileged != fleetnet.Some(false) {
				t.Errorf("privileged %v", res.Snapshot.Host.Privileged)
			}
		})
	}
}

// become is none of Windows': no password is asked for or sent, and the
// coverage says so.
func TestWindowsIgnoresBecome(t *testing.T) {
	hermetic(t)
	probes := windowsProbes()[2:]
	probes[0].RootFields = []string{"settings.value"}
	l := newLab(t)
	answer := sshtest.Raw(framed("platform", "-", "Windows_NT\n", 0), framed("user", "-", "user\n", 0), framed("windows/b", "user", "one\n", 0))
	h := l.host("win1", windowsHost{ofCmd, answer, true}.host(t))
	h.Platform, h.Become, h.BecomePass = "windows", "sudo", mustSecret(t, "env:NO_SUCH_VARIABLE")
	res := collect(t, runner.Config{Probes: probes}, h)["win1"]
	if res.Err != nil || names(res.Snapshot) != "one" {
		t.Fatalf("%v, %s", res.Err, names(res.Snapshot))
	}
	const why = "not an administrator: become sudo is none of Windows'; log in as one"
	if got := res.Snapshot.Known("settings", "value"); got.Status != fleetnet.StatusDenied || got.Reason != why {
		t.Errorf("coverage %+v", got)
	}
}

// What PowerShell says of its progress is nothing to tell of.
func TestWindowsProgressIsDropped(t *testing.T) {
	hermetic(t)
	l := newLab(t)
	l.Version = "SSH-2.0-OpenSSH_for_Windows_9.5"
	answer := sshtest.Raw(framed("platform", "-", "Windows_NT\n", 0), framed("user", "-", "user\n", 0), framed("windows/b", "user", "one\n", 0))
	h := l.host("win1", windowsHost{ofCmd, func(script []byte) sshtest.Reply {
		r := answer(script)
		r.Stderr = append([]byte("#< CLIXML\r\n<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">"+strings.Repeat("<Obj/>", 20_000)+"</Objs>\r\n"), r.Stderr...)
		return r
	}, true}.host(t))
	res := collect(t, runner.Config{Probes: windowsProbes()[2:]}, h)["win1"]
	if res.Err != nil || names(res.Snapshot) != "one" || res.Notes != nil {
		t.Errorf("%v, %s, %q", res.Err, names(res.Snapshot), res.Notes)
	}
}

func TestPlatformsThatContradict(t *testing.T) {
	hermetic(t)
	probes := append(windowsProbes(), probe("a", "a", "true"))
	says := func(uname string) sshtest.Host {
		return sshtest.Host{Answer: sshtest.Raw(sshtest.Framed{Probe: "platform", Stdout: uname + "\n"}, sshtest.Framed{Probe: "user", Stdout: "0\n"})}
	}
	fails := func(status int, said string) sshtest.Host {
		return sshtest.Host{Answer: func([]byte) sshtest.Reply { return sshtest.Reply{Stderr: []byte(said), Status: status} }}
	}
	for name, test := range map[string]struct {
		banner, platform string
		host             sshtest.Host
		op, text, hint   string
	}{
		"an inventory that errs":   {"", "linux", says("SunOS"), runner.OpPlatform, `the inventory says platform: linux, the host says "SunOS"`, "correct the host's platform"},
		"a banner that errs":       {"SSH-2.0-OpenSSH_9.2p1 Debian-2", "auto", says("AIX"), runner.OpPlatform, `the SSH server's banner is that of linux, the host says "AIX"`, "set the host's platform"},
		"a system that is unknown": {"", "auto", says("SunOS"), runner.OpPlatform, `"SunOS" is not supported`, "linux, windows"},
		"Cygwin":                   {"", "auto", says("CYGWIN_NT-10.0-19045"), runner.OpPlatform, `"CYGWIN_NT-10.0-19045" is not supported`, "platform: windows"},
		"BusyBox on Windows":       {"", "auto", says("Windows_NT"), runner.OpPlatform, `"Windows_NT" is not supported`, "platform: windows"},
		"Windows that is no Linux": {"SSH-2.0-OpenSSH_for_Windows_9.5", "linux", fails(1, "'/bin/sh' is not recognized"), runner.OpExec, "exit status 1", "set platform: windows"},
		"Windows behind another server": {"SSH-2.0-9.40 FlowSsh: Bitvise SSH Server", "auto", fails(1, "'/bin/sh' is not recognized as an internal or external command,\r\n"),
			runner.OpExec, "is not recognized", "set platform: windows"},
		"no Windows": {"SSH-2.0-OpenSSH_9.8", "windows", fails(127, "sh: cmd.exe: command not found\n"), runner.OpExec, "command not found",
			`the server says "SSH-2.0-OpenSSH_9.8": correct the host's platform`},
		"bash on Windows": {"SSH-2.0-OpenSSH_for_Windows_9.5", "auto", fails(127, "bash: cmd.exe: command not found\n"), runner.OpExec, "command not found", "DefaultShell has to be cmd or PowerShell"},
		"a switch":        {"SSH-2.0-Cisco-1.25", "auto", fails(1, "% Invalid input detected at '^' marker.\r\n"), runner.OpExec, "Invalid input", "a switch or the like"},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			l.Version = test.banner
			h := l.host("web1", test.host)
			h.Platform = test.platform
			wantError(t, collect(t, runner.Config{Probes: probes}, h)["web1"].Err, test.op, test.text, test.hint)
		})
	}
}

// A host whose platform is known gets what is for that alone.
func TestScriptOfAPlatform(t *testing.T) {
	hermetic(t)
	probes := append(windowsProbes(), probe("a", "a", "echo one"), fleetnet.Probe{Name: "darwin/a", OS: "darwin", Slot: "a", Command: "true", Read: readSettings})
	for _, test := range []struct {
		banner, platform string
		darwin           bool
	}{{"", "auto", true}, {"", "linux", false}, {"SSH-2.0-OpenSSH_9.6p1 Ubuntu-3ubuntu13", "auto", false}, {"SSH-2.0-OpenSSH_9.8", "", true}} {
		l := newLab(t)
		l.Version = test.banner
		var script []byte
		h := l.host("web1", sshtest.Host{Answer: func(s []byte) sshtest.Reply { script = s; return sound().Answer(s) }})
		h.Platform = test.platform
		res := collect(t, runner.Config{Probes: probes}, h)["web1"]
		if res.Err != nil || names(res.Snapshot) != "one two" {
			t.Errorf("%v, %s", res.Err, names(res.Snapshot))
		}
		if bytes.Contains(script, []byte("darwin")) != test.darwin || !bytes.Contains(script, []byte("linux_a")) {
			t.Errorf("%+v: the script is\n%s", test, script)
		}
	}
}

// A recording holds Windows hosts byte for byte, and gives the same when replayed.
func TestWindowsIsReplayed(t *testing.T) {
	hermetic(t)
	l := newLab(t)
	l.Version = "SSH-2.0-OpenSSH_for_Windows_9.5"
	answer := sshtest.Raw(framed("platform", "-", "Windows_NT\n", 0), framed("user", "-", groups, 0), framed("windows/a", "-", "K\x99LN\nbad \x81\n", 0), framed("windows/b", "-", "\x83\x76\x83\x8d\n", 0))
	hosts := []inventory.Host{
		l.host("win1", windowsHost{ofCmd, answer, false}.host(t)),
		l.host("win2", windowsHost{ofEscaping, answer, false}.host(t)),
		l.host("win3", sshtest.Host{Command: func(string, []byte) sshtest.Reply { return sshtest.Reply{Stderr: []byte("no\r\n"), Status: 1} }}),
	}
	hosts[0].Become = "sudo"
	dir := filepath.Join(t.TempDir(), "rec")
	rec, err := runner.CreateRecording(dir, "test")
	if err != nil {
		t.Fatal(err)
	}
	live := collect(t, runner.Config{Probes: windowsProbes(), Record: rec}, hosts...)
	if err := rec.Close(false); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "win1.txt")); err != nil || !bytes.Contains(text, []byte("K\x99LN\r\nbad \x81\r\n\r\n@fleetnet ")) {
		t.Errorf("the recording holds %q, %v", text, err)
	}
	recording, err := runner.OpenRecording(dir)
	if err != nil {
		t.Fatal(err)
	}
	again := collect(t, runner.Config{Probes: windowsProbes(), Replay: recording}, recording.Hosts()...)
	for name, res := range live {
		if diff := cmp.Diff(res.Snapshot, again[name].Snapshot, sameResults); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if errorText(res.Err) != errorText(again[name].Err) || !slices.Equal(res.Notes, again[name].Notes) {
			t.Errorf("%s:\n%v %q\n%v %q", name, res.Err, res.Notes, again[name].Err, again[name].Notes)
		}
	}
	if got := names(live["win1"].Snapshot); !strings.HasPrefix(got, "KÖLN ") {
		t.Errorf("rows %q", got)
	}
}
