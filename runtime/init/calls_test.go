package main

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// callOver sends bytes to the socket on which calls of criu come, and reads the call.
func callOver(t *testing.T, send func(socket string)) (*criuCall, error) {
	t.Helper()
	socket := filepath.Join(t.TempDir(), "calls.sock")
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: socket, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go send(socket)
	connection, err := listener.AcceptUnix()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { connection.Close() })
	return readCall(connection)
}

// dumpOf is how the engine of a CRaC JDK calls criu for a dump, as recorded.
func dumpOf(pid int) []string {
	return []string{"dump", "-t", strconv.Itoa(pid), "-D", "/opt/crac-files", "--shell-job", "-v4", "-o", "dump4.log"}
}

func TestCallOfCriuIsReadAndAnswered(t *testing.T) {
	results := make(chan criuResult, 1)
	call, err := callOver(t, func(socket string) {
		result, _ := callPID1(socket, dumpOf(os.Getpid()))
		results <- result
	})
	if err != nil {
		t.Fatal(err)
	}
	if call.pid != os.Getpid() || call.folder != "/opt/crac-files" || call.log != "dump4.log" {
		t.Errorf("read %+v", call)
	}
	call.answer(1, "no luck")
	if result := <-results; result != (criuResult{1, "no luck"}) {
		t.Errorf("answered %+v", result)
	}
}

func TestCallsThatAreNoDumpsOfACaller(t *testing.T) {
	for title, words := range map[string][]string{
		"a restore":         {"restore", "-D", "/opt/crac-files"},
		"nothing":           {},
		"no process":        {"dump", "-D", "/opt/crac-files"},
		"no number":         {"dump", "-t", "x", "-D", "/opt/crac-files"},
		"a word is missing": {"dump", "-t"},
		"nobody's process":  dumpOf(1 << 30),
	} {
		if _, err := callOver(t, func(socket string) { _, _ = callPID1(socket, words) }); err == nil {
			t.Errorf("%s was accepted", title)
		}
	}
	_, err := callOver(t, func(socket string) {
		if connection, err := net.Dial("unix", socket); err == nil {
			_, _ = connection.Write([]byte("no JSON\n"))
			connection.Close()
		}
	})
	if err == nil || !strings.Contains(err.Error(), "cannot be understood") {
		t.Errorf("no JSON: %v", err)
	}
}

func TestNobodyCanHaveAnothersProcessDumped(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("needs root to start another user's process")
	}
	others := exec.Command("/bin/sleep", "60")
	others.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 1234, Gid: 1234}}
	if err := others.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = others.Process.Kill(); _ = others.Wait() }()
	_, err := callOver(t, func(socket string) { _, _ = callPID1(socket, dumpOf(others.Process.Pid)) })
	if err == nil || !strings.Contains(err.Error(), "which is uid 1234's") {
		t.Errorf("%v", err)
	}
}

func TestCallThatPID1DoesNotAnswerIsAnError(t *testing.T) {
	failures := make(chan error, 1)
	call, err := callOver(t, func(socket string) {
		_, err := callPID1(socket, dumpOf(os.Getpid()))
		failures <- err
	})
	if err != nil {
		t.Fatal(err)
	}
	call.connection.Close()
	if err := <-failures; err == nil || !strings.Contains(err.Error(), "did not say how the dump went") {
		t.Errorf("%v", err)
	}
	if _, err := callPID1(filepath.Join(t.TempDir(), "none"), dumpOf(1)); err == nil || !strings.Contains(err.Error(), "cannot reach PID 1") {
		t.Errorf("%v", err)
	}
}
