package main

import (
	"context"
	"fmt"
	"net"
	"testing"
	"time"
)

// serve answers every connection with a text and returns its port.
func serve(t *testing.T, answer string) int {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = connection.Read(make([]byte, 1024))
			fmt.Fprint(connection, answer)
			connection.Close()
		}
	}()
	return listener.Addr().(*net.TCPAddr).Port
}

func TestProbes(t *testing.T) {
	for _, c := range []struct {
		kind, answer string
		want         bool
	}{
		{"http", "HTTP/1.1 200 \r\n\r\n", true}, {"http", "HTTP/1.0 302 Found\r\n\r\n", true},
		{"http", "HTTP/1.1 503 Service Unavailable\r\n\r\n", false}, {"http", "HTTP/1.1 404 \r\n\r\n", false},
		{"http", "", false}, {"http", "SSH-2.0-x\r\n", false}, {"tcp", "", true},
	} {
		ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
		if got := (probe{c.kind, serve(t, c.answer), "/health"}).answers(ctx); got != c.want {
			t.Errorf("%s with %q: got %v", c.kind, c.answer, got)
		}
		cancel()
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	if (probe{"tcp", 1, ""}).answers(ctx) || time.Since(start) > time.Second {
		t.Error("a closed port answered, or the deadline was missed")
	}
}
