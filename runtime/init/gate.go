package main

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// refusal is why a checkpoint cannot be restored here: an id of the contract and a cause in words.
type refusal struct {
	ID    string `json:"id"`
	Cause string `json:"cause"`
}

// refuse makes a refusal.
func refuse(id, format string, values ...any) *refusal {
	return &refusal{id, fmt.Sprintf(format, values...)}
}

// checks are the questions of the gate. The order is that in which a user would want to hear the answers: what no setting
// of the container changes comes first.
var checks = []func(manifest, gateFacts) *refusal{
	gateArchitecture, gateCPU, forCriu(gateCapabilities), forCriu(gateSeccomp), forCriu(gatePtrace), forCriu(gateClock), gateFiles,
	forCriu(gatePids), gateMemory,
}

// forCriu leaves out what only criu needs. The engine of a JVM that does without it makes a new process, with a new PID.
func forCriu(check func(manifest, gateFacts) *refusal) func(manifest, gateFacts) *refusal {
	return func(of manifest, facts gateFacts) *refusal {
		if of.Jvm != nil && of.Jvm.NotCriu {
			return nil
		}
		return check(of, facts)
	}
}

// gate decides whether the checkpoint can be restored here, and names everything that speaks against it. What it lets
// pass although it cannot work, criu often answers with a hang and not with an error.
func gate(of manifest, facts gateFacts) []refusal {
	refusals := []refusal{}
	for _, check := range checks {
		if refused := check(of, facts); refused != nil {
			refusals = append(refusals, *refused)
		}
	}
	return refusals
}

func gateArchitecture(of manifest, facts gateFacts) *refusal {
	if of.Architecture == "" || of.Architecture == facts.architecture {
		return nil
	}
	return refuse("architecture", "the checkpoint is for %s, this is %s", of.Architecture, facts.architecture)
}

// gateCPU compares what the frozen code may use with what this processor and kernel offer. Code that meets an instruction
// that is missing ends with SIGILL, or with SIGSEGV, at any time after the restore.
func gateCPU(of manifest, facts gateFacts) *refusal {
	if of.Architecture != facts.architecture || len(of.CPU.Features) == 0 {
		return nil
	}
	var missing []string
	for _, feature := range of.CPU.Features {
		if !facts.cpuFeatures[feature] {
			missing = append(missing, feature)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return refuse("cpu", "this CPU lacks %s, which the checkpoint may use (baked on %s)",
		strings.Join(missing, ", "), of.CPU.Model)
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
	if !was.GroupsOpen && was.Groups != nil && !sameGroups(was.Groups, facts.groups) {
		wanted |= setOf(unix.CAP_SETGID)
		differs = append(differs, fmt.Sprintf("groups %v instead of %v", facts.groups, was.Groups))
	}
	missing := wanted &^ facts.permitted
	if missing == 0 {
		return nil
	}
	// The container may grant them to crac-init, but a file's capabilities do not count under no-new-privileges.
	if facts.noNewPrivileges && facts.uid != 0 && missing&^facts.bounding == 0 && missing&^criuCapabilities == 0 {
		return refuse("no-new-privileges", "with no-new-privileges crac-init does not get %s as uid %d", missing, facts.uid)
	}
	cause := "missing " + missing.String()
	if len(differs) > 0 {
		cause += "; the container has " + strings.Join(differs, ", ")
	}
	return refuse("capabilities", "%s", cause)
}

func gateSeccomp(_ manifest, facts gateFacts) *refusal {
	if facts.canSetPid {
		return nil
	}
	return refuse("seccomp", "a process cannot be made with a given PID: clone3 is blocked, "+
		"as by the engine's default seccomp profile")
}

// gatePtrace asks Yama (Documentation/admin-guide/LSM/Yama.rst): criu traces what it restores, to let go of it at the
// end. The processes are its descendants, so scope 1 does not matter; 2 asks for SYS_PTRACE, 3 forbids all tracing.
func gatePtrace(_ manifest, facts gateFacts) *refusal {
	switch {
	case facts.ptraceScope >= 3:
		return refuse("ptrace", "kernel.yama.ptrace_scope is %d: no process can be traced on this host", facts.ptraceScope)
	case facts.ptraceScope == 2 && !facts.permitted.has(unix.CAP_SYS_PTRACE):
		return refuse("ptrace", "kernel.yama.ptrace_scope is 2: missing SYS_PTRACE")
	}
	return nil
}

func gateClock(of manifest, facts gateFacts) *refusal {
	if facts.monotonicMs >= of.Clock.MonotonicMs {
		return nil
	}
	return refuse("clock", "the monotonic clock shows %d ms, less than the %d ms at the dump",
		facts.monotonicMs, of.Clock.MonotonicMs)
}

func gateFiles(of manifest, facts gateFacts) *refusal {
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

// gatePids asks whether the numbers of all processes and threads of the checkpoint can be had.
func gatePids(of manifest, facts gateFacts) *refusal {
	pids := of.Checkpoint.pids()
	if len(pids) == 0 {
		return nil
	}
	if highest := slices.Max(pids); facts.pidMax > 0 && highest >= facts.pidMax {
		return refuse("pids", "PID %d of the checkpoint is not below kernel.pid_max, %d", highest, facts.pidMax)
	}
	if taken := slices.IndexFunc(pids, facts.pidTaken); taken >= 0 {
		return refuse("pids", "PID %d of the checkpoint is taken", pids[taken])
	}
	// One more for criu.
	if needed := int64(len(pids)) + 1; facts.pidsLeft >= 0 && needed > facts.pidsLeft {
		return refuse("pids", "the container may have %d more processes and threads, the checkpoint needs %d",
			facts.pidsLeft, needed)
	}
	return nil
}

// gateMemory compares the container's limit with what the process had in memory. Below it the kernel kills the process
// while it is restored.
func gateMemory(of manifest, facts gateFacts) *refusal {
	needed := of.Checkpoint.memoryBytes()
	if facts.memoryBytes <= 0 || facts.memoryBytes >= needed {
		return nil
	}
	return refuse("memory", "the memory limit is %d MB, the checkpoint has %d MB in memory",
		facts.memoryBytes/1_000_000, (needed+999_999)/1_000_000)
}
