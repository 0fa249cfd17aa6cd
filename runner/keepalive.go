package runner

import (
	"context"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"
)

// pulseRate is how often a sign of life is asked for, and how many may stay
// unanswered.
type pulseRate struct {
	interval time.Duration
	missed   int
}

// keepAlive asks the server for a sign of life at each interval, and cancels
// with a *lost when too many stay unanswered. It costs nothing before the first
// interval is over. The connection must be closed after stop. A master of ssh
// passes no such request on, and asks by itself.
func keepAlive(link *link, rate pulseRate, cancel context.CancelCauseFunc) (stop func()) {
	if link.master != nil {
		return func() {}
	}
	k := &pulse{client: link.client, rate: rate, cancel: cancel}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.timer = time.AfterFunc(rate.interval, k.beat)
	return k.stop
}

type pulse struct {
	client *ssh.Client
	rate   pulseRate
	cancel context.CancelCauseFunc

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
		if k.missed++; k.missed == k.rate.missed {
			k.cancel(&lost{time.Duration(k.missed) * k.rate.interval})
			return
		}
	} else {
		k.asked = true
		go k.ask()
	}
	k.timer.Reset(k.rate.interval)
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
