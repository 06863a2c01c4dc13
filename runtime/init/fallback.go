package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

// startNormally executes the application in place of crac-init, as if nothing had been baked. It returns an exit code
// only when it cannot. Must be called on the main goroutine: capabilities are given up for its thread.
func startNormally(of manifest, arguments, environment []string) int {
	command := of.startCommand(arguments)
	if len(command) == 0 {
		fmt.Fprintln(os.Stderr, "crac-init: there is nothing to start: the manifest names no command")
		return exitRestoreRequired
	}
	path, code, err := findExecutable(command[0], environment)
	if err != nil {
		fmt.Fprintln(os.Stderr, "crac-init: "+err.Error())
		return code
	}
	kept, err := parseCapabilities(of.Capabilities.App)
	if err != nil {
		kept = 0
	}
	if err := giveUp(criuCapabilities &^ kept); err != nil {
		fmt.Fprintln(os.Stderr, "crac-init: "+err.Error())
	}
	_ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)
	signal.Reset()
	err = syscall.Exec(path, command, environment)
	fmt.Fprintf(os.Stderr, "crac-init: cannot start %s: %v\n", path, err)
	return exitNotExecutable
}

// giveUp takes capabilities away from the calling thread and all that it will execute. Without SETPCAP the bounding set
// stays as it is, which gives nothing to a user other than root.
func giveUp(drop capabilitySet) error {
	held, err := ownCapabilities()
	if err != nil {
		return err
	}
	if err := setOwnCapabilities(held.permitted, held.permitted, held.inheritable); err != nil {
		return err
	}
	if held.permitted.has(unix.CAP_SETPCAP) {
		if err := dropBounding(drop & held.bounding); err != nil {
			return err
		}
	}
	for _, number := range (drop & held.ambient).numbers() {
		_ = unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_LOWER, uintptr(number), 0, 0)
	}
	return setOwnCapabilities(held.permitted&^drop, held.effective&^drop, held.inheritable&^drop)
}
