package rules

// frame is what an expression is evaluated in: a row, or a group of rows, of a host.
type frame struct {
	host   *hostView
	view   *tableView
	params []val
	row    int    // in a where
	group  *group // in an alert
	lets   []val  // those before the one that is evaluated
}
