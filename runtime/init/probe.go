package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"
)

// probe is how a process without the agent shows that it is back.
type probe struct {
	Kind string `json:"kind"` // tcp or http; anything else is no probe
	Port int    `json:"port"`
	Path string `json:"path"`
}

// probePause is the time between two tries.
const probePause = 2 * time.Millisecond

// answers asks the process until it answers or the context ends.
func (p probe) answers(ctx context.Context) bool {
	for {
		if p.once(ctx) {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(probePause):
		}
	}
}

// once asks one time. It speaks HTTP itself: the standard library's client would double the size of the program and
// take its time at every start.
func (p probe) once(ctx context.Context) bool {
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(p.Port))
	connection, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return false
	}
	defer connection.Close()
	if p.Kind != "http" {
		return true
	}
	defer context.AfterFunc(ctx, func() { connection.Close() })()
	path := p.Path
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	if _, err := fmt.Fprintf(connection, "GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: crac-init\r\nConnection: close\r\n\r\n",
		path, address); err != nil {
		return false
	}
	line, err := bufio.NewReaderSize(connection, 256).ReadString('\n')
	return err == nil && isGoodStatus(line)
}

// isGoodStatus reads the first line of an HTTP answer: 2xx and 3xx are good.
func isGoodStatus(line string) bool {
	fields := strings.Fields(line)
	return len(fields) >= 2 && strings.HasPrefix(fields[0], "HTTP/1.") && len(fields[1]) == 3 &&
		(fields[1][0] == '2' || fields[1][0] == '3')
}
