// Package fleetnet is the model of fleetnet: what one host's network state
// looks like whatever system and tool it was read from, and what is said of it.
//
// A [Snapshot] is one host at one moment: sockets, routes, interfaces,
// neighbours, counters and settings, each row knowing the line of output that
// proves it ([Ref]) and each table knowing how completely it was read
// ([Coverage]). A [Probe] is a command to run on a host together with the
// function that reads its output. A [Report] is what rules found across hosts.
//
// The package imports the standard library only, and every other package of
// the module may import it.
package fleetnet
