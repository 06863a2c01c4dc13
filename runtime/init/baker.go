package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
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
	user         userIdentity // with which the application was started
	clock        string
	capabilities capabilitySet  // what the application's bounding set keeps
	process      *regexp.Regexp // for the command line of the JVM that is meant; nil where there is only one

	mutex  sync.Mutex
	active chan struct{} // closed at the end of the session that is going on; nil without one
	dumped bool
	calls  *net.UnixListener // where the engine of a CRaC JDK asks for criu; nil for an application that has none
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
	if request.Trigger == triggerJvm || request.Trigger == triggerJvmWait {
		return b.dumpByJvm(session, request)
	}
	if request.Trigger == triggerAuto {
		request.Trigger = triggerNone
		// Who names a JVM wants its hooks.
		if b.hasAgent() || b.process != nil {
			request.Trigger = triggerAgent
		}
	}
	if request.Trigger == triggerAgent {
		if err := refuseSeveral(jvmsAmong(processTree(b.application.pid)), b.process); err != nil {
			return dumpedAnswer{}, err
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
	main := tree[0]
	for _, process := range tree {
		if process.pid == claim.Pid {
			main = process
		}
	}
	answer, err := b.describe(session, tree, main)
	if err != nil {
		return answer, err
	}
	start := time.Now()
	if err := b.freeze(main, request); err != nil {
		return answer, err
	}
	answer.ElapsedMs = milliseconds(time.Since(start))
	return b.withFiles(answer, main)
}

// describe tells the connections and makes the answer of a dump that is about to begin, of the tree whose main process
// is given. It refuses what criu could not do.
func (b *baker) describe(session session, tree []processStatus, main processStatus) (dumpedAnswer, error) {
	session.send(connectionsOf(tree))
	if users := usersOf(tree); len(users) > 1 {
		return dumpedAnswer{}, failed("criu-failed", fmt.Sprintf("the application's processes run as several users "+
			"(uids %v); criu without privileges can freeze those of one", users))
	}
	answer := dumpedAnswer{Event: "dumped", Pid: tree[0].pid, Clock: b.clock, MonotonicMs: monotonicMs(),
		WallMs: time.Now().UnixMilli(), CPU: thisCPU(), Process: b.recordOf(tree, main)}
	answer.Stdout, _ = os.Readlink("/proc/self/fd/1")
	answer.Stderr, _ = os.Readlink("/proc/self/fd/2")
	return answer, checkSpace(filepath.Dir(b.layout.checkpoint), tree)
}

// withFiles adds the files that the dump has left, and makes them readable for every user.
func (b *baker) withFiles(answer dumpedAnswer, main processStatus) (dumpedAnswer, error) {
	err := asUser(main.uid, main.gid, func() (err error) {
		if answer.Process.GroupsOpen {
			if err := leaveGroupsOpen(b.layout.checkpoint); err != nil {
				return fmt.Errorf("cannot take the groups out of the checkpoint: %w", err)
			}
		}
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
	missing := missingCapabilities()
	if missing.has(unix.CAP_CHECKPOINT_RESTORE) {
		return lacks(missing, "")
	}
	folder := b.layout.checkpoint
	if err := emptyFolderForAll(folder); err != nil {
		return failed("criu-failed", err.Error())
	}
	given := criuCredentials(userIdentity{uid: main.uid, gid: main.gid, groups: main.groups})
	limit := criuCapabilities | b.capabilities // as root it would get all that the bake container has
	given.bounding = &limit
	exitCode, output, err := b.runCriu("", dumpArguments(b.application.pid, folder, request.CriuOptions),
		given, time.Duration(request.DumpTimeoutMs)*time.Millisecond)
	log, files := b.dumpResult(main, dumpLog)
	if output != "" {
		log += output + "\n"
	}
	if err != nil {
		failure := (*failedAnswer)(nil)
		if errors.As(err, &failure) {
			failure.LogTail = lastLines(log, 40)
		}
		if missing != 0 && failure != nil && failure.Code == "criu-timeout" {
			failure.Message += fmt.Sprintf("; the container lacks %v, without which it may hang", missing)
		}
		return err
	}
	if code, message := dumpSucceeded(b.application.pid, exitCode, log, files); code != "" {
		failure := failed(code, message)
		if missing != 0 && code == "criu-failed" {
			failure = lacks(missing, message)
		}
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

// missingCapabilities are those of criu's three that this container was not given.
func missingCapabilities() capabilitySet {
	held, err := ownCapabilities()
	if err != nil {
		return 0
	}
	return criuCapabilities &^ held.permitted
}

// lacks names what the container was not given; also is what criu made of it.
func lacks(missing capabilitySet, also string) *failedAnswer {
	message := fmt.Sprintf("the bake container lacks the capability %v", missing)
	if also != "" {
		message += ": " + also
	}
	return failed("capabilities", message)
}

// runCriu runs criu, ours or another program, with the credentials given and returns its exit code and what it printed
// outside its log.
// At the time limit everything that criu started is killed, and the error is a failedAnswer.
func (b *baker) runCriu(own string, arguments []string, given *credentials, limit time.Duration) (int, string, error) {
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
	if own != "" {
		program.path, program.arguments = own, append([]string{own}, arguments...)
	}
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
func (b *baker) dumpResult(main processStatus, logName string) (log string, names []string) {
	_ = asUser(main.uid, main.gid, func() error {
		content, _ := os.ReadFile(filepath.Join(b.layout.checkpoint, logName))
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
func (b *baker) recordOf(tree []processStatus, main processStatus) processRecord {
	record := processRecord{Pid: main.pid, Uid: main.uid, Gid: main.gid, Groups: main.groups, GroupsOpen: hadGroupsOf(b.user, tree),
		Threads: main.threads, ResidentBytes: main.residentBytes, Seccomp: main.seccomp,
		Capabilities: main.capabilities.permitted.names(), Processes: len(tree)}
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
