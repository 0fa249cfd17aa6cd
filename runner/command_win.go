package runner

import (
	"fmt"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// windowsStart has PowerShell read the script, whose own end sets the status
// 42. What follows runs without it. PowerShell reads its standard input when told to
// and not before, so the script gets to the one that wants it even where another is
// the login shell.
const windowsStart = `powershell -NoLogo -NoProfile -NonInteractive -OutputFormat Text` +
	` -Command . ([scriptblock]::Create([Console]::In.ReadToEnd())); exit 3`

// windowsCommands returns the command for Windows: it has PowerShell read the
// script, and else asks with what cmd can run. Whether the DefaultShell of sshd is
// cmd or PowerShell, it hands what stands in double quotes to cmd as it is, as
// none of $ and ` is in it. Where sshd takes the shell for another one it
// escapes the quotes, in a way that cmd does not know: then nothing runs, and
// the second command, which has no quotes, is for cmd alone.
//
// cmd takes no line of more than 8191 characters.
func windowsCommands(slots [][]fleetnet.Probe) []string {
	c := &cmdLine{}
	c.add("set n=@fleetnet " + noncePlaceholder)
	c.section("platform", "echo !OS!")
	c.section("user", "whoami /groups")
	for _, slot := range slots {
		c.slot(slot)
	}
	c.say("done")
	line := windowsStart + "&if not !errorlevel!==42 (" + strings.Join(c.parts, "&") + ")"
	return []string{`cmd.exe /v:on /d /s /c "` + line + `"`, "cmd.exe /v:on /d /c " + cmdEscape(line)}
}

// cmdEscape escapes what cmd would take for its own.
func cmdEscape(line string) string {
	var b strings.Builder
	for _, r := range line {
		if strings.ContainsRune("&|<>()^", r) {
			b.WriteByte('^')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// cmdLine is commands of cmd, one after another.
type cmdLine struct{ parts []string }

func (c *cmdLine) add(format string, args ...any) {
	c.parts = append(c.parts, fmt.Sprintf(format, args...))
}

// say prints a line of the frame on both streams. The redirection stands first,
// lest a digit at the end become a part of it.
func (c *cmdLine) say(words string) {
	c.add("echo !n! %s", words)
	c.add(">&2 echo !n! %s", words)
}

// section runs a command in its frame and leaves its status in e. What cmd
// has built in does not set the status when it succeeds: ver does. As whom it runs
// is told by the section of the user.
func (c *cmdLine) section(probe, command string) {
	c.say("begin " + probe + " -")
	c.add("ver>nul")
	c.add("%s", command)
	c.add("set e=!errorlevel!")
	c.add("echo.")
	c.add(">&2 echo.")
	c.say("end " + probe + " !e! 0")
}

// slot tries the alternatives until one succeeds.
func (c *cmdLine) slot(alternatives []fleetnet.Probe) {
	tried := false
	for _, p := range alternatives {
		if p.Shell == fleetnet.ShellPowerShell {
			continue
		}
		attempt := &cmdLine{}
		if p.If != "" {
			attempt.add("set e=if&%s>nul 2>nul&&set e=go", p.If)
			then := &cmdLine{}
			then.section(p.Name, p.Command)
			attempt.add("if !e!==go (%s) else (echo !n! skip %s if)", strings.Join(then.parts, "&"), p.Name)
		} else {
			attempt.section(p.Name, p.Command)
		}
		if tried {
			c.add("if not !e!==0 (%s)", strings.Join(attempt.parts, "&"))
		} else {
			c.parts = append(c.parts, attempt.parts...)
		}
		tried = true
	}
}
