package linux

import "bytes"

// fileHeading returns the file that a line names as head and tail do, and as
// the probes that print several files:
//
//	==> /proc/net/tcp <==
func fileHeading(line []byte) (name string, ok bool) {
	rest, ok := bytes.CutPrefix(bytes.TrimRight(line, " \t"), []byte("==> "))
	if !ok {
		return "", false
	}
	rest, ok = bytes.CutSuffix(rest, []byte(" <=="))
	return string(rest), ok
}

func isFileHeading(line []byte) bool {
	_, ok := fileHeading(line)
	return ok
}
