package linux_test

import (
	"strings"
	"testing"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/parsertest"
)

// TestWhatSocketCommandsDecide asserts for a command which questions its output
// answers in full: about all sockets of TCP, those of IPv4 alone, listeners,
// connections, TIME_WAIT, UDP, and all of both.
func TestWhatSocketCommandsDecide(t *testing.T) {
	const names = "tcp tcp4 listen estab timewait udp all"
	questions := map[string]fleetnet.Selection{
		"tcp":      {"proto": {"tcp"}},
		"tcp4":     {"proto": {"tcp"}, "family": {"inet"}},
		"listen":   {"proto": {"tcp"}, "state": {"LISTEN"}},
		"estab":    {"proto": {"tcp"}, "state": {"ESTABLISHED"}},
		"timewait": {"state": {"TIME_WAIT"}},
		"udp":      {"proto": {"udp"}},
		"all":      nil,
	}
	const everyTCP = "tcp tcp4 listen estab timewait"
	tests := []struct{ command, decided string }{
		{"ss -tan", everyTCP},
		{"ss --tcp --all --numeric", everyTCP},
		{"ss -tuan", names},
		{"ss -tuwanpeoi", names},
		{"ss -a", names},
		{"ss -A all -a", names},
		{"ss -A inet -a", names},
		{"ss -f inet -a", "tcp4"},
		{"ss -4 -ta", "tcp4"},
		{"ss -6 -ta", ""},
		{"ss -46 -ta", everyTCP},
		{"ss -A 'all,!tcp' -a", ""},
		{"ss -tn", "estab"},
		{"ss -tln", "listen"},
		{"ss -tlan", everyTCP},
		{"ss -tal", "listen"},
		{"ss -t state time-wait", "timewait"},
		{"ss -t state connected", "estab timewait"},
		{"ss -t state all", everyTCP},
		{"ss -t exclude time-wait", "listen estab"},
		{"ss -ta state established", "estab"},
		{"ss -ta state nonsense", ""},
		{"ss -tan dst 10.0.0.9", ""},
		{"ss -tan ( sport = :443 )", ""},
		{"ss -tan -F filter.txt", ""},
		{"ss -tanK dst 10.0.0.9", ""},
		{"ss -tB", ""},
		{"ss -xa", ""},
		{"ss -ua", "udp"},
		{"ss -tan | grep ESTAB", ""},
		{"ss -tan | sudo head -20", ""},
		{"ss -tan | sort", everyTCP},
		{"netstat -tan", everyTCP},
		{"netstat -an", names},
		{"netstat --all --numeric", names},
		{"netstat -tuan", names},
		{"netstat -n", "estab timewait"},
		{"netstat -tln", "listen"},
		{"netstat -tlan", everyTCP},
		{"netstat -tan4", "tcp4"},
		{"netstat -an -A inet", "tcp4"},
		{"netstat -an -A inet,inet6", names},
		{"netstat -an --protocol=inet6", ""},
		{"netstat -an --inet", "tcp4"},
		{"netstat -xan", ""},
		{"netstat -an -A unix", ""},
		{"netstat -tan | awk '/:443/'", ""},
	}
	for _, tt := range tests {
		output := "Proto Recv-Q Send-Q Local Address Foreign Address State\ntcp 0 0 10.0.0.5:22 10.0.0.9:5151 ESTABLISHED\n"
		if strings.HasPrefix(tt.command, "ss") {
			output = "Netid State Recv-Q Send-Q Local Address:Port Peer Address:Port\ntcp ESTAB 0 0 10.0.0.5:22 10.0.0.9:5151\n"
		}
		if got := decided(t, tt.command, output, names, questions); got != tt.decided {
			t.Errorf("%s decides %q, want %q", tt.command, got, tt.decided)
		}
	}
}

// decided returns the names of the questions that the output of a command answers.
func decided(t *testing.T, command, output, names string, questions map[string]fleetnet.Selection) string {
	t.Helper()
	d, ok := dialectOf(command)
	if !ok {
		t.Fatalf("no dialect reads %q", command)
	}
	s, acct := parsertest.Read(d, command, []byte(output))
	if acct.Errors > 0 {
		t.Fatalf("%s: %+v", command, acct)
	}
	table, _ := fleetnet.TableNamed("sockets")
	var yes []string
	for name := range strings.FieldsSeq(names) {
		if table.KnownAbout(s, questions[name]).Status == fleetnet.StatusComplete {
			yes = append(yes, name)
		}
	}
	return strings.Join(yes, " ")
}

// TestWhatProcFilesDecide is the same for the files of /proc/net.
func TestWhatProcFilesDecide(t *testing.T) {
	head := "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
	row4 := "   0: 0100007F:0CEA 00000000:0000 0A 00000000:00000000 00:00000000 00000000   112        0 27364 1 00000000c5a6d8a1 100 0 0 10 0\n"
	questions := map[string]fleetnet.Selection{
		"tcp": {"proto": {"tcp"}}, "tcp4": {"proto": {"tcp"}, "family": {"inet"}}, "udp": {"proto": {"udp"}}, "all": nil,
	}
	tests := []struct{ command, output, decided string }{
		{"cat /proc/net/tcp", head + row4, "tcp4"},
		{"cat /proc/net/tcp /proc/net/tcp6", head + row4 + head, "tcp tcp4"},
		{"cat /proc/net/tcp /proc/net/tcp6", head + row4 + "cat: /proc/net/tcp6: No such file or directory\n", "tcp tcp4"},
		{"cat /proc/net/tcp /proc/net/tcp6", head + row4, "tcp4"},
		{"cat /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6", head + row4 + head + head + head, "tcp tcp4 udp all"},
		{"head -n 500 /proc/net/tcp /proc/net/tcp6", "==> /proc/net/tcp <==\n" + head + row4 + "==> /proc/net/tcp6 <==\n" + head, "tcp tcp4"},
		{"head -2 /proc/net/tcp", head + row4, ""},
		{"head -n2 /proc/net/tcp", head + row4, ""},
		{"head /proc/net/tcp", head + row4, "tcp4"},
		{"tail -n +1 /proc/net/tcp", head + strings.Repeat(row4, 20), "tcp4"},
		{"head /proc/net/tcp", head + strings.Repeat(row4, 9), ""},
	}
	for _, tt := range tests {
		if got := decided(t, tt.command, tt.output, "tcp tcp4 udp all", questions); got != tt.decided {
			t.Errorf("%s decides %q, want %q", tt.command, got, tt.decided)
		}
	}
}
