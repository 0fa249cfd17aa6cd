package bsdnet

import (
	"errors"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/command"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// unameOrder is the order in which uname prints what its options ask for
// (uname.c). Of these only the version holds blanks.
const unameOrder = "snrvmp"

// NamesKernel accepts a uname that prints.
func NamesKernel(args []string) bool {
	o := command.Read(args, "")
	return len(o.Operands) == 0 && o.Long == nil && strings.Trim(o.Letters, unameOrder+"a") == ""
}

// unameLetters returns what a uname asks for when that is less than -a does, and
// "" for that and all other commands.
func unameLetters(typed string) string {
	words := strings.Fields(typed)
	if len(words) == 0 || words[0] != "uname" {
		return ""
	}
	switch o := command.Of(typed, ""); {
	case o.Has("a"):
		return ""
	case o.Letters == "":
		return "s"
	default:
		return o.Letters
	}
}

// unamePart reads a line of uname with some options: `Darwin 23.5.0 arm64` is
// that of -srm.
func (r *hostReader) unamePart(h *fleetnet.Host, letters string, words []string) error {
	for _, l := range unameOrder {
		if !strings.ContainsRune(letters, l) {
			continue
		}
		if len(words) == 0 {
			return field.ErrShort
		}
		switch word := words[0]; l {
		case 's':
			if !slices.Contains(r.form.Systems, word) {
				return errors.New("the name of the system expected")
			}
			h.OS = strings.ToLower(word)
			r.form.Key("kern.ostype", word)
		case 'n':
			h.Hostname = word
		case 'r':
			h.Kernel = word
		case 'v':
			words = behindVersion(letters, words)
			continue
		case 'm':
			h.Arch = word
			if len(words) > 1 && word == "Power" { // Power Macintosh
				words = words[1:]
				h.Arch += " " + words[0]
			}
		}
		words = words[1:]
	}
	return nil
}

// behindVersion returns the words behind the version: as many as letters ask for.
func behindVersion(letters string, words []string) []string {
	left := strings.Count(letters, "m") + strings.Count(letters, "p")
	return words[max(len(words)-left, 0):]
}
