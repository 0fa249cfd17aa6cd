package main

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
)

func (a *app) hostsCommand() *cli.Command {
	return &cli.Command{
		Name:   "hosts",
		Usage:  "show which hosts are chosen and how each would be reached; nothing is contacted",
		Flags:  flags(whoFlags(), sayFlags([]string{"table", "json"})),
		Action: a.hosts,
	}
}

func (a *app) hosts(c *cli.Context) error {
	if _, err := arguments(c, 0, 0, ""); err != nil {
		return err
	}
	to, err := sinks(c, []string{"table", "json"})
	if err != nil {
		return err
	}
	hosts, err := a.hostsOf(c)
	if err != nil {
		return err
	}
	if to[0].format == "json" {
		enc := json.NewEncoder(a.stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(hosts)
	}
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "HOST\tREACHED BY\tBECOME\tGROUPS")
	for _, h := range hosts {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", h.Name, path(h, c.Bool("verbose")), orDash(h.Become), orDash(strings.Join(h.Groups, ",")))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if len(hosts) > 1 {
		a.hint(c, "%d hosts", len(hosts))
	}
	return nil
}

// path says how a host is reached: "ssh ops@10.0.0.1:22 via bastion1"; with
// verbose where each hop is as well.
func path(h inventory.Host, verbose bool) string {
	if h.Transport == inventory.TransportLocal {
		return "this machine"
	}
	s := "ssh " + address(h)
	if hops := hopsOf(h, verbose); hops != nil {
		s += " via " + strings.Join(hops, ", ")
	}
	switch {
	case h.SSH.ProxyCommand != "":
		s += " through " + fleetnet.Quote(h.SSH.ProxyCommand)
	case h.SSH.ControlPath != "":
		s += " or the master connection " + fleetnet.Printable(h.SSH.ControlPath)
	}
	return s
}

// hopsOf returns the jump hosts, the one that is dialled directly first.
func hopsOf(h inventory.Host, verbose bool) []string {
	if h.Jump == nil {
		return nil
	}
	hop := h.Jump.Name
	if at := address(*h.Jump); verbose && at != hop {
		hop += " (" + at + ")"
	}
	if h.Jump.SSH.ProxyCommand != "" {
		hop += " through " + fleetnet.Quote(h.Jump.SSH.ProxyCommand)
	}
	return append(hopsOf(*h.Jump, verbose), hop)
}

// address writes user@addr:port, without what goes without saying.
func address(h inventory.Host) string {
	s := h.Addr
	if strings.Contains(s, ":") {
		s = "[" + s + "]"
	}
	if h.User != "" {
		s = h.User + "@" + s
	}
	if h.Port != 22 {
		s += ":" + strconv.Itoa(h.Port)
	}
	return s
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
