package main

import "testing"

func TestUserNamespaceMaps(t *testing.T) {
	for text, whole := range map[string]bool{
		"         0          0 4294967295\n":                                   true,
		"         0     100000      65536\n":                                   false,
		"         0       1000          1\n         1     100000      65536\n": false,
		"": false,
	} {
		if isWholeRange(text) != whole {
			t.Errorf("%q: %v", text, !whole)
		}
	}
}

func TestSecurityLabels(t *testing.T) {
	for label, want := range map[string][2]string{
		"docker-default (enforce)":                   {"docker-default (enforce)", ""},
		"system_u:system_r:container_t:s0:c128,c256": {"", "system_u:system_r:container_t:s0:c128,c256"},
		"unconfined": {"unconfined", ""},
		"":           {"", ""},
	} {
		if appArmor, seLinux := splitLabel(label); appArmor != want[0] || seLinux != want[1] {
			t.Errorf("%q: %q %q", label, appArmor, seLinux)
		}
	}
}

func TestHostFactsOfThisMachine(t *testing.T) {
	facts, err := gatherFacts()
	if err != nil {
		t.Fatal(err)
	}
	if facts.Disk.FreeBytes <= 0 || facts.PtraceScope < -1 || facts.PtraceScope > 3 {
		t.Errorf("disk %+v, ptrace scope %d", facts.Disk, facts.PtraceScope)
	}
}
