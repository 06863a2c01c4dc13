package main

import (
	"fmt"
	"math/bits"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// capabilitySet is a set of capabilities, bit N standing for capability N as in /proc/PID/status.
type capabilitySet uint64

// capabilityNames are the kernel's names without CAP_, in the order of their numbers (linux/capability.h).
var capabilityNames = []string{
	"CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP",
	"LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER",
	"SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE",
	"SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP",
	"MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF",
	"CHECKPOINT_RESTORE",
}

// criuCapabilities are the ones that criu makes use of; they are ours and not the application's.
var criuCapabilities = setOf(unix.CAP_CHECKPOINT_RESTORE, unix.CAP_SYS_PTRACE, unix.CAP_SETPCAP)

// setOf makes a set of capability numbers.
func setOf(numbers ...int) capabilitySet {
	var set capabilitySet
	for _, number := range numbers {
		set |= 1 << number
	}
	return set
}

// has tells whether one capability is in the set.
func (set capabilitySet) has(number int) bool { return set&(1<<number) != 0 }

// numbers lists the set's capabilities, lowest first.
func (set capabilitySet) numbers() []int {
	numbers := make([]int, 0, bits.OnesCount64(uint64(set)))
	for rest := uint64(set); rest != 0; rest &= rest - 1 {
		numbers = append(numbers, bits.TrailingZeros64(rest))
	}
	return numbers
}

// names lists the set as users write it (`NET_BIND_SERVICE`). It is never nil, so that JSON shows an empty list.
func (set capabilitySet) names() []string {
	names := []string{}
	for _, number := range set.numbers() {
		if number < len(capabilityNames) {
			names = append(names, capabilityNames[number])
		} else {
			names = append(names, strconv.Itoa(number))
		}
	}
	return names
}

// String shows the set in messages.
func (set capabilitySet) String() string { return strings.Join(set.names(), ", ") }

// parseCapabilities reads names as they stand in requests and manifests, in any case, with or without CAP_.
func parseCapabilities(names []string) (capabilitySet, error) {
	var set capabilitySet
next:
	for _, name := range names {
		plain := strings.TrimPrefix(strings.ToUpper(name), "CAP_")
		for number, known := range capabilityNames {
			if plain == known {
				set |= 1 << number
				continue next
			}
		}
		return 0, fmt.Errorf("unknown capability %q", name)
	}
	return set, nil
}

// heldCapabilities are the sets of one process or thread.
type heldCapabilities struct {
	inheritable, permitted, effective, bounding, ambient capabilitySet
}

// parseHeldCapabilities reads the Cap… lines of a /proc/PID/status text. Lines that an old kernel lacks leave their set
// empty.
func parseHeldCapabilities(status string) (heldCapabilities, error) {
	var held heldCapabilities
	for key, set := range map[string]*capabilitySet{
		"CapInh": &held.inheritable, "CapPrm": &held.permitted, "CapEff": &held.effective,
		"CapBnd": &held.bounding, "CapAmb": &held.ambient,
	} {
		text, found := statusField(status, key)
		if !found {
			continue
		}
		value, err := strconv.ParseUint(text, 16, 64)
		if err != nil {
			return held, fmt.Errorf("%s of the process status is not a set: %w", key, err)
		}
		*set = capabilitySet(value)
	}
	return held, nil
}

// ownCapabilities reads the sets of the calling thread; capabilities belong to threads, not to processes.
func ownCapabilities() (heldCapabilities, error) {
	status, err := os.ReadFile("/proc/thread-self/status")
	if err != nil {
		return heldCapabilities{}, fmt.Errorf("cannot read the own capabilities: %w", err)
	}
	return parseHeldCapabilities(string(status))
}

// setOwnCapabilities changes three sets of the calling thread. The kernel allows to give up, and to raise in effective
// and inheritable what is permitted.
func setOwnCapabilities(permitted, effective, inheritable capabilitySet) error {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	data := [2]unix.CapUserData{
		{Permitted: uint32(permitted), Effective: uint32(effective), Inheritable: uint32(inheritable)},
		{Permitted: uint32(permitted >> 32), Effective: uint32(effective >> 32), Inheritable: uint32(inheritable >> 32)},
	}
	if err := unix.Capset(&header, &data[0]); err != nil {
		return fmt.Errorf("cannot set the capabilities: %w", err)
	}
	return nil
}

// dropBounding takes capabilities out of the calling thread's bounding set, which limits what it and all that it
// executes can ever have. It needs SETPCAP in the effective set, also when SETPCAP is among those that go.
func dropBounding(drop capabilitySet) error {
	for _, number := range drop.numbers() {
		if err := unix.Prctl(unix.PR_CAPBSET_DROP, uintptr(number), 0, 0, 0); err != nil {
			return fmt.Errorf("cannot drop %v from the bounding set (SETPCAP is needed): %w", setOf(number), err)
		}
	}
	return nil
}

// raiseAmbient makes the capabilities survive the execution of an ordinary program by a user other than root. They
// have to be permitted and inheritable.
func raiseAmbient(raise capabilitySet) error {
	for _, number := range raise.numbers() {
		if err := unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_RAISE, uintptr(number), 0, 0); err != nil {
			return fmt.Errorf("cannot make %v ambient: %w", setOf(number), err)
		}
	}
	return nil
}

// clearAmbient empties the calling thread's ambient set.
func clearAmbient() error {
	return unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
}
