package darwin

import (
	"bytes"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// PS reads `ps -axco pid,comm`, which shows the names of all processes to
// everybody, and names those that hold sockets:
//
//	PID COMM
//	  1 launchd
//	855 Google Chrome Helper (Renderer)
func PS(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	names := map[int]string{}
	for in.Next() {
		c := field.New(in.Text())
		if string(c.Peek()) == "PID" {
			in.Skip()
			continue
		}
		pid := c.Uint(31)
		name := bytes.TrimSpace(c.Rest())
		if c.Err() != nil {
			in.Fail(c.Err())
			continue
		}
		names[int(pid)] = string(name)
		in.Row()
	}
	for i := range out.Sockets {
		for j := range out.Sockets[i].Processes {
			if p := &out.Sockets[i].Processes[j]; p.Name == "" {
				p.Name = names[p.PID]
			}
		}
	}
}
