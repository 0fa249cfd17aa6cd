package reports

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/fleetnet/fleetnet"
)

// jsonReport writes the report as one object: the contract that other programs
// rely on. Lists that are empty are [], never null. Hosts and findings are
// written one by one, as there can be hundreds of thousands.
func jsonReport(w io.Writer, r *fleetnet.Report, _ Options) error {
	out := bufio.NewWriterSize(w, 64<<10)
	for i, m := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"schema_version", func(w io.Writer) error { return writeIndented(w, r.SchemaVersion, "  ") }},
		{"run", func(w io.Writer) error { return writeIndented(w, r.Run, "  ") }},
		{"summary", func(w io.Writer) error { return writeIndented(w, r.Summary, "  ") }},
		{"hosts", func(w io.Writer) error { return writeList(w, r.Hosts, hostWithLists) }},
		{"findings", func(w io.Writer) error { return writeList(w, r.Findings, findingWithLists) }},
	} {
		fmt.Fprintf(out, "%s\n  %q: ", []string{"{", ","}[min(i, 1)], m.name)
		if err := m.write(out); err != nil {
			return err
		}
	}
	_, _ = out.WriteString("\n}\n")
	return out.Flush()
}

// writeList writes a list that is a member of the outermost object.
func writeList[T any](w io.Writer, list []T, whole func(T) T) error {
	if len(list) == 0 {
		_, err := io.WriteString(w, "[]")
		return err
	}
	for i, v := range list {
		if _, err := io.WriteString(w, []string{"[", ","}[min(i, 1)]+"\n    "); err != nil {
			return err
		}
		if err := writeIndented(w, whole(v), "    "); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, "\n  ]")
	return err
}

// hostWithLists returns a host in which no list is nil.
func hostWithLists(h fleetnet.HostResult) fleetnet.HostResult {
	h.Coverage = orEmpty(h.Coverage)
	return h
}

// findingWithLists returns a finding in which no list is nil.
func findingWithLists(f fleetnet.Finding) fleetnet.Finding {
	f.Hosts, f.Evidence = orEmpty(f.Hosts), orEmpty(f.Evidence)
	return f
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// jsonListing writes an array with one row a line: rows can be a million, and
// a line is what grep finds.
func jsonListing(w io.Writer, l *fleetnet.Listing, _ Options) error {
	return jsonArray(w, len(l.Rows), func(b *bytes.Buffer, n int) error { return listingObject(b, l, n) })
}

func jsonCounts(w io.Writer, c *fleetnet.Counts, _ Options) error {
	return jsonArray(w, len(c.Groups), func(b *bytes.Buffer, n int) error { return countObject(b, c, n) })
}

func jsonComparison(w io.Writer, c *fleetnet.Comparison, _ Options) error {
	if err := writeIndented(w, c, ""); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// jsonArray writes n objects as an array, one object a line.
func jsonArray(w io.Writer, n int, object func(*bytes.Buffer, int) error) error {
	if n == 0 {
		_, err := io.WriteString(w, "[]\n")
		return err
	}
	if _, err := io.WriteString(w, "[\n"); err != nil {
		return err
	}
	err := objectLines(w, n, func(b *bytes.Buffer, i int) error {
		b.WriteString("  ")
		err := object(b, i)
		if i+1 < n {
			b.WriteByte(',')
		}
		return err
	})
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, "]\n")
	return err
}

// objectLines writes n objects, each on a line.
func objectLines(w io.Writer, n int, object func(*bytes.Buffer, int) error) error {
	out := bufio.NewWriterSize(w, 64<<10)
	var b bytes.Buffer
	for i := range n {
		b.Reset()
		if err := object(&b, i); err != nil {
			return err
		}
		b.WriteByte('\n')
		if _, err := out.Write(escapeJSON(b.Bytes())); err != nil {
			return err
		}
	}
	return out.Flush()
}

// listingObject appends row n: the host, then the row as the model has it or,
// when columns were asked for, just these. What is unknown is null; what the
// row does not have is left out.
func listingObject(b *bytes.Buffer, l *fleetnet.Listing, n int) error {
	row := l.Rows[n]
	b.WriteString(`{"host":`)
	if err := encode(b, row.Host); err != nil {
		return err
	}
	if l.Chosen {
		return object(b, l.Columns, row.Value)
	}
	record, err := compact(row.Record())
	if err != nil {
		return fmt.Errorf("write a row of %s: %w", l.Table.Name, err)
	}
	if !bytes.Equal(record, []byte("{}")) {
		b.WriteByte(',')
	}
	b.Write(record[1:])
	return nil
}

// countObject appends group n: the count, then the values.
func countObject(b *bytes.Buffer, c *fleetnet.Counts, n int) error {
	fmt.Fprintf(b, `{"count":%d`, c.Groups[n].N)
	i := 0
	return object(b, c.Fields, func(fleetnet.Field) fleetnet.Value {
		i++
		return c.Groups[n].Values[i-1]
	})
}

// object appends fields to an object that has been opened, and closes it.
func object(b *bytes.Buffer, fields []fleetnet.Field, value func(fleetnet.Field) fleetnet.Value) error {
	for _, f := range fields {
		v := value(f)
		if v.Kind() == fleetnet.KindString && v.Text() == "" {
			continue
		}
		b.WriteByte(',')
		if err := encode(b, f.Name); err != nil {
			return err
		}
		b.WriteByte(':')
		if err := encode(b, v.Any()); err != nil {
			return err
		}
	}
	b.WriteByte('}')
	return nil
}

// encode appends v without the newline that an Encoder ends with.
func encode(b *bytes.Buffer, v any) error {
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	b.Truncate(b.Len() - 1)
	return nil
}

func compact(v any) ([]byte, error) {
	var b bytes.Buffer
	err := encode(&b, v)
	return b.Bytes(), err
}

// writeIndented writes v, its lines after the first under the prefix.
func writeIndented(w io.Writer, v any, prefix string) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent(prefix, "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(escapeJSON(bytes.TrimSuffix(b.Bytes(), []byte("\n"))))
	return err
}

// escapeJSON writes the characters that could steer a terminal as \u escapes,
// which mean the same to a reader of JSON. encoding/json does so itself for
// those below U+0020 only.
func escapeJSON(text []byte) []byte {
	if !bytes.ContainsFunc(text, steers) {
		return text
	}
	out := make([]byte, 0, len(text)+64)
	for i, r := range string(text) {
		switch {
		case !steers(r):
			out = append(out, text[i:i+utf8.RuneLen(r)]...)
		case r > 0xffff:
			hi, lo := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, hi, lo)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
	}
	return out
}

// steers reports whether a character is not simply shown. In encoded JSON it
// can stand within strings only, apart from the newline.
func steers(r rune) bool {
	return r >= 0x7f && !unicode.IsPrint(r) || r < ' ' && r != '\n'
}
