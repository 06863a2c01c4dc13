package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// memoryKill says that the kernel has killed in this container for want of memory; it is empty where it has not.
func (c cgroups) memoryKill() string {
	if len(c.memory) == 0 {
		return ""
	}
	name := "memory.oom_control" // of the first version, Linux 4.13 and later
	if c.unified {
		name = "memory.events"
	}
	events, err := os.ReadFile(filepath.Join(c.memory[0], name))
	if err != nil || countOf(string(events), "oom_kill") == 0 {
		return ""
	}
	limit := c.memoryLimit()
	if limit == 0 {
		return "the kernel killed for want of memory (the container has no limit, the host is full)"
	}
	return fmt.Sprintf("the kernel killed for want of memory (limit %d MiB)", limit>>20)
}

// tellMemoryKill writes one line where the application was killed and the kernel may have done it: the engine's own note of
// it may come late, or not at all.
func tellMemoryKill(application *child) {
	if !application.status.Signaled() || application.status.Signal() != syscall.SIGKILL {
		return
	}
	if killed := readCgroups().memoryKill(); killed != "" {
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
