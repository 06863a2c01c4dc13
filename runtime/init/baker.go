package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// baker freezes the application when it is asked to, on PID 1's side.
type baker struct {
	layout       layout
	handOver     handOver
	reaper       *reaper
	application  *child
	clock        string
	capabilities capabilitySet // what the application's bounding set keeps

	mutex  sync.Mutex
	active chan struct{} // closed at the end of the session that is going on; nil without one
	dumped bool
}

// serve answers dump requests, one after the other.
func (b *baker) serve(listener *net.UnixListener) {
	for {
		connection, err := listener.AcceptUnix()
		if err != nil {
			return
		}
		b.converse(connection)
	}
}

// converse reads one request, does what it says and stays until the answers were fetched.
func (b *baker) converse(connection *net.UnixConn) {
	ended := make(chan struct{})
	b.mutex.Lock()
	b.active = ended
	b.mutex.Unlock()
	defer close(ended)
	session := session{connection, json.NewEncoder(connection)}
	var request dumpRequest
	_ = connection.SetReadDeadline(time.Now().Add(fetchLimit))
	if err := json.NewDecoder(connection).Decode(&request); err != nil {
		connection.Close()
		return
	}
	answer, err := b.dump(session, request)
	if failure := (*failedAnswer)(nil); errors.As(err, &failure) {
		session.send(failure)
	} else if err != nil {
		session.send(failed("criu-failed", err.Error()))
	} else {
		b.dumped = true
		session.send(answer)
	}
	session.awaitFetched()
}

// finish waits for a session that is going on when the application has ended, and returns PID 1's exit code: 0 when it
// was the dump that ended the application.
func (b *baker) finish(exitCode int) int {
	b.mutex.Lock()
	active := b.active
	b.mutex.Unlock()
	if active != nil {
		<-active
	}
	if b.dumped {
		return 0
	}
	return exitCode
}

// dump goes through the whole of it: hooks, a look at the connections, criu, the files.
func (b *baker) dump(session session, request dumpRequest) (dumpedAnswer, error) {
	if request.Trigger == triggerAuto {
		request.Trigger = triggerNone
		if b.hasAgent() {
			request.Trigger = triggerAgent
		}
	}
	var claim agentClaim
	if request.Trigger != triggerNone {
		var err error
		if claim, err = b.runHooks(session, request); err != nil {
			return dumpedAnswer{}, err
		}
	}
	tree := processTree(b.application.pid)
	if len(tree) == 0 || b.application.hasEnded() {
		return dumpedAnswer{}, b.exited("before the dump")
	}
	session.send(connectionsOf(tree))
	if users := usersOf(tree); len(users) > 1 {
		return dumpedAnswer{}, failed("criu-failed", fmt.Sprintf("the application's processes run as several users "+
			"(uids %v); criu without privileges can freeze those of one", users))
	}
	main := tree[0]
	for _, process := range tree {
		if process.pid == claim.Pid {
			main = process
		}
	}
	answer := dumpedAnswer{Event: "dumped", Pid: b.application.pid, Clock: b.clock, MonotonicMs: monotonicMs(),
		WallMs: time.Now().UnixMilli(), CPU: thisCPU(), Process: recordOf(main, len(tree))}
	answer.Stdout, _ = os.Readlink("/proc/self/fd/1")
	answer.Stderr, _ = os.Readlink("/proc/self/fd/2")
	if err := checkSpace(filepath.Dir(b.layout.checkpoint), tree); err != nil {
		return answer, err
	}
	start := time.Now()
	if err := b.freeze(main, request); err != nil {
		return answer, err
	}
	answer.ElapsedMs = milliseconds(time.Since(start))
	err := asUser(main.uid, main.gid, func() (err error) {
		if answer.Files, err = listImageFiles(b.layout.checkpoint); err != nil {
			return err
		}
		return publishImageFiles(b.layout.checkpoint, answer.Files)
	})
	if err != nil {
		return answer, failed("incomplete", err.Error())
	}
	for _, file := range answer.Files {
		answer.Bytes += file.Bytes
	}
	return answer, os.Chmod(b.layout.checkpoint, 0o755)
}

// freeze lets criu dump the tree into the checkpoint folder and decides whether it did. On success the application is
// gone.
func (b *baker) freeze(main processStatus, request dumpRequest) error {
	folder := b.layout.checkpoint
	if err := emptyFolderForAll(folder); err != nil {
		return failed("criu-failed", err.Error())
	}
	given := criuCredentials(userIdentity{uid: main.uid, gid: main.gid, groups: main.groups})
	limit := criuCapabilities | b.capabilities // as root it would get all that the bake container has
	given.bounding = &limit
	exitCode, output, err := b.runCriu(dumpArguments(b.application.pid, folder, request.CriuOptions),
		given, time.Duration(request.DumpTimeoutMs)*time.Millisecond)
	log, files := b.dumpResult(main)
	if output != "" {
		log += output + "\n"
	}
	if err != nil {
		failure := (*failedAnswer)(nil)
		if errors.As(err, &failure) {
			failure.LogTail = lastLines(log, 40)
		}
		return err
	}
	if code, message := dumpSucceeded(b.application.pid, exitCode, log, files); code != "" {
		failure := failed(code, message)
		failure.LogTail = lastLines(log, 40)
		return failure
	}
	select {
	case <-b.application.ended:
		return nil
	case <-time.After(5 * time.Second):
		return failed("incomplete", "criu finished the dump, but the application is still there")
	}
}

