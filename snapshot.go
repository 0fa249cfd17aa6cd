package fleetnet

import (
	"bytes"
	"strings"
)

// SchemaVersion is the version of every JSON document that fleetnet writes.
const SchemaVersion = 1

// Snapshot is the network state of one host at one moment. Build one with
// [NewSnapshot]. A snapshot that is no longer written to may be read
// concurrently.
type Snapshot struct {
	SchemaVersion int          `json:"schema_version"`
	Host          Host         `json:"host"`
	Sockets       []Socket     `json:"sockets,omitzero"`
	Interfaces    []Interface  `json:"interfaces,omitzero"`
	Routes        []Route      `json:"routes,omitzero"`
	PolicyRules   []PolicyRule `json:"policy_rules,omitzero"`
	Neighbors     []Neighbor   `json:"neighbors,omitzero"`
	Groups        []Group      `json:"groups,omitzero"`
	Counters      []Counter    `json:"counters,omitzero"`
	Settings      []Setting    `json:"settings,omitzero"`
	Coverage      []Coverage   `json:"coverage"`

	names   map[string]string
	outputs []output
}

// output is the text that a probe printed.
type output struct {
	probe, command string
	text           *Text
}

// NewSnapshot returns an empty snapshot of the named host, of which nothing is known.
func NewSnapshot(host string) *Snapshot {
	return &Snapshot{SchemaVersion: SchemaVersion, Host: Host{Name: host}, Coverage: []Coverage{}, names: map[string]string{}}
}

// Intern returns b as a string that shares memory with every equal string
// interned before. Use it for names that recur: interfaces, processes, protocols.
func (s *Snapshot) Intern(b []byte) string {
	if v, ok := s.names[string(b)]; ok {
		return v
	}
	v := string(b)
	s.names[v] = v
	return v
}

// Ref refers to the line of output that a row was read from. The zero Ref
// refers to nothing.
type Ref struct {
	probe uint16 // 1 + index of the output
	line  uint32
}

// Evidence is a line of output that proves something.
type Evidence struct {
	Host    string `json:"host"`
	Probe   string `json:"probe"`
	Command string `json:"command,omitzero"`
	Line    int    `json:"line"`
	Text    string `json:"text"` // printable, without the indentation
}

// maxEvidenceText bounds one quoted line.
const maxEvidenceText = 500

// Evidence returns the line that ref refers to. The text is empty when the
// snapshot was not made from text, or after [Snapshot.Forget].
func (s *Snapshot) Evidence(ref Ref) Evidence {
	e := Evidence{Host: s.Host.Name, Line: int(ref.line)}
	if ref.probe == 0 || int(ref.probe) > len(s.outputs) {
		return e
	}
	o := s.outputs[ref.probe-1]
	e.Probe, e.Command = o.probe, o.command
	if o.text != nil {
		text := o.text.Line(int(ref.line))
		if len(text) > maxEvidenceText {
			text = strings.ToValidUTF8(text[:maxEvidenceText], "") + "…"
		}
		e.Text = strings.TrimSpace(Printable(text))
	}
	return e
}

// Forget drops the raw output, and with it the text of any evidence.
func (s *Snapshot) Forget() {
	for i := range s.outputs {
		s.outputs[i].text = nil
	}
	s.names = map[string]string{}
}

// Read reads what probe p printed into the snapshot's tables and adds the
// coverage of them: complete, or partial when lines could not be read or more
// than maxRows lines were rows (0: no bound). When the reader says that it tells one
// family (see [Lines.Family]), the coverage is of that. The snapshot keeps text, decoded
// where p says how, for evidence until [Snapshot.Forget].
func (s *Snapshot) Read(p Probe, text *Text, maxRows int) Account {
	if p.Decode != nil {
		raw := text.Bytes()
		text = new(Text)
		_, _ = text.Write(p.Decode(raw))
	}
	s.outputs = append(s.outputs, output{p.Name, p.Command, text})
	in := NewLines(text, p.Command)
	in.probe, in.maxRows = uint16(len(s.outputs)), maxRows
	p.Read(in, s)
	acct := in.Account()
	status, reason := acct.status()
	for _, t := range p.Tables {
		s.Cover(Coverage{Table: t, Status: status, Family: in.family, Probe: p.Name, Reason: reason})
	}
	for table, fields := range p.lacks() {
		s.Cover(Coverage{Table: table, Status: StatusUnsupported, Fields: fields, Family: in.family, Probe: p.Name, Reason: "not told by " + p.Name})
	}
	return acct
}

// ReadBytes is [Snapshot.Read] for text that stands alone.
func (s *Snapshot) ReadBytes(p Probe, text []byte) Account {
	var t Text
	_, _ = t.Write(bytes.Clone(text))
	return s.Read(p, &t, 0)
}
