package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// memoryFiles are where a container sees the memory of its own cgroup: how often the kernel has killed in it, and its limit.
var memoryFiles = []struct{ events, limit string }{
	{"memory.events", "memory.max"},                               // cgroup v2
	{"memory/memory.oom_control", "memory/memory.limit_in_bytes"}, // cgroup v1, Linux 4.13 and later
}

// noLimit is about what cgroup v1 shows where there is no limit: the largest number of whole pages.
const noLimit = 1 << 60

// memoryKill says that the kernel has killed in this container for want of memory; it is empty where it has not. The folder is
// where the cgroups are mounted.
func memoryKill(folder string) string {
	for _, files := range memoryFiles {
		events, err := os.ReadFile(filepath.Join(folder, files.events))
		if err != nil || countOf(string(events), "oom_kill") == 0 {
			continue
		}
		limit, _ := os.ReadFile(filepath.Join(folder, files.limit))
		bytes, err := strconv.ParseInt(trimmed(limit), 10, 64)
		if err != nil || bytes > noLimit {
			return "the kernel killed for want of memory (the container has no limit, the host is full)"
		}
		return fmt.Sprintf("the kernel killed for want of memory (limit %d MiB)", bytes>>20)
	}
	return ""
}

// tellMemoryKill writes one line where the application was killed and the kernel may have done it: the engine's own note of
// it may come late, or not at all.
func tellMemoryKill(application *child) {
	if !application.status.Signaled() || application.status.Signal() != syscall.SIGKILL {
		return
	}
	if killed := memoryKill(cgroupRoot); killed != "" {
		fmt.Fprintln(os.Stderr, "crac-init: "+killed)
	}
}

// countOf finds a number in lines of `name number`.
func countOf(text, name string) int {
	for line := range strings.Lines(text) {
		if fields := strings.Fields(line); len(fields) == 2 && fields[0] == name {
			count, _ := strconv.Atoi(fields[1])
			return count
		}
	}
	return 0
}
