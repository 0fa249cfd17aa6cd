package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"golang.org/x/text/encoding/charmap"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
	"github.com/fleetnet/fleetnet/parsers"
	"github.com/fleetnet/fleetnet/rules"
	"github.com/fleetnet/fleetnet/runner"
	"github.com/fleetnet/fleetnet/runner/sshtest"
)

// playedHost is a host in testdata/platforms, which says what its probes print
// and what is made of it.
type playedHost struct {
	path    string
	archive *txtar.Archive
}

func playedHosts(t *testing.T) map[string]playedHost {
	t.Helper()
	paths, err := filepath.Glob("testdata/platforms/*.txtar")
	if err != nil || paths == nil {
		t.Fatal(err, paths)
	}
	all := map[string]playedHost{}
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(path), ".txtar")] = playedHost{path, a}
	}
	return all
}

// file returns a file of the archive, or nil.
func (h playedHost) file(name string) *txtar.File {
	i := slices.IndexFunc(h.archive.Files, func(f txtar.File) bool { return f.Name == name })
	if i < 0 {
		return nil
	}
	return &h.archive.Files[i]
}

// os is the host's system: NAME of NAME-VARIANT.txtar.
func (h playedHost) os() string {
	os, _, _ := strings.Cut(strings.TrimSuffix(filepath.Base(h.path), ".txtar"), "-")
	return os
}

// play returns what the host answers: its files, all but those of these probes,
// in the code page of its console and its ends of lines.
func (h playedHost) play(t *testing.T, without ...string) sshtest.Host {
	var sections []sshtest.Framed
	for _, f := range h.archive.Files {
		if f.Name != "rules" && !slices.Contains(without, f.Name) {
			sections = append(sections, sshtest.Framed{Probe: f.Name, Stdout: string(f.Data)})
		}
	}
	answer := sshtest.Raw(sections...)
	if !strings.HasSuffix(h.path, "-cmd.txtar") {
		return sshtest.Host{Answer: answer}
	}
	return sshtest.Host{Answer: func(script []byte) sshtest.Reply {
		reply := answer(script)
		text, err := charmap.CodePage850.NewEncoder().Bytes(reply.Stdout)
		if err != nil {
			t.Error(err)
		}
		reply.Stdout = bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n"))
		return reply
	}}
}

// scanPlayed scans a host with all probes over SSH.
func scanPlayed(t *testing.T, name, banner string, h sshtest.Host) runner.Result {
	t.Helper()
	t.Setenv("SSH_AUTH_SOCK", "")
	t.Setenv("HOME", t.TempDir())
	server, err := sshtest.NewServer()
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	server.Version = banner
	addr, err := server.Listen(sshtest.One(h))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	key, err := sshtest.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"key": string(key), "known_hosts": server.KnownHosts(addr)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ip, port, _ := net.SplitHostPort(addr)
	n, _ := strconv.Atoi(port)
	host := inventory.Host{Name: name, Addr: ip, Port: n, User: "ops", IdentityFiles: []string{filepath.Join(dir, "key")}, KnownHosts: []string{filepath.Join(dir, "known_hosts")}}
	for res := range runner.New(runner.Config{Probes: parsers.All()}).Run(t.Context(), []inventory.Host{host}) {
		return res
	}
	t.Fatal("no result")
	return runner.Result{}
}

// bannerOf is that of the host's SSH server.
func bannerOf(os string) string {
	if os == "windows" {
		return "SSH-2.0-OpenSSH_for_Windows_9.5"
	}
	return "SSH-2.0-OpenSSH_9.6"
}

// judged says what each built-in rule makes of a host: unknown with the reason,
// fail with the message, or ok.
func judged(t *testing.T, s *fleetnet.Snapshot) string {
	t.Helper()
	set, err := rules.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	findings := set.Evaluate(s, rules.Target{})
	var out strings.Builder
	for _, r := range set.Rules() {
		said := "ok"
		for _, f := range findings {
			if f.Rule == r.ID {
				said = fmt.Sprintf("%s: %s", f.Outcome, f.Message)
			}
		}
		fmt.Fprintf(&out, "%s %s\n", r.ID, said)
	}
	return out.String()
}

