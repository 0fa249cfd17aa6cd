package main

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

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
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", h.Name, path(h), orDash(h.Become), orDash(strings.Join(h.Groups, ",")))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if len(hosts) > 1 {
		a.hint(c, "%d hosts", len(hosts))
	}
	return nil
}

// path says how a host is reached: "ssh ops@10.0.0.1:22 via bastion1".
func path(h inventory.Host) string {
	if h.Transport == inventory.TransportLocal {
		return "this machine"
	}
	s := "ssh "
	if h.User != "" {
		s += h.User + "@"
	}
	if strings.Contains(h.Addr, ":") {
		s += "[" + h.Addr + "]"
	} else {
		s += h.Addr
	}
	if h.Port != 22 {
		s += ":" + strconv.Itoa(h.Port)
	}
	if h.Jump != nil {
		s += " via " + h.Jump.Name
	}
	return s
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
