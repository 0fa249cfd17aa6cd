package lab

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// rootsVar names the folder of root file systems.
const rootsVar = "FLEETNET_ROOTS"

// Roots are the root file systems below $FLEETNET_ROOTS, by the names of their
// folders: cmd/fleetnet/testdata/lab/roots.sh makes them. Without the variable
// there are none.
func Roots() map[string]Userland {
	dir := os.Getenv(rootsVar)
	if dir == "" {
		return nil
	}
	all := map[string]Userland{}
	found, _ := filepath.Glob(filepath.Join(dir, "[a-z]*", "etc", "os-release")) // the pattern is good
	for _, file := range found {
		root, err := filepath.Abs(filepath.Dir(filepath.Dir(file)))
		if err == nil {
			all[filepath.Base(root)] = Root(root)
		}
	}
	return all
}

// NeedRoot returns one of [Roots]. It skips the test without it, as tests do
// without the network that it is made over, or in CI fails it.
func NeedRoot(t testing.TB, name string) Userland {
	t.Helper()
	root, ok := Roots()[name]
	if !ok {
		lacking(t, fmt.Errorf("lab: no folder %s in %s=%q: testdata/lab/roots.sh makes it", name, rootsVar, os.Getenv(rootsVar)))
	}
	return root
}
