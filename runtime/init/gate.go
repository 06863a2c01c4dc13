package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"
)

// refusal is why a checkpoint was not restored: an id of the contract and a cause in words.
type refusal struct{ id, cause string }

// refuse makes a refusal.
func refuse(id, format string, values ...any) *refusal {
	return &refusal{id, fmt.Sprintf(format, values...)}
}

// gateFacts is what the gate wants to know of the container.
type gateFacts struct {
	architecture string
	uid, gid     int
	groups       []int
	permitted    capabilitySet
	canSetPid    bool // a process can be made with a PID of our choice
	monotonicMs  int64
	fileBytes    func(name string) (int64, error)
}

// gatherGateFacts looks at this container.
func gatherGateFacts(checkpoint string) (gateFacts, error) {
	held, err := ownCapabilities()
	if err != nil {
		return gateFacts{}, err
	}
	groups, err := unix.Getgroups()
	if err != nil {
		return gateFacts{}, fmt.Errorf("cannot read the own groups: %w", err)
	}
	return gateFacts{
		architecture: runtime.GOARCH, uid: os.Getuid(), gid: os.Getgid(), groups: groups,
		permitted: held.permitted, canSetPid: cloneTakesPid() || isWritable(lastPidFile), monotonicMs: monotonicMs(),
		fileBytes: func(name string) (int64, error) {
			info, err := os.Stat(filepath.Join(checkpoint, name))
			if err != nil {
				return 0, err
			}
			return info.Size(), nil
		},
	}, nil
}

// gate decides whether the checkpoint can be restored here; nil says yes. What it lets pass although it cannot work, criu
// often answers with a hang and not with an error.
func gate(of manifest, facts gateFacts) *refusal {
	if of.Architecture != "" && of.Architecture != facts.architecture {
		return refuse("architecture", "the checkpoint is for %s, this is %s", of.Architecture, facts.architecture)
	}
	if of.Jvm == nil || !of.Jvm.NotCriu {
		if refused := gateForCriu(of, facts); refused != nil {
			return refused
		}
	}
	for _, file := range of.Checkpoint.Files {
		bytes, err := facts.fileBytes(file.Name)
		if err != nil {
			return refuse("files", "%s of the checkpoint cannot be read: %v", file.Name, err)
		}
		if bytes != file.Bytes {
			return refuse("files", "%s of the checkpoint has %d bytes instead of %d", file.Name, bytes, file.Bytes)
		}
	}
	return nil
}

// gateForCriu looks at what criu needs. The engine of a JVM that does without it makes a new process, with a new PID.
func gateForCriu(of manifest, facts gateFacts) *refusal {
	if refused := gateCapabilities(of, facts); refused != nil {
		return refused
	}
	if !facts.canSetPid {
		return refuse("seccomp", "a process cannot be made with a given PID: clone3 is blocked, "+
			"as by the engine's default seccomp profile")
	}
	if facts.monotonicMs < of.Clock.MonotonicMs {
		return refuse("clock", "the monotonic clock shows %d ms, less than the %d ms at the dump",
			facts.monotonicMs, of.Clock.MonotonicMs)
	}
	return nil
}

// gateCapabilities looks at what the container grants, and whether the process can become the user that it was.
func gateCapabilities(of manifest, facts gateFacts) *refusal {
	wanted, err := parseCapabilities(of.Capabilities.Restore)
	if err != nil {
		return refuse("manifest", "%v", err)
	}
	if wanted == 0 {
		wanted = setOf(unix.CAP_CHECKPOINT_RESTORE, unix.CAP_SETPCAP)
	}
	was := of.Checkpoint
	var differs []string
	if was.Uid != facts.uid {
		wanted |= setOf(unix.CAP_SETUID)
		differs = append(differs, fmt.Sprintf("uid %d instead of %d", facts.uid, was.Uid))
	}
	if was.Gid != facts.gid {
		wanted |= setOf(unix.CAP_SETGID)
		differs = append(differs, fmt.Sprintf("gid %d instead of %d", facts.gid, was.Gid))
	}
	if was.Groups != nil && !sameGroups(was.Groups, facts.groups) {
		wanted |= setOf(unix.CAP_SETGID)
		differs = append(differs, fmt.Sprintf("groups %v instead of %v", facts.groups, was.Groups))
	}
	if missing := wanted &^ facts.permitted; missing != 0 {
		cause := "missing " + missing.String()
		if len(differs) > 0 {
			cause += "; the container has " + strings.Join(differs, ", ")
		}
		return refuse("capabilities", "%s", cause)
	}
	return nil
}

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
