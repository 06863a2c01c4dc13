package main

import (
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// fitting are a manifest and a container that it fits.
func fitting() (manifest, gateFacts) {
	of := manifest{Version: 1, Architecture: "amd64", CPU: cpuFacts{"Some CPU", []string{"avx2", "aes"}},
		Clock: clockRecord{"near-zero", 9000},
		Checkpoint: checkpointRecord{Pid: 513, Uid: 1000, Gid: 1000, Groups: []int{1000}, ResidentBytes: 50_000_000,
			Files: []imageFile{{Name: "pages-1.img", Bytes: 4096}, {Name: "core-513.img", Bytes: 10}, {Name: "core-530.img", Bytes: 10}}}}
	of.Capabilities.Restore = []string{"CHECKPOINT_RESTORE", "SETPCAP"}
	return of, gateFacts{
		architecture: "amd64", cpuFeatures: map[string]bool{"avx2": true, "aes": true, "avx512f": true},
		uid: 1000, gid: 1000, groups: []int{1000}, canSetPid: true, ptraceScope: -1, monotonicMs: 9000,
		permitted: setOf(unix.CAP_CHECKPOINT_RESTORE, unix.CAP_SETPCAP),
		bounding:  setOf(unix.CAP_CHECKPOINT_RESTORE, unix.CAP_SETPCAP),
		pidMax:    32768, pidsLeft: -1, pidTaken: func(int) bool { return false },
		memoryBytes: 50_000_000,
		fileBytes: func(name string) (int64, error) {
			return map[string]int64{"pages-1.img": 4096, "core-513.img": 10, "core-530.img": 10}[name], nil
		},
	}
}

func TestGate(t *testing.T) {
	root := func(f *gateFacts) { f.uid, f.gid, f.groups = 0, 0, []int{0} }
	for _, c := range []struct {
		name   string
		change func(*manifest, *gateFacts)
		id     string // "" where the gate says yes
		cause  string
	}{
		{"fits", func(*manifest, *gateFacts) {}, "", ""},
		{"no architecture named", func(m *manifest, _ *gateFacts) { m.Architecture = "" }, "", ""},
		{"other architecture", func(_ *manifest, f *gateFacts) { f.architecture = "arm64" }, "architecture", "for amd64, this is arm64"},
		{"CPU lacks a feature", func(m *manifest, _ *gateFacts) { m.CPU.Features = []string{"avx2", "gfni", "adx"} },
			"cpu", "this CPU lacks gfni, adx, which the checkpoint may use (baked on Some CPU)"},
		{"no CPU features named", func(m *manifest, f *gateFacts) { m.CPU.Features, f.cpuFeatures = nil, nil }, "", ""},
		{"no-new-privileges keeps a user's capabilities away", func(_ *manifest, f *gateFacts) { f.permitted, f.noNewPrivileges = 0, true },
			"no-new-privileges", "crac-init does not get SETPCAP, CHECKPOINT_RESTORE as uid 1000"},
		{"no-new-privileges, but not granted either", func(_ *manifest, f *gateFacts) {
			f.permitted, f.noNewPrivileges, f.bounding = 0, true, setOf(unix.CAP_SETPCAP)
		}, "capabilities", "missing SETPCAP, CHECKPOINT_RESTORE"},
		{"no-new-privileges as root", func(m *manifest, f *gateFacts) {
			root(f)
			m.Checkpoint.Uid, m.Checkpoint.Gid, m.Checkpoint.Groups, f.noNewPrivileges = 0, 0, []int{0}, true
		}, "", ""},
		{"no-new-privileges and another user", func(_ *manifest, f *gateFacts) { f.uid, f.noNewPrivileges = 2000, true }, "capabilities", "missing SETUID"},
		{"Yama wants SYS_PTRACE", func(_ *manifest, f *gateFacts) { f.ptraceScope = 2 }, "ptrace", "missing SYS_PTRACE"},
		{"Yama has SYS_PTRACE", func(_ *manifest, f *gateFacts) {
			f.ptraceScope, f.permitted = 2, f.permitted|setOf(unix.CAP_SYS_PTRACE)
		}, "", ""},
		{"Yama for descendants only", func(_ *manifest, f *gateFacts) { f.ptraceScope = 1 }, "", ""},
		{"Yama forbids tracing", func(_ *manifest, f *gateFacts) { f.ptraceScope, f.permitted = 3, ^capabilitySet(0) }, "ptrace", "no process can be traced"},
		{"PID of a thread taken", func(_ *manifest, f *gateFacts) { f.pidTaken = func(pid int) bool { return pid == 530 } }, "pids", "PID 530 of the checkpoint is taken"},
		{"other PID taken", func(_ *manifest, f *gateFacts) { f.pidTaken = func(pid int) bool { return pid == 529 } }, "", ""},
		{"PID above the maximum", func(_ *manifest, f *gateFacts) { f.pidMax = 530 }, "pids", "PID 530 of the checkpoint is not below kernel.pid_max, 530"},
		{"too few processes allowed", func(_ *manifest, f *gateFacts) { f.pidsLeft = 2 }, "pids", "2 more processes and threads, the checkpoint needs 3"},
		{"just enough processes allowed", func(_ *manifest, f *gateFacts) { f.pidsLeft = 3 }, "", ""},
		{"too little memory", func(_ *manifest, f *gateFacts) { f.memoryBytes = 49_999_999 }, "memory", "the memory limit is 49 MB, the checkpoint has 50 MB in memory"},
		{"more pages than the main process has in memory", func(m *manifest, f *gateFacts) {
			m.Checkpoint.ResidentBytes, f.memoryBytes = 0, 4095
		}, "memory", "the memory limit is 0 MB"},
		{"memory unknown", func(_ *manifest, f *gateFacts) { f.memoryBytes = 0 }, "", ""},
		{"no SETPCAP", func(_ *manifest, f *gateFacts) { f.permitted &^= setOf(unix.CAP_SETPCAP) }, "capabilities", "missing SETPCAP"},
		{"manifest without capabilities", func(m *manifest, f *gateFacts) { m.Capabilities.Restore, f.permitted = nil, 0 },
			"capabilities", "missing SETPCAP, CHECKPOINT_RESTORE"},
		{"more wanted", func(m *manifest, _ *gateFacts) { m.Capabilities.Restore = append(m.Capabilities.Restore, "SYS_PTRACE") },
			"capabilities", "missing SYS_PTRACE"},
		{"unknown capability", func(m *manifest, _ *gateFacts) { m.Capabilities.Restore = []string{"X"} }, "manifest", `"X"`},
		{"other user", func(_ *manifest, f *gateFacts) { f.uid = 2000 }, "capabilities", "missing SETUID; the container has uid 2000 instead of 1000"},
		{"root without SETUID", func(_ *manifest, f *gateFacts) { root(f) }, "capabilities", "missing SETGID, SETUID"},
		{"root with SETUID", func(_ *manifest, f *gateFacts) {
			root(f)
			f.permitted |= setOf(unix.CAP_SETUID, unix.CAP_SETGID)
		}, "", ""},
		{"another group more", func(_ *manifest, f *gateFacts) { f.groups = []int{77, 1000} }, "capabilities", "groups [77 1000] instead of [1000]"},
		{"the same groups in another order", func(m *manifest, f *gateFacts) { m.Checkpoint.Groups, f.groups = []int{5, 1000}, []int{1000, 5, 5} }, "", ""},
		{"another group more, and the checkpoint holds none", func(m *manifest, f *gateFacts) { m.Checkpoint.GroupsOpen, f.groups = true, []int{77, 1000} }, "", ""},
		{"another primary group, and the checkpoint holds none", func(m *manifest, f *gateFacts) { m.Checkpoint.GroupsOpen, f.gid = true, 0 }, "capabilities", "gid 0 instead of 1000"},
		{"groups not recorded", func(m *manifest, f *gateFacts) { m.Checkpoint.Groups, f.groups = nil, []int{1, 2} }, "", ""},
		{"clone3 blocked", func(_ *manifest, f *gateFacts) { f.canSetPid = false }, "seccomp", "clone3"},
		{"clock behind", func(_ *manifest, f *gateFacts) { f.monotonicMs = 8999 }, "clock", "8999 ms, less than the 9000 ms"},
		{"clock far ahead", func(_ *manifest, f *gateFacts) { f.monotonicMs = 1e12 }, "", ""},
		{"file too short", func(m *manifest, _ *gateFacts) { m.Checkpoint.Files[0].Bytes = 8192 }, "files", "pages-1.img of the checkpoint has 4096 bytes instead of 8192"},
		{"file missing", func(_ *manifest, f *gateFacts) {
			f.fileBytes = func(string) (int64, error) { return 0, errors.New("no such file") }
		}, "files", "no such file"},
	} {
		of, facts := fitting()
		c.change(&of, &facts)
		refusals := gate(of, facts)
		switch {
		case c.id == "" && len(refusals) != 0:
			t.Errorf("%s: refused: %v", c.name, refusals)
		case c.id != "" && len(refusals) != 1:
			t.Errorf("%s: got %v, want %s alone", c.name, refusals, c.id)
		case c.id != "" && (refusals[0].ID != c.id || !strings.Contains(refusals[0].Cause, c.cause)):
			t.Errorf("%s: got %v, want (%s): …%s…", c.name, refusals[0], c.id, c.cause)
		}
	}
}

func TestGateNamesEverythingThatSpeaksAgainstARestore(t *testing.T) {
	of, facts := fitting()
	facts.cpuFeatures, facts.permitted, facts.canSetPid, facts.monotonicMs, facts.memoryBytes = nil, 0, false, 0, 1000
	facts.bounding, facts.ptraceScope = 0, 3
	facts.pidTaken = func(int) bool { return true }
	facts.fileBytes = func(string) (int64, error) { return 0, nil }
	var ids []string
	for _, refused := range gate(of, facts) {
		ids = append(ids, refused.ID)
	}
	want := []string{"cpu", "capabilities", "seccomp", "ptrace", "clock", "files", "pids", "memory"}
	if !slices.Equal(ids, want) {
		t.Errorf("got %v, want %v", ids, want)
	}
}

func TestTheGateTakesLittleTime(t *testing.T) {
	start := time.Now()
	for range 10 {
		if _, err := gatherGateFacts(t.TempDir()); err != nil {
			t.Fatal(err)
		}
	}
	if each := time.Since(start) / 10; each > 3*time.Millisecond {
		t.Errorf("the gate's questions took %v", each)
	}
}

func TestATakenPidIsSeen(t *testing.T) {
	if !isTaken(1) || !isTaken(os.Getpid()) {
		t.Error("PID 1 and our own are taken")
	}
	// The threads of a process have numbers, too.
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil || len(threads) < 2 {
		t.Fatal("no second thread", err)
	}
	for _, thread := range threads {
		if tid, _ := strconv.Atoi(thread.Name()); !isTaken(tid) {
			t.Errorf("thread %d is taken", tid)
		}
	}
	if highest := readNumber("/proc/sys/kernel/pid_max"); highest == 0 || isTaken(highest+1) {
		t.Error("no process is above pid_max")
	}
}
