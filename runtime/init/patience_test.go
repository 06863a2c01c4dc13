package main

import (
	"context"
	"errors"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestWhatIsLeftOfARestoresTime(t *testing.T) {
	const limit = 2 * time.Second
	for name, c := range map[string]struct {
		waited func() time.Duration
		spent  time.Duration
		want   time.Duration
	}{
		"all time counts":                   {nil, 3 * time.Second, -time.Second},
		"it has not waited":                 {func() time.Duration { return 0 }, 3 * time.Second, -time.Second},
		"it has waited for half of it":      {func() time.Duration { return 1500 * time.Millisecond }, 3 * time.Second, 500 * time.Millisecond},
		"its threads have waited all along": {func() time.Duration { return time.Minute }, 3 * time.Second, 2 * time.Second},
		"there is an end to it":             {func() time.Duration { return time.Minute }, 20 * time.Second, 0},
	} {
		if got := (patience{limit, c.waited}).left(c.spent); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestPatienceEndsLaterForWhatHasWaited(t *testing.T) {
	start := time.Now()
	ctx, cancel := patience{50 * time.Millisecond, func() time.Duration { return 250 * time.Millisecond }}.begin(start)
	defer cancel()
	<-ctx.Done()
	if took := time.Since(start); took < 290*time.Millisecond || !errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
		t.Errorf("ended after %v: %v", took, context.Cause(ctx))
	}
	ctx, cancel = patience{limit: time.Hour}.begin(start)
	cancel()
	if !errors.Is(context.Cause(ctx), context.Canceled) {
		t.Errorf("ended by %v", context.Cause(ctx))
	}
}

func TestPatienceSaysWhatDidNotCount(t *testing.T) {
	for waited, want := range map[time.Duration]string{
		0: "2000 ms", 100 * time.Millisecond: "2000 ms", 3 * time.Second: "2000 ms, not counting 3000 ms of waiting for a processor",
	} {
		if got := (patience{2 * time.Second, func() time.Duration { return waited }}).String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestOnlyProcessesThatAreKeptFromAProcessorHaveWaited(t *testing.T) {
	before := waitedForProcessor()
	sleeping := exec.Command("sleep", "60")
	if err := sleeping.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(200 * time.Millisecond)
	asleep := waitedForProcessor() - before
	if asleep > 150*time.Millisecond {
		t.Errorf("one that sleeps has waited for %v", asleep)
	}
	_ = sleeping.Process.Kill()
	_ = sleeping.Wait()
	// Twice as many as there are processors: together they wait for as long as they run.
	spinning := exec.Command("sh", "-c", strings.Repeat("while :; do :; done & ", 2*runtime.NumCPU())+"wait")
	if err := spinning.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(500 * time.Millisecond)
	if busy := waitedForProcessor(); busy < 300*time.Millisecond {
		t.Errorf("those that share processors have waited for %v", busy)
	}
	_ = killTree(spinning.Process.Pid, time.Second)
	_ = spinning.Wait()
}
