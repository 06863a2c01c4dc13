package main

import (
	"fmt"
	"syscall"
	"time"
)

// pollInterval is how often the hand-over folder is looked at. A look costs microseconds.
const pollInterval = time.Millisecond

// runHooks sees to it that the agent's hooks run and reports how they went. It returns the agent that ran them.
func (b *baker) runHooks(session session, request dumpRequest) (agentClaim, error) {
	if request.Trigger == triggerAgent {
		if err := b.trigger(); err != nil {
			return agentClaim{}, err
		}
	}
	begun := b.await(time.Duration(request.TriggerTimeoutMs)*time.Millisecond, checkpointingFile, readyFile, failedFile)
	if begun == "" {
		return agentClaim{}, b.notTriggered(request)
	}
	session.send(triggeredAnswer{"triggered"})
	start := time.Now()
	var claim agentClaim
	_, _ = b.handOver.readJSON(agentFile, &claim)
	result := b.await(time.Duration(request.HooksTimeoutMs)*time.Millisecond, readyFile, failedFile)
	var report hookReport
	if result != "" {
		if _, err := b.handOver.readJSON(result, &report); err != nil {
			return claim, failed("hook-failed", err.Error())
		}
	}
	switch {
	case result == readyFile:
		if report.ElapsedMs == 0 {
			report.ElapsedMs = milliseconds(time.Since(start))
		}
		session.send(hooksAnswer{"hooks", listOr(report.Resources), listOr(report.Collected), listOr(report.Scheduled),
			listOr(report.Randoms), listOr(report.Warnings), report.ElapsedMs, report.CPU, claim})
		return claim, nil
	case result == failedFile:
		// What is left would be taken for the answer to a later trigger.
		b.handOver.delete(triggerFile, checkpointingFile, failedFile)
		failure := failed("hook-failed", report.failure())
		failure.Resources = listOr(report.Resources)
		return claim, failure
	case b.application.hasEnded() || !isAlive(claim.Pid):
		return claim, b.exited("while its hooks ran")
	}
	_ = sendSignal(claim.Pid, syscall.SIGQUIT)
	return claim, failed("hook-timeout", fmt.Sprintf("the hooks did not finish within %d ms", request.HooksTimeoutMs))
}

// hasAgent tells whether a living JVM of this container has started the context agent.
func (b *baker) hasAgent() bool {
	var claim agentClaim
	found, err := b.handOver.readJSON(agentFile, &claim)
	return err == nil && found && isAlive(claim.Pid)
}

// trigger asks the agent for the hooks, unless the application has asked for them itself before.
func (b *baker) trigger() error {
	if b.application.hasEnded() {
		return b.exited("before the trigger")
	}
	if !b.hasAgent() {
		return failed("agent-missing", "no JVM of this container has started the context agent")
	}
	if b.handOver.exists(checkpointingFile) {
		return nil
	}
	if err := b.handOver.write(triggerFile, nil); err != nil {
		return failed("trigger-timeout", "cannot write the trigger: "+err.Error())
	}
	return nil
}

// notTriggered says why no hooks have begun.
func (b *baker) notTriggered(request dumpRequest) *failedAnswer {
	if b.application.hasEnded() {
		return b.exited("before it asked for a checkpoint")
	}
	if !b.hasAgent() {
		return failed("agent-missing", "no JVM of this container has started the context agent")
	}
	if request.Trigger == triggerWait {
		return failed("trigger-timeout",
			fmt.Sprintf("the application did not ask for a checkpoint within %d ms", request.TriggerTimeoutMs))
	}
	return failed("trigger-timeout",
		fmt.Sprintf("the context agent did not answer the trigger within %d ms", request.TriggerTimeoutMs))
}

// await waits until one of the files is there and returns its name, the last one first: later files mean more. It
// returns "" when the time is over or the application has ended without them.
func (b *baker) await(limit time.Duration, names ...string) string {
	found := ""
	_ = asUser(b.handOver.uid, b.handOver.gid, func() error {
		for deadline := time.Now().Add(limit); ; time.Sleep(pollInterval) {
			over := b.application.hasEnded() || time.Now().After(deadline)
			if found = b.handOver.lastOf(names); found != "" || over {
				return nil
			}
		}
	})
	return found
}
