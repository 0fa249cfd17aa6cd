package rules

import (
	"embed"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/fleetnet/fleetnet"
)

// maxFile bounds one rule file, in bytes.
const maxFile = 4 << 20

//go:embed builtin/*.yaml
var builtinFiles embed.FS

// Builtin returns the rules that fleetnet comes with.
func Builtin() (*Set, error) { return Load() }

// Load returns the built-in rules with those of the files merged in. A path
// may be a folder, whose *.yaml and *.yml files are read in order of their
// names. An error is [Errors] and tells of every fault in every file.
func Load(paths ...string) (*Set, error) {
	l := &loader{set: &Set{}}
	l.builtin()
	for _, p := range paths {
		files, err := ruleFiles(p)
		if err != nil {
			l.errs = append(l.errs, &Error{File: p, Msg: trimPath(err)})
		}
		for _, f := range files {
			data, err := readFile(f)
			if err != nil {
				l.errs = append(l.errs, &Error{File: f, Msg: trimPath(err)})
				continue
			}
			l.file(f, data)
		}
	}
	return l.done()
}

// Lint checks one rule file as if it were loaded after the built-in rules.
// The error is [Errors].
func Lint(name string, data []byte) error {
	l := &loader{set: &Set{}}
	l.builtin()
	l.file(name, data)
	_, err := l.done()
	return err
}

// loader merges files into a set and collects their faults.
type loader struct {
	set  *Set
	errs Errors
}

func (l *loader) builtin() {
	names, _ := fs.Glob(builtinFiles, "builtin/*.yaml")
	slices.Sort(names)
	for _, name := range names {
		data, err := builtinFiles.ReadFile(name)
		if err != nil {
			l.errs = append(l.errs, &Error{File: name, Msg: err.Error()})
			continue
		}
		l.file("builtin:"+path.Base(name), data)
	}
}

func (l *loader) file(name string, data []byte) {
	r := &reader{file: name}
	if len(data) > maxFile {
		r.failAt(0, 0, "is larger than %d bytes", maxFile)
	} else {
		l.set.add(r, r.decode(data))
	}
	l.errs = append(l.errs, r.errs...)
}

// done returns the set when there was no fault.
func (l *loader) done() (*Set, error) {
	for _, w := range l.set.waivers {
		if w.Rule != "" && w.Rule != "*" && l.set.rule(w.Rule) == nil {
			l.errs = append(l.errs, &Error{File: w.file, Line: w.line, Msg: fmt.Sprintf("waiver: unknown rule %q%s", w.Rule, fleetnet.DidYouMean(w.Rule, l.set.ids()))})
		}
	}
	if err := l.errs.orNil(); err != nil {
		return nil, err
	}
	l.set.sort()
	return l.set, nil
}

// ruleFiles returns the file, or the rule files of the folder, at p.
func ruleFiles(p string) ([]string, error) {
	info, err := os.Stat(p)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{p}, nil
	}
	entries, err := os.ReadDir(p)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range entries {
		if ext := filepath.Ext(e.Name()); !e.IsDir() && (ext == ".yaml" || ext == ".yml") {
			out = append(out, filepath.Join(p, e.Name()))
		}
	}
	if out == nil {
		return nil, fmt.Errorf("the folder holds no *.yaml file")
	}
	return out, nil
}

func readFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(io.LimitReader(f, maxFile+1))
}

// trimPath drops the path from an error of package os, whose place names it.
func trimPath(err error) string {
	if pe, ok := err.(*fs.PathError); ok {
		return pe.Op + ": " + pe.Err.Error()
	}
	return err.Error()
}
