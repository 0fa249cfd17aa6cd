// Package rules says what to think of a snapshot. Rules are YAML: a table, a
// condition on its rows, a grouping and an alert over each group. They are
// checked when they are loaded, and what a host does not tell makes a rule
// unknown there, never satisfied. The language is described in docs/rules.md.
//
// A [Set] is immutable and safe for concurrent use.
package rules
