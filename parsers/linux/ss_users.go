package linux

import (
	"bytes"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// users reads the processes that hold a socket and returns how many bytes of
// text they took. Text begins with `users:(`. The forms since 4.0 and before:
//
//	users:(("sshd",pid=1041,fd=3),("systemd",pid=1,fd=74))
//	users:(("nginx",pid=812,proc_ctx=system_u:system_r:httpd_t:s0,fd=6))
//	users:(("sshd",1041,3),("systemd",1,74))
//
// The name is the command name as it is, quotes, blanks and brackets included,
// of at most 15 bytes (escaped since 7.1).
func (r *ssReader) users(text []byte, k *fleetnet.Socket) int {
	at := len("users:(")
	for {
		p, n := ssUser(text[min(at, len(text)):])
		if n == 0 {
			break
		}
		at += n
		r.slabs.Hold(k, fleetnet.Process{Name: r.out.Intern(p.name), PID: p.pid, FD: p.fd})
		if at >= len(text) || text[at] != ',' {
			break
		}
		at++
	}
	if at < len(text) && text[at] == ')' {
		return at + 1
	}
	if end := bytes.IndexByte(text, ' '); end > at {
		return end
	}
	return min(at, len(text))
}

type ssProcess struct {
	name []byte
	pid  int
	fd   fleetnet.Opt[int]
}

// maxComm is the length of a command name (TASK_COMM_LEN in the kernel, less one).
const maxComm = 15

// ssUser reads one `("name",…)` and returns its length, 0 when text does not begin with one.
func ssUser(text []byte) (ssProcess, int) {
	if !bytes.HasPrefix(text, []byte(`("`)) {
		return ssProcess{}, 0
	}
	text = text[2:]
	if end := nameEnd(text, []byte(`",pid=`)); end >= 0 {
		p, n := numbered(text[end+2:])
		p.name = text[:end]
		return p, sum(2+end+2, n)
	}
	end := bytes.Index(text, []byte(`",`))
	if end < 0 {
		return ssProcess{}, 0
	}
	p, n := bare(text[end+2:])
	p.name = text[:end]
	return p, sum(2+end+2, n)
}

// sum returns the length of an entry whose second part is n bytes long, 0 when there is none.
func sum(first, n int) int {
	if n == 0 {
		return 0
	}
	return first + n
}

// nameEnd returns where a name ends: at the last mark within the length that a
// name has, as a name may hold the mark itself.
func nameEnd(text, mark []byte) int {
	first := bytes.Index(text, mark)
	if first < 0 || first > 4*maxComm {
		return -1
	}
	window := text[:min(len(text), maxComm+len(mark))]
	if last := bytes.LastIndex(window, mark); last > first {
		return last
	}
	return first
}

// numbered reads `pid=1041,fd=3)` with further keys between.
func numbered(text []byte) (ssProcess, int) {
	var p ssProcess
	for at := 0; at < len(text); {
		end := at
		for end < len(text) && text[end] != ',' && text[end] != ')' {
			end++
		}
		if end == len(text) {
			return p, 0
		}
		key, value, _ := bytes.Cut(text[at:end], []byte("="))
		n, ok := field.Uint(value, 31)
		switch {
		case string(key) == "pid" && ok:
			p.pid = int(n)
		case string(key) == "fd" && ok:
			p.fd = fleetnet.Some(int(n))
		case string(key) == "pid" || string(key) == "fd":
			return p, 0
		}
		if at = end + 1; text[end] == ')' {
			return p, at
		}
	}
	return p, 0
}

// bare reads `1041,3)`.
func bare(text []byte) (ssProcess, int) {
	end := bytes.IndexByte(text, ')')
	if end < 0 {
		return ssProcess{}, 0
	}
	pid, fd, _ := bytes.Cut(text[:end], []byte(","))
	n, ok1 := field.Uint(pid, 31)
	m, ok2 := field.Uint(fd, 31)
	if !ok1 || !ok2 {
		return ssProcess{}, 0
	}
	return ssProcess{pid: int(n), fd: fleetnet.Some(int(m))}, end + 1
}
