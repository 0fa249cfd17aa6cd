package rules

// truth is a truth value of Kleene's three-valued logic, in which and, or and
// not are min, max and minus. The zero truth is "cannot tell".
type truth int8

const (
	no    truth = -1
	maybe truth = 0
	yes   truth = 1
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}
