package main

import "testing"

func TestAKillForWantOfMemoryIsTold(t *testing.T) {
	for _, c := range []struct {
		name    string
		unified bool
		files   map[string]string
		want    string
	}{
		{"nothing", true, nil, ""},
		{"cgroup v2", true, map[string]string{"memory.events": "low 0\nhigh 0\nmax 31\noom 1\noom_kill 1\noom_group_kill 0\n", "memory.max": "67108864\n"},
			"the kernel killed for want of memory (limit 64 MiB)"},
		{"cgroup v2, limit met without a kill", true, map[string]string{"memory.events": "max 31\noom 0\noom_kill 0\n", "memory.max": "67108864\n"}, ""},
		{"cgroup v2 without a limit", true, map[string]string{"memory.events": "oom_kill 2\n", "memory.max": "max\n"},
			"the kernel killed for want of memory (the container has no limit, the host is full)"},
		{"cgroup v1", false, map[string]string{"memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n", "memory.limit_in_bytes": "134217728\n"},
			"the kernel killed for want of memory (limit 128 MiB)"},
		{"cgroup v1 without a limit", false, map[string]string{"memory.oom_control": "oom_kill 1\n", "memory.limit_in_bytes": "9223372036854771712\n"},
			"the kernel killed for want of memory (the container has no limit, the host is full)"},
		{"cgroup v1 of an old kernel", false, map[string]string{"memory.oom_control": "oom_kill_disable 0\nunder_oom 0\n"}, ""},
	} {
		groups := cgroups{memory: []string{hierarchy(t, c.files)}, unified: c.unified}
		if got := groups.memoryKill(); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
