package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestOwnCgroup(t *testing.T) {
	const v1 = "5:devices:/d\n4:memory:/docker/abc\n3:cpu,cpuacct:/c\n0::/u\n"
	for _, c := range []struct{ text, controller, want string }{
		{v1, "memory", "/docker/abc"},
		{v1, "cpuacct", "/c"},
		{v1, "pids", "/"},
		{"0::/kubepods/pod1/c1\n", "", "/kubepods/pod1/c1"},
		{"0::/a:b\n", "", "/a:b"},
		{"", "", "/"},
	} {
		if got := ownCgroup(c.text, c.controller); got != c.want {
			t.Errorf("%q of %q is %q, want %q", c.controller, c.text, got, c.want)
		}
	}
}

// hierarchy lays out control group files: paths below a root and their contents.
func hierarchy(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for path, content := range files {
		path = filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestLimitsOfTheGroupsAbove(t *testing.T) {
	for _, c := range []struct {
		name, path   string
		unified      bool
		files        map[string]string
		memory, pids int64
	}{
		{"no limits", "/a", true, map[string]string{"a/memory.max": "max\n", "a/pids.max": "max\n", "a/pids.current": "3\n"}, 0, -1},
		{"own", "/a", true, map[string]string{"a/memory.max": "1000\n", "a/pids.max": "10\n", "a/pids.current": "3\n"}, 1000, 7},
		{"tighter above", "/a/b", true, map[string]string{"a/memory.max": "500\n", "a/b/memory.max": "1000\n",
			"a/pids.max": "5\n", "a/pids.current": "4\n", "a/b/pids.max": "100\n", "a/b/pids.current": "1\n"}, 500, 1},
		{"used up", "/", true, map[string]string{"pids.max": "5\n", "pids.current": "9\n"}, 0, 0},
		{"a path of the host", "/docker/x", true, map[string]string{"memory.max": "7\n"}, 7, -1},
		{"first version", "/", false, map[string]string{"memory.limit_in_bytes": "1000\n", "memory.stat": "cache 0\nhierarchical_memory_limit 800\n"}, 800, -1},
		{"first version without a limit", "/", false, map[string]string{"memory.limit_in_bytes": "9223372036854771712\n",
			"memory.stat": "hierarchical_memory_limit 9223372036854771712\n"}, 0, -1},
	} {
		folders := foldersUp(hierarchy(t, c.files), c.path)
		groups := cgroups{memory: folders, pids: folders, unified: c.unified}
		if memory, pids := groups.memoryLimit(), groups.pidsLeft(); memory != c.memory || pids != c.pids {
			t.Errorf("%s: %d bytes and %d processes, want %d and %d", c.name, memory, pids, c.memory, c.pids)
		}
	}
}

func TestFoldersUp(t *testing.T) {
	root := hierarchy(t, map[string]string{"a/b/c": ""})
	want := []string{filepath.Join(root, "a/b"), filepath.Join(root, "a"), root}
	if got := foldersUp(root, "/a/b/../b"); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestLeast(t *testing.T) {
	for _, c := range [][3]int64{{0, 0, 0}, {0, 5, 5}, {5, 0, 5}, {5, 7, 5}, {7, 5, 5}} {
		if got := least(c[0], c[1]); got != c[2] {
			t.Errorf("of %d and %d it is %d, want %d", c[0], c[1], got, c[2])
		}
	}
}
