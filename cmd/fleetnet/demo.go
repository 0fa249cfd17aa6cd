package main

import (
	"embed"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/fleetnet/fleetnet/inventory"
	"github.com/fleetnet/fleetnet/runner"
	"github.com/fleetnet/fleetnet/runner/sshtest"
)

// demoFleet is the recording of a small fleet in trouble.
//
//go:embed all:demofleet
var demoFleet embed.FS

func (a *app) demoCommand() *cli.Command {
	return &cli.Command{
		Name:  "demo",
		Usage: "scan a small recorded fleet, served over SSH by this process on loopback",
		Description: "Nothing but this program is needed, and nothing leaves this machine. The hosts are recordings;\n" +
			"login, collection, judgement and report are what a scan of real hosts does.",
		Flags:  []cli.Flag{text("color", "`auto`, always or never", "auto"), boolean("verbose", "print everything that is known", "v")},
		Action: a.demo,
	}
}

func (a *app) demo(c *cli.Context) error {
	if _, err := arguments(c, 0, 0, ""); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "fleetnet-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	hosts, stop, err := serveDemo(dir)
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	defer stop()
	for _, command := range [][]string{{"scan"}, {"compare", "routes", "-l", "@web"}} {
		fmt.Fprintf(a.stdout, "$ fleetnet %s -i hosts.yaml\n", strings.Join(command, " "))
		args := append([]string{"fleetnet"}, command...)
		args = append(args, "-i", hosts, "--color", c.String("color"))
		if c.Bool("verbose") {
			args = append(args, "-v")
		}
		if code := a.run(c.Context, args); code != exitOK && code != exitFindings {
			return exitStatus(code)
		}
		fmt.Fprintln(a.stdout)
	}
	return nil
}

// serveDemo plays the recorded hosts on ports of 127.0.0.1 and writes what is
// needed to log in to them below dir. It returns the inventory's path.
func serveDemo(dir string) (hosts string, stop func(), err error) {
	files, err := fs.Sub(demoFleet, "demofleet")
	if err != nil {
		return "", nil, err
	}
	if err := os.CopyFS(filepath.Join(dir, "fleet"), files); err != nil {
		return "", nil, err
	}
	rec, err := runner.OpenRecording(filepath.Join(dir, "fleet"))
	if err != nil {
		return "", nil, err
	}
	server, err := sshtest.NewServer()
	if err != nil {
		return "", nil, err
	}
	hosts, err = writeDemo(dir, rec, server)
	if err != nil {
		server.Close()
		return "", nil, err
	}
	return hosts, server.Close, nil
}

// writeDemo starts each host, and writes hosts.yaml, known_hosts and a key.
func writeDemo(dir string, rec *runner.Recording, server *sshtest.Server) (string, error) {
	var yaml, known strings.Builder
	fmt.Fprintf(&yaml, "defaults: {user: demo, identity_file: id_ed25519, known_hosts: known_hosts}\nhosts:\n")
	for _, h := range rec.Hosts() {
		addr, err := playHost(rec, server, h)
		if err != nil {
			return "", fmt.Errorf("play %s: %w", h.Name, err)
		}
		_, port, _ := net.SplitHostPort(addr)
		fmt.Fprintf(&yaml, "  %s: {addr: 127.0.0.1, port: %s, groups: [%s], platform: %s}\n", h.Name, port, strings.Join(h.Groups, ", "), h.Platform)
		known.WriteString(server.KnownHosts(addr))
	}
	key, err := sshtest.NewKey()
	if err != nil {
		return "", err
	}
	for name, content := range map[string]string{"hosts.yaml": yaml.String(), "known_hosts": known.String(), "id_ed25519": string(key)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			return "", err
		}
	}
	return filepath.Join(dir, "hosts.yaml"), nil
}

// playHost serves a host and returns its address. A host that said nothing when
// it was recorded gets a port at which nobody listens.
func playHost(rec *runner.Recording, server *sshtest.Server, h inventory.Host) (string, error) {
	path := rec.Path(h.Name)
	if path == "" {
		return closedPort()
	}
	answer, err := sshtest.Recorded(path)
	if err != nil {
		return "", err
	}
	return server.Listen(sshtest.One(sshtest.Host{Answer: answer}))
}

func closedPort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}
