package main

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
)

// statusField finds one field of a /proc/PID/status text and returns its value without surrounding blanks.
func statusField(status, key string) (string, bool) {
	for line := range strings.Lines(status) {
		if name, value, ok := strings.Cut(line, ":"); ok && name == key {
			return strings.TrimSpace(value), true
		}
	}
	return "", false
}

// processStatus is what crac-init wants to know of another process. The ids are the real ones.
type processStatus struct {
	pid, parent   int
	state         byte // as in ps: R, S, Z, …
	uid, gid      int
	groups        []int
	threads       int
	residentBytes int64
	seccomp       int // as in hostFacts
	capabilities  heldCapabilities
}

// parseProcessStatus reads a /proc/PID/status text.
func parseProcessStatus(text string) (processStatus, error) {
	var status processStatus
	var broken error
	number := func(key string) int {
		value, found := statusField(text, key)
		fields := strings.Fields(value)
		if !found || len(fields) == 0 {
			return 0
		}
		n, err := strconv.Atoi(fields[0])
		if err != nil && broken == nil {
			broken = fmt.Errorf("%s of the process status is %q, not a number", key, value)
		}
		return n
	}
	status.pid, status.parent = number("Pid"), number("PPid")
	status.uid, status.gid = number("Uid"), number("Gid")
	status.threads = number("Threads")
	status.residentBytes = int64(number("VmRSS")) * 1024
	status.seccomp = number("Seccomp")
	if state, _ := statusField(text, "State"); state != "" {
		status.state = state[0]
	}
	status.groups = []int{}
	groups, _ := statusField(text, "Groups")
	for _, field := range strings.Fields(groups) {
		if group, err := strconv.Atoi(field); err == nil {
			status.groups = append(status.groups, group)
		}
	}
	held, err := parseHeldCapabilities(text)
	if err != nil {
		return status, err
	}
	status.capabilities = held
	if status.pid == 0 && broken == nil {
		broken = fmt.Errorf("no process status: %.40q", text)
	}
	return status, broken
}

// readProcessStatus reads the status of a process of this PID namespace.
func readProcessStatus(pid int) (processStatus, error) {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	if err != nil {
		return processStatus{}, err
	}
	return parseProcessStatus(string(text))
}

// listProcesses reads the status of every process that is visible. Processes that end meanwhile are left out.
func listProcesses() ([]processStatus, error) {
	folder, err := os.Open("/proc")
	if err != nil {
		return nil, err
	}
	defer folder.Close()
	names, err := folder.Readdirnames(-1)
	if err != nil {
		return nil, err
	}
	var processes []processStatus
	for _, name := range names {
		pid, err := strconv.Atoi(name)
		if err != nil {
			continue
		}
		if status, err := readProcessStatus(pid); err == nil {
			processes = append(processes, status)
		}
	}
	return processes, nil
}

// descendants returns those of the processes whose parents lead to root, root itself not among them, parents before
// their children.
func descendants(processes []processStatus, root int) []processStatus {
	sort.Slice(processes, func(i, j int) bool { return processes[i].pid < processes[j].pid })
	children := map[int][]processStatus{}
	for _, process := range processes {
		children[process.parent] = append(children[process.parent], process)
	}
	var found []processStatus
	for queue := []int{root}; len(queue) > 0; queue = queue[1:] {
		for _, child := range children[queue[0]] {
			if child.pid != root {
				found = append(found, child)
				queue = append(queue, child.pid)
			}
		}
	}
	return found
}

// processTree reads root and all its living descendants; it is empty when root is gone.
func processTree(root int) []processStatus {
	processes, err := listProcesses()
	if err != nil {
		return nil
	}
	var tree []processStatus
	for _, process := range processes {
		if process.pid == root && process.state != 'Z' {
			tree = append(tree, process)
		}
	}
	for _, process := range descendants(processes, root) {
		if process.state != 'Z' {
			tree = append(tree, process)
		}
	}
	return tree
}
