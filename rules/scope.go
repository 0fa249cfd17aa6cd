package rules

import (
	"slices"
	"strings"

	"github.com/expr-lang/expr/types"
	"github.com/fleetnet/fleetnet"
)

// name is something that an expression may refer to.
type name struct {
	kind types.Type
	get  func(*frame) val
	// label says in a reason what is missing when get yields unknown: "field
	// tcp_info.rtt_us", "host.kernel". Empty for what is always known.
	label string
	// column is the field whose values a name in an alert stands for.
	column *column
	// table is that of rows.
	table *fleetnet.Table
	// field is the field of the row that a name in a where stands for.
	field *column
	// param is set for a param, counts for a let that is a number of rows.
	param, counts bool
}

// scope is what expressions of one sort may refer to.
type scope struct {
	table *fleetnet.Table
	names map[string]name
	// noun is what an unknown name is called in an error.
	noun string
	// open is set where the functions and names of the host are known too.
	open bool
}

// rowScope is that of a where: the fields of the row.
func rowScope(t *fleetnet.Table) *scope {
	s := &scope{table: t, names: map[string]name{}, noun: "field"}
	for i, f := range t.Fields {
		c := columnOf(t, i)
		s.names[f.Name] = name{kind: kindType(f.Kind), get: c.val, label: f.Name, field: c}
	}
	return s
}

// groupScope is that of an alert: the keys of the group, the count, and every
// other field as the list of the values that the group's rows have.
func groupScope(t *fleetnet.Table, keys []string) *scope {
	s := &scope{table: t, names: map[string]name{}, noun: "name"}
	record := types.Map{}
	for i, f := range t.Fields {
		record[f.Name] = kindType(f.Kind)
		c := columnOf(t, i)
		s.names[f.Name] = name{kind: types.Array(kindType(f.Kind)), get: c.values, label: f.Name, column: c}
	}
	for _, k := range keys {
		c, _ := columnNamed(t, k)
		s.names[k] = name{kind: kindType(c.field.Kind), get: func(f *frame) val { return valOf(f.key(c)) }, label: k}
	}
	s.names["count"] = name{kind: types.Int, get: func(f *frame) val { return f.group.count() }}
	s.names["rows"] = name{kind: types.Array(record), table: t}
	return s
}

// addHost adds what is the same for all rows of a host.
func (s *scope) addHost(params []Param) {
	s.open = true
	host, _ := fleetnet.TableNamed("host")
	for _, f := range host.Fields {
		s.names["host."+f.Name] = name{kind: kindType(f.Kind), label: "host." + f.Name, get: func(fr *frame) val {
			return valOf(fr.host.view(host).rows.Value(0, f))
		}}
	}
	s.names["host.name"] = name{kind: types.String, get: func(f *frame) val { return text(f.host.snapshot.Host.Name) }}
	s.names["groups"] = name{kind: types.Array(types.String), get: func(f *frame) val { return list(f.host.target.Groups) }}
	for i, p := range params {
		s.names[p.Name] = name{kind: types.TypeOf(p.Default), param: true, get: func(f *frame) val { return f.params[i] }}
	}
}

// addLet adds a value that the rule computed before.
func (s *scope) addLet(n string, i int, e *expression) {
	s.names[n] = name{kind: e.kind, get: func(f *frame) val { return f.lets[i] }, label: n, counts: e.counts}
}

// lookup returns a name; vars.NAME is always one.
func (s *scope) lookup(id string) (name, bool) {
	if n, ok := s.names[id]; ok {
		return n, true
	}
	if key, ok := strings.CutPrefix(id, "vars."); ok && s.open {
		return name{kind: types.Any, label: id, get: func(f *frame) val { return valOfAny(f.host.target.Vars[key]) }}, true
	}
	return name{}, false
}

// all returns every name, sorted.
func (s *scope) all() []string {
	out := make([]string, 0, len(s.names))
	for n := range s.names {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

// prefix reports whether id is the first part of a name: tcp_info.
func (s *scope) prefix(id string) bool {
	for n := range s.names {
		if strings.HasPrefix(n, id+".") {
			return true
		}
	}
	return s.open && id == "vars"
}

func kindType(k fleetnet.Kind) types.Type {
	switch k {
	case fleetnet.KindString:
		return types.String
	case fleetnet.KindInt:
		return types.Int
	case fleetnet.KindBool:
		return types.Bool
	case fleetnet.KindList:
		return types.Array(types.String)
	}
	return types.Any
}
