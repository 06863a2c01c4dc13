package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// mostPatience is how many deadlines a restore may take at the most, however long it waits for a processor.
const mostPatience = 10

// leastLook is the shortest time between two looks at how long a restore has waited.
const leastLook = 10 * time.Millisecond

// patience ends what takes longer than a limit. Time that it waits for a processor does not count: on a busy host, or under
// a low limit of its CPU time, a normal start in place of a late restore would be later still.
type patience struct {
	limit  time.Duration
	waited func() time.Duration // nil where all time counts
}

// begin makes the context that ends with the patience; its cause is context.DeadlineExceeded then.
func (p patience) begin(start time.Time) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(context.Background())
	go func() {
		for left := time.Until(start.Add(p.limit)); left > 0; left = p.left(time.Since(start)) {
			select {
			case <-ctx.Done():
				return
			case <-time.After(max(left, leastLook)):
			}
		}
		cancel(context.DeadlineExceeded)
	}()
	return ctx, func() { cancel(context.Canceled) }
}

// left is what is left after the time spent.
func (p patience) left(spent time.Duration) time.Duration {
	if p.waited == nil {
		return p.limit - spent
	}
	return min(p.limit+min(p.waited(), spent), mostPatience*p.limit) - spent
}

// String says the limit, and what did not count where that is worth a word.
func (p patience) String() string {
	text := fmt.Sprintf("%d ms", p.limit.Milliseconds())
	if p.waited == nil {
		return text
	}
	if waited := p.waited(); waited > p.limit/10 {
		text += fmt.Sprintf(", not counting %d ms of waiting for a processor", waited.Milliseconds())
	}
	return text
}

// waitedForProcessor is how long the threads below this process were ready to run while others had the processors (the
// second field of schedstat in Documentation/scheduler/sched-stats.rst); 0 where the kernel does not count it.
func waitedForProcessor() time.Duration {
	processes, err := listProcesses()
	if err != nil {
		return 0
	}
	var sum time.Duration
	for _, process := range descendants(processes, os.Getpid()) {
		files, _ := filepath.Glob(filepath.Join("/proc", strconv.Itoa(process.pid), "task/*/schedstat"))
		for _, file := range files {
			content, _ := os.ReadFile(file)
			if fields := strings.Fields(string(content)); len(fields) == 3 {
				nanoseconds, _ := strconv.ParseInt(fields[1], 10, 64)
				sum += time.Duration(nanoseconds)
			}
		}
	}
	return sum
}
