package inventory

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// maxFile bounds an inventory or a file of variables.
const maxFile = 64 << 20

// varExtensions are those of files with variables, in the order in which Ansible
// looks for them.
var varExtensions = []string{"", ".yml", ".yaml", ".json"}

var vaultHeader = []byte("$ANSIBLE_VAULT")

// ansibleVars says which variables a host has. Precedence is that of
// vars/manager.py: all, groups from the farthest to the nearest, group_vars/all,
// group_vars of the groups, the host, host_vars; in each the later source wins.
type ansibleVars struct {
	*ansible
	dirs  []string                       // those of the sources, and the current one, which ansible takes for the playbook's
	lists map[string]map[string]bool     // what a folder holds, and whether that is a folder
	files map[string]map[string]variable // what files say
	bases map[string]*varSet             // what groups say together, by their names
}

// varSet is a set of variables, with their values as Host.Vars has them once somebody asked.
type varSet struct {
	vars  map[string]variable
	plain map[string]any
}

func (a *ansible) variables() *ansibleVars {
	dirs := append(slices.Clone(a.varDirs), ".")
	return &ansibleVars{a, dirs, map[string]map[string]bool{}, map[string]map[string]variable{}, map[string]*varSet{}}
}

// of returns the variables of a host whose groups are lineage. Hosts may share a set.
func (v *ansibleVars) of(h *ansibleHost, lineage []*ansibleGroup) *varSet {
	base := v.base(lineage)
	var own []map[string]variable
	if len(h.vars) > 0 {
		own = append(own, h.vars)
	}
	for _, dir := range v.dirs {
		own = append(own, v.entity(dir, "host_vars", h.name)...)
	}
	if len(own) == 0 {
		return base
	}
	out := &varSet{vars: maps.Clone(base.vars)}
	for _, vars := range own {
		maps.Copy(out.vars, vars)
	}
	return out
}

// base returns what the groups of a host say, all included.
func (v *ansibleVars) base(lineage []*ansibleGroup) *varSet {
	var names strings.Builder
	for _, g := range lineage {
		names.WriteString(g.name + "\n")
	}
	if set := v.bases[names.String()]; set != nil {
		return set
	}
	set := &varSet{vars: maps.Clone(v.groups[all].vars)}
	for _, g := range lineage {
		maps.Copy(set.vars, g.vars)
	}
	for _, dir := range v.dirs {
		for _, vars := range v.entity(dir, "group_vars", all) {
			maps.Copy(set.vars, vars)
		}
	}
	for _, dir := range v.dirs {
		for _, g := range lineage {
			for _, vars := range v.entity(dir, "group_vars", g.name) {
				maps.Copy(set.vars, vars)
			}
		}
	}
	v.bases[names.String()] = set
	return set
}

// entity returns what the files of a group or a host say, in their order. The
// first extension that there is counts, as in Ansible.
func (v *ansibleVars) entity(dir, kind, name string) []map[string]variable {
	if strings.ContainsAny(name, `/\`) {
		return nil
	}
	folder := filepath.Join(dir, kind)
	list := v.list(folder)
	for _, ext := range varExtensions {
		isDir, ok := list[name+ext]
		path := filepath.Join(folder, name+ext)
		switch {
		case !ok:
		case isDir:
			return v.folder(path, 0)
		default:
			return v.file(path)
		}
	}
	return nil
}

// list returns what a folder holds, nil when there is none.
func (v *ansibleVars) list(path string) map[string]bool {
	if list, ok := v.lists[path]; ok {
		return list
	}
	var out map[string]bool
	entries, err := os.ReadDir(path)
	switch {
	case err == nil:
		out = make(map[string]bool, len(entries))
		for _, e := range entries {
			if st, err := os.Stat(filepath.Join(path, e.Name())); err == nil {
				out[e.Name()] = st.IsDir()
			}
		}
	case !errors.Is(err, os.ErrNotExist):
		if st, bad := os.Stat(path); bad == nil && st.IsDir() {
			v.broken = append(v.broken, err)
		}
	}
	v.lists[path] = out
	return out
}

// folder returns what the files of a folder of variables say, and those of its
// folders.
func (v *ansibleVars) folder(path string, depth int) []map[string]variable {
	var out []map[string]variable
	list := v.list(path)
	for _, name := range slices.Sorted(maps.Keys(list)) {
		ext := filepath.Ext(name)
		switch {
		case name[0] == '.' || name[len(name)-1] == '~' || depth > maxFolders:
		case list[name] && ext == "":
			out = append(out, v.folder(filepath.Join(path, name), depth+1)...)
		case !list[name] && slices.Contains(varExtensions, ext):
			out = append(out, v.file(filepath.Join(path, name))...)
		}
	}
	return out
}

// file returns what a file of variables says, or nothing.
func (v *ansibleVars) file(path string) []map[string]variable {
	vars, ok := v.files[path]
	if !ok {
		vars = v.readVars(path)
		v.files[path] = vars
	}
	if len(vars) == 0 {
		return nil
	}
	return []map[string]variable{vars}
}

func (v *ansibleVars) readVars(path string) map[string]variable {
	data, err := readBounded(path)
	if err != nil {
		v.broken = append(v.broken, err)
		return nil
	}
	if bytes.HasPrefix(data, vaultHeader) {
		v.vaults = append(v.vaults, path)
		v.notes.add(Note{Where: path, Text: "the file is encrypted with ansible-vault: its variables are not known"})
		return nil
	}
	r := v.nodes(path, len(data))
	root := r.root(data)
	if root == nil {
		return nil
	}
	return r.vars(root, "")
}

// readBounded reads a file of reasonable size.
func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readAll(f, path)
}

func readAll(r io.Reader, name string) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err == nil && len(data) > maxFile {
		err = fmt.Errorf("%s: larger than %d MiB", name, maxFile>>20)
	}
	return bytes.TrimPrefix(data, []byte("\ufeff")), err
}

// exported returns the values of a set as Host.Vars has them, without those that are
// hidden.
func (s *varSet) exported(hidden map[string]bool) map[string]any {
	if s.plain != nil || len(s.vars) == 0 {
		return s.plain
	}
	out := make(map[string]any, len(s.vars))
	for name, v := range s.vars {
		value, ok := v.value, true
		switch {
		case hidden[name]:
		case strings.HasPrefix(name, "ansible_") && isSecretName(name):
		case v.odd:
			if value, ok = exportedValue(value); ok {
				out[name] = value
			}
		default:
			out[name] = value
		}
	}
	if len(out) > 0 {
		s.plain = out
	}
	return s.plain
}

// exportedValue returns a value without what is encrypted in it.
func exportedValue(v any) (any, bool) {
	switch v := v.(type) {
	case vaulted:
		return nil, false
	case rawText:
		return string(v), true
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i], _ = exportedValue(v[i])
		}
		return out, true
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, item := range v {
			if value, ok := exportedValue(item); ok {
				out[name] = value
			}
		}
		return out, true
	}
	return v, true
}

// vaultHint says that a variable that is nowhere defined may be in an encrypted file.
func (a *ansible) vaultHint() string {
	if len(a.vaults) == 0 {
		return ""
	}
	return fmt.Sprintf(" where it can be read; it may be in %s, which ansible-vault has encrypted", fleetnet.Printable(strings.Join(a.vaults[:min(3, len(a.vaults))], ", ")))
}
