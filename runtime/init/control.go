package main

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// dumpRequest is what crac-init dump sends to PID 1, one JSON object. Times are in milliseconds.
type dumpRequest struct {
	Trigger          string   `json:"trigger"`
	TriggerTimeoutMs int64    `json:"triggerTimeoutMs"`
	HooksTimeoutMs   int64    `json:"hooksTimeoutMs"`
	DumpTimeoutMs    int64    `json:"dumpTimeoutMs"`
	CriuOptions      []string `json:"criuOptions"`
	CriuProgram      string   `json:"criuProgram,omitempty"` // the JDK's own criu in place of ours
	NotCriu          bool     `json:"notCriu,omitempty"`     // the JVM's engine does without criu
}

// Triggers of a dump.
const (
	triggerAgent = "agent" // PID 1 asks the agent for the hooks
	triggerWait  = "wait"  // the application triggers itself
	triggerNone  = "none"  // no hooks
	triggerAuto  = "auto"  // agent where a JVM has started the agent, else none

	triggerJvm     = "jvm"      // PID 1 asks a CRaC JVM, whose engine then asks for criu
	triggerJvmWait = "jvm-wait" // the application asks its CRaC JVM itself
)

// fetchLimit is how long PID 1 stays after the application for its answer to be fetched.
const fetchLimit = 10 * time.Second

// listenControl opens PID 1's control socket, for root only: whoever reaches it can freeze the application.
func listenControl(path string) (*net.UnixListener, error) {
	_ = os.Remove(path)
	before := syscall.Umask(0o177)
	defer syscall.Umask(before)
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return nil, fmt.Errorf("cannot open the control socket: %w", err)
	}
	return listener, nil
}

// session is one conversation with a crac-init dump.
type session struct {
	connection *net.UnixConn
	encoder    *json.Encoder
}

// send writes one answer. A client that is gone is found out by who waits for it to fetch the answers.
func (s session) send(answer any) { _ = s.encoder.Encode(answer) }

// awaitFetched waits until the other side has read all answers and ended: once PID 1 ends, everything in the container
// ends with it, also a client that has not printed its answer yet.
func (s session) awaitFetched() {
	peer := s.peer()
	_ = s.connection.CloseWrite()
	_ = s.connection.SetReadDeadline(time.Now().Add(fetchLimit))
	_, _ = s.connection.Read(make([]byte, 1)) // returns when the client closes
	if peer >= 0 {
		wait := []unix.PollFd{{Fd: int32(peer), Events: unix.POLLIN}}
		_, _ = unix.Poll(wait, int(time.Second.Milliseconds()))
		unix.Close(peer)
	}
	s.connection.Close()
}

// peer opens a descriptor of the client's process that tells when it ends; -1 where that cannot be had.
func (s session) peer() int {
	descriptor := -1
	raw, err := s.connection.SyscallConn()
	if err != nil {
		return descriptor
	}
	_ = raw.Control(func(socket uintptr) {
		credentials, err := unix.GetsockoptUcred(int(socket), unix.SOL_SOCKET, unix.SO_PEERCRED)
		if err != nil || credentials.Pid <= 0 {
			return
		}
		if opened, err := unix.PidfdOpen(int(credentials.Pid), 0); err == nil {
			descriptor = opened
		}
	})
	return descriptor
}