// Each built-in rule, on each system, is decided by facts that are known there,
// or unknown with the reason. FLEETNET_UPDATE=1 writes what it is into the files.
func TestRulesOnPlatforms(t *testing.T) {
	for name, h := range playedHosts(t) {
		t.Run(name, func(t *testing.T) {
			os := h.os()
			res := scanPlayed(t, os+"1", bannerOf(os), h.play(t))
			if res.Err != nil || res.Notes != nil {
				t.Fatalf("%v, notes %q", res.Err, res.Notes)
			}
			if res.Snapshot.Host.OS != os || res.Snapshot.Host.Hostname == "" || !res.Snapshot.Host.Privileged.OK {
				t.Errorf("host %+v", res.Snapshot.Host)
			}
			for _, c := range res.Snapshot.Coverage {
				if c.Status != fleetnet.StatusComplete && c.Status != fleetnet.StatusUnsupported && c.Status != fleetnet.StatusDenied && c.Fields == nil && c.Family == "" {
					t.Errorf("coverage %+v", c)
				}
			}
			checkJudged(t, h, judged(t, res.Snapshot))
		})
	}
}

func checkJudged(t *testing.T, h playedHost, got string) {
	t.Helper()
	want := h.file("rules")
	if os.Getenv("FLEETNET_UPDATE") == "1" {
		if want == nil {
			h.archive.Files = append(h.archive.Files, txtar.File{Name: "rules"})
			want = h.file("rules")
		}
		want.Data = []byte(got)
		if err := os.WriteFile(h.path, txtar.Format(h.archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want == nil || string(want.Data) != got {
		t.Errorf("got\n%s", got)
	}
}

// Where nothing could be read no rule is decided, and each says why.
func TestNoRuleIsDecidedByNothing(t *testing.T) {
	for _, h := range playedHosts(t) {
		os := h.os()
		var all []string
		for _, f := range h.archive.Files {
			if f.Name != "platform" && f.Name != "user" {
				all = append(all, f.Name)
			}
		}
		res := scanPlayed(t, os+"1", bannerOf(os), h.play(t, all...))
		if res.Err != nil {
			t.Fatal(res.Err)
		}
		for line := range strings.Lines(judged(t, res.Snapshot)) {
			if !strings.Contains(line, " unknown: ") || strings.HasSuffix(line, ": \n") || strings.Contains(line, "not collected") {
				t.Errorf("%s: %s", os, line)
			}
		}
	}
}

// What runs on Windows can be handed through cmd and PowerShell as it is, and
// is not longer than cmd takes.
func TestWindowsCommandsAreSafe(t *testing.T) {
	for _, p := range parsers.All() {
		switch code := p.Command + p.If; p.Shell {
		case fleetnet.ShellCmd:
			if strings.ContainsAny(code, "\"$`!%^\r\n") {
				t.Errorf("%s: %q holds what cmd or PowerShell would change", p.Name, code)
			}
		case fleetnet.ShellPowerShell:
			if strings.ContainsFunc(code, func(r rune) bool { return r > 126 || r < ' ' }) {
				t.Errorf("%s: %q is not ASCII, or not one line", p.Name, code)
			}
		}
		if (p.OS == "windows") == (p.Shell == fleetnet.ShellPOSIX) {
			t.Errorf("%s is for the shell %q", p.Name, p.Shell)
		}
	}
	for _, c := range runner.Commands(parsers.All(), runner.ScriptOptions{Platform: "windows"}) {
		const room = 200 // for `"C:\Windows\System32\cmd.exe" /c ""` and the nonce
		if len(c)+room > 8191 {
			t.Errorf("%d characters", len(c))
		}
	}
}

// playShells are the shells of the systems, or their like: FreeBSD's sh is one
// of ash, OpenBSD's and NetBSD's of ksh, macOS has bash 3.2, dash and zsh. That of
// BusyBox is not played with: it has programs of its own that come first.
func playShells() [][]string {
	return [][]string{{"dash"}, {"bash", "--posix"}, {"ksh"}, {"mksh"}, {"zsh", "--emulate", "sh"}, {"yash", "-o", "posix"}}
}

// The script finds out the system by itself, in any shell, and runs the commands
// of that system, which programs play that print what the files say.
func TestScriptOfOtherSystems(t *testing.T) {
	for name, h := range playedHosts(t) {
		if h.os() == "windows" {
			continue
		}
		bin := fakeTools(t, name, h)
		path := bin + string(os.PathListSeparator) + os.Getenv("PATH")
		for _, shell := range playShells() {
			t.Run(name+"/"+shell[0], func(t *testing.T) {
				if _, err := exec.LookPath(shell[0]); err != nil {
					t.Skip("not installed")
				}
				t.Setenv("PATH", path)
				res := scanPlayed(t, name+"1", bannerOf(name), sshtest.Host{Answer: sshtest.Shell(shell[0], shell[1:]...)})
				if res.Err != nil || res.Notes != nil {
					t.Fatalf("%v, notes %q", res.Err, res.Notes)
				}
				want := scanPlayed(t, name+"1", bannerOf(name), h.play(t)).Snapshot
				if got, want := told(res.Snapshot), told(want); got != want || len(res.Snapshot.Sockets) == 0 || len(res.Snapshot.Routes) == 0 {
					t.Errorf("got %s\nwant %s\n%+v", got, want, res.Snapshot.Coverage)
				}
			})
		}
	}
}

// told is how much is known of a host.
func told(s *fleetnet.Snapshot) string {
	h, held := s.Host, 0
	for i := range s.Sockets {
		held += len(s.Sockets[i].Processes)
	}
	return fmt.Sprintf("%s %s %s %s %s up %v root %v: sockets %d held %d routes %d interfaces %d neighbors %d groups %d counters %d settings %d", h.OS, h.OSVersion, h.Hostname, h.Kernel, h.Arch,
		h.UptimeSeconds, h.Privileged, len(s.Sockets), held, len(s.Routes), len(s.Interfaces), len(s.Neighbors), len(s.Groups), len(s.Counters), len(s.Settings))
}

// fakeTools makes programs that print what the host's files say, whose commands
// are those of the probes.
func fakeTools(t *testing.T, system string, h playedHost) string {
	t.Helper()
	bin := t.TempDir()
	for _, p := range parsers.All() {
		f := h.file(p.Name)
		if p.OS != system || f == nil {
			continue
		}
		commands := simpleCommands(p.Command)
		texts := outputs(f.Data, len(commands))
		for i, command := range commands {
			program, _, _ := strings.Cut(command, " ")
			put(t, filepath.Join(bin, strings.ReplaceAll(command, "/", "_")+".txt"), texts[i], 0o600)
			put(t, filepath.Join(bin, program), "#!/bin/sh\nf=\""+bin+"/${0##*/} $*\"\n[ -r \"${f% }.txt\" ] && exec cat \"${f% }.txt\"\nexit 1\n", 0o700)
		}
	}
	fakeFacts(t, bin, system, h)
	return bin
}

// fakeFacts makes the programs that the commands use whose output is not all of a
// file: sysctl, which prints the lines of the names that it is asked for, and those
// that tell who asks and what time it is.
func fakeFacts(t *testing.T, bin, system string, h playedHost) {
	t.Helper()
	put(t, filepath.Join(bin, "uname"), "#!/bin/sh\necho "+string(h.file("platform").Data), 0o700)
	host := string(h.file(system + "/host").Data)
	facts := host + string(h.file(system+"/sysctl").Data)
	if f := h.file(system + "/hidden"); f != nil {
		facts += string(f.Data)
	}
	put(t, filepath.Join(bin, "facts"), facts, 0o600)
	put(t, filepath.Join(bin, "sysctl"), "#!/bin/sh\nfor n; do grep \"^$n[.:= ]\" "+bin+"/facts || echo \"sysctl: unknown oid '$n'\" >&2; done\n", 0o700)
	put(t, filepath.Join(bin, "sw_vers"), "#!/bin/sh\ngrep -E '^(Product|Build)' "+bin+"/facts\n", 0o700)
	for program, key := range map[string]string{"id": "euid: ", "date": "epoch: ", "freebsd-version": "userland: "} {
		if _, value, ok := strings.Cut(host, "\n"+key); ok {
			value, _, _ = strings.Cut(value, "\n")
			put(t, filepath.Join(bin, program), "#!/bin/sh\necho "+value+"\n", 0o700)
		}
	}
}

// headings begin what each of several commands of one probe prints.
var headings = regexp.MustCompile(`(?m)^(Active Internet|Current listen|USER )`)

// outputs cuts what n commands printed, one after the other: the last one begins
// at the last heading, and each before it at its own.
func outputs(data []byte, n int) []string {
	at := headings.FindAllIndex(data, -1)
	if n < 2 || len(at) < n {
		return slices.Repeat([]string{string(data)}, n)
	}
	at = append(at[:n-1], at[len(at)-1], []int{len(data)})
	var all []string
	for i := range n {
		all = append(all, string(data[at[i][0]:at[i+1][0]]))
	}
	return all
}

// simpleCommands returns the commands of a line that is nothing but commands; of
// alternatives the first.
func simpleCommands(line string) []string {
	if strings.ContainsAny(line, "$({&") {
		return nil
	}
	commands := strings.Split(line, ";")
	for i := range commands {
		commands[i], _, _ = strings.Cut(commands[i], "||")
		commands[i] = strings.TrimSpace(commands[i])
	}
	return commands
}

func put(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}
