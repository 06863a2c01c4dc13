package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// examination is what `crac-init examine` prints: what a dump would meet now. It judges nothing.
type examination struct {
	Processes []examinedProcess `json:"processes"`
	Holdings  []holding         `json:"holdings"`
	// Agent is what the context agent says of its JVM (docs/runtime-contract.md); absent where there is none.
	Agent json.RawMessage `json:"agent,omitempty"`
}

// examinedProcess is one process of the application.
type examinedProcess struct {
	Pid        int    `json:"pid"`
	Name       string `json:"name"`
	Executable string `json:"executable"`
	Uid        int    `json:"uid"`
	Threads    int    `json:"threads"`
	JVM        string `json:"jvm,omitempty"` // what it runs, for a JVM
	TracedBy   int    `json:"tracedBy"`      // 0 when nobody traces it
	Seccomp    int    `json:"seccomp"`       // as in hostFacts
	// Namespaces are those (`net`, `user`, …) that are not crac-init's own; the time namespace is not looked at.
	Namespaces []string `json:"namespaces"`
}

// holding is something that a process has open, mapped or locked and that a dump treats in its own way. Ordinary files,
// pipes, timers and the like are left out.
type holding struct {
	Kind   string `json:"kind"`
	Pid    int    `json:"pid"`
	Detail string `json:"detail"`          // a path, an address, what the kernel calls it
	Peer   string `json:"peer,omitempty"`  // the other end of a connection
	Bytes  int64  `json:"bytes,omitempty"` // of a file
	Fd     int    `json:"fd,omitempty"`    // the descriptor, the first where several are the same; 0 for what is mapped
}

// owner is the process that has a socket open, and with which descriptor.
type owner struct{ pid, fd int }

// Kinds of holdings.
const (
	kindListening   = "listening"
	kindConnection  = "connection"
	kindUnixPeer    = "unix-peer"    // a UNIX connection whose other end is outside
	kindInotify     = "inotify"      // one watch; Detail is what it watches, or empty
	kindPidfd       = "pidfd"        // of a process outside; Detail is its PID
	kindAnonymous   = "anonymous"    // an anon_inode that criu does not know; Detail names it
	kindDevice      = "device"       // a device node, but for the harmless ones
	kindTerminal    = "terminal"     // a controlling or pseudo terminal
	kindLock        = "lock"         // a file lock
	kindDeletedFile = "deleted-file" // open or mapped, without a name any more
	kindMemoryFile  = "memory-file"  // a file on a tmpfs, which is in no image
	kindSharedIPC   = "system-v-shm" // a System V shared memory segment
)

// examineVerb looks at all processes below PID 1 and prints what it found as one line of JSON.
func examineVerb() int {
	processes, err := listProcesses()
	if err != nil {
		fmt.Fprintln(os.Stderr, "crac-init: cannot list the processes: "+err.Error())
		return 1
	}
	found := examine(descendants(processes, 1))
	found.Agent = askAgent(standardLayout().handOver)
	if err := json.NewEncoder(os.Stdout).Encode(found); err != nil {
		fmt.Fprintln(os.Stderr, "crac-init: "+err.Error())
		return 1
	}
	return 0
}

// examine looks at every process of a tree.
func examine(tree []processStatus) examination {
	found := examination{Processes: []examinedProcess{}, Holdings: []holding{}}
	owners := map[string]owner{}
	for _, process := range tree {
		if process.state == 'Z' {
			continue
		}
		_ = asUser(process.uid, process.gid, func() error {
			found.Processes = append(found.Processes, describeProcess(process))
			found.Holdings = append(found.Holdings, openHoldings(process.pid, owners)...)
			found.Holdings = append(found.Holdings, mappedHoldings(process.pid)...)
			return nil
		})
	}
	found.Holdings = slices.DeleteFunc(found.Holdings, func(one holding) bool {
		return one.Kind == kindPidfd && slices.ContainsFunc(tree, func(process processStatus) bool {
			return strconv.Itoa(process.pid) == one.Detail
		})
	})
	found.Holdings = append(found.Holdings, socketHoldings(owners)...)
	return found
}

// describeProcess reads what is not in a processStatus.
func describeProcess(process processStatus) examinedProcess {
	folder := filepath.Join("/proc", strconv.Itoa(process.pid))
	is := examinedProcess{Pid: process.pid, Uid: process.uid, Threads: process.threads, Namespaces: []string{}}
	is.Executable, _ = os.Readlink(filepath.Join(folder, "exe"))
	if jvm := jvmAt(process.pid); jvm != nil {
		is.JVM = jvm.name()
	}
	status, _ := os.ReadFile(filepath.Join(folder, "status"))
	is.Name, _ = statusField(string(status), "Name")
	tracer, _ := statusField(string(status), "TracerPid")
	is.TracedBy, _ = strconv.Atoi(tracer)
	seccomp, _ := statusField(string(status), "Seccomp")
	is.Seccomp, _ = strconv.Atoi(seccomp)
	for _, name := range []string{"cgroup", "ipc", "mnt", "net", "pid", "user", "uts"} {
		its, itsErr := os.Readlink(filepath.Join(folder, "ns", name))
		ours, oursErr := os.Readlink(filepath.Join("/proc/self/ns", name))
		if itsErr == nil && oursErr == nil && its != ours {
			is.Namespaces = append(is.Namespaces, name)
		}
	}
	return is
}

// harmlessAnonymous are the anon_inodes that criu dumps.
var harmlessAnonymous = []string{"[eventpoll]", "[eventfd]", "[signalfd]", "[timerfd]"}

// anonymousHolding judges the name of an anon_inode; ok is false for those that need no mention.
func anonymousHolding(name string) (holding, bool) {
	if slices.Contains(harmlessAnonymous, name) {
		return holding{}, false
	}
	return holding{Kind: kindAnonymous, Detail: strings.Trim(name, "[]")}, true
}
