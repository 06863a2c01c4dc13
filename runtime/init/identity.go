package main

import (
	"fmt"
	"os"
	"runtime"
	"slices"

	"golang.org/x/sys/unix"
)

// keepIdentity is the id that setresuid and setresgid take for "leave as it is".
const keepIdentity = -1

// onOwnThread runs a function on a thread of its own that ends with it. Capabilities and, by the raw system calls,
// user and group ids belong to threads, so whatever the function changes is gone afterwards, while the processes that
// it started keep it.
func onOwnThread(function func() error) error {
	result := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // and never unlocked: the runtime ends the thread with the goroutine
		result <- function()
	}()
	return <-result
}

// setThreadUser changes the ids of the calling thread only; the functions of the standard library change all threads.
func setThreadUser(real, effective, saved int) error {
	if _, _, errno := unix.RawSyscall(unix.SYS_SETRESUID, uintptr(real), uintptr(effective), uintptr(saved)); errno != 0 {
		return fmt.Errorf("cannot become uid %d (SETUID is needed): %w", effective, errno)
	}
	return nil
}

// setThreadGroup changes the primary group of the calling thread only.
func setThreadGroup(real, effective, saved int) error {
	if _, _, errno := unix.RawSyscall(unix.SYS_SETRESGID, uintptr(real), uintptr(effective), uintptr(saved)); errno != 0 {
		return fmt.Errorf("cannot become gid %d (SETGID is needed): %w", effective, errno)
	}
	return nil
}

// setThreadGroups changes the supplementary groups of the calling thread only, and not at all when they are as wanted,
// since the call needs SETGID even then.
func setThreadGroups(groups []int) error {
	current, err := unix.Getgroups()
	if err == nil && sameGroups(current, groups) {
		return nil
	}
	list := make([]uint32, len(groups)+1)
	for i, group := range groups {
		list[i] = uint32(group)
	}
	if _, _, errno := unix.RawSyscall(unix.SYS_SETGROUPS, uintptr(len(groups)), uintptr(pointerTo(list)), 0); errno != 0 {
		return fmt.Errorf("cannot set the supplementary groups %v (SETGID is needed): %w", groups, errno)
	}
	return nil
}

// sameGroups compares two lists of groups as sets.
func sameGroups(a, b []int) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(slices.Compact(a), slices.Compact(b))
}

// asUser runs a function with the effective ids of another user. That is how crac-init touches the application's files,
// looks into its processes and sends it signals without holding CHOWN, DAC_OVERRIDE or KILL.
func asUser(uid, gid int, function func() error) error {
	if uid == os.Geteuid() {
		return function()
	}
	return onOwnThread(func() error {
		if err := setThreadGroup(keepIdentity, gid, keepIdentity); err != nil {
			return err
		}
		if err := setThreadUser(keepIdentity, uid, keepIdentity); err != nil {
			return err
		}
		return function()
	})
}

// credentials are what a process is started with.
type credentials struct {
	user userIdentity
	// bounding is what the bounding set keeps; nil leaves it as it is.
	bounding *capabilitySet
	// ambient is given to the program although its file has no capabilities, as far as the thread has it.
	ambient capabilitySet
}

// apply gives the calling thread the credentials. Root executes with its whole bounding set, another user with the
// ambient set and nothing else. The thread gets the very set that the program will have: a program that gains
// capabilities by being executed may not be looked into, also not by criu, and criu itself could not look into its own
// children.
func (c credentials) apply() error {
	held, err := ownCapabilities()
	if err != nil {
		return err
	}
	// A file's capabilities without the effective bit leave the effective set empty.
	if held.effective != held.permitted {
		if err := setOwnCapabilities(held.permitted, held.permitted, held.inheritable); err != nil {
			return err
		}
	}
	bounding := held.bounding
	if c.bounding != nil {
		bounding &= *c.bounding
		if err := dropBounding(held.bounding &^ bounding); err != nil {
			return err
		}
	}
	if err := clearAmbient(); err != nil {
		return fmt.Errorf("cannot clear the ambient capabilities: %w", err)
	}
	if c.user.uid != os.Getuid() || c.user.gid != os.Getgid() {
		if err := unix.Prctl(unix.PR_SET_KEEPCAPS, 1, 0, 0, 0); err != nil {
			return fmt.Errorf("cannot keep the capabilities while changing the user: %w", err)
		}
		if err := setThreadGroups(c.user.groups); err != nil {
			return err
		}
		if err := setThreadGroup(c.user.gid, c.user.gid, c.user.gid); err != nil {
			return err
		}
		if err := setThreadUser(c.user.uid, c.user.uid, c.user.uid); err != nil {
			return err
		}
	}
	if c.user.uid == 0 {
		return setOwnCapabilities(held.permitted&bounding, held.permitted&bounding, 0)
	}
	ambient := c.ambient & held.permitted
	if err := setOwnCapabilities(ambient, ambient, ambient); err != nil {
		return err
	}
	return raiseAmbient(ambient)
}
