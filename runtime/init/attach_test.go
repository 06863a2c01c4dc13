package main

import (
	"bytes"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

const checkpointRequest = "1\x00jcmd\x00JDK.checkpoint\x00\x00\x00"

// fakeJvm is this test process in a JVM's place: its own PID, with a folder in the place of /tmp.
type fakeJvm struct {
	jvm
	t       *testing.T
	folder  string
	request atomic.Value // what the last client sent
}

func newFakeJvm(t *testing.T) *fakeJvm {
	t.Helper()
	pid := os.Getpid()
	fake := &fakeJvm{t: t, folder: t.TempDir(),
		jvm: jvm{pid: pid, innerPid: pid, uid: os.Geteuid(), gid: os.Getegid(), command: []string{"java", "Main"}, catches: true}}
	fake.request.Store("")
	return fake
}

func (f *fakeJvm) socket() string  { return filepath.Join(f.folder, ".java_pid"+strconv.Itoa(f.pid)) }
func (f *fakeJvm) trigger() string { return filepath.Join(f.folder, ".attach_pid"+strconv.Itoa(f.pid)) }

// serve opens the socket as a JVM does and answers every client with these bytes.
func (f *fakeJvm) serve(answer string) {
	f.t.Helper()
	listener, err := net.Listen("unix", f.socket())
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			request := make([]byte, 0, 1024)
			part := make([]byte, 1024)
			// Version, operation and three arguments.
			for bytes.Count(request, []byte{0}) < 5 {
				count, err := connection.Read(part)
				if err != nil {
					break
				}
				request = append(request, part[:count]...)
			}
			f.request.Store(string(request))
			_, _ = connection.Write([]byte(answer))
			connection.Close()
		}
	}()
}

// onQuit does something at the next SIGQUIT, as a JVM's signal dispatcher.
func (f *fakeJvm) onQuit(reaction func()) {
	quits := make(chan os.Signal, 1)
	signal.Notify(quits, syscall.SIGQUIT)
	f.t.Cleanup(func() { signal.Stop(quits) })
	go func() {
		if _, open := <-quits; open {
			reaction()
		}
	}()
}

func (f *fakeJvm) ask(limit time.Duration) (attachAnswer, error) {
	deadline := time.Now().Add(limit)
	connection, err := f.connect(f.folder, deadline)
	if err != nil {
		return attachAnswer{}, err
	}
	defer connection.Close()
	return converse(connection, "JDK.checkpoint", deadline)
}

// What recorded JVMs answered to JDK.checkpoint: jcmd prints the PID and then the answer without its code.
func TestCheckpointRequestAndItsRecordedAnswers(t *testing.T) {
	recorded, err := filepath.Glob("../../test/fixtures/transcripts/*/jcmd.stdout.txt")
	if err != nil || len(recorded) < 9 {
		t.Fatalf("%d recorded answers, %v", len(recorded), err)
	}
	for _, path := range recorded {
		t.Run(filepath.Base(filepath.Dir(path)), func(t *testing.T) {
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			first, text, _ := strings.Cut(string(content), "\n")
			pid, err := strconv.Atoi(strings.TrimSuffix(first, ":"))
			if err != nil {
				t.Fatal(err)
			}
			fake := newFakeJvm(t)
			fake.serve("0\n" + text)
			answer, err := fake.ask(5 * time.Second)
			if err != nil {
				t.Fatal(err)
			}
			if sent := fake.request.Load(); sent != checkpointRequest {
				t.Errorf("sent %q, want %q", sent, checkpointRequest)
			}
			if printed := jcmdOutput(pid, answer); printed != string(content) || answer.code != 0 {
				t.Errorf("printed %q with code %d, jcmd printed %q", printed, answer.code, content)
			}
		})
	}
}

func TestOtherAnswers(t *testing.T) {
	for _, row := range []struct {
		answer, printed string
		code            int
	}{
		{"0\n", "7:\nCommand executed successfully\n", 0},
		{"-1\njava.lang.IllegalArgumentException: Unknown diagnostic command\n", "7:\njava.lang.IllegalArgumentException: Unknown diagnostic command\n", -1},
		{"101\n", "7:\nCommand executed successfully\n", 101},
		{"0\nno line end", "7:\nno line end\n", 0},
	} {
		answer, err := parseAttachAnswer([]byte(row.answer))
		if err != nil || answer.code != row.code || jcmdOutput(7, answer) != row.printed {
			t.Errorf("%q: %+v, %v, printed %q", row.answer, answer, err, jcmdOutput(7, answer))
		}
	}
	for answer, code := range map[string]string{"": "attach-user", "hello\n": "attach-failed"} {
		if _, err := parseAttachAnswer([]byte(answer)); err == nil || !strings.HasPrefix(err.Error(), code) {
			t.Errorf("%q: %v, want %s", answer, err, code)
		}
	}
}

func TestJvmOpensItsSocketWhenItFindsTheTriggerFile(t *testing.T) {
	fake := newFakeJvm(t)
	var owner atomic.Int64
	owner.Store(-1)
	fake.onQuit(func() {
		if info, err := os.Stat(fake.trigger()); err == nil {
			owner.Store(int64(info.Sys().(*syscall.Stat_t).Uid))
			fake.serve("0\nCR: Checkpoint ...\n")
		}
	})
	answer, err := fake.ask(5 * time.Second)
	if err != nil || answer.output != "CR: Checkpoint ...\n" {
		t.Fatalf("%+v, %v", answer, err)
	}
	if owner.Load() != int64(os.Geteuid()) {
		t.Errorf("at SIGQUIT the trigger file was of uid %d", owner.Load())
	}
	if _, err := os.Stat(fake.trigger()); err == nil {
		t.Error("the trigger file is still there")
	}
}

