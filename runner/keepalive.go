package runner

import (
	"context"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"
)

// missedLimit is how many signs of life may stay unanswered.
const missedLimit = 3

// keepAlive asks the server for a sign of life at each interval, and cancels
// with a *lost when three stay unanswered. It costs nothing before the first interval
// is over. The connection must be closed after stop.
func keepAlive(client *ssh.Client, interval time.Duration, cancel context.CancelCauseFunc) (stop func()) {
	k := &pulse{client: client, interval: interval, cancel: cancel}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.timer = time.AfterFunc(interval, k.beat)
	return k.stop
}

type pulse struct {
	client   *ssh.Client
	interval time.Duration
	cancel   context.CancelCauseFunc

	mu      sync.Mutex
	timer   *time.Timer
	asked   bool // a request is under way
	missed  int
	stopped bool
}

func (k *pulse) beat() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.stopped {
		return
	}
	if k.asked {
		if k.missed++; k.missed == missedLimit {
			k.cancel(&lost{time.Duration(k.missed) * k.interval})
			return
		}
	} else {
		k.asked = true
		go k.ask()
	}
	k.timer.Reset(k.interval)
}

// ask ends when the server answers, with whatever, or the connection ends.
func (k *pulse) ask() {
	_, _, err := k.client.SendRequest("keepalive@openssh.com", true, nil)
	if err != nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.asked, k.missed = false, 0
}

func (k *pulse) stop() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.stopped = true
	k.timer.Stop()
}
