package inventory

// Keys returns every key of a host, for the test of the manual.
func Keys() []string { return append(sharedKeys(), hostKeys...) }

// Options returns the options of ssh of each host of a hosts.yaml, and of its
// jump, as "keyword=value at file:line"; and what is wrong with the file.
func Options(name, text string) (own, jumps map[string][]string, err error) {
	f := readFile(name, []byte(text))
	own, jumps = map[string][]string{}, map[string][]string{}
	members, byName := f.resolve(), map[string]*member{}
	for _, m := range members {
		byName[m.Name] = m
	}
	newJumps(byName).resolve(members)
	for _, m := range members {
		own[m.Name] = writeOptions(m.options)
		if m.jump != nil {
			jumps[m.Name] = writeOptions(m.jump.options)
		}
	}
	return own, jumps, f.err()
}

func writeOptions(options []sshOption) []string {
	var out []string
	for _, o := range options {
		out = append(out, o.key+"="+o.value+" at "+o.where)
	}
	return out
}
