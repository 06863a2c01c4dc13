package main

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// The engine of a CRaC JDK starts criu itself, as the application's user and with the application's capabilities, which
// are none. So what it finds in criu's place is crac-init (criuInstead), which has PID 1 do the work.

// criuCall is a call of criu that the engine of a CRaC JDK made.
type criuCall struct {
	Arguments []string `json:"arguments"`

	connection *net.UnixConn
	pid        int    // of the JVM that is to be dumped
	folder     string // for the files
	log        string // criu's log in it
}

// criuResult is PID 1's answer to it.
type criuResult struct {
	ExitCode int    `json:"exitCode"`
	Output   string `json:"output"`
}

// listen opens a socket in the hand-over folder that only the folder's user reaches.
func (h handOver) listen(path string) (listener *net.UnixListener, err error) {
	err = asUser(h.uid, h.gid, func() error {
		listener, err = net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
		if err != nil {
			return fmt.Errorf("cannot open the socket for calls of criu: %w", err)
		}
		return os.Chmod(path, 0o666) // the folder keeps others out, and the application may change its user
	})
	return listener, err
}

// acceptCalls hands on the calls that come until the deadline. Who has nothing to do with the application is not heard.
func (b *baker) acceptCalls(deadline time.Time) <-chan *criuCall {
	calls := make(chan *criuCall, 1)
	if b.calls == nil {
		return calls
	}
	_ = b.calls.SetDeadline(deadline)
	go func() {
		for {
			connection, err := b.calls.AcceptUnix()
			if err != nil {
				return
			}
			call, err := readCall(connection)
			if err != nil {
				fmt.Fprintln(os.Stderr, "crac-init: "+err.Error())
				connection.Close()
				continue
			}
			calls <- call
			return
		}
	}()
	return calls
}

// stopAccepting lets acceptCalls end.
func (b *baker) stopAccepting() {
	if b.calls != nil {
		_ = b.calls.SetDeadline(time.Now())
	}
}

// readCall reads a call and what it asks for. The caller has to be the user of the JVM that it names.
func readCall(connection *net.UnixConn) (*criuCall, error) {
	call := &criuCall{connection: connection}
	_ = connection.SetReadDeadline(time.Now().Add(fetchLimit))
	if err := json.NewDecoder(connection).Decode(call); err != nil {
		return nil, fmt.Errorf("a call of criu cannot be understood: %w", err)
	}
	option := func(name string) string {
		if at := slices.Index(call.Arguments, name); at >= 0 && at+1 < len(call.Arguments) {
			return call.Arguments[at+1]
		}
		return ""
	}
	var err error
	if call.pid, err = strconv.Atoi(option("-t")); err != nil || len(call.Arguments) == 0 || call.Arguments[0] != "dump" {
		return nil, fmt.Errorf("the JVM's engine calls criu with %q, not for a dump", call.Arguments)
	}
	call.folder, call.log = option("-D"), filepath.Base(option("-o"))
	main, err := readProcessStatus(call.pid)
	if err != nil {
		return nil, fmt.Errorf("the JVM's engine wants process %d dumped: %w", call.pid, err)
	}
	if uid, err := peerUid(connection); err != nil || uid != main.uid {
		return nil, fmt.Errorf("a process of uid %d asks for a dump of process %d, which is uid %d's", uid, call.pid, main.uid)
	}
	return call, nil
}

// peerUid is who is at the other end of a connection.
func peerUid(connection *net.UnixConn) (int, error) {
	raw, err := connection.SyscallConn()
	if err != nil {
		return -1, err
	}
	uid, optionErr := -1, error(nil)
	err = raw.Control(func(socket uintptr) {
		var peer *unix.Ucred
		if peer, optionErr = unix.GetsockoptUcred(int(socket), unix.SOL_SOCKET, unix.SO_PEERCRED); optionErr == nil {
			uid = int(peer.Uid)
		}
	})
	if err == nil {
		err = optionErr
	}
	return uid, err
}

// answer ends the call with criu's exit code and what it printed.
func (c *criuCall) answer(exitCode int, output string) {
	_ = c.connection.SetWriteDeadline(time.Now().Add(fetchLimit))
	_ = json.NewEncoder(c.connection).Encode(criuResult{exitCode, output})
	c.connection.Close()
}
