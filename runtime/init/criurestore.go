package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"syscall"
)

// runCriu restores the process as a child of this one. It gives up when somebody wants the container to end.
func (r *restorer) runCriu(ctx context.Context, facts gateFacts, limit patience) *refusal {
	output, err := memoryFile()
	if err != nil {
		return refuse("criu-restore", "%v", err)
	}
	defer output.Close()
	null, err := os.Open(os.DevNull)
	if err != nil {
		return refuse("criu-restore", "%v", err)
	}
	defer null.Close()
	was := r.manifest.Checkpoint
	program := criuProgram(r.layout.criu, restoreArguments(was, r.layout.checkpoint, r.layout.handOver,
		r.manifest.Criu.Options), output, null, 1, 2)
	user := userIdentity{uid: was.Uid, gid: was.Gid, groups: was.Groups}
	if user.groups == nil {
		user.groups = []int{was.Gid}
	}
	program.credentials = criuCredentials(user)
	if was.Uid != facts.uid {
		openOutputs()
	}
	criu, err := r.reaper.start(program)
	if err != nil {
		return refuse("criu-restore", "cannot start criu: %v", err)
	}
	r.catchOtherSignals()
	for {
		select {
		case <-criu.ended:
			return r.judgeCriu(criu, printed(output))
		case received := <-r.signals:
			if r.asksToStop(received) {
				return refuse("stopped", "%v", received) // never shown: r.stop makes the exit code
			}
			// Any other signal is for an application that is not there yet.
		case <-ctx.Done():
			cause := fmt.Sprintf("criu did not finish within %v", limit)
			if message := r.criuMessage(""); message != "" {
				cause += ": " + message
			}
			return refuse("deadline", "%s", cause)
		}
	}
}

// openOutputs lets every user of the container open the pipes behind stdout and stderr anew, as criu does when it hands
// them over. The engine made them for the container's user, and the restored process is another one.
func openOutputs() {
	for _, descriptor := range []int{1, 2} {
		var status syscall.Stat_t
		if syscall.Fstat(descriptor, &status) == nil && status.Mode&syscall.S_IFMT == syscall.S_IFIFO {
			_ = syscall.Fchmod(descriptor, 0o666)
		}
	}
}

// judgeCriu decides over criu's end.
func (r *restorer) judgeCriu(criu *child, output string) *refusal {
	if criu.status.ExitStatus() != 0 || criu.status.Signaled() {
		cause := "criu " + criu.ending()
		if message := r.criuMessage(output); message != "" {
			cause += ": " + message
		}
		return refuse("criu-restore", "%s", cause)
	}
	alive := isAlive(r.restored.pid)
	r.reaper.reap() // an end that the kernel has reported and the reaper not yet taken
	if r.restored.hasEnded() {
		return refuse("restored-exited", "the restored process %s at once", r.restored.ending())
	}
	if !alive {
		return refuse("criu-restore", "criu exited with 0, but process %d is not there", r.restored.pid)
	}
	return nil
}

// criuMessage finds out of criu's log, or of what it printed, what went wrong.
func (r *restorer) criuMessage(output string) string {
	content, _ := r.handOver.read(restoreLog)
	if message := firstError(string(content)); message != "" {
		return message
	}
	if message := firstError(output); message != "" {
		return message
	}
	first, _, _ := strings.Cut(output, "\n")
	return first
}
