package runner

import (
	"bytes"
	"strings"
)

const (
	// maxFrame bounds the line of a frame; ours are shorter.
	maxFrame = 512
	// maxHeld bounds the unfinished line that is kept back. A longer one is
	// passed on in pieces.
	maxHeld = 64 << 10
)

// frameSink takes what a framer finds.
type frameSink interface {
	// frame takes the words of a frame's line that follow the nonce.
	frame(words []string)
	// text takes bytes that stand between frames. Its pieces end at the end of a
	// line, the line feed itself coming with the next piece.
	text(p []byte)
}

// framer finds the frames in one stream of a host's answer, whatever the
// pieces in which it comes. A frame is told by the nonce alone, wherever in a
// line it stands: a banner without a line feed may precede the first one.
type framer struct {
	marker []byte // "@fleetnet NONCE "
	held   []byte // the last line so far, with the line feed before it
	seen   int    // bytes of held in which no marker begins
	sink   frameSink
}

func newFramer(nonce string, sink frameSink) *framer {
	return &framer{marker: []byte("@fleetnet " + nonce + " "), sink: sink}
}

// write takes the next piece of the stream and keeps no reference to it. What
// it costs does not depend on how much is held.
func (f *framer) write(p []byte) {
	fresh := len(f.held)
	if fresh > 0 {
		f.held = append(f.held, p...)
		p = f.held
	}
	rest := f.frames(p, f.seen)
	if len(rest) < len(p) {
		fresh = 0
	}
	cut := f.hold(rest, fresh)
	f.emit(rest[:cut])
	if len(f.held) == 0 || len(rest)-cut < len(p) {
		f.held = append(f.held[:0], rest[cut:]...)
	}
	f.seen = f.unmarked(f.held)
}

// frames passes on all up to the last whole frame in p, and returns what
// follows. No frame begins in the first skip bytes.
func (f *framer) frames(p []byte, skip int) []byte {
	for {
		i := bytes.Index(p[skip:], f.marker)
		if i < 0 {
			return p
		}
		i += skip
		nl := bytes.IndexByte(p[i:min(len(p), i+maxFrame)], '\n')
		switch {
		case nl < 0 && len(p)-i < maxFrame:
			f.emit(p[:lineEnd(p, i)])
			return p[lineEnd(p, i):]
		case nl < 0: // nothing of ours is that long
			skip = i + len(f.marker)
			continue
		}
		f.emit(p[:lineEnd(p, i)])
		f.sink.frame(strings.Fields(string(p[i+len(f.marker) : i+nl])))
		p, skip = p[i+nl+1:], 0
	}
}

// hold returns from where on p is kept back: its last line, which may be cut
// or become a frame, with the line feed before it, which may be the frame's. No
// line but the first begins in the first skip bytes.
func (f *framer) hold(p []byte, skip int) int {
	cut := 0
	if nl := bytes.LastIndexByte(p[skip:], '\n'); nl >= 0 {
		cut = lineEnd(p, skip+nl+1)
	}
	if len(p)-cut > maxHeld {
		return f.unmarked(p)
	}
	return cut
}

// unmarked returns how many bytes of p certainly begin no frame's line.
func (f *framer) unmarked(p []byte) int {
	from := max(0, len(p)-maxFrame)
	if i := bytes.Index(p[from:], f.marker); i >= 0 {
		return from + i
	}
	from = max(0, len(p)-len(f.marker)+1)
	if i := bytes.LastIndexByte(p[from:], '@'); i >= 0 && bytes.HasPrefix(f.marker, p[from+i:]) {
		return from + i
	}
	return len(p)
}

// close ends the stream: what was kept back is a line without an end, which is
// passed on if whole is set, and dropped, as it may be half of one, if not.
func (f *framer) close(whole bool) {
	if whole {
		f.emit(f.held)
	}
	f.held, f.seen = nil, 0
}

func (f *framer) emit(p []byte) {
	if len(p) > 0 {
		f.sink.text(p)
	}
}

// lineEnd returns where the line that ends right before i ends, without its
// CR LF or LF, if it has one.
func lineEnd(p []byte, i int) int {
	if i > 0 && p[i-1] == '\n' {
		i--
		if i > 0 && p[i-1] == '\r' {
			i--
		}
	}
	return i
}
