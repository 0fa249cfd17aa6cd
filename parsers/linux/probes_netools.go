package linux

import "github.com/fleetnet/fleetnet"

func legacyProbes() []fleetnet.Probe { return nil }

func legacyDialects() []fleetnet.Dialect { return nil }
