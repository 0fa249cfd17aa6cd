package inventory

import (
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
)

// sshInclude is an Include. What its files say holds where it stands.
type sshInclude struct {
	src   sshSource // that it stands in
	where sshPlace
	depth int
	parts []sshIncluded
}

// sshIncluded is one of its paths, with the files there, or with tokens that
// differ from host to host.
type sshIncluded struct {
	path   sshArg
	tokens bool
	files  []*sshFile
}

// include reads an Include and, where they are known already, its files.
func (p *sshParser) include(args []sshArg) *sshFault {
	inc := &sshInclude{src: p.src, where: p.at, depth: p.depth}
	for _, a := range args {
		if a.text == "" {
			return faultAt(a, "Include: an empty path")
		}
		part := sshIncluded{path: a, tokens: strings.Contains(a.text, "%") || strings.Contains(a.text, "${")}
		if !part.tokens {
			var err error
			if part.files, err = p.included(inc, a.text); err != nil {
				return faultAt(a, "Include: %v", err)
			}
		}
		for _, f := range part.files {
			p.file.wantsFinal = p.file.wantsFinal || f.wantsFinal
			p.file.asks = p.file.asks || f.asks
		}
		p.file.asks = p.file.asks || part.tokens
		inc.parts = append(inc.parts, part)
	}
	p.block.items = append(p.block.items, sshItem{include: inc})
	return nil
}

// included reads the files that a path of an Include means.
func (r *sshReader) included(inc *sshInclude, path string) ([]*sshFile, error) {
	path, err := r.local.anchor(path, inc.src.user)
	if err != nil {
		return nil, err
	}
	var files []*sshFile
	for _, name := range globSSH(path) {
		f, err := r.read(sshSource{name, inc.src.user}, inc.depth+1, true)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

// anchor makes a path of an Include absolute: one that is relative starts from
// ~/.ssh in the user's files, and from /etc/ssh in the system's.
func (l *sshLocal) anchor(path string, user bool) (string, error) {
	switch {
	case path[0] == '~' && !user:
		return "", fmt.Errorf("%q: the system's ssh_config has no home directory", path)
	case path[0] == '~':
		return l.tilde(path)
	case filepath.IsAbs(path):
		return path, nil
	case user:
		return filepath.Join(l.home, ".ssh", path), nil
	}
	return filepath.Join(l.system, path), nil
}

// tilde expands a leading ~ or ~user.
func (l *sshLocal) tilde(path string) (string, error) {
	if path == "" || path[0] != '~' {
		return path, nil
	}
	name, rest, _ := strings.Cut(path[1:], "/")
	home := l.home
	if name != "" {
		u, err := user.Lookup(name)
		if err != nil {
			return "", fmt.Errorf("%q: there is no user %s", path, name)
		}
		home = u.HomeDir
	}
	return filepath.Join(home, rest), nil
}

// globSSH returns the files that a pattern of glob(7) means, in their order.
// Wildcards do not match a leading dot.
func globSSH(pattern string) []string {
	if !strings.ContainsAny(pattern, `*?[\`) {
		if _, err := os.Lstat(pattern); err != nil {
			return nil
		}
		return []string{pattern}
	}
	names, _ := filepath.Glob(strings.ReplaceAll(pattern, "[!", "[^")) // a bad pattern matches nothing
	parts := strings.Split(pattern, "/")
	return slices.DeleteFunc(names, func(name string) bool {
		for i, part := range strings.Split(name, "/") {
			if strings.HasPrefix(part, ".") && i < len(parts) && !strings.HasPrefix(parts[i], ".") {
				return true
			}
		}
		return false
	})
}
