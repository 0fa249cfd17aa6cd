package parsers

import (
	"bytes"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet/parsers/command"
)

// section is a command of a terminal session and the lines that it printed, or
// text of which no command is shown.
type section struct {
	line    int    // of the prompt, counted from 1; 0 when there is none
	typed   string // the command; empty when none is shown
	host    string // as the prompt names it, without its domain
	windows bool   // the prompt is one of Windows
	remote  bool   // the prompt is that of a session on another host, begun from this one
	weak    bool   // the prompt may be none: a comment begins like it
	text    []byte // the output, in its place: lines of others are blank
	elided  bool   // lines of it were left out
}

// prompt is a line with what was typed behind the prompt of a shell.
type prompt struct {
	typed, host string
	windows     bool
	remote      bool
	certain     bool // a prompt whatever was typed
}

// The prompts that tell themselves: user@host and a path, those of cmd and
// PowerShell, `host:path user$` of macOS, a lone $, and that of PowerShell elsewhere.
// Others are prompts when a command that is read stands behind them.
var (
	promptOfUser    = regexp.MustCompile(`^(?:\([^()]{1,40}\) ?)?\[?[\w.+-]{1,40}@([\w.-]{1,80})[^$#%>❯|]{0,120}[$#%>❯](?:\s+(\S.*))?$`)
	promptOfWindows = regexp.MustCompile(`^(?:\([^()]{1,40}\) ?)?(?:\*Evil-WinRM\* |[\w.\\+-]{1,60}@([\w.-]{1,80}) )?` +
		`(?:(?:PS )?[A-Za-z]:(?:\\[^<>|"?*]{0,200})?|PS [^/<>|"?*]{1,200}\\[^<>|"?*]{0,200})(?: \[[^<>]{1,80}\])?> ?(.*)$`)
	promptOfRemote = regexp.MustCompile(`^\[([\w.:-]{1,80})\]: (?:\[[^<>]{1,80}\]: )?PS(?: [^<>|"?*]{1,200})?> ?(.*)$`) // of Enter-PSSession
	promptOfMac    = regexp.MustCompile(`^([A-Za-z][\w.-]{0,60}):[~/]\S* [\w.-]{1,40}[$#](?: (\S.*))?$`)
	promptOfPf     = regexp.MustCompile(`^\[\d[\w.-]{1,60}\]\[[\w.+-]{1,40}@([\w.-]{1,80})\][~/][^\s:]{0,120}:(?: +(\S.*))?$`) // of pfSense: [2.7.2-RELEASE][root@fw1]/root: ls
	promptAlone    = regexp.MustCompile(`^(?:\$|PS /[^>]{0,120}>|PS>|❯) +(\S.*)$|^\$$`)
	promptOfAny    = regexp.MustCompile(`^(?:[^\t|"']{0,80}[\w\]\)~/ ])?[$#%>❯✗](?: +(\S.*))$`)
	promptOfKali   = regexp.MustCompile(`^(?:└─+(?:╼ ?)?[$#>]|╰─+[$#%>➤❯]?) ?(.*)$`) // the second line of it, and of zsh's themes
	promptOfZsh    = regexp.MustCompile(`^➜ +\S+ (?:git:\(\S+\) )?(?:✗ )?(\S.*)$`)
)

// statusOfKsh is what stands before a prompt of Android when a command has failed:
// `130|shell@generic:/ $ netstat`.
var statusOfKsh = regexp.MustCompile(`^\d{1,3}\|`)

// maxPrompt bounds how long a line with a prompt may be.
const maxPrompt = 600

// promptIn returns the prompt that the line is.
func promptIn(line string) (prompt, bool) {
	line = withoutRight(strings.TrimSpace(line))
	if len(line) > maxPrompt || !mayPrompt(line) {
		return prompt{}, false
	}
	line = statusOfKsh.ReplaceAllString(line, "")
	if strings.IndexByte(line, '\x1b') >= 0 {
		line = colour.ReplaceAllString(line, "")
	}
	if m := promptOfRemote.FindStringSubmatch(line); m != nil {
		return prompt{typed: strings.TrimSpace(m[2]), host: short(m[1]), windows: true, remote: true, certain: true}, true
	}
	if m := promptOfWindows.FindStringSubmatch(line); m != nil {
		return prompt{typed: strings.TrimSpace(m[2]), host: short(m[1]), windows: true, certain: true}, true
	}
	for _, re := range []*regexp.Regexp{promptOfUser, promptOfMac, promptOfPf} {
		if m := re.FindStringSubmatch(line); m != nil {
			return prompt{typed: strings.TrimSpace(m[2]), host: short(m[1]), certain: true}, true
		}
	}
	for _, re := range []*regexp.Regexp{promptOfKali, promptAlone} {
		if m := re.FindStringSubmatch(line); m != nil {
			return prompt{typed: strings.TrimSpace(m[1]), certain: true}, true
		}
	}
	for _, re := range []*regexp.Regexp{promptOfZsh, promptOfAny} {
		if m := re.FindStringSubmatch(line); m != nil && isReadBeside(m[1]) {
			return prompt{typed: m[1]}, true
		}
	}
	return prompt{}, false
}

