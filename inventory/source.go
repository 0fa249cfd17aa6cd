package inventory

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// Bounds on folders of inventories.
const (
	maxFolders = 16     // how deep folders nest
	maxFiles   = 10_000 // how many files they hold
)

// stdinName is what errors call standard input.
const stdinName = "standard input"

// loader reads the sources of one inventory.
type loader struct {
	Reader
	ctx     context.Context
	files   []*file  // those in the format of docs/inventory.md
	ansible *ansible // the others; nil when there are none
	read    int      // files of folders so far
	stdin   bool     // is used up
	errs    []error
	empty   []error // of files that hold nothing
}

// theirs returns what the Ansible sources say so far.
func (l *loader) theirs() *ansible {
	if l.ansible == nil {
		l.ansible = newAnsible()
	}
	return l.ansible
}

func (l *loader) fail(err error) { l.errs = append(l.errs, err) }

// source reads one source: a file, a folder, a program, a list, or "-".
func (l *loader) source(name string) {
	if name == "-" {
		l.readStdin()
		return
	}
	st, err := os.Stat(name)
	switch {
	case err != nil && strings.Contains(name, ","):
		l.hostList(name)
	case err != nil:
		_, err := os.Open(name) // for its error
		l.fail(err)
	case st.IsDir():
		l.folder(name, 0)
		l.varDir(name)
	case l.file(name, st):
		l.varDir(filepath.Dir(name))
	}
}

// varDir says where group_vars and host_vars may be.
func (l *loader) varDir(path string) {
	if l.ansible != nil {
		l.ansible.varDirs = append(l.ansible.varDirs, path)
	}
}

func (l *loader) readStdin() {
	switch {
	case l.Stdin == nil:
		l.fail(errors.New("-: there is no standard input to read an inventory from"))
	case l.stdin:
		l.fail(errors.New("-: standard input can be read only once"))
	default:
		l.stdin = true
		data, err := readAll(l.Stdin, stdinName)
		if err != nil {
			l.fail(fmt.Errorf("%s: %w", stdinName, err))
			return
		}
		l.text(stdinName, data)
	}
}

// hostList reads web1,db[1:3]: as in Ansible a comma makes a source a list.
func (l *loader) hostList(list string) {
	a := l.theirs()
	for _, term := range splitList(list) {
		if term == "" {
			continue
		}
		names, port, err := expandPattern(term)
		if err != nil {
			l.fail(fmt.Errorf("host list %s: %w", fleetnet.Quote(list), err))
			return
		}
		for _, name := range names {
			if err := checkHost(name); err != nil {
				l.fail(fmt.Errorf("host list %s: host %w", fleetnet.Quote(list), err))
				return
			}
			if a.hosts[name] == nil {
				a.addHost(name, port, a.group(ungrouped), place{file: fleetnet.Quote(list)})
			}
		}
	}
}

// ignoredFiles are the names that Ansible skips in a folder of inventories.
var ignoredFiles = regexp.MustCompile(`^\.|^(?:host_vars|group_vars|vars_plugins)$|(?:\.pyc|\.pyo|\.swp|\.bak|~|\.rpm|\.md|\.txt|\.rst|\.orig|\.ini|\.cfg|\.retry)$`)

// folder reads the inventories of a folder in the order of their names.
func (l *loader) folder(path string, depth int) {
	entries, err := os.ReadDir(path)
	switch {
	case err != nil:
		l.fail(err)
		return
	case depth > maxFolders:
		l.fail(fmt.Errorf("%s: folders nest deeper than %d", path, maxFolders))
		return
	}
	for _, e := range entries {
		name := filepath.Join(path, e.Name())
		if ignoredFiles.MatchString(e.Name()) {
			if strings.HasSuffix(name, ".ini") {
				l.theirs().notes.add(Note{Where: name, Text: "not read: Ansible skips files that end in .ini in a folder of inventories"})
			}
			continue
		}
		st, err := os.Stat(name)
		switch l.read++; {
		case err != nil:
			l.fail(err)
		case l.read > maxFiles:
			l.fail(fmt.Errorf("%s: more than %d files", path, maxFiles))
			return
		case st.IsDir():
			l.folder(name, depth+1)
		default:
			l.file(name, st)
		}
	}
}

// file reads a file, or runs it when it is a program, and reports whether it
// belongs to Ansible.
func (l *loader) file(path string, st os.FileInfo) bool {
	data, err := readBounded(path)
	if err != nil {
		l.fail(err)
		return false
	}
	script := bytes.HasPrefix(data, []byte("#!"))
	if st.Mode().IsRegular() && st.Mode()&0o111 != 0 {
		err := l.run(path)
		if _, notRun := errors.AsType[*startError](err); err == nil || script || !notRun {
			if err != nil {
				l.fail(err)
			}
			return true
		}
	} else if script {
		l.fail(fmt.Errorf("%s begins with #! and cannot be executed: chmod +x %s", path, path))
		return true
	}
	return l.text(path, data)
}

// text reads the text of an inventory, whatever its format is, and reports whether it
// is Ansible's.
func (l *loader) text(name string, data []byte) bool {
	s := shapeOf(name, data)
	switch s.kind {
	case shapeOurs:
		l.files = append(l.files, readFile(name, data))
		return false
	case shapeEmpty:
		l.empty = append(l.empty, &Error{name, 1, 1, "no hosts: the file is empty"})
		return true
	}
	a := l.theirs()
	switch s.kind {
	case shapeINI:
		a.readINI(name, string(data))
	case shapeGroups:
		a.nodes(name, len(data)).readGroups(s.root)
	case shapeDynamic:
		a.nodes(name, len(data)).readDynamic(s.root)
	case shapeBroken:
		a.syntax(name, data, s.err)
	case shapeNone:
		a.fail(place{name, s.line, s.column}, "%s", s.why)
	}
	return true
}