func TestSocketOfAnEarlierProcessIsReplaced(t *testing.T) {
	fake := newFakeJvm(t)
	left, err := net.ListenUnix("unix", &net.UnixAddr{Name: fake.socket(), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	left.SetUnlinkOnClose(false)
	left.Close()
	fake.onQuit(func() {
		os.Remove(fake.socket())
		fake.serve("0\nx\n")
	})
	if answer, err := fake.ask(5 * time.Second); err != nil || answer.output != "x\n" {
		t.Errorf("%+v, %v", answer, err)
	}
}

func TestJvmThatDoesNotOpenItsSocketIsNotWaitedForWithoutEnd(t *testing.T) {
	fake := newFakeJvm(t)
	fake.onQuit(func() {})
	_, err := fake.ask(200 * time.Millisecond)
	if err == nil || !strings.HasPrefix(err.Error(), "attach-timeout: ") {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(fake.trigger()); err == nil {
		t.Error("the trigger file is still there")
	}
}

func TestAnswerThatDoesNotEndIsCutAtTheDeadline(t *testing.T) {
	fake := newFakeJvm(t)
	listener, err := net.Listen("unix", fake.socket())
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		connection, _ := listener.Accept()
		_, _ = connection.Write([]byte("0\nCR: Check"))
		t.Cleanup(func() { connection.Close() })
	}()
	answer, err := fake.ask(300 * time.Millisecond)
	if err == nil || !strings.HasPrefix(err.Error(), "attach-timeout: ") || answer.output != "CR: Check" {
		t.Errorf("%+v, %v", answer, err)
	}
}

func TestNoSignalIsSentToAJvmThatDoesNotHandleItYet(t *testing.T) {
	// sleep has no handler for SIGQUIT, like a JVM in its first milliseconds: the signal would end it.
	sleeper, err := os.StartProcess("/bin/sleep", []string{"sleep", "60"}, &os.ProcAttr{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = sleeper.Kill(); _, _ = sleeper.Wait() }()
	fake := newFakeJvm(t)
	fake.pid, fake.innerPid, fake.catches = sleeper.Pid, sleeper.Pid, false
	if _, err := fake.ask(200 * time.Millisecond); err == nil || !strings.HasPrefix(err.Error(), "attach-timeout: ") {
		t.Errorf("%v", err)
	}
	if !isAlive(sleeper.Pid) {
		t.Error("the process was ended")
	}
	if _, err := os.Stat(fake.trigger()); err == nil {
		t.Error("the trigger file is still there")
	}
}

func TestJvmWhoseSocketIsAnotherUsersSaysSo(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root to become another user")
	}
	fake := newFakeJvm(t)
	fake.serve("0\n")
	if err := os.Chmod(fake.socket(), 0o600); err != nil {
		t.Fatal(err)
	}
	for folder := fake.folder; folder != "/" && folder != os.TempDir(); folder = filepath.Dir(folder) {
		if err := os.Chmod(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	var failure error
	if err := asUser(1234, 1234, func() error { _, failure = fake.ask(time.Second); return nil }); err != nil {
		t.Fatal(err)
	}
	if failure == nil || !strings.HasPrefix(failure.Error(), "attach-user: ") {
		t.Errorf("%v", failure)
	}
}

func TestFolderInWhichTheJvmCannotOpenItsSocket(t *testing.T) {
	fake := newFakeJvm(t)
	fake.folder = filepath.Join(fake.folder, "missing")
	if _, err := fake.ask(time.Second); err == nil || !strings.HasPrefix(err.Error(), "attach-failed: the JVM cannot open its socket") {
		t.Errorf("%v", err)
	}
}

func TestJvmWithAttachingSwitchedOffGetsNoSignal(t *testing.T) {
	fake := newFakeJvm(t)
	fake.command = []string{"java", "-XX:+DisableAttachMechanism", "Main"}
	if _, err := fake.jcmd("VM.version", time.Now().Add(time.Second)); err == nil || !strings.HasPrefix(err.Error(), "attach-off: ") {
		t.Errorf("%v", err)
	}
}

func TestCommandWithAZeroByteIsRefused(t *testing.T) {
	if _, err := newFakeJvm(t).jcmd("a\x00b", time.Now().Add(time.Second)); err == nil || !strings.HasPrefix(err.Error(), "attach-failed: ") {
		t.Errorf("%v", err)
	}
}

func TestArgumentsOfAttach(t *testing.T) {
	for line, want := range map[string][3]string{
		"VM.version":                    {"", "VM.version", "10s"},
		"519 VM.version":                {"519", "VM.version", "10s"},
		"--timeout 500 shop VM.version": {"shop", "VM.version", "500ms"},
	} {
		wanted, command, timeout, err := parseAttachArguments(strings.Split(line, " "))
		if err != nil || [3]string{wanted, command, timeout.String()} != want {
			t.Errorf("%s: %q %q %v %v", line, wanted, command, timeout, err)
		}
	}
	for _, line := range []string{"a b c", "--timeout", "--timeout x VM.version", "--timeout 0 VM.version", "--timeout 5"} {
		if _, _, _, err := parseAttachArguments(strings.Split(line, " ")); err == nil {
			t.Errorf("%s is accepted", line)
		}
	}
	if _, _, _, err := parseAttachArguments(nil); err == nil {
		t.Error("nothing is accepted")
	}
}
