package main

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestEveryExitCodeAndEverySignalIsHandedOn(t *testing.T) {
	for code := range 256 {
		if got := (&child{status: syscall.WaitStatus(code << 8)}).exitCode(); got != code {
			t.Errorf("exit code %d is handed on as %d", code, got)
		}
	}
	for number := 1; number <= 64; number++ {
		if got := (&child{status: syscall.WaitStatus(number)}).exitCode(); got != 128+number {
			t.Errorf("an end by signal %d is handed on as %d", number, got)
		}
	}
}

func TestTheEndOfARestoredProcessIsThatOfTheContainer(t *testing.T) {
	for _, c := range []struct {
		end  string
		code int
	}{{"exit 0", 0}, {"exit 1", 1}, {"exit 80", 80}, {"exit 128", 128}, {"exit 255", 255}, {"kill -ABRT $$", 134}, {"kill -KILL $$", 137}} {
		container := restoreContainer(t, "sleep 0.3; "+c.end, nil)
		container.start([]string{"CRAC_INIT_RESTORE=require"}, "restore")
		if code := container.wait(); code != c.code {
			t.Errorf("%s: exit code %d, want %d: %s", c.end, code, c.code, container.output.String())
		}
	}
}

// notForwarded are signals that cannot be caught, or that are about crac-init itself; 32 to 34 are C
// libraries' own, and with SIGPROF never leave the Go runtime (os/signal, runtime/sigtab_linux_generic.go).
var notForwarded = map[syscall.Signal]bool{
	unix.SIGKILL: true, unix.SIGSTOP: true, unix.SIGCHLD: true, unix.SIGURG: true, unix.SIGPIPE: true, unix.SIGPROF: true, 32: true, 33: true, 34: true,
}

func TestAllSignalsReachARestoredProcessAndItsOrphansAreReaped(t *testing.T) {
	c := restoreContainer(t, `exec bash -c '
		for number in $(seq 16) $(seq 18 64); do trap "echo got=$number." $number 2>/dev/null; done
		(sh -c "exit 0" &); sleep 0.2
		echo "zombies=$(grep -l "^State:.Z" /proc/[0-9]*/status | wc -l)."
		while :; do sleep 0.02; done'`, nil)
	c.start([]string{"CRAC_INIT_RESTORE=require", "CRAC_INIT_LOG=1"}, "restore")
	c.await("crac-init: restored pid 513 in ")
	c.await("zombies=0.")
	for number := syscall.Signal(1); number <= 64; number++ {
		if notForwarded[number] {
			continue
		}
		c.signal(number)
		c.await(fmt.Sprintf("got=%d.", number))
	}
	for number := range notForwarded {
		if strings.Contains(c.output.String(), fmt.Sprintf("got=%d.", number)) {
			t.Errorf("signal %d was forwarded", number)
		}
	}
	c.signal(syscall.SIGKILL)
	done := time.AfterFunc(10*time.Second, func() { panic("crac-init outlives SIGKILL") })
	c.wait()
	done.Stop()
}
