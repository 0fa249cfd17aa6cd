package command

import (
	"path"
	"slices"
	"strings"
)

// A wrapper is a program that runs the command behind it.
type wrapper struct {
	name     string // one word, or more: "docker exec"
	valued   string // short options that take a value
	long     string // long options that take one as a word of its own
	operands int    // words between its options and the command
	// elsewhere says that the command sees other sockets or routes than the host
	// that the wrapper was typed on.
	elsewhere bool
}

// wrappers are what people put before a command to be root, to repeat it, or to
// run it on another host or in a container: sudo(8), doas(1), watch(1),
// timeout(1), ssh(1), ip-netns(8), nsenter(1), docker-exec(1), kubectl(1), adb.
var wrappers = []wrapper{
	{name: "sudo", valued: "ugpCTDRUht", long: "--user --group --host --prompt"},
	{name: "doas", valued: "uCa"},
	{name: "env", valued: "uCS"},
	{name: "busybox"},
	{name: "toybox"},
	{name: "time", valued: "fo"},
	{name: "nohup"},
	{name: "exec"},
	{name: "command"},
	{name: "nice", valued: "n"},
	{name: "timeout", valued: "ks", operands: 1},
	{name: "watch", valued: "nq", long: "--interval"},
	{name: "ssh", valued: "BbcDEeFIiJLlmOoPpQRSWw", operands: 1, elsewhere: true},
	{name: "adb shell", elsewhere: true},
	{name: "ip netns exec", operands: 1, elsewhere: true},
	{name: "ip vrf exec", operands: 1},
	{name: "nsenter", valued: "tSG", long: "--target", elsewhere: true},
	{name: "chroot", operands: 1},
	{name: "docker exec", valued: "euw", long: "--env --user --workdir", operands: 1, elsewhere: true},
	{name: "podman exec", valued: "euw", long: "--env --user --workdir", operands: 1, elsewhere: true},
	{name: "kubectl exec", valued: "ncf", long: "--namespace --container --context", operands: 1, elsewhere: true},
}

// Unwrap returns the words of the command itself, its program without a path,
// without what stands before it: prompts, assignments of variables, and programs
// that run it, as sudo. Where names those that run it elsewhere, with what they
// were given; it is empty for a command of the host itself.
func Unwrap(words []string) (core []string, where string) {
	var elsewhere []string
	for len(words) > 0 {
		if words[0] == "$" || words[0] == "#" || assignment(words[0]) {
			words = words[1:]
			continue
		}
		words = slices.Concat([]string{path.Base(words[0])}, words[1:])
		n, w := wrapped(words)
		if n == 0 {
			return words, strings.Join(elsewhere, " ")
		}
		if w.elsewhere {
			elsewhere = append(elsewhere, words[:n]...)
		}
		words = words[n:]
	}
	return nil, strings.Join(elsewhere, " ")
}

// assignment reports whether the word is NAME=value.
func assignment(word string) bool {
	name, _, ok := strings.Cut(word, "=")
	return ok && name != "" && !strings.ContainsAny(name, "-/.")
}

// wrapped returns how many words belong to the wrapper in front, 0 when none is.
func wrapped(words []string) (int, wrapper) {
	for _, w := range wrappers {
		names := strings.Fields(w.name)
		if len(words) >= len(names) && slices.Equal(words[:len(names)], names) {
			return len(names) + w.takes(words[len(names):]), w
		}
	}
	return 0, wrapper{}
}

// takes returns how many of the words are options and operands of the wrapper.
func (w wrapper) takes(words []string) int {
	i, operands := 0, w.operands
	for ; i < len(words); i++ {
		switch a := words[i]; {
		case a == "--":
			if operands == 0 {
				return i + 1
			}
		case len(a) > 1 && a[0] == '-':
			i += w.value(a)
		case operands > 0:
			operands--
		default:
			return i
		}
	}
	return min(i, len(words))
}

// value returns 1 when the word after the option is its value.
func (w wrapper) value(option string) int {
	if strings.HasPrefix(option, "--") {
		if slices.Contains(strings.Fields(w.long), option) {
			return 1
		}
		return 0
	}
	if strings.IndexByte(w.valued, option[len(option)-1]) >= 0 && strings.IndexAny(option, w.valued) == len(option)-1 {
		return 1
	}
	return 0
}
