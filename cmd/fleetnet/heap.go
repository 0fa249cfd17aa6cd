package main

// heapFloor is how much may be allocated before memory is collected for the
// first time. A scan holds only a few MiB at a time: collecting whenever that has
// doubled, as Go does, would take a fifth of its time.
const heapFloor = 64 << 20

// heapBallast returns memory that is never touched, and so takes no room, but
// counts when the runtime decides whether the heap has doubled. It works until
// the garbage collector finds it unused. Those who set GOGC or GOMEMLIMIT
// themselves get none.
func heapBallast(getenv func(string) string) []byte {
	if getenv("GOGC") != "" || getenv("GOMEMLIMIT") != "" {
		return nil
	}
	return make([]byte, heapFloor/2)
}
