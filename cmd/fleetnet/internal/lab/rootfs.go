package lab

import (
	"crypto/rand"
	"fmt"
	"strings"
)

// rootfs says what the root of a node looks like. The test process sends it to
// the node's first process as JSON.
type rootfs struct {
	Hostname string
	BootID   string   // over the kernel's, which all nodes would share
	Files    []file   // written in order
	Hide     []string // files that are not there
	Inner    *inner   // the root of sessions, when it is another
}

// inner says what the root of sessions holds besides files.
type inner struct {
	Lower     string   // a folder of the machine that it is an overlay of, or ""
	Programs  []string // of the machine, with the libraries that they load
	Multicall string   // the one of Programs that is many: each of its names leads to it
}

// file is a file to write; one whose path ends in a slash is a directory.
type file struct {
	Path    string
	Mode    uint32
	UID     int
	Content string
}

// innerRoot is where the root of sessions lies in the host's, when it is another.
// sshd wants each folder above it to be root's alone, and / and this are.
const innerRoot = "/inner"

// The layers of a node, which are folders below the one that [node.written]
// names. The upper ones hold what is written on the node.
const (
	hostLayer  = "/host"   // of the root
	innerLayer = innerRoot // of the root of sessions, if that is an overlay
)

// uid is the user and group number of a host's user who is not root.
const uid = 1000

// freshRoot describes the root of h, without what its server reads.
func freshRoot(h Host) rootfs {
	r := rootfs{Hostname: h.Name, BootID: randomUUID(), Inner: h.inner()}
	r.Files = append(r.Files,
		file{Path: "/etc/hostname", Mode: 0o644, Content: h.Name + "\n"},
		file{Path: "/etc/machine-id", Mode: 0o444, Content: strings.ReplaceAll(randomUUID(), "-", "") + "\n"},
		file{Path: "/etc/hosts", Mode: 0o644, Content: "127.0.0.1 localhost\n::1 localhost\n127.0.1.1 " + h.Name + "\n"},
		file{Path: "/etc/resolv.conf", Mode: 0o644, Content: "# a lab host asks nobody\n"},
		file{Path: "/run/sshd/", Mode: 0o755},
		file{Path: "/etc/lab/", Mode: 0o755},
	)
	r.Files = append(r.Files, pam()...)
	r.Files = append(r.Files, accounts(h, h.Userland.shell())...)
	if h.user() != "root" {
		r.Files = append(r.Files, file{Path: h.sessions() + "/home/" + h.user() + "/", Mode: 0o755, UID: uid})
	}
	without := h.Without
	if h.Userland == NoSS {
		without = append([]string{"ss", "ip", "nstat"}, without...)
	}
	for _, program := range without {
		for _, dir := range []string{"/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/"} {
			r.Hide = append(r.Hide, h.sessions()+dir+program)
		}
	}
	return r
}

// inner returns what the root of h's sessions holds, or nil when it is h's.
func (h Host) inner() *inner {
	if !h.Userland.inner() {
		return nil
	}
	in := &inner{Lower: h.Userland.root(), Programs: h.Userland.programs()}
	switch h.Userland {
	case BusyBox:
		in.Multicall = "busybox"
	case Toybox:
		in.Multicall = "toybox"
	}
	if h.Server == Dropbear {
		in.Programs = append(in.Programs, dropbear)
	}
	return in
}

// sessions is where the root of h's sessions is in the host's: "" or [innerRoot].
func (h Host) sessions() string {
	if h.Userland.inner() {
		return innerRoot
	}
	return ""
}

// accounts are the files that say who may log in and become whom.
func accounts(h Host, shell string) []file {
	passwd := "root:x:0:0:root:/root:" + shell + "\n" +
		"sshd:x:102:65534::/run/sshd:/usr/sbin/nologin\n" +
		"nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n"
	group := "root:x:0:\ntty:x:5:\nnogroup:x:65534:\n"
	// "*" is no password at all; "!" would lock the account for keys, too.
	shadow := "root:*:19000:0:99999:7:::\nsshd:*:19000:0:99999:7:::\n"
	if u := h.user(); u != "root" {
		passwd += fmt.Sprintf("%s:x:%d:%d::/home/%s:%s\n", u, uid, uid, u, shell)
		group += fmt.Sprintf("%s:x:%d:\n", u, uid)
		shadow += u + ":*:19000:0:99999:7:::\n"
	}
	files := []file{
		{Path: "/etc/passwd", Mode: 0o644, Content: passwd},
		{Path: "/etc/group", Mode: 0o644, Content: group},
		{Path: "/etc/shadow", Mode: 0o600, Content: shadow},
	}
	if h.Userland.inner() {
		files = append(files, file{Path: innerRoot + "/etc/passwd", Mode: 0o644, Content: passwd},
			file{Path: innerRoot + "/etc/shells", Mode: 0o644, Content: shell + "\n"}) // dropbear lets nobody in without
	}
	return append(files, becomeRules(h)...)
}

func randomUUID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
