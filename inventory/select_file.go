package inventory

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// maxLimitFile bounds a file of patterns, in bytes.
const maxLimitFile = 32 << 20

// file returns the path of the file of patterns that a term means: @./x, @/x
// and @~/x always do, and @x where there is no group of the name but a file.
func (s *selector) file(term string) (path string, ok bool) {
	name, ok := strings.CutPrefix(term, "@")
	if !ok || name == "" {
		return "", false
	}
	if strings.ContainsRune(name, '/') {
		return name, true
	}
	if _, ok := s.group(name); ok || strings.ContainsAny(name, "[*?") {
		return "", false
	}
	info, err := os.Stat(name)
	return name, err == nil && info.Mode().IsRegular()
}

// fileTerm adds the lines of a file to c. Those of a plain term stand in its
// place, as Ansible has it; else the sign is that of what they select together.
func (s *selector) fileTerm(c *choice, sign, name string) error {
	lines, err := readPatterns(name)
	if err != nil {
		return err
	}
	to := c
	if sign != "" {
		to = s.choice()
	}
	for _, line := range lines {
		for _, term := range splitTerms(line.text) {
			if err := s.term(to, term, name); err != nil {
				return fmt.Errorf("%s:%d: %w", name, line.number, err)
			}
		}
	}
	switch sign {
	case "&":
		c.narrow(to.set())
	case "!":
		c.drop(to.set())
	}
	return nil
}

// patternLine is a line of a file of patterns, without its comment.
type patternLine struct {
	number int
	text   string
}

// readPatterns returns the lines of a file that hold patterns, of which there
// must be some: an empty file means no host rather than every host.
func readPatterns(name string) ([]patternLine, error) {
	path, err := expandPath("", name)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("file of patterns: %w", err)
	}
	if !info.Mode().IsRegular() && info.Mode()&os.ModeNamedPipe == 0 {
		return nil, fmt.Errorf("file of patterns %s: it is not a file", name)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("file of patterns: %w", err)
	}
	defer f.Close()
	lines, err := scanPatterns(f)
	if err != nil {
		return nil, fmt.Errorf("file of patterns %s: %w", name, err)
	}
	return lines, nil
}

func scanPatterns(r io.Reader) ([]patternLine, error) {
	limited := &io.LimitedReader{R: r, N: maxLimitFile + 1}
	var out []patternLine
	scanner := bufio.NewScanner(limited)
	scanner.Buffer(nil, maxLimitFile)
	for n := 1; scanner.Scan(); n++ {
		text := strings.TrimPrefix(scanner.Text(), "\ufeff")
		if i := strings.IndexByte(text, '#'); i == 0 || i > 0 && strings.ContainsRune(" \t", rune(text[i-1])) {
			text = text[:i]
		}
		if text = strings.TrimSpace(text); text != "" {
			out = append(out, patternLine{n, text})
		}
	}
	switch {
	case scanner.Err() != nil:
		return nil, scanner.Err()
	case limited.N == 0:
		return nil, fmt.Errorf("more than %d MiB", maxLimitFile>>20)
	case out == nil:
		return nil, errors.New("no pattern in it")
	}
	return out, nil
}
