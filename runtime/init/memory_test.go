package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestAKillForWantOfMemoryIsTold(t *testing.T) {
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"nothing", nil, ""},
		{"cgroup v2", map[string]string{"memory.events": "low 0\nhigh 0\nmax 31\noom 1\noom_kill 1\noom_group_kill 0\n", "memory.max": "67108864\n"},
			"the kernel killed for want of memory (limit 64 MiB)"},
		{"cgroup v2, limit met without a kill", map[string]string{"memory.events": "max 31\noom 0\noom_kill 0\n", "memory.max": "67108864\n"}, ""},
		{"cgroup v2 without a limit", map[string]string{"memory.events": "oom_kill 2\n", "memory.max": "max\n"},
			"the kernel killed for want of memory (the container has no limit, the host is full)"},
		{"cgroup v1", map[string]string{"memory/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n", "memory/memory.limit_in_bytes": "134217728\n"},
			"the kernel killed for want of memory (limit 128 MiB)"},
		{"cgroup v1 without a limit", map[string]string{"memory/memory.oom_control": "oom_kill 1\n", "memory/memory.limit_in_bytes": "9223372036854771712\n"},
			"the kernel killed for want of memory (the container has no limit, the host is full)"},
		{"cgroup v1 of an old kernel", map[string]string{"memory/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\n"}, ""},
	} {
		folder := t.TempDir()
		for name, content := range c.files {
			_ = os.MkdirAll(filepath.Dir(filepath.Join(folder, name)), 0o755)
			if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got := memoryKill(folder); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
