package runner

import "strings"

// shellQuote returns s as one word of a POSIX shell.
func shellQuote(s string) string {
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// shellWord returns s as one word of a POSIX shell, quoted only when it must be.
func shellWord(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/._-+:@", r)
	}
	if s != "" && strings.TrimFunc(s, plain) == "" {
		return s
	}
	return shellQuote(s)
}

func shellWords(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = shellWord(w)
	}
	return strings.Join(quoted, " ")
}

// plainWords reports whether a command is a program and its arguments and
// nothing that only a shell understands, so that sudo can run it by itself.
func plainWords(command string) bool {
	first, _, _ := strings.Cut(command, " ")
	return !strings.ContainsAny(command, "|&;<>()$`\\\"'*?[]#~%{}!\n\r\t") && !strings.Contains(first, "=") && !shellOnly(first)
}

// assignments returns how many words at a command's head set variables of its
// environment to plain values.
func assignments(words []string) int {
	n := 0
	for _, w := range words {
		name, value, ok := strings.Cut(w, "=")
		if !ok || name == "" || shellName(name) != name || value != "" && shellWord(value) != value {
			break
		}
		n++
	}
	return n
}

// shellOnly reports whether a word at a command's head is the shell's own.
func shellOnly(word string) bool {
	switch word {
	case "", ".", ":", "cd", "command", "for", "while", "until", "if", "case", "read", "set", "exec", "eval", "export", "unset", "exit", "trap", "umask", "ulimit":
		return true
	}
	return false
}

// shellName returns s as a part of a shell function's name.
func shellName(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, s)
}
