package main

import (
	"fmt"
	"os"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// lastPidFile holds the PID that the namespace gave out last; writable where the container is privileged.
const lastPidFile = "/proc/sys/kernel/ns_last_pid"

// raisePidFloor uses up the PIDs up to the floor. A restored process gets its old PID and needs it to be free, while at
// restore the low ones are taken by crac-init, criu and what docker exec brings.
func raisePidFloor(floor int) error {
	if floor <= os.Getpid() {
		return nil
	}
	if last, err := readLastPid(); err == nil && last >= floor {
		return nil
	}
	if os.WriteFile(lastPidFile, []byte(strconv.Itoa(floor)), 0) == nil {
		return nil
	}
	return usePidsUpTo(floor, forkAndExit)
}

// readLastPid reads the PID that was given out last.
func readLastPid() (int, error) {
	text, err := os.ReadFile(lastPidFile)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(trimmed(text))
}

// usePidsUpTo makes short-lived processes until one of them has reached the floor. PIDs grow by at least one each time,
// so floor tries are enough; where the numbers go round below the floor it gives up.
func usePidsUpTo(floor int, makeProcess func() (int, error)) error {
	last := 0
	for range floor {
		pid, err := makeProcess()
		if err != nil {
			return fmt.Errorf("cannot use up the PIDs below %d: %w", floor, err)
		}
		if pid >= floor {
			return nil
		}
		last = pid
	}
	return fmt.Errorf("the PIDs do not reach %d (the last one was %d)", floor, last)
}

// forkAndExit makes one process that ends at once, and returns the PID that it used up.
func forkAndExit() (int, error) {
	pid, errno := rawForkAndExit()
	if errno != 0 {
		return 0, errno
	}
	_, err := waitFor(int(pid))
	return int(pid), err
}

// rawForkAndExit forks without the standard library, which can only fork to execute a program, and that costs ten times
// as much. The child lives on a copy of this stack with one thread and no runtime; it may do nothing but end.
//
//go:nosplit
//go:norace
func rawForkAndExit() (uintptr, syscall.Errno) {
	pid, _, errno := syscall.RawSyscall6(syscall.SYS_CLONE, uintptr(unix.SIGCHLD), 0, 0, 0, 0, 0)
	if errno == 0 && pid == 0 {
		for {
			syscall.RawSyscall(syscall.SYS_EXIT_GROUP, 0, 0, 0)
		}
	}
	return pid, errno
}
