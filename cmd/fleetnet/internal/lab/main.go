package lab

import (
	"fmt"
	"os"
)

// reexec names the environment variable that tells this binary, started again
// by the lab, what to be.
const reexec = "FLEETNET_LAB"

// The values of [reexec].
const (
	asInit   = "init"   // the first process of a host
	asPuppet = "puppet" // a process that holds sockets
)

// Main must be the first call of TestMain in a package that calls [New]. In the
// test process it does nothing. In the processes that the lab starts from the
// same binary it does their work, and does not return.
func Main() {
	var err error
	switch os.Getenv(reexec) {
	case "":
		return
	case asInit:
		err = runInit(os.Stdin, os.Stdout)
	case asPuppet:
		err = runPuppet(os.Stdin, os.Stdout)
	default:
		err = fmt.Errorf("lab: unknown %s=%q", reexec, os.Getenv(reexec))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}
