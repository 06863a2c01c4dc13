package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

// numbersAt lists the numbers of a field of a message in a message; the path leads there.
func numbersAt(t *testing.T, message []byte, path ...protowire.Number) (numbers []int) {
	t.Helper()
	for len(message) > 0 {
		number, kind, tag := protowire.ConsumeTag(message)
		value := protowire.ConsumeFieldValue(number, kind, message[max(tag, 0):])
		if tag < 0 || value < 0 {
			t.Fatal("no message")
		}
		content := message[tag : tag+value]
		message = message[tag+value:]
		switch {
		case number != path[0]:
		case len(path) > 1:
			inner, _ := protowire.ConsumeBytes(content)
			numbers = append(numbers, numbersAt(t, inner, path[1:]...)...)
		default:
			found, _ := protowire.ConsumeVarint(content)
			numbers = append(numbers, int(found))
		}
	}
	return numbers
}

// core is a thread of a process of uid 1000 and gid 1000 that CRIU 4.2.1 has dumped.
const core = "testdata/core-519.img"

func TestTheGroupsAndNothingElseAreTakenOutOfACheckpoint(t *testing.T) {
	folder := t.TempDir()
	before, err := os.ReadFile(core)
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(folder, "core-519.img")
	if err := os.WriteFile(copied, before, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := leaveGroupsOpen(folder); err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadFile(copied)
	if err != nil {
		t.Fatal(err)
	}
	was, is := before[12:], after[12:]
	if groups := numbersAt(t, was, threadOfCore, credsOfThread, groupsOfCreds); !slices.Equal(groups, []int{1000}) {
		t.Fatalf("the groups were %v", groups)
	}
	if groups := numbersAt(t, is, threadOfCore, credsOfThread, groupsOfCreds); len(groups) != 0 {
		t.Errorf("the groups are %v", groups)
	}
	for field := protowire.Number(1); field < groupsOfCreds; field++ {
		a, b := numbersAt(t, was, threadOfCore, credsOfThread, field), numbersAt(t, is, threadOfCore, credsOfThread, field)
		if !slices.Equal(a, b) {
			t.Errorf("field %d of the credentials was %v and is %v", field, a, b)
		}
	}
	if len(before)-len(after) != 3 {
		t.Errorf("%d bytes are gone; the group 1000 and its tag are 3", len(before)-len(after))
	}
	again, err := withoutGroups(after)
	if err != nil || !bytes.Equal(again, after) {
		t.Errorf("an image without groups is not left as it is: %v", err)
	}
}

func TestWhatIsNoImageOfAProcessIsRefused(t *testing.T) {
	image, err := os.ReadFile(core)
	if err != nil {
		t.Fatal(err)
	}
	for name, damaged := range map[string][]byte{
		"empty": {}, "cut off": image[:len(image)-1], "another length": append(slices.Clone(image), 0),
		"no message": append(slices.Clone(image[:12]), bytes.Repeat([]byte{0xff}, len(image)-12)...),
	} {
		if _, err := withoutGroups(damaged); err == nil {
			t.Errorf("%s is taken for an image", name)
		}
	}
}

func TestGroupsAreLeftOpenOnlyForAProcessThatHasNotChangedThem(t *testing.T) {
	start := userIdentity{uid: 1000, gid: 1000, groups: []int{1000, 44}}
	same := processStatus{uid: 1000, gid: 1000, groups: []int{44, 1000}}
	for _, c := range []struct {
		name string
		tree []processStatus
		want bool
	}{
		{"as started", []processStatus{same, same}, true},
		{"another user", []processStatus{{uid: 999, gid: 1000, groups: same.groups}}, false},
		{"another group", []processStatus{same, {uid: 1000, gid: 5, groups: same.groups}}, false},
		{"fewer groups", []processStatus{{uid: 1000, gid: 1000, groups: []int{1000}}}, false},
	} {
		if got := hadGroupsOf(start, c.tree); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
