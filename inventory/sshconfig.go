package inventory

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"sync"
)

// The reading of ssh_config(5) here is our own: what `ssh -G` says of a host must
// come out, and that takes Match, conditional Include, quotes and ? as OpenSSH's
// readconf.c has them, in one pass over the blocks of a host, which libraries that
// look up one key of one host at a time do not offer.

// SSHConfig is the configuration of OpenSSH's client, ssh_config(5). The zero
// value says nothing.
type SSHConfig struct {
	setUp  sync.Once
	path   string // as it was given
	home   string // the user's file, where none was given
	local  *sshLocal
	files  []*sshFile
	ssh    sshBinary
	hops   map[string]*draft // of ProxyJump, by what leads to them
	mu     sync.Mutex        // guards reader
	reader *sshReader
}

// OpenSSHConfig reads what `ssh -F path` would: for an empty path ~/.ssh/config and
// /etc/ssh/ssh_config, of which either may be missing, for "none" nothing, else
// that file only. The error joins one [*Error] for each wrong line; a file that
// others may write to is one too.
func OpenSSHConfig(ctx context.Context, path string) (*SSHConfig, error) {
	return openSSHConfig(ctx, path, newSSHLocal())
}

func openSSHConfig(ctx context.Context, path string, local *sshLocal) (*SSHConfig, error) {
	c := &SSHConfig{path: path, local: local}
	c.start(ctx)
	if strings.EqualFold(path, "none") {
		return c, nil
	}
	sources := []sshSource{{path, true}}
	if path == "" {
		c.home = filepath.Join(c.local.home, ".ssh", "config")
		sources = []sshSource{{c.home, true}, {filepath.Join(c.local.system, "ssh_config"), false}}
	}
	for i, src := range sources {
		f, err := c.reader.first(src, path == "" && i == 0)
		switch {
		case err != nil:
			return nil, fmt.Errorf("ssh_config: %w", err)
		case f != nil:
			c.files = append(c.files, f)
		case path != "":
			return nil, fmt.Errorf("ssh_config: %w", &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist})
		}
	}
	if err := c.reader.err(); err != nil {
		return nil, err
	}
	return c, nil
}

// start makes c usable, the zero value too.
func (c *SSHConfig) start(ctx context.Context) {
	c.setUp.Do(func() {
		if c.local == nil {
			c.local = newSSHLocal()
		}
		c.hops = map[string]*draft{}
		c.reader = newSSHReader(ctx, c.local)
	})
}

// apply says of d what nobody has said yet, from d's own options and from the
// configuration. It returns what it could not do.
func (c *SSHConfig) apply(ctx context.Context, d *draft) ([]Note, error) {
	if len(c.files) == 0 && len(d.options) == 0 {
		return nil, nil
	}
	c.start(ctx)
	options, unknown, err := c.options(d.options)
	if err != nil {
		return nil, err
	}
	e, err := c.evaluate(ctx, d, options)
	if err != nil {
		return nil, err
	}
	for _, u := range append(unknown, c.reader.unknown...) {
		if !e.ignoresUnknown(u.keyword) {
			e.notes = append(e.notes, u.note)
		}
	}
	x := &sshHost{d: d, e: e}
	x.fill()
	return e.notes, nil
}

// evaluate finds what options and files say of d, with the help of ssh where
// only ssh can tell.
func (c *SSHConfig) evaluate(ctx context.Context, d *draft, options sshOptions) (*sshEval, error) {
	e := c.newEval(d, stopUndecided)
	err := e.run(options, c.files)
	if !errors.Is(err, errUndecided) {
		return e, err
	}
	taken, skipped := c.newEval(d, takeUndecided), c.newEval(d, skipUndecided)
	if err := errors.Join(taken.run(options, c.files), skipped.run(options, c.files)); err != nil {
		return nil, err
	}
	answer, err := c.ssh.ask(ctx, c.questions(e, d))
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		skipped.notes = append(skipped.notes, skippedNotes(skipped.skipped, err)...)
		return skipped, nil
	}
	return c.answered(d, answer, taken, skipped), nil
}

func skippedNotes(blocks []*sshBlock, err error) []Note {
	var notes []Note
	for _, b := range blocks {
		notes = append(notes, Note{Where: b.where.String(), Text: fmt.Sprintf("Match is passed over: only ssh -G can decide it, and %v", err)})
	}
	return notes
}

func (c *SSHConfig) newEval(d *draft, policy undecidedPolicy) *sshEval {
	alias := typedName(d)
	return &sshEval{
		config: c, alias: alias, host: alias, user: d.User, port: d.Port, policy: policy,
		said: map[string]*sshSetting{}, many: map[string][]*sshSetting{},
	}
}

// typedName returns what one would type after ssh to reach d.
func typedName(d *draft) string {
	switch {
	case d.SSH.Alias != "":
		return d.SSH.Alias
	case d.Addr != "":
		return d.Addr
	}
	return d.Name
}

// includeLate reads the files of an Include whose path differs from host to host.
func (c *SSHConfig) includeLate(inc *sshInclude, path string, column int) ([]*sshFile, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	files, err := c.reader.included(inc, path)
	if err != nil {
		return nil, &Error{inc.where.file, inc.where.line, column, fmt.Sprintf("Include: %v", err)}
	}
	return files, c.reader.err()
}
