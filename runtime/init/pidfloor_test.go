package main

import (
	"errors"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// counter hands out PIDs from a start, a step at a time.
func counter(pid, step int) (next func() (int, error), made *int) {
	made = new(int)
	return func() (int, error) {
		*made++
		pid += step
		return pid, nil
	}, made
}

func TestPidsAreUsedUpToTheFloorAndNotFurther(t *testing.T) {
	next, made := counter(8, 1)
	if err := usePidsUpTo(512, next); err != nil || *made != 504 {
		t.Errorf("made %d processes (%v), want 504", *made, err)
	}
	next, made = counter(8, 10) // others make processes, too
	if err := usePidsUpTo(512, next); err != nil || *made != 51 {
		t.Errorf("made %d processes (%v), want 51", *made, err)
	}
}

func TestAFloorOutOfReachIsAnError(t *testing.T) {
	pid := 0
	err := usePidsUpTo(512, func() (int, error) { pid = pid%300 + 1; return pid, nil })
	if err == nil || !strings.Contains(err.Error(), "do not reach 512") {
		t.Errorf("PIDs that go round below the floor: %v", err)
	}
	err = usePidsUpTo(512, func() (int, error) { return 0, unix.EAGAIN })
	if !errors.Is(err, unix.EAGAIN) {
		t.Errorf("a limit on processes: %v", err)
	}
}

func TestForkAndExitUsesUpOnePidQuickly(t *testing.T) {
	start := time.Now()
	for range 100 {
		if pid, err := forkAndExit(); err != nil || pid <= 1 {
			t.Fatalf("got pid %d (%v)", pid, err)
		}
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("100 PIDs took %v", took)
	}
}
