package rules

import (
	"fmt"

	"github.com/fleetnet/fleetnet"
)

// Filter is a condition on the rows of one table, as in a rule's where.
type Filter struct {
	table *fleetnet.Table
	expr  *expression
}

// CompileWhere checks a condition on the rows of a table: its fields, the
// operators and functions of expr-lang, known(field), cidr(addr, prefix …) and
// loopback(addr). States are understood in any tool's spelling.
func CompileWhere(table *fleetnet.Table, expr string) (*Filter, error) {
	e, err := compileCondition(expr, rowScope(table))
	if err != nil {
		if at, ok := err.(*exprError); ok && at.column > 0 {
			return nil, fmt.Errorf("%s: at character %d: %w", fleetnet.Quote(expr), at.column+1, err)
		}
		return nil, fmt.Errorf("%s: %w", fleetnet.Quote(expr), err)
	}
	return &Filter{table: table, expr: e}, nil
}

// Match reports whether row i matches, and whether that is known; a row that
// does not tell a field that decides is neither. A Filter is safe for
// concurrent use.
func (w *Filter) Match(rows fleetnet.Rows, i int) (match, known bool) {
	// One row does not pay for a look at all of them: assume that some are cut.
	f := &frame{view: &tableView{table: w.table, rows: rows, cut: true, asked: true}, row: i}
	t := w.expr.logic(f)
	return t == yes, t != maybe
}
