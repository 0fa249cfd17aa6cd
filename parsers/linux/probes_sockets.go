package linux

import "github.com/fleetnet/fleetnet"

func socketProbes() []fleetnet.Probe { return nil }

func socketDialects() []fleetnet.Dialect { return nil }
