package windows

import "github.com/fleetnet/fleetnet"

// neighborStates are the words and the numbers of NL_NEIGHBOR_STATE (nldef.h).
var neighborStates = map[string]string{
	"0": "FAILED", "1": "INCOMPLETE", "2": "PROBE", "3": "DELAY", "4": "STALE", "5": "REACHABLE", "6": "PERMANENT",
	"Unreachable": "FAILED", "Incomplete": "INCOMPLETE", "Probe": "PROBE", "Delay": "DELAY", "Stale": "STALE",
	"Reachable": "REACHABLE", "Permanent": "PERMANENT",
}

// NetNeighbors reads what Get-NetNeighbor writes (Windows 8 and 2012 on):
//
//	ifIndex IPAddress                                          LinkLayerAddress      State       PolicyStore
//	------- ---------                                          ----------------      -----       -----------
//	12      192.168.31.1                                       00-15-5D-0D-45-01     Reachable   ActiveStore
//
// A link-layer address of zeros is none.
func NetNeighbors(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	names := indexNames(out)
	readObjects(in, out, "windows/Get-NetNeighbor", []string{"neighbors"}, func(o *object) error {
		a, _, ok := o.addrOf("ipaddress")
		if o.has("prefixlength") && !o.has("linklayeraddress") {
			return errOther
		}
		if !ok {
			return o.unlessCut(errNoAddr)
		}
		state, _ := o.get("state")
		out.Neighbors = append(out.Neighbors, fleetnet.Neighbor{
			Addr: a, MAC: o.macOf("linklayeraddress"), Interface: o.interfaceName(names),
			State: neighborStates[state], Ref: o.ref,
		})
		return nil
	})
}
