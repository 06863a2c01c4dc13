package main

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// fitting are a manifest and a container that it fits.
func fitting() (manifest, gateFacts) {
	of := manifest{Version: 1, Architecture: "amd64", Clock: clockRecord{"near-zero", 9000},
		Checkpoint: checkpointRecord{Pid: 513, Uid: 1000, Gid: 1000, Groups: []int{1000},
			Files: []imageFile{{Name: "pages-1.img", Bytes: 4096}, {Name: "core-513.img", Bytes: 10}}}}
	of.Capabilities.Restore = []string{"CHECKPOINT_RESTORE", "SETPCAP"}
	return of, gateFacts{
		architecture: "amd64", uid: 1000, gid: 1000, groups: []int{1000}, canSetPid: true, monotonicMs: 9000,
		permitted: setOf(unix.CAP_CHECKPOINT_RESTORE, unix.CAP_SETPCAP),
		fileBytes: func(name string) (int64, error) {
			return map[string]int64{"pages-1.img": 4096, "core-513.img": 10}[name], nil
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
		refused := gate(of, facts)
		switch {
		case c.id == "" && refused != nil:
			t.Errorf("%s: refused (%s): %s", c.name, refused.id, refused.cause)
		case c.id != "" && refused == nil:
			t.Errorf("%s: let pass, want %s", c.name, c.id)
		case c.id != "" && (refused.id != c.id || !strings.Contains(refused.cause, c.cause)):
			t.Errorf("%s: got (%s): %s, want (%s): …%s…", c.name, refused.id, refused.cause, c.id, c.cause)
		}
	}
}
