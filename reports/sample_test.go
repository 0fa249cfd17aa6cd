package reports_test

import (
	"fmt"
	"net/netip"
	"time"

	"github.com/fleetnet/fleetnet"
)

// sampleReport is a scan of a fleet in which everything occurs.
func sampleReport() *fleetnet.Report {
	r := &fleetnet.Report{Run: fleetnet.Run{Version: "1.0", StartedAt: time.Date(2026, 3, 1, 4, 5, 6, 0, time.UTC), DurationMS: 1834}}
	for n := 1; n <= 12; n++ {
		r.Hosts = append(r.Hosts, sampleHost(fmt.Sprintf("web%02d", n)))
	}
	r.Hosts = append(r.Hosts, sampleHost("db1"), sampleHost("db2"))
	breakHosts(r.Hosts)
	for n, host := range []string{"web01", "web02", "web03", "web07"} {
		r.Findings = append(r.Findings, closeWait(host, 1200+70*n))
	}
	for n := 1; n <= 9; n++ {
		r.Findings = append(r.Findings, badRoute(fmt.Sprintf("web%02d", n), n))
	}
	r.Findings = append(r.Findings, fleetnet.Finding{
		Rule: "duplicate-address", Code: "FN201", Severity: fleetnet.Critical, Outcome: fleetnet.Fail, Hosts: []string{"db1", "web05"},
		Title: "Two hosts have the same address", Message: "10.0.0.21 is on db1 (eth0) and on web05 (eth1)", Count: 2,
		Labels: map[string]string{"addr": "10.0.0.21"}, Evidence: []fleetnet.Evidence{},
		Fix: "Take the address off one of them. Until then connections go to whichever answered the last ARP request, and change sides when its entry expires.",
	})
	r.Findings = append(r.Findings, undecided()...)
	r.Finish()
	return r
}

func sampleHost(name string) fleetnet.HostResult {
	return fleetnet.HostResult{Name: name, OS: "linux", OSVersion: "Debian GNU/Linux 12 (bookworm)", Kernel: "6.1.0-18-amd64",
		Status: fleetnet.HostOK, DurationMS: 412, Coverage: []fleetnet.Coverage{{Table: "sockets", Status: fleetnet.StatusComplete, Probe: "linux/ss"}}}
}

func breakHosts(hosts []fleetnet.HostResult) {
	for i := range hosts {
		h := &hosts[i]
		switch h.Name {
		case "web09", "web10", "web11":
			h.Status, h.Error = fleetnet.HostFailed, fmt.Sprintf("dial 10.0.1.%d:22: i/o timeout", i)
			h.Hint = "is the host up? try: ssh -v " + h.Name
			h.Coverage = []fleetnet.Coverage{{Table: "sockets", Status: fleetnet.StatusFailed, Reason: "the host could not be read"}}
		case "db2":
			h.Status, h.Error = fleetnet.HostFailed, `handshake: host key of "db2" is not known`
			h.Hint, h.Coverage = "run `fleetnet trust db2`", nil
		case "web03", "web04":
			h.Status = fleetnet.HostPartial
			h.Coverage = append(h.Coverage,
				fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusDenied, Fields: []string{"processes", "process", "pid"}, Probe: "linux/ss", Reason: "not root, and no become is set"},
				fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusUnsupported, Fields: []string{"uid"}, Probe: "linux/ss", Reason: "not told by linux/ss"})
			h.Notes = []string{"12 lines outside of any frame were dropped"}
		case "web08":
			h.Status, h.Error = fleetnet.HostPartial, "exec: the session broke off after 12s"
			h.Coverage = append(h.Coverage, fleetnet.Coverage{Table: "routes", Status: fleetnet.StatusTimedOut, Probe: "linux/ip-route", Reason: "no answer within 10s"})
		}
	}
}