// runCriu runs criu with the credentials given and returns its exit code and what it printed outside its log.
// At the time limit everything that criu started is killed, and the error is a failedAnswer.
func (b *baker) runCriu(arguments []string, given *credentials, limit time.Duration) (int, string, error) {
	output, err := memoryFile()
	if err != nil {
		return 0, "", err
	}
	defer output.Close()
	null, err := os.Open(os.DevNull)
	if err != nil {
		return 0, "", err
	}
	defer null.Close()
	program := criuProgram(b.layout.criu, arguments, output, null)
	program.credentials = given
	criu, err := b.reaper.start(program)
	if err != nil {
		return 0, "", failed("criu-failed", "cannot start criu: "+err.Error())
	}
	select {
	case <-criu.ended:
		return criu.exitCode(), printed(output), nil
	case <-time.After(limit):
		message := fmt.Sprintf("criu did not finish the dump within %d ms", limit.Milliseconds())
		if err := killTree(criu.pid, 5*time.Second); err != nil {
			message += "; " + err.Error()
		}
		return 0, printed(output), failed("criu-timeout", message)
	}
}

// dumpResult reads criu's log and the names of its files, as their owner. What is missing is empty.
func (b *baker) dumpResult(main processStatus) (log string, names []string) {
	_ = asUser(main.uid, main.gid, func() error {
		content, _ := os.ReadFile(filepath.Join(b.layout.checkpoint, dumpLog))
		log = string(content)
		files, _ := listImageFiles(b.layout.checkpoint)
		for _, file := range files {
			if file.Bytes > 0 {
				names = append(names, file.Name)
			}
		}
		return nil
	})
	return log, names
}

// exited makes the answer of an application that ended by itself.
func (b *baker) exited(when string) *failedAnswer {
	failure := failed("app-exited", "the application ended "+when)
	if b.application.hasEnded() {
		code := b.application.exitCode()
		failure.Message = fmt.Sprintf("the application %s %s", b.application.ending(), when)
		failure.ExitCode = &code
	}
	return failure
}

// checkSpace refuses a dump that could not be written: criu writes every resident page, and what it has written of a dump
// that ran out of room cannot be told from a good one by its length.
func checkSpace(folder string, tree []processStatus) error {
	var system unix.Statfs_t
	if err := unix.Statfs(folder, &system); err != nil {
		return fmt.Errorf("cannot ask for the free space: %w", err)
	}
	var resident int64
	for _, process := range tree {
		resident += process.residentBytes
	}
	free := int64(system.Bavail) * system.Bsize
	if free < resident {
		return failed("no-space", fmt.Sprintf("%d MB are free where the checkpoint would be written, the process has %d MB in memory",
			free/1_000_000, resident/1_000_000))
	}
	return nil
}

// emptyFolderForAll makes a folder that another user can write: criu runs as the application's user, and giving the
// folder away would need CHOWN.
func emptyFolderForAll(folder string) error {
	if err := os.RemoveAll(folder); err != nil {
		return fmt.Errorf("cannot empty the checkpoint folder: %w", err)
	}
	if err := os.Mkdir(folder, 0o777); err != nil {
		return fmt.Errorf("cannot make the checkpoint folder: %w", err)
	}
	return os.Chmod(folder, 0o777)
}

// recordOf describes the main process of the tree.
func recordOf(main processStatus, processes int) processRecord {
	record := processRecord{Pid: main.pid, Uid: main.uid, Gid: main.gid, Groups: main.groups, Threads: main.threads,
		ResidentBytes: main.residentBytes, Seccomp: main.seccomp, Capabilities: main.capabilities.permitted.names(), Processes: processes}
	_ = asUser(main.uid, main.gid, func() (err error) {
		record.Executable, err = os.Readlink(filepath.Join("/proc", strconv.Itoa(main.pid), "exe"))
		return err
	})
	return record
}

// usersOf lists the users that a tree's processes run as, each once.
func usersOf(tree []processStatus) []int {
	var users []int
	for _, process := range tree {
		if !slices.Contains(users, process.uid) {
			users = append(users, process.uid)
		}
	}
	return users
}

// isAlive tells whether a process is there and not just waiting to be reaped.
func isAlive(pid int) bool {
	if pid <= 0 || errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return false
	}
	status, err := readProcessStatus(pid)
	return err == nil && status.state != 'Z'
}
