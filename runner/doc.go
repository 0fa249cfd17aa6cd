// Package runner asks hosts: it logs in to each once, runs one framed script
// there, and turns what comes back into a [fleetnet.Snapshot] with coverage.
//
// What to run is handed to it as probes ([Config.Probes]); who to ask as hosts
// of the inventory. A host is reached over SSH, on this machine, or in a
// recording of an earlier run ([OpenRecording]). A host that fails is a
// [Result], never the end of the run.
package runner
