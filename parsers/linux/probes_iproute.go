package linux

import "github.com/fleetnet/fleetnet"

func iprouteProbes() []fleetnet.Probe { return nil }

func iprouteDialects() []fleetnet.Dialect { return nil }
