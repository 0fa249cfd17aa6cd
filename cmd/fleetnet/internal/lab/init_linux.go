package lab

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
)

// private are folders that begin empty, instead of showing the machine's.
var private = []string{"/root", "/home", "/tmp", "/var/tmp", "/run", "/etc/sudoers.d"}

// runInit is the first process of a node. It reads a [rootfs] from in, makes
// it the root, writes "ready FD" to out, where FD is its descriptor of the
// folder of everything written there (see [enterRoot]), and then reaps orphans until in
// ends. Its end ends every process of the node.
func runInit(in io.Reader, out io.Writer) error {
	var r rootfs
	if err := json.NewDecoder(in).Decode(&r); err != nil {
		return fmt.Errorf("lab: read root: %w", err)
	}
	if err := syscall.Sethostname([]byte(r.Hostname)); err != nil {
		return fmt.Errorf("lab: set hostname: %w", err)
	}
	written, err := enterRoot(r)
	if err != nil {
		return err
	}
	defer written.Close()
	// A machine that forwards would have the node inherit it, and the hub join
	// networks that are to be apart.
	os.WriteFile("/proc/sys/net/ipv4/ip_forward", []byte("0"), 0)
	// Addresses are to be usable at once. Without IPv6 there is no such file.
	for _, conf := range []string{"all", "default"} {
		os.WriteFile("/proc/sys/net/ipv6/conf/"+conf+"/accept_dad", []byte("0"), 0)
	}
	if _, err := fmt.Fprintf(out, "ready %d\n", written.Fd()); err != nil {
		return err
	}
	reapUntilEOF(in)
	return nil
}

func reapUntilEOF(in io.Reader) {
	orphans := make(chan os.Signal, 1)
	signal.Notify(orphans, syscall.SIGCHLD)
	eof := make(chan struct{})
	go func() {
		io.Copy(io.Discard, in)
		close(eof)
	}()
	for {
		select {
		case <-eof:
			return
		case <-orphans:
			for {
				if pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil); err != nil || pid <= 0 {
					break
				}
			}
		}
	}
}

// enterRoot makes the root and pivots into it. It returns the folder of the
// upper layers.
func enterRoot(r rootfs) (written *os.File, err error) {
	// A tmpfs over /run is seen by this mount namespace only.
	const base = "/run"
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return nil, fmt.Errorf("lab: make mounts private: %w", err)
	}
	if err := mount("tmpfs", base, "tmpfs", ""); err != nil {
		return nil, err
	}
	if err := hideOwn(base + "/written" + hostLayer); err != nil {
		return nil, err
	}
	written, err = os.Open(base + "/written")
	if err != nil {
		return nil, err
	}
	root := base + "/root"
	if err := mountOverlay(root, "/", base, hostLayer); err != nil {
		return nil, err
	}
	if r.Inner != nil && r.Inner.Lower != "" {
		if err := mountOverlay(root+innerRoot, r.Inner.Lower, base, innerLayer); err != nil {
			return nil, err
		}
	}
	if err := furnish(root, r); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(root+"/run/old", 0o700); err != nil {
		return nil, err
	}
	if err := syscall.PivotRoot(root, root+"/run/old"); err != nil {
		return nil, fmt.Errorf("lab: pivot root: %w", err)
	}
	if err := os.Chdir("/"); err != nil {
		return nil, err
	}
	if err := syscall.Unmount("/run/old", syscall.MNT_DETACH); err != nil {
		return nil, fmt.Errorf("lab: leave old root: %w", err)
	}
	return written, os.Remove("/run/old")
}

// mountOverlay mounts lower at dir, with layer to take what is written.
func mountOverlay(dir, lower, base, layer string) error {
	for _, d := range []string{dir, base + "/written" + layer, base + "/work" + layer} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			return err
		}
	}
	options := fmt.Sprintf("lowerdir=%s,upperdir=%s/written%s,workdir=%[2]s/work%[3]s", lower, base, layer)
	return mount("overlay", dir, "overlay", options)
}

// hideOwn makes the private folders in an upper layer, and makes them opaque: the
// attribute is how the kernel marks a folder that hides the one below.
func hideOwn(upper string) error {
	for _, dir := range private {
		if err := os.MkdirAll(upper+dir, 0o755); err != nil {
			return err
		}
		if err := syscall.Setxattr(upper+dir, "trusted.overlay.opaque", []byte("y"), 0); err != nil {
			return fmt.Errorf("lab: hide %s: %w", dir, err)
		}
	}
	for _, dir := range []string{"/tmp", "/var/tmp"} {
		if err := os.Chmod(upper+dir, 0o777|os.ModeSticky); err != nil {
			return err
		}
	}
	return os.Chmod(upper+"/root", 0o700)
}

