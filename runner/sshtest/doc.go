// Package sshtest plays hosts over SSH inside of this process, for tests,
// benchmarks and demonstrations: hosts that answer the runner's script with a
// recording, with what a function says or with a real shell, and hosts that are
// broken in some way. One [Server] plays any number of them, cheaply.
package sshtest
