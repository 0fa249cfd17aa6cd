package rules

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/fleetnet/fleetnet"
	"gopkg.in/yaml.v3"
)

// maxRepeat bounds the rows that one repeat of a model stands for.
const maxRepeat = 2_000_000

// readModel fills a snapshot from YAML in the form of its JSON. A row may say
// `repeat: N` to stand for N rows. A table that is there is completely known
// unless the model's coverage says otherwise.
func readModel(n *yaml.Node, snap *fleetnet.Snapshot) error {
	var doc map[string]any
	if err := n.Decode(&doc); err != nil {
		return err
	}
	rows := map[string][]any{}
	for table, v := range doc {
		if list, ok := v.([]any); ok {
			rows[table] = repeated(list)
			doc[table] = rows[table]
		}
	}
	name, os := snap.Host.Name, snap.Host.OS
	data, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(snap); err != nil {
		return err
	}
	if snap.Host.Name == "" {
		snap.Host.Name = name
	}
	if snap.Host.OS == "" {
		snap.Host.OS = os
	}
	if err := spellStates(snap); err != nil {
		return err
	}
	coverTables(snap, doc)
	return nil
}

func repeated(list []any) []any {
	out := make([]any, 0, len(list))
	for _, row := range list {
		m, ok := row.(map[string]any)
		n, counted := m["repeat"].(int)
		if !ok || !counted {
			out = append(out, row)
			continue
		}
		delete(m, "repeat")
		for range min(n, maxRepeat) {
			out = append(out, row)
		}
	}
	return out
}

func spellStates(snap *fleetnet.Snapshot) error {
	for i := range snap.Sockets {
		k := &snap.Sockets[i]
		if k.State == "" {
			continue
		}
		st, ok := fleetnet.ParseState(string(k.State))
		if !ok {
			return fmt.Errorf("unknown state %q%s", k.State, fleetnet.DidYouMean(string(k.State), socketStates()))
		}
		k.State = st
	}
	return nil
}

// coverTables makes the tables of the model complete, in the order of the
// documentation, where it says nothing else of their rows.
func coverTables(snap *fleetnet.Snapshot, doc map[string]any) {
	for _, t := range fleetnet.Tables() {
		_, there := doc[t.Name]
		said := slices.ContainsFunc(snap.Coverage, func(c fleetnet.Coverage) bool { return c.Table == t.Name && c.Fields == nil })
		if there && !said {
			snap.Cover(fleetnet.Coverage{Table: t.Name, Status: fleetnet.StatusComplete})
		}
	}
}
