package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// program is something to start: an executable file with all that the new process gets.
type program struct {
	path        string
	arguments   []string // the name first
	environment []string
	files       []uintptr // what becomes file descriptor 0, 1, 2, …
	credentials *credentials
	newSession  bool
}

// start forks and executes the program.
func (p program) start() (int, error) {
	pid := 0
	fork := func() error {
		if p.credentials != nil {
			if err := p.credentials.apply(); err != nil {
				return err
			}
		}
		var err error
		pid, err = syscall.ForkExec(p.path, p.arguments, &syscall.ProcAttr{
			Env: p.environment, Files: p.files, Sys: &syscall.SysProcAttr{Setsid: p.newSession},
		})
		return err
	}
	if p.credentials == nil {
		return pid, fork()
	}
	err := onOwnThread(fork)
	return pid, err
}

// reaper is the only one in the process who waits for children: those that crac-init started, the restored process, and
// all that is orphaned in the container. Others ask it for the end of the processes that they care for.
type reaper struct {
	mutex   sync.Mutex
	waiting map[int]*child
}

// child is a process whose end somebody wants to know.
type child struct {
	pid    int
	ended  chan struct{} // closed when the process has been reaped
	status syscall.WaitStatus
}

// startReaper begins to reap, also what is orphaned to this process when it is not PID 1 (docker run --init).
func startReaper() *reaper {
	r := &reaper{waiting: map[int]*child{}}
	if os.Getpid() != 1 {
		_ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
	}
	deaths := make(chan os.Signal, 1)
	signal.Notify(deaths, syscall.SIGCHLD)
	go func() {
		for range deaths {
			r.reap()
		}
	}()
	return r
}

// reap collects every child that has ended.
func (r *reaper) reap() {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if err != nil || pid <= 0 {
			return
		}
		if c := r.waiting[pid]; c != nil {
			c.status = status
			delete(r.waiting, pid)
			close(c.ended)
		}
	}
}

// start starts a program and watches it. The lock spans both, so that an end cannot come before the watch.
func (r *reaper) start(p program) (*child, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	pid, err := p.start()
	if err != nil {
		return nil, err
	}
	return r.watchLocked(pid), nil
}

// watch asks for the end of a child that something else will make: the restored process, whose PID is known before.
func (r *reaper) watch(pid int) *child {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.watchLocked(pid)
}

func (r *reaper) watchLocked(pid int) *child {
	c := &child{pid: pid, ended: make(chan struct{})}
	r.waiting[pid] = c
	return c
}

// hasEnded tells whether the child is gone and reaped.
func (c *child) hasEnded() bool {
	select {
	case <-c.ended:
		return true
	default:
		return false
	}
}

// exitCode is the child's exit code as a shell reports it. Only to be asked after the end.
func (c *child) exitCode() int {
	if c.status.Signaled() {
		return 128 + int(c.status.Signal())
	}
	return c.status.ExitStatus()
}

// ending says in words how the child ended.
func (c *child) ending() string {
	if c.status.Signaled() {
		return fmt.Sprintf("ended by signal %d (%v)", int(c.status.Signal()), c.status.Signal())
	}
	return fmt.Sprintf("exited with %d", c.status.ExitStatus())
}

// sendSignal sends a signal to a process, as that process's user where crac-init itself may not (root without KILL).
func sendSignal(pid int, number syscall.Signal) error {
	err := syscall.Kill(pid, number)
	if !errors.Is(err, syscall.EPERM) {
		return err
	}
	status, statusErr := readProcessStatus(pid)
	if statusErr != nil {
		return err
	}
	return asUser(status.uid, status.gid, func() error { return syscall.Kill(pid, number) })
}

// killTree kills a process and everything below it and waits until all of it has gone, for limit at most. With the own
// PID it kills all descendants and, of course, not itself. What docker exec brought in has no parent here and stays.
func killTree(root int, limit time.Duration) error {
	for deadline := time.Now().Add(limit); ; time.Sleep(time.Millisecond) {
		var alive []processStatus
		for _, process := range processTree(root) {
			if process.pid != os.Getpid() {
				alive = append(alive, process)
			}
		}
		if len(alive) == 0 {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("process %d is still there %v after SIGKILL", alive[0].pid, limit)
		}
		for _, process := range alive {
			_ = sendSignal(process.pid, syscall.SIGKILL)
		}
	}
}

// forwardable tells whether a signal is meant for the application. SIGCHLD is about our children, SIGURG is the Go
// scheduler's own, SIGPIPE comes from writing to a closed log.
func forwardable(received os.Signal) (syscall.Signal, bool) {
	number, ok := received.(syscall.Signal)
	return number, ok && number != syscall.SIGCHLD && number != syscall.SIGURG && number != syscall.SIGPIPE
}

// catchSignals makes signals arrive on a channel, all where none are named; none of them ends crac-init any more. For each
// the Go runtime changes from thread to thread and back (ensureSigM in signal_unix.go): all of them take milliseconds.
func catchSignals(named ...os.Signal) chan os.Signal {
	signals := make(chan os.Signal, 64)
	signal.Notify(signals, named...)
	return signals
}

// findExecutable finds a command as a shell does and returns the exit code of a shell when it cannot: 127 not found, 126
// not executable.
func findExecutable(name string, environment []string) (string, int, error) {
	candidates := []string{name}
	if !strings.Contains(name, "/") {
		path, set := lookUp(environment, "PATH")
		if !set {
			path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
		}
		candidates = nil
		for _, folder := range filepath.SplitList(path) {
			candidates = append(candidates, filepath.Join("/", folder, name))
		}
	}
	var refused error
	for _, candidate := range candidates {
		info, err := os.Stat(candidate)
		if err != nil {
			continue
		}
		if info.IsDir() || info.Mode()&0o111 == 0 {
			refused = fmt.Errorf("%s cannot be executed", candidate)
			continue
		}
		return candidate, 0, nil
	}
	if refused != nil {
		return "", exitNotExecutable, refused
	}
	return "", exitNotFound, fmt.Errorf("%s: %w", name, exec.ErrNotFound)
}
