// Command fleetnet shows and judges the network state of many hosts at once.
package main

import (
	"context"
	"os"
	"runtime"
)

// version is set by the linker: -ldflags "-X main.version=v1.2.3".
var version = "devel"

func main() {
	a := &app{
		stdin:  os.Stdin,
		stdout: os.Stdout,
		stderr: os.Stderr,
		getenv: os.Getenv,
	}
	ballast := heapBallast(os.Getenv)
	ctx, stop := interruptible(context.Background(), os.Exit)
	code := a.run(ctx, os.Args)
	stop()
	runtime.KeepAlive(ballast)
	os.Exit(code)
}
