package inventory

// Note is something that an inventory or an ssh_config says and that is not
// done. It is not an error: the hosts can be asked, though perhaps otherwise than
// the author expects.
type Note struct {
	Where string // file:line, or empty
	Text  string // "SendEnv is ignored: no variables are sent"
	Minor bool   // of no consequence for a scan: told only to those who want to know everything
}

// notes collects notes, each once and in the order of their coming.
type notes struct {
	list []Note
	seen map[Note]bool
}

func (n *notes) add(notes ...Note) {
	for _, note := range notes {
		if n.seen[note] {
			continue
		}
		if n.seen == nil {
			n.seen = map[Note]bool{}
		}
		n.seen[note] = true
		n.list = append(n.list, note)
	}
}
