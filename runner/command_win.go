package runner

import (
	"fmt"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// What stands around the programs in the command for Windows. Whatever the
// DefaultShell of sshd is, cmd or PowerShell, it hands the words in double quotes
// to cmd as they are, as there is none of $ and ` in them. PowerShell reads its
// standard input alone when told to with $input, so the script gets to the one that
// wants it. The script ends with exit 0; what follows || runs when it did not.
//
// cmd takes no line of more than 8191 characters.
const (
	windowsOpen = `cmd.exe /v:on /d /s /c "powershell -NoLogo -NoProfile -NonInteractive -OutputFormat Text` +
		` -Command . ([scriptblock]::Create([Console]::In.ReadToEnd())); exit 3 || (`
	windowsClose = `)"`
)

// windowsIdentify says the platform, and in u whether we are an administrator:
// root. The groups are those of the levels of integrity "high" and "system",
// which no administrator has whose rights are filtered.
const windowsIdentify = `set n=@fleetnet ` + noncePlaceholder + `&set u=user&set w=` +
	`&whoami /groups>nul 2>nul<nul&&set w=user` +
	`&(whoami /groups|findstr /c:S-1-16-12288 /c:S-1-16-16384)>nul 2>nul<nul&&set w=root&&set u=root`

// windowsCommand returns the one command for Windows: it has PowerShell read the
// script, and else asks with what cmd can run.
func windowsCommand(slots [][]fleetnet.Probe) string {
	c := &cmdLine{}
	c.add(windowsIdentify)
	c.section("platform", "-", "echo !OS!")
	c.section("user", "-", "if defined w echo !w!")
	for _, slot := range slots {
		c.slot(slot)
	}
	c.say("done")
	return windowsOpen + strings.Join(c.parts, "&") + windowsClose
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
// has built in does not set the status when it succeeds: ver does.
func (c *cmdLine) section(probe, user, command string) {
	c.say("begin " + probe + " " + user)
	c.add("ver>nul")
	c.add("(%s)<nul", command)
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
			attempt.add("set e=if&(%s)>nul 2>nul<nul&&set e=go", p.If)
			then := &cmdLine{}
			then.section(p.Name, "!u!", p.Command)
			attempt.add("if !e!==go (%s) else (echo !n! skip %s if)", strings.Join(then.parts, "&"), p.Name)
		} else {
			attempt.section(p.Name, "!u!", p.Command)
		}
		if tried {
			c.add("if not !e!==0 (%s)", strings.Join(attempt.parts, "&"))
		} else {
			c.parts = append(c.parts, attempt.parts...)
		}
		tried = true
	}
}