func closeWait(host string, count int) fleetnet.Finding {
	return fleetnet.Finding{
		Rule: "close-wait-leak", Code: "FN101", Severity: fleetnet.Critical, Outcome: fleetnet.Fail, Hosts: []string{host},
		Title:   "A process does not close its sockets",
		Message: fmt.Sprintf("backend holds %d sockets in CLOSE_WAIT", count), Labels: map[string]string{"process": "backend"}, Count: count,
		Evidence: []fleetnet.Evidence{
			{Host: host, Probe: "linux/ss", Command: "ss -tuwanpeoi", Line: 17, Text: `CLOSE-WAIT 1      0           10.0.0.1:8080      10.0.0.2:4711  users:(("backend",pid=17,fd=9)) uid:33 ino:9004 sk:1f cgroup:/system.slice/backend.service <->`},
			{Host: host, Probe: "linux/ss", Command: "ss -tuwanpeoi", Line: 18, Text: `CLOSE-WAIT 1      0           10.0.0.1:8080      10.0.0.2:4712  users:(("backend",pid=17,fd=10))`},
		},
		Fix: "Find the missing close() or restart the process.", Verify: "ss -tnp state close-wait",
	}
}

func badRoute(host string, n int) fleetnet.Finding {
	dst := fmt.Sprintf("10.%d.0.0/16", n)
	return fleetnet.Finding{
		Rule: "gateway-off-link", Code: "FN302", Severity: fleetnet.Warning, Outcome: fleetnet.Fail, Hosts: []string{host},
		Title: "A route goes through a gateway that is on no link", Message: fmt.Sprintf("%s: route to %s via 192.0.2.%d", host, dst, n),
		Labels: map[string]string{"dst": dst}, Count: 1,
		Evidence: []fleetnet.Evidence{{Host: host, Probe: "linux/ip-route", Command: "ip route show table all", Line: 3, Text: fmt.Sprintf("%s via 192.0.2.%d dev eth0 onlink", dst, n)}},
		Fix:      "Correct the route, or add the gateway's prefix.",
	}
}

func undecided() []fleetnet.Finding {
	var out []fleetnet.Finding
	for _, rule := range []string{"accept-queue-full", "close-wait-leak"} {
		for _, host := range []string{"web03", "web04", "web09"} {
			out = append(out, fleetnet.Finding{Rule: rule, Severity: fleetnet.Warning, Outcome: fleetnet.Unknown, Hosts: []string{host},
				Title: "A title", Message: "sockets.processes of " + host + ": denied", Evidence: []fleetnet.Evidence{}})
		}
	}
	return append(out, fleetnet.Finding{Rule: "clock-skew", Severity: fleetnet.Info, Outcome: fleetnet.Waived, Hosts: []string{"db1"},
		Title: "The clocks differ", Message: "4 s behind", Count: 1, Evidence: []fleetnet.Evidence{}})
}

// wellReport is a scan in which all is well.
func wellReport() *fleetnet.Report {
	r := &fleetnet.Report{Run: fleetnet.Run{StartedAt: time.Date(2026, 3, 1, 4, 5, 6, 0, time.UTC), DurationMS: 350}, Hosts: []fleetnet.HostResult{sampleHost("web1")}}
	r.Finish()
	return r
}

// deadReport is a scan in which nothing could be read.
func deadReport() *fleetnet.Report {
	r := wellReport()
	r.Hosts = nil
	for n := 1; n <= 3; n++ {
		r.Hosts = append(r.Hosts, fleetnet.HostResult{Name: fmt.Sprintf("web%d", n), Status: fleetnet.HostFailed,
			Error: fmt.Sprintf("dial web%d.example.com:22: connection refused", n)})
	}
	r.Finish()
	return r
}

