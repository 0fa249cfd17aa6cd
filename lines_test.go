package fleetnet_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/fleetnet/fleetnet"
)

// evenRows reads "row" lines as rows, "# …" as known skips, and says nothing of the rest.
func evenRows(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	for in.Next() {
		switch text := string(in.Text()); {
		case strings.HasPrefix(text, "row"):
			out.Settings = append(out.Settings, fleetnet.Setting{Name: text, Ref: in.Ref()})
			in.Row()
		case strings.HasPrefix(text, "#"):
			in.Skip()
		}
	}
}

var lineProbe = fleetnet.Probe{Name: "test/rows", Command: "rows", Tables: []string{"settings"}, Read: evenRows}

func TestReadAccountsForEveryLine(t *testing.T) {
	s := fleetnet.NewSnapshot("web1")
	a := s.ReadBytes(lineProbe, []byte("\uFEFF# head\n\nrow a\r\njunk\x1b[31m\nrow b"))
	if a.Lines != 5 || a.Rows != 2 || a.Skips != 2 || a.Errors != 1 {
		t.Errorf("account %+v", a)
	}
	c := s.Known("settings")
	if c.Status != fleetnet.StatusPartial || strings.ContainsRune(c.Reason, 0x1b) {
		t.Errorf("coverage %+v", c)
	}
	if e := s.Evidence(s.Settings[0].Ref); e.Text != "row a" || e.Line != 3 || e.Probe != "test/rows" {
		t.Errorf("evidence %+v", e)
	}
	s.Forget()
	if e := s.Evidence(s.Settings[1].Ref); e.Text != "" || e.Line != 5 {
		t.Errorf("after Forget: %+v", e)
	}
}

// Lines of every length must survive the chunks that text is kept in.
func TestTextKeepsLinesAcrossChunks(t *testing.T) {
	var text fleetnet.Text
	var want []string
	for i := range 5000 {
		line := fmt.Sprintf("row %d %s", i, strings.Repeat("x", i*37%3000))
		want = append(want, line)
		_, _ = text.Write([]byte(line[:len(line)/2]))
		_, _ = text.Write([]byte(line[len(line)/2:] + "\n"))
	}
	s := fleetnet.NewSnapshot("web1")
	if a := s.Read(lineProbe, &text, 0); a.Rows != 5000 || a.Errors != 0 {
		t.Fatalf("account %+v", a)
	}
	for i, row := range s.Settings {
		if row.Name != want[i] {
			t.Fatalf("row %d is %.40q, want %.40q", i, row.Name, want[i])
		}
		if got := text.Line(i + 1); got != want[i] {
			t.Fatalf("line %d is %.40q, want %.40q", i+1, got, want[i])
		}
	}
}

func TestReadStopsAtTheRowBound(t *testing.T) {
	s := fleetnet.NewSnapshot("web1")
	var text fleetnet.Text
	_, _ = text.Write([]byte("row\nrow\nrow\n"))
	s.Read(lineProbe, &text, 2)
	if c := s.Known("settings"); len(s.Settings) != 2 || c.Status != fleetnet.StatusPartial {
		t.Errorf("%d rows, %+v", len(s.Settings), c)
	}
}

func TestPrintable(t *testing.T) {
	for in, want := range map[string]string{
		"plain é 日":     "plain é 日",
		"a\x1b[31mb":    `a\x1b[31mb`,
		"tab\there":     "tab here",
		"bad\xff":       `bad\xff`,
		"rtl\u202eevil": `rtl\u202eevil`,
		"nl\nx":         `nl\nx`,
	} {
		if got := fleetnet.Printable(in); got != want {
			t.Errorf("Printable(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCoverageOfFieldsDoesNotTouchRows(t *testing.T) {
	s := fleetnet.NewSnapshot("web1")
	if s.Known("sockets").Status != fleetnet.StatusSkipped {
		t.Error("a table that nothing was said of must not be known")
	}
	s.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusComplete})
	s.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusDenied, Fields: []string{"process"}})
	if got := s.Known("sockets", "recv_q").Status; got != fleetnet.StatusComplete {
		t.Error(got)
	}
	if got := s.Known("sockets", "recv_q", "process").Status; got != fleetnet.StatusDenied {
		t.Error(got)
	}
}
