package sshtest

import (
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
)

// Simulation is a fleet that another process plays, so that a benchmark can
// tell the cost of asking from that of answering.
type Simulation struct {
	Addrs      []string `json:"addrs"`       // any number of hosts answers at each
	KnownHosts string   `json:"known_hosts"` // the text of a known_hosts file

	cmd  *exec.Cmd
	stop io.Closer
}

// Simulate plays hosts at a number of ports, tells of them on out, and returns
// when until ends. It is the other process's part.
func Simulate(who func(user string) Host, ports int, out io.Writer, until io.Reader) error {
	s, err := NewServer()
	if err != nil {
		return err
	}
	defer s.Close()
	var sim Simulation
	for range ports {
		addr, err := s.Listen(who)
		if err != nil {
			return err
		}
		sim.Addrs = append(sim.Addrs, addr)
		sim.KnownHosts += s.KnownHosts(addr)
	}
	if err := json.NewEncoder(out).Encode(sim); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, until)
	return err
}

// StartSimulation runs a command that calls [Simulate] with its standard output
// and input.
func StartSimulation(cmd *exec.Cmd) (*Simulation, error) {
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	sim := &Simulation{cmd: cmd, stop: in}
	if err := json.NewDecoder(out).Decode(sim); err != nil {
		sim.Stop()
		return nil, fmt.Errorf("simulation: %w", err)
	}
	return sim, nil
}

// Stop ends the other process.
func (s *Simulation) Stop() {
	s.stop.Close()
	_ = s.cmd.Wait() // that it ended is all that matters
}
