package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// hostFacts is what `crac-init facts` prints of the container that it runs in.
type hostFacts struct {
	Architecture string   `json:"architecture"`
	Kernel       string   `json:"kernel"`
	CPU          cpuFacts `json:"cpu"`
	Capabilities struct {
		Effective []string `json:"effective"`
		Permitted []string `json:"permitted"`
		Bounding  []string `json:"bounding"`
	} `json:"capabilities"`
	Seccomp           int    `json:"seccomp"` // 0 none, 1 strict, 2 filter
	NoNewPrivileges   bool   `json:"noNewPrivileges"`
	Uid               int    `json:"uid"`
	Gid               int    `json:"gid"`
	MonotonicMs       int64  `json:"monotonicMs"`
	MemoryBytes       int64  `json:"memoryBytes"`
	Clone3SetTid      bool   `json:"clone3SetTid"`
	TimeNamespaces    bool   `json:"timeNamespaces"`
	NsLastPidWritable bool   `json:"nsLastPidWritable"`
	PtraceScope       int    `json:"ptraceScope"` // kernel.yama.ptrace_scope; -1 without Yama
	Userfaultfd       bool   `json:"userfaultfd"`
	UserNamespace     bool   `json:"userNamespace"` // the container's root is another user on the host
	AppArmor          string `json:"appArmor"`      // the profile, or empty
	SELinux           string `json:"seLinux"`       // the label, or empty
	Disk              disk   `json:"disk"`
	Version           string `json:"version"`
}

// disk is the file system of the container's root folder: that on which the engine keeps its images.
type disk struct {
	FreeBytes   int64 `json:"freeBytes"`
	FreeInodes  int64 `json:"freeInodes"`
	TotalInodes int64 `json:"totalInodes"` // 0 where the file system does not count them (btrfs)
}

// cpuFacts is the processor as /proc/cpuinfo names it.
type cpuFacts struct {
	Model    string   `json:"model"`
	Features []string `json:"features"`
}

// factsVerb prints the facts as one line of JSON.
func factsVerb() int {
	facts, err := gatherFacts()
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(facts)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "crac-init: "+err.Error())
		return 1
	}
	return 0
}

// gatherFacts looks at this container. What an old or locked-up kernel does not tell stays zero.
func gatherFacts() (hostFacts, error) {
	facts := hostFacts{Architecture: runtime.GOARCH, Uid: os.Getuid(), Gid: os.Getgid(), MonotonicMs: monotonicMs(),
		MemoryBytes: least(readCgroups().memoryLimit(), machineBytes()), Clone3SetTid: cloneTakesPid(), NsLastPidWritable: isWritable(lastPidFile),
		TimeNamespaces: hasTimeNamespaces(), PtraceScope: ptraceScope(), Userfaultfd: hasUserfaultfd(),
		UserNamespace: inUserNamespace(), Disk: diskOf("/"), Version: version}
	facts.AppArmor, facts.SELinux = securityLabels()
	var name unix.Utsname
	if err := unix.Uname(&name); err == nil {
		facts.Kernel = unix.ByteSliceToString(name.Release[:])
	}
	facts.CPU = firstCPU()
	content, err := os.ReadFile("/proc/thread-self/status")
	if err != nil {
		return facts, fmt.Errorf("cannot read the own status: %w", err)
	}
	held, err := parseHeldCapabilities(string(content))
	if err != nil {
		return facts, err
	}
	facts.Capabilities.Effective = held.effective.names()
	facts.Capabilities.Permitted = held.permitted.names()
	facts.Capabilities.Bounding = held.bounding.names()
	seccomp, _ := statusField(string(content), "Seccomp")
	facts.Seccomp, _ = strconv.Atoi(seccomp)
	noNewPrivileges, _ := statusField(string(content), "NoNewPrivs")
	facts.NoNewPrivileges = noNewPrivileges == "1"
	return facts, nil
}

// firstCPU reads the first processor in /proc/cpuinfo and no further: with hundreds of them the kernel takes its time.
func firstCPU() cpuFacts {
	file, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return parseCPUInfo("")
	}
	defer file.Close()
	var text strings.Builder
	for lines := bufio.NewScanner(file); lines.Scan() && lines.Text() != ""; {
		text.WriteString(lines.Text() + "\n")
	}
	return parseCPUInfo(text.String())
}

// thisCPU is the processor with the features that code could use here, in the words of the gate.
func thisCPU() cpuFacts {
	return cpuFacts{Model: firstCPU().Model, Features: slices.Sorted(maps.Keys(cpuFeatures()))}
}

// parseCPUInfo reads the first processor of a /proc/cpuinfo text, in the words of x86 or of arm64.
func parseCPUInfo(text string) cpuFacts {
	facts := cpuFacts{Features: []string{}}
	for line := range strings.Lines(text) {
		key, value, _ := strings.Cut(line, ":")
		switch strings.TrimSpace(key) {
		case "model name", "CPU part":
			if facts.Model == "" {
				facts.Model = strings.TrimSpace(value)
			}
		case "flags", "Features":
			if len(facts.Features) == 0 {
				facts.Features = strings.Fields(value)
			}
		}
	}
	return facts
}

// hasTimeNamespaces tells whether a process can be moved into a new time namespace. Where this container may not make
// one, it tells whether the kernel knows them.
func hasTimeNamespaces() bool {
	held, err := ownCapabilities()
	if err == nil && held.effective.has(unix.CAP_SYS_ADMIN) {
		return execEntersTimeNamespace()
	}
	_, err = os.Stat("/proc/self/ns/time_for_children")
	return err == nil
}
