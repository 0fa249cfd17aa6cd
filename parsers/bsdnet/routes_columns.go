package bsdnet

import "slices"

// routeColumn is a column of the table as its heading stands.
type routeColumn struct {
	name       string
	start, end int
}

// heading notes the columns and where they stand.
func (r *routesReader) heading(line []byte) {
	r.columns, r.noHeading = nil, false
	for at := 0; at < len(line) && len(r.columns) < maxColumns; {
		if line[at] == ' ' || line[at] == '\t' {
			at++
			continue
		}
		end := at
		for end < len(line) && line[end] != ' ' && line[end] != '\t' {
			end++
		}
		r.columns = append(r.columns, routeColumn{string(line[at:end]), at, end})
		at = end
	}
}

// width returns the width of a column that is printed from the left and cut, or
// 0 when it is not cut, or not known: blanks of a paste may have been lost.
func (r *routesReader) width(name string) int {
	i := r.index(name)
	switch {
	case r.noHeading && r.family == "inet6":
		return narrowRoute
	case r.noHeading, i < 0, i+1 >= len(r.columns):
		return 0
	}
	switch w := r.columns[i+1].start - r.columns[i].start - 1; w {
	case 18, 31, 39, 53:
		if r.form.Whole && r.numbers(w) {
			return 0
		}
		return w
	}
	return 0
}

// numbers reports whether columns of a width may be of -n at all: the command
// may be guessed. Those of IPv6 are 18 wide without -n, and 31 with -l too.
func (r *routesReader) numbers(width int) bool {
	return r.family == "inet" || width > 31 || width == 31 && r.index("Mtu") < 0
}

func (r *routesReader) index(name string) int {
	return slices.IndexFunc(r.columns, func(c routeColumn) bool { return c.name == name })
}

// cut reports whether the name of an interface may lack its end: it is as long
// as its column, and is not the first of its kind (no name is bridge01).
func (r *routesReader) cut(name []byte) bool {
	i := r.index("Netif")
	switch {
	case i < 1, r.sized, firstOfKind(name):
		return false
	case r.noHeading: // that of some release
		return len(name) == 7 || len(name) == 8 || len(name) == 10 || len(name) == 14
	}
	w := r.netifWidth(i)
	if r.form.Flags > 0 && len(name) > w {
		return false // FreeBSD cuts no name with -W since 14
	}
	return w > len("Netif") && len(name) >= w
}

// flagsWidth is the width of the column Flags of macOS.
const flagsWidth = 10

// netifWidth returns the width of the column Netif, which is printed to the
// right after one blank: it begins where the column before it ends.
func (r *routesReader) netifWidth(i int) int {
	before := r.columns[i-1]
	end := before.end
	if before.name == "Flags" {
		end = before.start + flagsWidth
		if r.form.Flags > 0 {
			end = before.start + r.form.Flags
		}
	}
	return r.columns[i].end - end - 1
}

// firstOfKind reports whether a name ends in a letter and 0: no longer name
// begins with it.
func firstOfKind(name []byte) bool {
	n := len(name)
	return n > 1 && name[n-1] == '0' && (name[n-2] < '0' || name[n-2] > '9')
}
