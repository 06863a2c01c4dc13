package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
	"unicode"
)

// awaitAcknowledgement waits until the restored process has shown that it lives, forwarding signals meanwhile.
func (r *restorer) awaitAcknowledgement(ctx context.Context, limit patience) *refusal {
	verdict := make(chan *refusal, 1)
	go func() { verdict <- r.acknowledgement(ctx, limit) }()
	for {
		select {
		case refused := <-verdict:
			return refused
		case <-r.restored.ended:
			if r.stop != 0 || r.manifest.Agent && r.handOver.exists(acknowledgedFile) {
				return nil // it was told to end, or was back and had little to do: its exit code counts
			}
			return refuse("restored-exited", "the restored process %s before it acknowledged", r.restored.ending())
		case received := <-r.signals:
			r.asksToStop(received)
			r.forward(received)
		}
	}
}

// acknowledgement asks the agent's file or the probe; a process that has neither is acknowledged by being alive.
func (r *restorer) acknowledgement(ctx context.Context, limit patience) *refusal {
	if !r.manifest.Agent {
		p := r.manifest.Probe
		if p == nil || p.Kind != "tcp" && p.Kind != "http" || p.answers(ctx) {
			return nil
		}
		return refuse("deadline", "no answer on port %d within %v", p.Port, limit)
	}
	found := ""
	_ = asUser(r.handOver.uid, r.handOver.gid, func() error {
		for found == "" && (ctx.Err() == nil || r.hooksRun(ctx)) {
			if found = r.handOver.lastOf([]string{acknowledgedFile, failedFile}); found == "" {
				time.Sleep(pollInterval)
			}
		}
		return nil
	})
	switch found {
	case acknowledgedFile:
		return r.acknowledged()
	case failedFile:
		var report hookReport
		if _, err := r.handOver.readJSON(failedFile, &report); err != nil {
			return refuse("after-restore-failed", "%v", err)
		}
		return refuse("after-restore-failed", "%s", report.failure())
	}
	return refuse("deadline", "no acknowledgement within %v", limit)
}

// agentGrace is what the agent may need beside the afterRestore hooks, whose limit it keeps itself.
const agentGrace = time.Second

// hooksRun tells, once the deadline is over, whether the process is awake and its hooks still have time: the agent deletes
// the environment before anything else. A deadline that was set from outside is the last word.
func (r *restorer) hooksRun(ctx context.Context) bool {
	if !errors.Is(context.Cause(ctx), context.DeadlineExceeded) || r.settings.deadline > 0 || r.handOver.exists(environmentFile) {
		return false
	}
	limit := time.Duration(r.manifest.AfterRestoreMs)*time.Millisecond + agentGrace
	return r.manifest.AfterRestoreMs > 0 && time.Since(r.criuDone) < limit
}

// What the agent has to say of a restore is shown, but not at any length.
const (
	mostWarnings   = 20
	longestWarning = 400 // characters
)

// acknowledged shows the agent's warnings, and its note on the clock to who wants to hear more. It refuses a process whose
// monotonic clock went back: whoever sleeps in it would go on sleeping for as long.
func (r *restorer) acknowledged() *refusal {
	var report struct {
		Warnings []string `json:"warnings"`
		Clock    struct {
			MonotonicGapMs float64 `json:"monotonicGapMs"`
			Note           string  `json:"note"`
		} `json:"clock"`
	}
	if _, err := r.handOver.readJSON(acknowledgedFile, &report); err != nil {
		return nil
	}
	if back := -report.Clock.MonotonicGapMs; back > 0 {
		return refuse("clock", "System.nanoTime went back by %.0f ms in the restored process", back)
	}
	for _, line := range warningLines(report.Warnings) {
		fmt.Fprintln(os.Stderr, "crac-init: warning: "+line)
	}
	if r.settings.log && report.Clock.Note != "" {
		fmt.Fprintln(os.Stderr, "crac-init: "+oneLine(report.Clock.Note))
	}
	return nil
}

// warningLines makes each warning one line of bounded length, and says how many more there are.
func warningLines(warnings []string) []string {
	var lines []string
	for i, warning := range warnings {
		if i == mostWarnings {
			return append(lines, fmt.Sprintf("and %d more", len(warnings)-mostWarnings))
		}
		lines = append(lines, oneLine(warning))
	}
	return lines
}

// oneLine is a text without control characters, cut where it is too long.
func oneLine(text string) string {
	var line []rune
	for _, character := range text {
		if len(line) == longestWarning {
			return string(line) + "…"
		}
		if unicode.IsControl(character) {
			character = ' '
		}
		line = append(line, character)
	}
	return string(line)
}

// forward hands a signal on to the restored process.
func (r *restorer) forward(received os.Signal) {
	if number, meant := forwardable(received); meant && !r.restored.hasEnded() {
		_ = sendSignal(r.restored.pid, number)
	}
}
