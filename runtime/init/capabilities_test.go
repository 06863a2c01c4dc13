package main

import (
	"reflect"
	"testing"

	"golang.org/x/sys/unix"
)

const statusText = `Name:	java
Umask:	0022
State:	S (sleeping)
Tgid:	513
Pid:	513
PPid:	1
Uid:	1000	1000	1000	1000
Gid:	2000	2000	2000	2000
Groups:	2000 44 
VmRSS:	  134212 kB
Threads:	31
CapInh:	0000000000000000
CapPrm:	0000010000080100
CapEff:	0000000000000000
CapBnd:	0000010000000500
CapAmb:	0000000000000400
NoNewPrivs:	0
Seccomp:	2
`

func TestHeldCapabilitiesAreReadFromAProcessStatus(t *testing.T) {
	held, err := parseHeldCapabilities(statusText)
	if err != nil {
		t.Fatal(err)
	}
	want := heldCapabilities{
		permitted: setOf(unix.CAP_CHECKPOINT_RESTORE, unix.CAP_SYS_PTRACE, unix.CAP_SETPCAP),
		bounding:  setOf(unix.CAP_CHECKPOINT_RESTORE, unix.CAP_SETPCAP, unix.CAP_NET_BIND_SERVICE),
		ambient:   setOf(unix.CAP_NET_BIND_SERVICE),
	}
	if held != want {
		t.Errorf("got %+v, want %+v", held, want)
	}
	if _, err := parseHeldCapabilities("CapPrm:\tnonsense\n"); err == nil {
		t.Error("a set that is not one was accepted")
	}
}

func TestCapabilityNamesGoBothWays(t *testing.T) {
	set, err := parseCapabilities([]string{"SETPCAP", "cap_net_bind_service", "CAP_CHECKPOINT_RESTORE"})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"SETPCAP", "NET_BIND_SERVICE", "CHECKPOINT_RESTORE"}; !reflect.DeepEqual(set.names(), want) {
		t.Errorf("got %v, want %v", set.names(), want)
	}
	if names := capabilitySet(0).names(); names == nil || len(names) != 0 {
		t.Errorf("the empty set must be an empty list in JSON, got %#v", names)
	}
	if _, err := parseCapabilities([]string{"SYS_ADMIM"}); err == nil {
		t.Error("a misspelt capability was accepted")
	}
	if name := capabilitySet(1 << 50).names()[0]; name != "50" {
		t.Errorf("a capability newer than the table shows as %q, want its number", name)
	}
}

func TestCapabilityNumbersAgreeWithTheKernels(t *testing.T) {
	for name, number := range map[string]int{"CHOWN": unix.CAP_CHOWN, "SETPCAP": unix.CAP_SETPCAP,
		"SYS_PTRACE": unix.CAP_SYS_PTRACE, "SYS_RESOURCE": unix.CAP_SYS_RESOURCE, "SETFCAP": unix.CAP_SETFCAP,
		"BPF": unix.CAP_BPF, "CHECKPOINT_RESTORE": unix.CAP_CHECKPOINT_RESTORE} {
		if capabilityNames[number] != name {
			t.Errorf("capability %d is %s in the table, %s for the kernel", number, capabilityNames[number], name)
		}
	}
}
