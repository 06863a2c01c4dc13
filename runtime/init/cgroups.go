package main

import (
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// cgroups are the folders of the own control groups, from the own one up to the highest that is visible: in a cgroup
// namespace of its own a container sees no ancestors.
type cgroups struct {
	memory, pids []string
	unified      bool // the second version of the files
}

// Where control groups are mounted, by the version.
const (
	cgroupRoot       = "/sys/fs/cgroup"
	cgroupMemoryRoot = "/sys/fs/cgroup/memory"
	cgroupPidsRoot   = "/sys/fs/cgroup/pids"
)

// readCgroups finds them.
func readCgroups() cgroups {
	own, _ := os.ReadFile("/proc/self/cgroup")
	if _, err := os.Stat(filepath.Join(cgroupRoot, "cgroup.controllers")); err == nil {
		folders := foldersUp(cgroupRoot, ownCgroup(string(own), ""))
		return cgroups{memory: folders, pids: folders, unified: true}
	}
	return cgroups{
		memory: foldersUp(cgroupMemoryRoot, ownCgroup(string(own), "memory")),
		pids:   foldersUp(cgroupPidsRoot, ownCgroup(string(own), "pids")),
	}
}

// ownCgroup finds the path of one controller in a /proc/PID/cgroup text; "" is the second version's only hierarchy.
func ownCgroup(text, controller string) string {
	for line := range strings.Lines(text) {
		fields := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(fields) != 3 {
			continue
		}
		for name := range strings.SplitSeq(fields[1], ",") {
			if name == controller {
				return fields[2]
			}
		}
	}
	return "/"
}

// foldersUp lists the folder of a path below root and all above it. Engines of the first version mount the container's
// own group at the root, so that the path of the host is not there: then the root is all.
func foldersUp(root, path string) []string {
	var folders []string
	for at := filepath.Clean("/" + path); ; at = filepath.Dir(at) {
		folder := filepath.Join(root, at)
		if _, err := os.Stat(folder); err == nil {
			folders = append(folders, folder)
		}
		if at == "/" {
			return folders
		}
	}
}

// memoryLimit is the lowest limit of the own group and those above it, in bytes; 0 without one.
func (c cgroups) memoryLimit() int64 {
	limit := int64(0)
	for _, folder := range c.memory {
		if c.unified {
			limit = least(limit, readLimit(filepath.Join(folder, "memory.max")))
			continue
		}
		limit = least(limit, readLimit(filepath.Join(folder, "memory.limit_in_bytes")))
		limit = least(limit, hierarchicalLimit(filepath.Join(folder, "memory.stat")))
	}
	return limit
}

// hierarchicalLimit reads what the first version says of all groups above, also those that cannot be seen.
func hierarchicalLimit(path string) int64 {
	content, _ := os.ReadFile(path)
	for line := range strings.Lines(string(content)) {
		if value, found := strings.CutPrefix(line, "hierarchical_memory_limit "); found {
			return parseLimit(value)
		}
	}
	return 0
}

// pidsLeft is how many more processes and threads the groups allow; -1 without a limit.
func (c cgroups) pidsLeft() int64 {
	left := int64(-1)
	for _, folder := range c.pids {
		limit := readLimit(filepath.Join(folder, "pids.max"))
		if limit == 0 {
			continue
		}
		free := max(0, limit-readLimit(filepath.Join(folder, "pids.current")))
		if left < 0 || free < left {
			left = free
		}
	}
	return left
}

// readLimit reads a file with one number; 0 where it is not there or says that there is no limit.
func readLimit(path string) int64 {
	content, _ := os.ReadFile(path)
	return parseLimit(string(content))
}

// parseLimit reads a limit; "max", and the first version's highest number in whole pages, are none.
func parseLimit(text string) int64 {
	limit, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	if err != nil || limit >= math.MaxInt64>>16<<16 {
		return 0
	}
	return limit
}

// least is the lower of two limits, 0 being none.
func least(a, b int64) int64 {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// machineBytes is the machine's memory; 0 where the kernel does not tell.
func machineBytes() int64 {
	content, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0
	}
	total, _ := statusField(string(content), "MemTotal")
	kilobytes, _ := strconv.ParseInt(strings.TrimSuffix(total, " kB"), 10, 64)
	return kilobytes * 1024
}

// readNumber reads a file with one number; 0 where that does not work out.
func readNumber(path string) int {
	content, _ := os.ReadFile(path)
	number, err := strconv.Atoi(trimmed(content))
	if err != nil {
		return 0
	}
	return number
}
