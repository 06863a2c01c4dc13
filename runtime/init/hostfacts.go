package main

import (
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// ptraceScope is what Yama allows: 0 and 1 do not matter to who holds SYS_PTRACE, 2 asks for it, 3 forbids all tracing
// (Documentation/admin-guide/LSM/Yama.rst). -1 where there is no Yama.
func ptraceScope() int {
	content, err := os.ReadFile("/proc/sys/kernel/yama/ptrace_scope")
	if err != nil {
		return -1
	}
	scope, err := strconv.Atoi(trimmed(content))
	if err != nil {
		return -1
	}
	return scope
}

// hasUserfaultfd tells whether this container may watch page faults; criu needs that for lazy restores only.
func hasUserfaultfd() bool {
	descriptor, _, errno := unix.Syscall(unix.SYS_USERFAULTFD, unix.O_CLOEXEC, 0, 0)
	if errno != 0 {
		return false
	}
	unix.Close(int(descriptor))
	return true
}

// inUserNamespace tells whether the container has a user namespace of its own, as of a rootless engine or of
// userns-remap: its root is then another user on the host.
func inUserNamespace() bool {
	content, err := os.ReadFile("/proc/self/uid_map")
	return err == nil && !isWholeRange(string(content))
}

// isWholeRange recognises the map of the first user namespace, every user being itself (user_namespaces(7)).
func isWholeRange(uidMap string) bool {
	fields := strings.Fields(uidMap)
	return len(fields) == 3 && fields[0] == "0" && fields[1] == "0" && fields[2] == "4294967295"
}

// securityLabels reads what AppArmor or SELinux confine this process with.
func securityLabels() (appArmor, seLinux string) {
	content, err := os.ReadFile("/proc/self/attr/apparmor/current")
	if err == nil && len(content) > 0 {
		return strings.TrimRight(trimmed(content), "\x00"), ""
	}
	content, err = os.ReadFile("/proc/self/attr/current")
	if err != nil {
		return "", ""
	}
	return splitLabel(strings.TrimRight(trimmed(content), "\x00"))
}

// splitLabel tells a SELinux label (user:role:type:level) from an AppArmor profile.
func splitLabel(label string) (appArmor, seLinux string) {
	if strings.Count(label, ":") >= 2 {
		return "", label
	}
	return label, ""
}

// diskOf asks for what is free where a folder is. On an overlay the kernel answers for the file system below it.
func diskOf(folder string) disk {
	var system unix.Statfs_t
	if err := unix.Statfs(folder, &system); err != nil {
		return disk{}
	}
	return disk{FreeBytes: int64(system.Bavail) * system.Bsize, FreeInodes: int64(system.Ffree), TotalInodes: int64(system.Files)}
}
