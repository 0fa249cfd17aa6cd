package inventory

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"
)

// sshFile is one file of ssh_config(5).
type sshFile struct {
	blocks     []*sshBlock
	wantsFinal bool // it, or one that it includes, asks for a second pass
	asks       bool // it, or one that it includes, has what only ssh can decide
}

// sshBlock is what stands below one Host or Match, or before the first.
type sshBlock struct {
	when  *sshCondition
	where sshPlace
	items []sshItem
	notes []Note // what of it is not done
}

// sshItem is a setting, or an Include.
type sshItem struct {
	setting *sshSetting
	include *sshInclude
}

// sshSetting is a keyword with its value.
type sshSetting struct {
	key    *sshKeyword
	where  sshPlace
	text   string   // the value, of several all with blanks between
	args   []string // of a keyword that takes several
	hops   []sshHop // of ProxyJump
	spoken bool     // ssh has expanded the tokens already
}

// sshPlace is a line of a file.
type sshPlace struct {
	file string
	line int
}

func (p sshPlace) String() string {
	if p.line == 0 {
		return p.file
	}
	return fmt.Sprintf("%s:%d", p.file, p.line)
}

// maxSSHIncludes is how deep files may include each other, as in OpenSSH.
const maxSSHIncludes = 16

// sshReader reads the files of one configuration.
type sshReader struct {
	ctx      context.Context
	local    *sshLocal
	keywords map[string]*sshKeyword // by their names in lower case
	files    map[sshSource]*sshFile // read already; nil while one is being read
	unknown  []sshUnknown
	errs     []error
}

// sshSource is a file, and whether paths in it are meant as in the user's own.
type sshSource struct {
	path string
	user bool
}

// sshUnknown is a keyword that nobody knows.
type sshUnknown struct {
	keyword string // in lower case
	note    Note
}

func newSSHReader(ctx context.Context, local *sshLocal) *sshReader {
	r := &sshReader{ctx: ctx, local: local, keywords: map[string]*sshKeyword{}, files: map[sshSource]*sshFile{}}
	all := sshKeywords()
	for i := range all {
		r.keywords[strings.ToLower(all[i].name)] = &all[i]
	}
	for name, k := range r.keywords {
		if k.as != "" {
			r.keywords[name] = r.keywords[strings.ToLower(k.as)]
		}
	}
	return r
}

// read reads a file. checked means that others must not be able to write to it.
func (r *sshReader) read(src sshSource, depth int, checked bool) (*sshFile, error) {
	if f, found := r.files[src]; found {
		if f == nil {
			return nil, fmt.Errorf("%s includes itself", src.path)
		}
		return f, nil
	}
	if depth > maxSSHIncludes {
		return nil, fmt.Errorf("%s: files include each other more than %d deep", src.path, maxSSHIncludes)
	}
	if err := r.ctx.Err(); err != nil {
		return nil, err
	}
	data, err := readSSHFile(src.path, checked)
	if err != nil {
		return nil, err
	}
	r.files[src] = nil
	f := r.parse(src, string(data), depth)
	r.files[src] = f
	return f, nil
}

// readSSHFile returns the text of a file, none for a folder, as OpenSSH sees it.
func readSSHFile(path string, checked bool) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if checked && !ownedSafely(info) {
		return nil, fmt.Errorf("%s: bad owner or permissions: it must be yours or root's, and nobody else may write to it", path)
	}
	data, err := io.ReadAll(f)
	if errors.Is(err, syscall.EISDIR) {
		return nil, nil
	}
	return data, err
}

// parse reads the text of a file. What is wrong goes to r.errs.
func (r *sshReader) parse(src sshSource, text string, depth int) *sshFile {
	f := &sshFile{}
	p := &sshParser{sshReader: r, src: src, depth: depth, file: f}
	p.open(nil, sshPlace{src.path, 1})
	for raw := range strings.Lines(text) {
		p.at.line++
		line, column, err := parseSSHLine(raw)
		switch {
		case err != nil:
			p.fail(&sshFault{column, err.Error()}, 0)
		case line.keyword != "":
			p.fail(p.take(line), line.column)
		}
	}
	return f
}

// first reads the file that everything begins with; one that is not there says nothing.
func (r *sshReader) first(src sshSource, checked bool) (*sshFile, error) {
	f, err := r.read(src, 0, checked)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil, nil
	}
	return f, err
}

// err returns the first of the errors, joined, or nil.
func (r *sshReader) err() error {
	if n := len(r.errs) - maxProblems; n > 0 {
		return errors.Join(append(r.errs[:maxProblems:maxProblems], fmt.Errorf("and %d more errors", n))...)
	}
	return errors.Join(r.errs...)
}
