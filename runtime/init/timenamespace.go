package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// Values of the clock that the dump's answer reports.
const (
	clockNearZero = "near-zero" // the application has a time namespace of its own
	clockHost     = "host"
)

// clockStartSeconds is what the clocks of the new time namespace show when it begins: not 0, so that programs that
// subtract from "now" do not go below zero.
const clockStartSeconds = 3

// timeNamespaceProbeVerb is a verb of crac-init's own, see execEntersTimeNamespace.
const timeNamespaceProbeVerb = "time-namespace-probe"

// inTimeNamespaceArgument is the argument by which run knows that it has executed itself in the new time namespace.
const inTimeNamespaceArgument = "--in-time-namespace"

// enterTimeNamespace moves this process into a new time namespace by executing it again with `again` as its arguments;
// where that works it does not return. A process that is restored on a host whose monotonic clock is lower than it was
// at the dump waits in every timer for the difference; a clock that began near zero is lower than any host's.
// Must be called on the main thread. An offset in milliseconds moves the clocks by it; without one they begin near zero.
func enterTimeNamespace(offsetMs *int64, again []string) error {
	held, err := ownCapabilities()
	if err != nil {
		return err
	}
	if needed := setOf(unix.CAP_SYS_ADMIN, unix.CAP_SYS_TIME); needed&^held.effective != 0 {
		return fmt.Errorf("a time namespace needs %v", needed&^held.effective)
	}
	if !execEntersTimeNamespace() {
		return errors.New("this kernel does not let a program enter a new time namespace")
	}
	executable, err := os.Executable()
	if err != nil {
		return fmt.Errorf("cannot find the own executable: %w", err)
	}
	current, err := os.ReadFile("/proc/self/timens_offsets")
	if err != nil {
		return fmt.Errorf("cannot read the clocks of the time namespace: %w", err)
	}
	offsets, err := clockOffsets(string(current), offsetMs)
	if err != nil {
		return err
	}
	if err := unix.Unshare(unix.CLONE_NEWTIME); err != nil {
		return fmt.Errorf("cannot make a time namespace: %w", err)
	}
	if err := os.WriteFile("/proc/self/timens_offsets", []byte(offsets), 0); err != nil {
		return fmt.Errorf("cannot set the clocks of the time namespace: %w", err)
	}
	return fmt.Errorf("cannot execute %s again: %w", executable,
		syscall.Exec(executable, append([]string{os.Args[0]}, again...), os.Environ()))
}

// clockOffsets writes what the kernel wants in timens_offsets: clock, seconds, nanoseconds. Seconds may be negative,
// nanoseconds not. Offsets count from the host's clocks, also in a namespace inside another (time_namespaces(7)), so
// those of the current one, as timens_offsets shows them, go in.
func clockOffsets(current string, offsetMs *int64) (string, error) {
	text := ""
	for _, clock := range []struct {
		name string
		id   int32
	}{{"monotonic", unix.CLOCK_MONOTONIC}, {"boottime", unix.CLOCK_BOOTTIME}} {
		var now unix.Timespec
		if err := unix.ClockGettime(clock.id, &now); err != nil {
			return "", fmt.Errorf("cannot read the %s clock: %w", clock.name, err)
		}
		seconds, nanoseconds := offsetOf(current, clock.name)
		if offsetMs == nil {
			seconds += clockStartSeconds - now.Sec
		} else {
			nanoseconds += *offsetMs % 1000 * 1e6
			seconds += *offsetMs/1000 + nanoseconds/1e9
			nanoseconds %= 1e9
			if nanoseconds < 0 {
				seconds, nanoseconds = seconds-1, nanoseconds+1e9
			}
		}
		text += fmt.Sprintf("%s %d %d\n", clock.name, seconds, nanoseconds)
	}
	return text, nil
}

// offsetOf finds a clock's line in the text of timens_offsets; a clock without one has no offset.
func offsetOf(text, clock string) (seconds, nanoseconds int64) {
	for _, line := range strings.Split(text, "\n") {
		fields := strings.Fields(line)
		if len(fields) == 3 && fields[0] == clock {
			seconds, _ = strconv.ParseInt(fields[1], 10, 64)
			nanoseconds, _ = strconv.ParseInt(fields[2], 10, 64)
		}
	}
	return seconds, nanoseconds
}

// execEntersTimeNamespace tries with a child whether executing a program enters the time namespace that was unshared
// before. On older kernels it does not, and the process that unshared it could not undo that: its children would live
// by another clock than their parent.
func execEntersTimeNamespace() bool {
	pid, err := syscall.ForkExec("/proc/self/exe", []string{os.Args[0], timeNamespaceProbeVerb}, &syscall.ProcAttr{
		Files: []uintptr{0, 1, 2}, Sys: &syscall.SysProcAttr{Unshareflags: unix.CLONE_NEWTIME},
	})
	if err != nil {
		return false
	}
	status, err := waitFor(pid)
	return err == nil && status.Exited() && status.ExitStatus() == 0
}

// timeNamespaceProbe is that child: exit 0 says that it is in the time namespace that its children would be in.
func timeNamespaceProbe() int {
	own, err := os.Readlink("/proc/self/ns/time")
	if err != nil {
		return 1
	}
	forChildren, err := os.Readlink("/proc/self/ns/time_for_children")
	if err != nil || own != forChildren {
		return 1
	}
	return 0
}

// waitFor waits for one child before there is a reaper.
func waitFor(pid int) (syscall.WaitStatus, error) {
	var status syscall.WaitStatus
	for {
		_, err := syscall.Wait4(pid, &status, 0, nil)
		if !errors.Is(err, syscall.EINTR) {
			return status, err
		}
	}
}

// monotonicMs reads the monotonic clock of this process's time namespace, in milliseconds.
func monotonicMs() int64 {
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &now); err != nil {
		return 0
	}
	return now.Nano() / 1e6
}
