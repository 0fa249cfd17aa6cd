package lab

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// patience bounds everything that the lab waits for. Only what will never come
// takes that long; a machine under load is slow.
const patience = time.Minute

// path is the PATH of programs that run in a node.
const path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// node is a set of namespaces with a process in it: a host, or the hub.
type node struct {
	name    string
	dir     string // for its log
	first   *exec.Cmd
	life    io.Closer // ends the first process, and with it all others
	written string    // the folder of what was written in its roots, seen from outside
}

// startNode makes the namespaces and the root of a node.
func startNode(dir string, r rootfs) (*node, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(dir, "init.log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = []string{path, reexec + "=" + asInit}
	cmd.Stderr = log
	inNamespaces(cmd)
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("lab: start %s: %w", r.Hostname, err)
	}
	n := &node{name: r.Hostname, dir: dir, first: cmd, life: in}
	if err := n.ready(in, out, r); err != nil {
		n.stop()
		text, _ := os.ReadFile(log.Name())
		return nil, fmt.Errorf("lab: start %s: %w: %s", r.Hostname, err, bytes.TrimSpace(text))
	}
	return n, nil
}

// ready hands the first process its root and waits until it is in it.
func (n *node) ready(in io.Writer, out io.Reader, r rootfs) error {
	if err := json.NewEncoder(in).Encode(r); err != nil {
		return err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return err
	}
	fd, ok := strings.CutPrefix(strings.TrimSpace(line), "ready ")
	if !ok {
		return fmt.Errorf("it says %q; does TestMain call lab.Main first?", line)
	}
	n.written = fmt.Sprintf("/proc/%d/fd/%s/", n.pid(), fd)
	return nil
}

// pid is the number of the first process, outside.
func (n *node) pid() int { return n.first.Process.Pid }

// root is the node's root, seen from outside.
func (n *node) root() string { return fmt.Sprintf("/proc/%d/root", n.pid()) }

// stop ends every process of the node and waits for the first, which the
// kernel lets go last. Namespaces and mounts go with them.
func (n *node) stop() {
	n.life.Close()
	n.first.Process.Kill()
	n.first.Wait()
}

// exec runs a program as a user of the node would find it.
func (n *node) exec(stdin string, argv ...string) (string, error) {
	return n.enter([]string{"-m", "-u", "-i", "-n", "-p"}, stdin, argv)
}

// net runs a program of the machine in the node's network.
func (n *node) net(stdin string, argv ...string) (string, error) {
	return n.enter([]string{"-n"}, stdin, argv)
}

// enter runs argv in some of the node's namespaces and returns its output.
func (n *node) enter(flags []string, stdin string, argv []string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	args := append([]string{"-t", strconv.Itoa(n.pid())}, flags...)
	cmd := exec.CommandContext(ctx, "nsenter", append(append(args, "--"), argv...)...)
	cmd.Env = []string{path, "LC_ALL=C", "HOME=/root"}
	cmd.Stdin = strings.NewReader(stdin)
	cmd.WaitDelay = patience // a second is not enough for the last output on a machine under load
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return out.String(), fmt.Errorf("lab: %s: %s: %w: %s", n.name, strings.Join(argv, " "), err, bytes.TrimSpace(errs.Bytes()))
	}
	return out.String(), nil
}

// ip runs lines of `ip -batch` in the node's network.
func (n *node) ip(lines ...string) error {
	_, err := n.net(strings.Join(lines, "\n")+"\n", "ip", "-batch", "-")
	if err != nil {
		return fmt.Errorf("%w\n%s", err, strings.Join(lines, "\n"))
	}
	return nil
}
