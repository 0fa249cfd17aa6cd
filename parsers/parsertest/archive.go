package parsertest

import (
	"fmt"
	"strings"
)

// archive is a txtar file: a comment, and files below lines `-- name --`.
type archive struct {
	comment string
	files   []*archived
}

type archived struct{ name, data string }

func parseArchive(text string) *archive {
	a := &archive{}
	into := &a.comment
	for line := range strings.Lines(text) {
		name, isMark := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "-- ")
		name, closed := strings.CutSuffix(name, " --")
		if isMark && closed {
			a.files = append(a.files, &archived{name: name})
			into = &a.files[len(a.files)-1].data
			continue
		}
		*into += line
	}
	return a
}

// file returns the named file, and adds it when it is not there.
func (a *archive) file(name string) *archived {
	for _, f := range a.files {
		if f.name == name {
			return f
		}
	}
	a.files = append(a.files, &archived{name: name})
	return a.files[len(a.files)-1]
}

func (a *archive) format() string {
	var b strings.Builder
	b.WriteString(a.comment)
	for _, f := range a.files {
		fmt.Fprintf(&b, "-- %s --\n%s", f.name, f.data)
	}
	return b.String()
}
