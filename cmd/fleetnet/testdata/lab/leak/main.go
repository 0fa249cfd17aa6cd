// Leak holds connections whose other ends are closed: CLOSE_WAIT. It is what
// TestLiveWindows has Windows run, whose netstat under Wine knows the sockets of
// Windows programs only.
package main

import (
	"log"
	"net"
	"runtime"
	"time"
)

const leaks = 150

func main() {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	var held []net.Conn
	for range leaks {
		client, err := net.Dial("tcp4", listener.Addr().String())
		if err != nil {
			log.Fatal(err)
		}
		server, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		held = append(held, server)
		client.Close()
	}
	time.Sleep(time.Hour)
	runtime.KeepAlive(held)
}
