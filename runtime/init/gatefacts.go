package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// gateFacts is what the gate wants to know of the container.
type gateFacts struct {
	architecture    string
	cpuFeatures     map[string]bool
	uid, gid        int
	groups          []int
	permitted       capabilitySet
	bounding        capabilitySet
	noNewPrivileges bool
	canSetPid       bool // a process can be made with a PID of our choice
	ptraceScope     int  // -1 where there is no Yama
	monotonicMs     int64
	pidMax          int                // 0 where the kernel does not tell
	pidsLeft        int64              // processes and threads that the container may still make; -1 without a limit
	pidTaken        func(pid int) bool // a process or a thread has that number
	memoryBytes     int64              // 0 where the kernel does not tell
	fileBytes       func(name string) (int64, error)
}

// gatherGateFacts looks at this container.
func gatherGateFacts(checkpoint string) (gateFacts, error) {
	status, err := os.ReadFile("/proc/thread-self/status")
	if err != nil {
		return gateFacts{}, fmt.Errorf("cannot read the own status: %w", err)
	}
	held, err := parseHeldCapabilities(string(status))
	if err != nil {
		return gateFacts{}, err
	}
	groups, err := unix.Getgroups()
	if err != nil {
		return gateFacts{}, fmt.Errorf("cannot read the own groups: %w", err)
	}
	noNewPrivileges, _ := statusField(string(status), "NoNewPrivs")
	cgroups := readCgroups()
	return gateFacts{
		architecture: runtime.GOARCH, cpuFeatures: cpuFeatures(),
		uid: os.Getuid(), gid: os.Getgid(), groups: groups,
		permitted: held.permitted, bounding: held.bounding, noNewPrivileges: noNewPrivileges == "1",
		canSetPid: cloneTakesPid() || isWritable(lastPidFile), ptraceScope: ptraceScope(), monotonicMs: monotonicMs(),
		pidMax: readNumber("/proc/sys/kernel/pid_max"), pidsLeft: cgroups.pidsLeft(), pidTaken: isTaken,
		memoryBytes: least(cgroups.memoryLimit(), machineBytes()),
		fileBytes: func(name string) (int64, error) {
			var status unix.Stat_t
			if err := unix.Stat(filepath.Join(checkpoint, name), &status); err != nil {
				return 0, err
			}
			return status.Size, nil
		},
	}, nil
}

// isTaken tells whether a process or a thread has a number; signal 0 reaches both (kill(2)).
func isTaken(pid int) bool { return !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }

// cloneTakesPid tells whether clone3 is allowed and takes a PID. The arguments contradict each other (an address of PIDs,
// but none of them), so that the kernel refuses them as invalid where it would do it; a seccomp filter answers otherwise.
// The length is that of the structure with the PIDs, by which a filter can tell this use from others.
func cloneTakesPid() bool {
	const lengthWithPids = 80 // CLONE_ARGS_SIZE_VER1
	arguments := make([]uint64, 11)
	arguments[8] = ^uint64(0) // set_tid
	_, _, errno := unix.RawSyscall(unix.SYS_CLONE3, uintptr(pointerTo(arguments)), lengthWithPids, 0)
	return errno == unix.EINVAL
}

// isWritable tells whether this process may write a file.
func isWritable(path string) bool { return unix.Access(path, unix.W_OK) == nil }
