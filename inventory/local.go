package inventory

import "os"

// Localhost returns the inventory of this machine alone, which is read without SSH.
func Localhost() *Inventory {
	name, err := os.Hostname()
	if err != nil || checkHost(name) != nil {
		name = "localhost"
	}
	h := Host{Name: name, Addr: "localhost", Transport: TransportLocal}
	h.setDefaults()
	return newInventory([]Host{h}, nil)
}

// implicitLocalhost returns this machine as the limit localhost means it.
func implicitLocalhost() Host {
	h := Host{Name: localhost, Transport: TransportLocal}
	h.setDefaults()
	return h
}
