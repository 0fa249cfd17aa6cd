package parsers

import (
	"regexp"
	"strings"
	"sync"

	"github.com/fleetnet/fleetnet"
)

// shape is how the output of a command looks. It holds for a text when one of
// the headings begins a line of it, each pattern of lines is found at least once
// (the first: least times), and none of the others is. Lines are compared with
// single blanks between their words; raw is compared as it was printed.
type shape struct {
	systems string   // each system that prints it
	command string   // that it is read as
	heading []string // beginnings of a line
	lines   []string // regular expressions of lines
	least   int      // how many lines the first must match; 0 is 1
	never   []string
	raw     string
	adds    []addition
	// vague is a shape that several systems share: it counts only where no other
	// one tells the system.
	vague bool
	// doubt says why the command cannot be told by the shape, though the tool can.
	doubt string
}

// addition is letters that the command has when lines show it.
type addition struct{ line, letters string }

// A text is told by its first lines.
const (
	sampleLines = 400
	sampleBytes = 64 << 10
	sampleLine  = 2 << 10
)

// sample is the lines that shapes are held against.
type sample struct {
	words string // single blanks between words, none at the ends
	raw   string
	lines int // that are not blank
}

// colour is the escape sequences with which tools and prompts paint.
var colour = regexp.MustCompile("\x1b\\[[0-9;?]*[a-zA-Z]|\x1b\\][^\x07\x1b]*\x07")

func newSample(text []byte) sample {
	var s sample
	var words, raw strings.Builder
	rest, size := string(text[:min(len(text), sampleBytes)]), 0
	for line := range strings.Lines(rest) {
		if size++; size > sampleLines+strings.Count(rest, "\n\n") {
			break
		}
		line = strings.TrimRight(line, "\r\n")
		line = strings.TrimPrefix(line[:min(len(line), sampleLine)], "\uFEFF")
		if strings.IndexByte(line, '\x1b') >= 0 {
			line = colour.ReplaceAllString(line, "")
		}
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		s.lines++
		words.WriteString("\n" + strings.Join(fields, " "))
		raw.WriteString("\n" + line)
	}
	s.words, s.raw = words.String()+"\n", raw.String()+"\n"
	return s
}

// pattern is a shape whose expressions are compiled.
type pattern struct {
	shape
	lines, never []*regexp.Regexp
	raw          *regexp.Regexp
	adds         []*regexp.Regexp
}

// patterns are all shapes, compiled when the first text is to be told.
var patterns = sync.OnceValue(func() []pattern {
	var all []pattern
	for _, of := range [][]shape{iprouteShapes(), netToolsShapes(), procShapes(), hostShapes(), macOSShapes(), bsdShapes(), sharedShapes(), nativeShapes(), cmdletShapes()} {
		for _, s := range of {
			p := pattern{shape: s, lines: compiled(s.lines), never: compiled(s.never)}
			if s.raw != "" {
				p.raw = regexp.MustCompile("(?m)" + s.raw)
			}
			for _, a := range s.adds {
				p.adds = append(p.adds, regexp.MustCompile("(?m)"+a.line))
			}
			all = append(all, p)
		}
	}
	return all
})

func compiled(exprs []string) []*regexp.Regexp {
	var all []*regexp.Regexp
	for _, e := range exprs {
		all = append(all, regexp.MustCompile("(?m)"+e))
	}
	return all
}

func (p *pattern) holds(s sample) bool {
	if len(p.heading) > 0 && !p.headed(s) {
		return false
	}
	for i, re := range p.lines {
		least := 1
		if i == 0 {
			least = max(p.least, 1)
		}
		if len(re.FindAllStringIndex(s.words, least)) < least {
			return false
		}
	}
	for _, re := range p.never {
		if re.MatchString(s.words) {
			return false
		}
	}
	return p.raw == nil || p.raw.MatchString(s.raw)
}

func (p *pattern) headed(s sample) bool {
	for _, h := range p.heading {
		if strings.Contains(s.words, "\n"+h) {
			return true
		}
	}
	return false
}

// commandFor returns the command with the options that the text shows.
func (p *pattern) commandFor(s sample) string {
	letters := ""
	for i, re := range p.adds {
		if re.MatchString(s.words) {
			letters += p.shape.adds[i].letters
		}
	}
	return p.command + letters
}

// Candidate is a command of a system whose output a text may be.
type Candidate struct {
	Platform string // in the spelling of Go's GOOS
	Command  string
	probe    fleetnet.Probe
	doubt    string
	headed   bool // a heading tells it that no other output has
}

// candidates returns what the text may be by its shape. Shapes of several
// systems count only for tables that no shape of one system is of.
func candidates(s sample) []Candidate {
	var sure, vague []Candidate
	for i := range patterns() {
		p := &patterns()[i]
		if !p.holds(s) {
			continue
		}
		for system := range strings.FieldsSeq(p.systems) {
			c := Candidate{Platform: system, Command: p.commandFor(s), doubt: p.doubt, headed: !p.vague && (p.raw != nil || len(p.heading) > 0)}
			probe, err := Find(system, c.Command)
			if err != nil {
				continue
			}
			if c.probe = probe; p.vague {
				vague = append(vague, c)
			} else {
				sure = append(sure, c)
			}
		}
	}
	all := sure
	for _, v := range vague {
		if !tellsTables(sure, v.probe) {
			all = append(all, v)
		}
	}
	return distinct(all)
}

// tellsTables reports whether a candidate that is sure fills the tables of p.
func tellsTables(sure []Candidate, p fleetnet.Probe) bool {
	for _, c := range sure {
		if strings.Join(c.probe.Tables, " ") == strings.Join(p.Tables, " ") {
			return true
		}
	}
	return false
}

func distinct(all []Candidate) []Candidate {
	var out []Candidate
	seen := map[string]bool{}
	for _, c := range all {
		if key := c.Platform + " " + c.Command; !seen[key] {
			seen[key] = true
			out = append(out, c)
		}
	}
	return out
}
