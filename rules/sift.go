package rules

import (
	"hash/crc32"
	"math/bits"

	"github.com/fleetnet/fleetnet"
)

// siftedRow is a row that matches, or might.
type siftedRow struct {
	row     int32
	hash    uint32 // of its keys
	verdict truth
	keyed   bool
}

// sift is look for every row that may match, less the rows of groups that have
// fewer than least rows and cannot alert. It counts rows by a hash of their
// keys before it makes groups: a bucket has no fewer rows than any of its groups.
func (s *scan) sift(f *frame, least float64) {
	var rows []siftedRow
	strays := 0
	table := crc32.MakeTable(crc32.Castagnoli)
	s.rule.candidates(f, func() {
		v := s.rule.verdict(f)
		if v == no {
			return
		}
		keyed := s.makeKey(f)
		if !keyed {
			strays++
		}
		rows = append(rows, siftedRow{int32(f.row), crc32.Checksum(s.key, table), v, keyed})
	})
	counts := make([]uint32, 2<<bits.Len(uint(len(rows))))
	mask := uint32(len(counts) - 1)
	for _, r := range rows {
		counts[r.hash&mask]++
	}
	for _, r := range rows {
		if !r.keyed || float64(counts[r.hash&mask])+float64(strays) >= least {
			f.row = int(r.row)
			s.look(f, r.verdict)
		}
	}
}

// siftable returns how many rows a group of the host must have to be of
// interest. On a host that may have more rows than were seen, any is.
func (s *scan) siftable(f *frame) (least float64, ok bool) {
	if len(s.rule.keys) == 0 || s.cover.Status != fleetnet.StatusComplete {
		return 0, false
	}
	least = s.rule.alert.least(f)
	return least, least > 1
}