// rightPrompt is how many blanks there are at least between what was typed and a
// prompt at the right edge of the terminal: `❯ netstat -rn          15s 10:20:03`.
const rightPrompt = "        "

// withoutRight cuts a prompt at the right edge off.
func withoutRight(line string) string {
	left, right, ok := strings.Cut(line, rightPrompt)
	if right = strings.TrimSpace(right); !ok || strings.IndexAny(right, "-|>;&") == 0 || !strings.ContainsAny(left, "$#%>❯➜➤✗─") {
		return line
	}
	return left
}

// mayPrompt reports whether a character that ends prompts stands in the line,
// before a blank or at the end; in cmd the command follows at once. It spares
// most rows the expressions.
func mayPrompt(line string) bool {
	if strings.HasPrefix(line, "╰─") || strings.HasPrefix(line, "[") && strings.Contains(line, "][") {
		return true
	}
	for i := strings.IndexAny(line, "$#%>❯➜✗"); i >= 0 && i < len(line); {
		end := i + 1
		if line[i] >= 0x80 {
			end = i + len("❯")
		}
		if end >= len(line) || line[end] == ' ' || line[end] == '\x1b' || line[i] == '>' && strings.Contains(line[:i], ":") {
			return true
		}
		next := strings.IndexAny(line[end:], "$#%>❯➜✗")
		if next < 0 {
			return false
		}
		i = end + next
	}
	return false
}

// short returns a host's name without its domain, in small letters; an address
// has none.
func short(host string) string {
	if _, err := netip.ParseAddr(host); err == nil {
		return host
	}
	host, _, _ = strings.Cut(strings.ToLower(host), ".")
	return host
}

// isRead reports whether some system has a command whose output is read.
func isRead(typed string) bool { return len(findOn(platforms(), typed)) > 0 }

// isReadBeside is isRead for systems other than Windows, whose prompts tell themselves.
func isReadBeside(typed string) bool {
	return len(findOn(unixes(), typed)) > 0
}

// said reports whether a line is no output: a fence of a ticket, what sudo, a
// shell or a pager says.
func said(line string) bool {
	switch {
	case line == "exit", line == "logout":
		return true
	case strings.HasPrefix(strings.TrimSpace(line), "```"), strings.HasPrefix(line, "-- More --"):
		return true
	case strings.HasPrefix(line, "┌─"), strings.HasPrefix(line, "╭─"): // the first line of a prompt of Kali, or of zsh's themes
		return true
	}
	return command.Said(line)
}

// maxSections bounds the commands of one session.
const maxSections = 200

// sections cuts a text at its prompts, the weak ones too when they are to be
// believed. Without any the whole is one section. A first line that is a command
// alone counts as a weak one.
func sections(text []byte, believe bool) []section {
	all := []section{{}}
	var lines [][]byte
	place := func(s *section) { s.text = bytes.Join(lines, []byte("\n")) }
	n, cut := 0, false // cut: some lines were left out
	seen := promptsSeen{}
	for raw := range bytes.Lines(text) {
		n++
		line := bytes.TrimRight(raw, "\r\n")
		head := string(line[:min(len(line), maxPrompt+1)])
		p, ok := promptIn(head)
		if ok && !p.certain && !believe {
			ok = false
		}
		if !ok && believe {
			p.typed, ok = seen.behind(head)
		}
		if !ok && believe {
			first := blank(lines) && len(all) == 1
			p.typed, ok = headed(head, first)
		}
		switch {
		case ok && p.typed != "" && len(all) < maxSections:
			lines = p.begun(lines)
			place(&all[len(all)-1])
			seen[p.before(head)] = true
			all = append(all, section{line: n, typed: p.typed, host: p.host, windows: p.windows, remote: p.remote, weak: !p.certain})
			lines = make([][]byte, n)
		case ok && p.certain, believe && seen[strings.TrimSpace(head)]:
			lines, cut = append(p.begun(lines), nil), true
		case fenceEnds(head, all[len(all)-1].typed, lines) && len(all) < maxSections:
			place(&all[len(all)-1])
			all = append(all, section{line: n})
			lines, cut = make([][]byte, n), true
		case said(head), echoed(head, all[len(all)-1].typed, lines):
			lines, cut = append(lines, nil), true
		default:
			lines = append(lines, line)
		}
	}
	place(&all[len(all)-1])
	if len(all) == 1 && !cut {
		all[0].text = text
	}
	if len(all) > 1 {
		all = slices.DeleteFunc(all, func(s section) bool { return s.typed == "" && blank([][]byte{s.text}) })
	}
	return all
}

