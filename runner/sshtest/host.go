package sshtest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// Host is a host to play. The zero Host has no shell.
type Host struct {
	// Answer says what the shell prints for a script.
	Answer Answer
	// Command, when set, is what prints instead: it is given the command that was
	// asked for, and its standard input.
	Command func(command string, stdin []byte) Reply
	// Fault is what is wrong with the host.
	Fault Fault
	// Pause is the time between two pieces of [Drip], and before anything is said at all.
	Pause time.Duration
}

// Answer returns what a shell prints for a script that it is fed. It may be
// called by several connections at once.
type Answer func(script []byte) Reply

// Reply is what a shell prints, and its exit status.
type Reply struct {
	Stdout, Stderr []byte
	Status         int
}

// Fault is a way for a host to be broken.
type Fault int

// The faults. The first three show before the host can know who logs in.
const (
	None             Fault = iota
	HangBeforeBanner       // accepts the connection and says nothing
	CloseAtOnce            // closes the connection before the banner, as sshd does beyond MaxStartups
	NotSSH                 // speaks HTTP
	RefuseLogin            // takes no key
	HangAfterLogin         // never opens a session
	HangBeforeOutput       // runs the script and prints nothing
	HangInOutput           // stops in the middle of the output
	CutInOutput            // closes the connection in the middle of the output
	EndInOutput            // the shell is killed in the middle of the output
	Endless                // prints without end in the middle of the output
	Noise                  // prints banners before, between and after the frames
	Drip                   // prints a few bytes at a time
	NoShell                // has no /bin/sh
	NoLogin                // has nologin as the login shell
)

// Framed is a section of an answer made by hand.
type Framed struct {
	Probe          string
	User           string // "user" when empty
	Stdout, Stderr string
	Status         int
}

// Sections answers as the script would on a Linux host, with these sections
// after those that say the platform and the user.
func Sections(sections ...Framed) Answer {
	all := append([]Framed{{Probe: "platform", Stdout: "Linux\n"}, {Probe: "user", Stdout: "1000\n"}}, sections...)
	return Raw(all...)
}

// Raw is [Sections] without anything before them.
func Raw(sections ...Framed) Answer {
	var out, errs strings.Builder
	say := func(format string, args ...any) {
		fmt.Fprintf(&out, format, args...)
		fmt.Fprintf(&errs, format, args...)
	}
	for _, s := range sections {
		say("@fleetnet %s begin %s %s\n", placeholder, s.Probe, orUser(s.User))
		out.WriteString(s.Stdout)
		errs.WriteString(s.Stderr)
		say("\n@fleetnet %s end %s %d 1\n", placeholder, s.Probe, s.Status)
	}
	say("@fleetnet %s done\n", placeholder)
	return reframed([]byte(out.String()), []byte(errs.String()), placeholder)
}

// placeholder stands for a nonce, and is as long as one.
const placeholder = "NONCE-NONCE-NONCE-NONCE-NONCE-NO"

func orUser(user string) string {
	if user == "" {
		return "user"
	}
	return user
}

// Recorded answers with what a host said in a recorded run: path is the
// host's file in the folder of the recording.
func Recorded(path string) (Answer, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	header, body, _ := bytes.Cut(text, []byte{'\n'})
	var nonce string
	var out, errs int
	if _, err := fmt.Sscanf(string(header), "fleetnet recording 1 nonce=%32s stdout=%d stderr=%d", &nonce, &out, &errs); err != nil {
		return nil, fmt.Errorf("%s: not the recording of a host: %w", path, err)
	}
	if out < 0 || errs < 0 || out+errs > len(body) {
		return nil, fmt.Errorf("%s: the recording is cut short", path)
	}
	return reframed(body[:out], body[out:out+errs], nonce), nil
}

// reframed answers with an output whose frames get the nonce of each script.
func reframed(stdout, stderr []byte, nonce string) Answer {
	return func(script []byte) Reply {
		asked := []byte(Nonce(script))
		return Reply{
			Stdout: bytes.ReplaceAll(stdout, []byte(nonce), asked),
			Stderr: bytes.ReplaceAll(stderr, []byte(nonce), asked),
		}
	}
}

// Nonce returns the random word of a script, that of a POSIX shell or that of
// PowerShell.
func Nonce(script []byte) string {
	_, rest, found := bytes.Cut(script, []byte("\nnonce="))
	if !found {
		_, rest, _ = bytes.Cut(script, []byte("\n$nonce = "))
	}
	nonce, _, _ := bytes.Cut(rest, []byte{'\n'})
	return string(bytes.Trim(nonce, "'"))
}

// Shell answers by feeding the script to a real shell of this machine.
func Shell(name string, args ...string) Answer {
	return func(script []byte) Reply {
		cmd := exec.Command(name, args...)
		var out, errs bytes.Buffer
		cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(script), &out, &errs
		_ = cmd.Run() // its status is in ProcessState
		if cmd.ProcessState == nil {
			return Reply{Stderr: []byte(name + ": not found\n"), Status: 127}
		}
		return Reply{Stdout: out.Bytes(), Stderr: errs.Bytes(), Status: cmd.ProcessState.ExitCode()}
	}
}