// sampleSnapshots are two hosts of which one does not know its processes.
func sampleSnapshots() []*fleetnet.Snapshot {
	ep := func(s string) fleetnet.Endpoint {
		a := netip.MustParseAddrPort(s)
		return fleetnet.Endpoint{Addr: a.Addr(), Port: a.Port()}
	}
	web := fleetnet.NewSnapshot("web1")
	web.Host.OS = "linux"
	web.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusComplete, Probe: "linux/ss"})
	web.Sockets = []fleetnet.Socket{
		{Proto: "tcp", Family: "inet", State: fleetnet.StateListen, Local: ep("0.0.0.0:443"), RecvQ: fleetnet.Some(uint64(0)), SendQ: fleetnet.Some(uint64(511)), Processes: []fleetnet.Process{{Name: "nginx", PID: 812, FD: fleetnet.Some(6)}}},
		{Proto: "tcp", Family: "inet", State: fleetnet.StateEstablished, Local: ep("10.0.0.1:443"), Peer: ep("192.0.2.7:51834"), RecvQ: fleetnet.Some(uint64(0)), SendQ: fleetnet.Some(uint64(2896)), Processes: []fleetnet.Process{{Name: "nginx", PID: 813}}},
		{Proto: "tcp", Family: "inet", State: fleetnet.StateTimeWait, Local: ep("10.0.0.1:443"), Peer: ep("192.0.2.7:51830"), RecvQ: fleetnet.Some(uint64(0)), SendQ: fleetnet.Some(uint64(0))},
		{Proto: "tcp", Family: "inet6", State: fleetnet.StateListen, Local: ep("[::1]:631"), RecvQ: fleetnet.Some(uint64(0)), SendQ: fleetnet.Some(uint64(128)), Processes: []fleetnet.Process{{Name: "日本語サーバ", PID: 99}}},
	}
	db := fleetnet.NewSnapshot("db1")
	db.Host.OS = "linux"
	db.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusComplete, Probe: "linux/ss"})
	db.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusDenied, Fields: []string{"processes", "process", "pid"}, Probe: "linux/ss", Reason: "not root"})
	db.Sockets = []fleetnet.Socket{
		{Proto: "tcp", Family: "inet", State: fleetnet.StateListen, Local: ep("127.0.0.1:5432"), RecvQ: fleetnet.Some(uint64(0)), SendQ: fleetnet.Some(uint64(244))},
	}
	return []*fleetnet.Snapshot{web, db}
}

func sampleListing(table string, columns, sort []string) *fleetnet.Listing {
	t, ok := fleetnet.TableNamed(table)
	if !ok {
		panic(table)
	}
	l, err := fleetnet.NewListing(t, columns)
	if err != nil {
		panic(err)
	}
	for _, s := range sampleSnapshots() {
		l.Add(s, nil)
	}
	if err := l.Sort(sort...); err != nil {
		panic(err)
	}
	return l
}

func sampleCounts() *fleetnet.Counts {
	c, err := sampleListing("sockets", nil, nil).CountBy("state", "process")
	if err != nil {
		panic(err)
	}
	return c
}

// sampleComparison is the routes of thirteen hosts, of which one differs, one
// does not know MTUs, and one is not known.
func sampleComparison() *fleetnet.Comparison {
	var snaps []*fleetnet.Snapshot
	for n := 1; n <= 13; n++ {
		s := fleetnet.NewSnapshot(fmt.Sprintf("web%02d", n))
		gateway, status := "10.0.0.1", fleetnet.StatusComplete
		if n == 7 {
			gateway = "10.0.0.254"
		}
		if n == 13 {
			status = fleetnet.StatusTimedOut
		}
		s.Cover(fleetnet.Coverage{Table: "routes", Status: status, Reason: map[bool]string{true: "no answer within 10s"}[n == 13]})
		if n == 12 {
			s.Cover(fleetnet.Coverage{Table: "routes", Status: fleetnet.StatusUnsupported, Fields: []string{"mtu"}, Reason: "not told by linux/busybox-ip-route"})
		}
		hop := func(a string) []fleetnet.NextHop {
			return []fleetnet.NextHop{{Gateway: netip.MustParseAddr(a), Interface: "eth0"}}
		}
		s.Routes = []fleetnet.Route{{Family: "inet", Type: "unicast", Dst: netip.MustParsePrefix("0.0.0.0/0"), NextHops: hop(gateway)}}
		if n != 7 {
			s.Routes = append(s.Routes, fleetnet.Route{Family: "inet", Type: "unicast", Dst: netip.MustParsePrefix("10.20.0.0/16"), NextHops: hop("10.0.0.1")})
		}
		snaps = append(snaps, s)
	}
	c, err := fleetnet.Compare("routes", snaps, fleetnet.CompareOptions{})
	if err != nil {
		panic(err)
	}
	return c
}
