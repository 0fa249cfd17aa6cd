package runner

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// SudoersOptions says for whom a rule is.
type SudoersOptions struct {
	// User is who may run the commands: a login's name, or "%" and that of a group.
	User string
	// OS is the system of the hosts, as [fleetnet.Probe] has it. Empty means all.
	OS string
}

// ErrSudoersUser is a name that a rule cannot hold.
var ErrSudoersUser = errors.New("a rule needs the name of a user, or of a group after a %")

// rootFolders are where a program may be that sudo runs. /usr/local is not
// among them: others than root may write there.
func rootFolders(program string) []string {
	if program == "sh" || program == "env" {
		return []string{"/usr/bin/", "/bin/"}
	}
	return []string{"/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/"}
}

// Sudoers returns a file for /etc/sudoers.d (sudoers(5)) that lets a user run
// what scans run as root, without a password, and nothing else: the commands of the
// probes that want root, to the letter.
//
// sudo compares arguments joined by spaces, so a user may also run a beginning
// of a shell's command line that ends before a space. That reads no more than the
// whole does.
func Sudoers(probes []fleetnet.Probe, o SudoersOptions) (string, error) {
	if !nameable(o.User) {
		return "", fmt.Errorf("sudoers: %w", ErrSudoersUser)
	}
	var plain, shell []string
	for _, words := range rootCommands(probes, o.OS) {
		if strings.ContainsAny(strings.Join(words, " "), "\n\r") {
			return "", fmt.Errorf("sudoers: a rule cannot hold a command of several lines: %s", fleetnet.Quote(words[len(words)-1]))
		}
		for _, folder := range rootFolders(words[0]) {
			if words[0] == "sh" {
				shell = append(shell, sudoersCommand(folder, words))
			} else {
				plain = append(plain, sudoersCommand(folder, words))
			}
		}
	}
	if plain == nil && shell == nil {
		return "", errors.New("sudoers: no probe wants root")
	}
	text := sudoersHead
	if plain != nil {
		text += sudoersRule("FLEETNET", sudoersName(o.User), plain)
	}
	if shell != nil {
		text += sudoersShell + sudoersRule("FLEETNET_SH", sudoersName(o.User), shell)
	}
	return text, nil
}

const sudoersHead = `# What fleetnet runs as root on a host, and nothing else. It only reads.
#
# Install it so, as root: a file with an error in it locks everybody out of sudo.
#
#     fleetnet sudoers --user NAME >fleetnet.sudoers
#     visudo -cf fleetnet.sudoers
#     install -o root -g root -m 0440 fleetnet.sudoers /etc/sudoers.d/fleetnet
#
# sudo skips files in that folder with a dot in their name. Make it anew when
# fleetnet has been updated: it holds the very words of the commands.
`

const sudoersShell = `
# For hosts that have neither ss nor netstat. sudo-rs cannot read such rules:
# leave them out where it is what visudo belongs to.
`

// sudoersRule allows the user some commands. Their environment and PATH are
// sudo's own whatever else /etc/sudoers says, as env and sh look programs up there.
// Each setting has its own line, so that one which a sudo does not know is
// no harm to the others.
func sudoersRule(alias, user string, commands []string) string {
	return fmt.Sprintf(`
Cmnd_Alias %[1]s = \
    %[3]s
Defaults!%[1]s !requiretty
Defaults!%[1]s env_reset
Defaults!%[1]s secure_path="/usr/sbin:/usr/bin:/sbin:/bin"
%[2]s ALL = (root) NOPASSWD: %[1]s
`, alias, user, strings.Join(commands, ", \\\n    "))
}

// Doas returns the same for /etc/doas.conf (doas.conf(5)). Its rules hold
// arguments one by one.
func Doas(probes []fleetnet.Probe, o SudoersOptions) (string, error) {
	if !nameable(o.User) {
		return "", fmt.Errorf("doas.conf: %w", ErrSudoersUser)
	}
	who := o.User
	if group, ok := strings.CutPrefix(who, "%"); ok {
		who = ":" + group
	}
	b := []byte(doasHead)
	for _, words := range rootCommands(probes, o.OS) {
		b = fmt.Appendf(b, "permit nopass %s as root cmd %s args", doasWord(who), doasWord(words[0]))
		for _, w := range words[1:] {
			b = append(append(b, ' '), doasWord(w)...)
		}
		b = append(b, '\n')
	}
	return string(b), nil
}

const doasHead = `# What fleetnet runs as root on a host, and nothing else. It only reads.
#
# Append it to /etc/doas.conf, as root, and check that: doas -C /etc/doas.conf

`

// doasWord quotes a word for doas.conf where it must be.
func doasWord(w string) string {
	if w == shellWord(w) {
		return w
	}
	return `"` + escape(w, `\"`) + `"`
}

// rootCommands returns each command that runs as root once, in words.
func rootCommands(probes []fleetnet.Probe, os string) [][]string {
	var all [][]string
	for _, p := range probes {
		words := rootWords(strings.TrimSpace(p.Command))
		if p.Root && (os == "" || p.OS == os) && !slices.ContainsFunc(all, func(of []string) bool { return slices.Equal(of, words) }) {
			all = append(all, words)
		}
	}
	return all
}

// nameable reports whether a rule can hold the name of a user or group.
func nameable(name string) bool {
	name = strings.TrimPrefix(name, "%")
	return name != "" && name != "ALL" && fleetnet.Printable(name) == name && !strings.ContainsAny(name, `"'#%+!`)
}

// sudoersName writes a name with what is special in it escaped.
func sudoersName(name string) string { return escape(name, `\,:=() `) }

// sudoersCommand writes a command.
func sudoersCommand(folder string, words []string) string {
	line := folder + words[0]
	for _, w := range words[1:] {
		line += " " + sudoersWord(w)
	}
	if len(words) == 1 {
		line += ` ""` // no arguments at all
	}
	return line
}

// sudoersWord writes an argument. sudo takes one backslash away before what is
// special to it, and matches what is left as fnmatch(3) does, where a backslash
// quotes the next character. Blanks that it would fold are escaped.
func sudoersWord(w string) string {
	special := `\,:=#`
	if strings.ContainsRune(w, '\t') || strings.Join(strings.Fields(w), " ") != w {
		special += " \t"
	}
	w = strings.ReplaceAll(w, `\`, `\\`)
	w = escape(w, special)
	return escape(w, `*?[]`)
}

// escape puts a backslash before each of the special characters.
func escape(s, special string) string {
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune(special, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
