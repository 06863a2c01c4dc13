package main

import (
	"reflect"
	"testing"
)

func TestProcessStatusIsRead(t *testing.T) {
	status, err := parseProcessStatus(statusText)
	if err != nil {
		t.Fatal(err)
	}
	if status.pid != 513 || status.parent != 1 || status.state != 'S' || status.uid != 1000 || status.gid != 2000 ||
		status.threads != 31 || status.residentBytes != 134212*1024 || !reflect.DeepEqual(status.groups, []int{2000, 44}) {
		t.Errorf("got %+v", status)
	}
	for _, broken := range []string{"", "Name:\tx\n", "Pid:\tx\n"} {
		if _, err := parseProcessStatus(broken); err == nil {
			t.Errorf("%q was taken for a process status", broken)
		}
	}
}

func TestDescendantsLeaveOutWhatHasAnotherParent(t *testing.T) {
	processes := []processStatus{
		{pid: 700, parent: 600}, {pid: 1}, {pid: 600, parent: 513}, {pid: 513, parent: 1}, {pid: 20, parent: 0},
		{pid: 21, parent: 20}, {pid: 601, parent: 513},
	}
	pids := func(root int) (found []int) {
		for _, process := range descendants(processes, root) {
			found = append(found, process.pid)
		}
		return found
	}
	if got := pids(1); !reflect.DeepEqual(got, []int{513, 600, 601, 700}) {
		t.Errorf("below PID 1: %v", got)
	}
	if got := pids(600); !reflect.DeepEqual(got, []int{700}) {
		t.Errorf("below 600: %v", got)
	}
	if got := pids(701); got != nil {
		t.Errorf("below a process that is not there: %v", got)
	}
}