// furnish mounts and writes what r wants under root.
func furnish(root string, r rootfs) error {
	if err := mountKernel(root); err != nil {
		return err
	}
	for _, f := range r.Files {
		if err := f.write(root); err != nil {
			return err
		}
	}
	if err := mountBootID(root, r.BootID); err != nil {
		return err
	}
	if r.Inner != nil {
		if err := furnishInner(root, r.Inner); err != nil {
			return err
		}
	}
	for _, path := range r.Hide {
		if err := os.Remove(root + path); err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	return nil
}

// mountKernel mounts what the kernel shows of this node's namespaces.
func mountKernel(root string) error {
	for _, m := range []struct{ fstype, dir, opts string }{
		{"proc", "/proc", ""}, {"sysfs", "/sys", ""}, {"", "/dev", ""},
		{"devpts", "/dev/pts", "newinstance,ptmxmode=0666,mode=0620,gid=5"}, {"tmpfs", "/dev/shm", ""},
	} {
		if err := mount(m.fstype, root+m.dir, m.fstype, m.opts); err != nil {
			return err
		}
	}
	return nil
}

// mount mounts a file system, or without a type binds the machine's folder of the same path.
func mount(source, dir, fstype, opts string) error {
	var flags uintptr
	if fstype == "" {
		source, flags = "/"+filepath.Base(dir), syscall.MS_BIND
	}
	if err := syscall.Mount(source, dir, fstype, flags, opts); err != nil {
		return fmt.Errorf("lab: mount %s on %s: %w", source, dir, err)
	}
	return nil
}

func mountBootID(root, id string) error {
	f := file{Path: "/etc/lab/boot_id", Mode: 0o444, Content: id + "\n"}
	if err := f.write(root); err != nil {
		return err
	}
	if err := syscall.Mount(root+f.Path, root+"/proc/sys/kernel/random/boot_id", "", syscall.MS_BIND, ""); err != nil {
		return fmt.Errorf("lab: mount boot_id: %w", err)
	}
	return nil
}

// furnishInner makes the root of sessions. The server's files are there as well,
// for one that runs in it.
func furnishInner(root string, in *inner) error {
	to := root + innerRoot
	for _, dir := range []string{"/bin", "/root", "/tmp", "/etc"} {
		if err := os.MkdirAll(to+dir, 0o755); err != nil {
			return err
		}
	}
	for _, dir := range []string{"/proc", "/sys", "/dev", "/run", "/etc/lab"} {
		if err := os.MkdirAll(to+dir, 0o755); err != nil {
			return err
		}
		if err := syscall.Mount(root+dir, to+dir, "", syscall.MS_BIND|syscall.MS_REC, ""); err != nil {
			return fmt.Errorf("lab: bind %s: %w", dir, err)
		}
	}
	if err := installPrograms(to, in.Programs); err != nil {
		return err
	}
	return linkNames(to, in.Multicall)
}

// linkNames makes a link to a program in to's /bin for each of its names.
func linkNames(to, multicall string) error {
	var args []string
	switch multicall {
	case "":
		return nil
	case "busybox":
		args = []string{"--list"} // toybox lists them when it is told nothing
	}
	names, err := exec.Command(multicall, args...).Output()
	if err != nil {
		return fmt.Errorf("lab: list the names of %s: %w", multicall, err)
	}
	for name := range strings.FieldsSeq(string(names)) {
		if err := os.Symlink(multicall, to+"/bin/"+name); err != nil && !os.IsExist(err) {
			return err
		}
	}
	return nil
}

// installPrograms copies programs to where to has them: those with a path there,
// the others in /bin, and the libraries they load. A shell that is BusyBox would
// bring all the applets along; a real one does not.
func installPrograms(to string, names []string) error {
	for _, name := range names {
		path, err := exec.LookPath(name)
		if err != nil {
			return err
		}
		place := name
		if !filepath.IsAbs(name) {
			place = "/bin/" + name
		}
		if err := copyFile(path, to+place); err != nil {
			return err
		}
		libraries, _ := exec.Command("ldd", path).Output() // fails for a static program, which has none
		for field := range strings.FieldsSeq(string(libraries)) {
			if !strings.HasPrefix(field, "/") {
				continue
			}
			if err := copyFile(field, to+field); err != nil {
				return err
			}
		}
	}
	return nil
}

// copyFile copies a program. What is there already stays.
func copyFile(from, to string) error {
	if _, err := os.Stat(to); err == nil {
		return nil
	}
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return file{Path: to, Mode: 0o755, Content: string(content)}.write("")
}
