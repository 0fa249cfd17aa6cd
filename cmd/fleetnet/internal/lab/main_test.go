package lab_test

import (
	"os"
	"testing"

	"github.com/fleetnet/fleetnet/cmd/fleetnet/internal/lab"
)

func TestMain(m *testing.M) {
	lab.Main()
	os.Exit(m.Run())
}
