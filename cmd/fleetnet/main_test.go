package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/fleetnet/fleetnet/cmd/fleetnet/internal/lab"
)

var update = flag.Bool("update", false, "rewrite what scripts expect")

func TestMain(m *testing.M) {
	lab.Main()
	if strings.HasSuffix(os.Args[0], ".test") { // not when it plays one of the commands below
		_ = os.Setenv("FLEETNET_SSH_CONFIG", "none") // the tests do not depend on who runs them
	}
	testscript.Main(m, map[string]func(){"fleetnet": main, "simulate-fleet": simulateFleet, "plain-ssh": plainSSH, "record-million": recordMillion})
}

func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           filepath.Join("testdata", "script"),
		UpdateScripts: *update,
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("SSH_AUTH_SOCK", "")
			return nil
		},
	})
}

// testEnv is the environment with the state of runs kept apart from the user's.
func testEnv(name string) string {
	if name == "XDG_STATE_HOME" {
		return filepath.Join(os.TempDir(), "fleetnet-test-state")
	}
	return os.Getenv(name)
}

// run runs the command line in this process and returns what it printed and
// its exit status.
func run(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	return runContext(t.Context(), args...)
}

func runContext(ctx context.Context, args ...string) (stdout, stderr string, code int) {
	var out, errs bytes.Buffer
	a := &app{stdin: strings.NewReader(""), stdout: &out, stderr: &errs, getenv: testEnv}
	code = a.run(ctx, append([]string{"fleetnet"}, args...))
	return out.String(), errs.String(), code
}
