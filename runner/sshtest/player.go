package sshtest

import (
	"bytes"
	"io"
	"net"
	"strconv"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"
)

// player plays one host on one connection that is logged in.
type player struct {
	server *Server
	host   Host
	conn   net.Conn
}

// channels serves the channels that the client opens, until the connection ends.
func (p *player) channels(chans <-chan ssh.NewChannel) {
	var wg sync.WaitGroup
	defer wg.Wait()
	for c := range chans {
		switch {
		case c.ChannelType() == "direct-tcpip":
			wg.Go(func() { p.forward(c) })
		case c.ChannelType() != "session":
			_ = c.Reject(ssh.UnknownChannelType, "")
		case p.host.Fault == HangAfterLogin:
		default:
			wg.Go(func() { p.session(c) })
		}
	}
}

// forward connects two ends (RFC 4254, section 7.2).
func (p *player) forward(c ssh.NewChannel) {
	var to struct {
		Host     string
		Port     uint32
		FromHost string
		FromPort uint32
	}
	if ssh.Unmarshal(c.ExtraData(), &to) != nil || p.server.Forward == nil {
		_ = c.Reject(ssh.Prohibited, "open failed")
		return
	}
	far, err := p.server.Forward(net.JoinHostPort(to.Host, strconv.Itoa(int(to.Port))))
	if err != nil {
		_ = c.Reject(ssh.ConnectionFailed, err.Error())
		return
	}
	near, requests, err := c.Accept()
	if err != nil {
		far.Close()
		return
	}
	go ssh.DiscardRequests(requests)
	var wg sync.WaitGroup
	wg.Go(func() {
		_, _ = io.Copy(near, far)
		near.Close()
	})
	_, _ = io.Copy(far, near)
	far.Close()
	wg.Wait()
}

func (p *player) session(c ssh.NewChannel) {
	ch, requests, err := c.Accept()
	if err != nil {
		return
	}
	defer ch.Close()
	var exec struct{ Command string }
	for req := range requests {
		_ = req.Reply(req.Type == "exec", nil)
		if req.Type == "exec" {
			_ = ssh.Unmarshal(req.Payload, &exec)
			break
		}
	}
	go ssh.DiscardRequests(requests)
	script, err := io.ReadAll(io.LimitReader(ch, 1<<20))
	if err != nil {
		return
	}
	p.answer(ch, exec.Command, script)
}

func (p *player) answer(ch ssh.Channel, command string, script []byte) {
	p.sleep(p.host.Pause)
	reply := p.reply(command, script)
	status := reply.Status
	var errs sync.WaitGroup
	defer errs.Wait()
	errs.Go(func() { _, _ = ch.Stderr().Write(reply.Stderr) })
	half := len(reply.Stdout) / 2
	switch p.host.Fault {
	case HangBeforeOutput:
		<-p.server.stop
		return
	case HangInOutput:
		_, _ = ch.Write(reply.Stdout[:half])
		<-p.server.stop
		return
	case CutInOutput:
		_, _ = ch.Write(reply.Stdout[:half])
		p.conn.Close()
		return
	case EndInOutput:
		_, _ = ch.Write(reply.Stdout[:half])
		_, _ = ch.SendRequest("exit-signal", false, ssh.Marshal(struct {
			Signal     string
			CoreDumped bool
			Text, Lang string
		}{Signal: "KILL"}))
		return
	case Endless:
		p.endless(ch, reply.Stdout[:half])
		return
	case Drip:
		p.drip(ch, reply.Stdout)
	case Noise:
		_, _ = ch.Write(noisy(reply.Stdout))
	default:
		_, _ = ch.Write(reply.Stdout)
	}
	errs.Wait()
	_, _ = ch.SendRequest("exit-status", false, ssh.Marshal(struct{ Status uint32 }{uint32(status)}))
}

func (p *player) reply(command string, script []byte) Reply {
	switch {
	case p.host.Command != nil:
		return p.host.Command(command, script)
	case p.host.Fault == NoLogin:
		return Reply{Stdout: []byte("This account is currently not available.\n"), Status: 1}
	case p.host.Fault == NoShell || p.host.Answer == nil:
		return Reply{Stderr: []byte("bash: line 1: /bin/sh: No such file or directory\n"), Status: 127}
	}
	return p.host.Answer(script)
}

func (p *player) endless(ch ssh.Channel, first []byte) {
	_, err := ch.Write(first)
	block := bytes.Repeat([]byte("and so on, and so on\n"), 1<<10)
	for err == nil {
		_, err = ch.Write(block)
	}
}

func (p *player) drip(ch ssh.Channel, text []byte) {
	for len(text) > 0 {
		k := min(len(text), 7)
		if _, err := ch.Write(text[:k]); err != nil {
			return
		}
		text = text[k:]
		p.sleep(p.host.Pause)
	}
}

// sleep ends early with the server.
func (p *player) sleep(d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-p.server.stop:
	}
}

// noisy puts what login scripts, background jobs and logout scripts print
// around the frames, the first of it without a line feed, and ends lines as a
// terminal does.
func noisy(text []byte) []byte {
	text = bytes.ReplaceAll(text, []byte("\n@fleetnet"), []byte("\r\n@fleetnet"))
	marker := []byte("@fleetnet ")
	out := append([]byte("Welcome to web1!\r\n\r\n@fleetnet 0123 begin linux/ss root\r\nYou have mail."), text...)
	if i := bytes.Index(out, append([]byte("end platform"), ' ')); i >= 0 {
		nl := i + bytes.IndexByte(out[i:], '\n') + 1
		out = append(out[:nl:nl], append([]byte("a job prints this\r\n"), out[nl:]...)...)
	}
	if !bytes.Contains(text, marker) {
		return text
	}
	return append(out, "logout\r\n"...)
}