// promptsSeen are the prompts that stood before commands.
type promptsSeen map[string]bool

// behind returns what stands behind one of the prompts, of those that have a name
// in them, the longest: `web1$ uptime` below `web1$ ss -tan`.
func (m promptsSeen) behind(line string) (typed string, ok bool) {
	line = strings.TrimSpace(line)
	longest := len("# ")
	for mark := range m {
		if rest, found := strings.CutPrefix(line, mark+" "); found && len(mark) > longest {
			longest, typed, ok = len(mark), strings.TrimSpace(rest), true
		}
	}
	return typed, ok
}

// before returns what a line has before what was typed: the prompt, which stands
// alone where nothing was typed, at the end of most pastes.
func (p *prompt) before(line string) string {
	mark, ok := strings.CutSuffix(strings.TrimSpace(line), p.typed)
	if mark = strings.TrimSpace(mark); !ok || !strings.ContainsAny(mark, "$#%>❯✗") {
		return "\x00" // no line
	}
	return mark
}

// fenceEnds reports whether the line is the fence of a ticket behind what a
// command printed. Below it people write on.
func fenceEnds(line, typed string, above [][]byte) bool {
	return typed != "" && strings.TrimSpace(line) == "```" && !blank(above)
}

// promptAbove is the first line of a prompt of two: that of Cygwin, and of Git for
// Windows and MSYS2, which name the environment.
var promptAbove = regexp.MustCompile(`^[\w.+-]{1,40}@([\w.-]{1,80}) ((?:MINGW|MSYS|UCRT|CLANG)\w* )?[~/][^<>|]{0,200}$`)

// begun takes the first line of a prompt of two out of the lines above the
// second, a lone $.
func (p *prompt) begun(above [][]byte) [][]byte {
	last := len(above) - 1
	if last < 0 || p.host != "" || !p.certain || len(above[last]) > maxPrompt {
		return above
	}
	if m := promptAbove.FindSubmatch(bytes.TrimSpace(above[last])); m != nil {
		p.host, p.windows = short(string(m[1])), len(m[2]) > 0
		above[last] = nil
	}
	return above
}

// echoed reports whether the line shows again the command that was typed just
// above it, as a shell without a terminal does.
func echoed(line, typed string, above [][]byte) bool {
	return typed != "" && strings.TrimSpace(line) == typed && blank(above)
}

// headed returns the command that a line without a prompt shows: the first line,
// alone or with a colon, and any that stands between marks, as scripts that
// collect several outputs and people who write tickets set them:
//
//	===== netstat -rn =====
//	`ifconfig -a`:
func headed(line string, first bool) (string, bool) {
	line = withoutRight(strings.TrimSpace(line))
	typed := strings.TrimSpace(strings.Trim(line, marksOfHeading))
	marked := len(line)-len(strings.TrimLeft(line, marksOfHeading)) > 1 || strings.HasPrefix(line, "`") && strings.HasSuffix(strings.TrimRight(line, ":"), "`")
	if !marked && !first || len(line) == 0 || !isRead(typed) || !plainCommand(typed) {
		return "", false
	}
	return typed, true
}

// marksOfHeading are what a command is set between.
const marksOfHeading = "=-#*<>`: "

// plainCommand reports whether a line that no prompt precedes is a command: it
// has an option, or a word behind the program, and no more than commands have. What
// PowerShell says of a cmdlet begins with its name and a colon.
func plainCommand(line string) bool {
	words := strings.Fields(line)
	return len(words) > 1 && len(words) <= 12 && words[1] != ":" && !strings.HasSuffix(line, ".") && !strings.HasSuffix(line, ":")
}

func blank(lines [][]byte) bool {
	for _, l := range lines {
		if len(bytes.TrimSpace(l)) > 0 {
			return false
		}
	}
	return true
}
