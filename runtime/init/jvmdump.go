package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// wentOn is the code of a JVM that had agreed, and is still there.
const wentOn = "jvm-went-on"

// dumpByJvm lets the CRaC JVM of the container checkpoint itself, and does the part of it that needs capabilities.
func (b *baker) dumpByJvm(session session, request dumpRequest) (dumpedAnswer, error) {
	call, main, err := b.awaitJvm(session, request)
	if err != nil {
		return dumpedAnswer{}, err
	}
	if call == nil {
		return b.withFiles(dumpedAnswer{Event: "dumped", Pid: main.pid, Clock: b.clock, MonotonicMs: monotonicMs(),
			Process: b.recordOf([]processStatus{main}, main)}, main)
	}
	answer, err := b.freezeFor(session, call, request)
	if failure := (*failedAnswer)(nil); errors.As(err, &failure) && failure.Code == wentOn {
		call.answer(0, "") // criu did what it was told
		return answer, err
	}
	if err != nil {
		call.answer(1, err.Error())
		return answer, err
	}
	call.answer(0, "")
	return answer, nil
}

// freezeFor does what the JVM's engine called criu for. After an error the JVM goes on.
func (b *baker) freezeFor(session session, call *criuCall, request dumpRequest) (dumpedAnswer, error) {
	if folder := b.layout.checkpoint; call.folder != folder {
		return dumpedAnswer{}, failed("criu-failed", fmt.Sprintf("the JVM would write its checkpoint to %s, not to %s; does its "+
			"command have a -XX:CRaCCheckpointTo of its own?", call.folder, folder))
	}
	tree := processTree(call.pid)
	if len(tree) == 0 {
		return dumpedAnswer{}, b.exited("before the dump")
	}
	main := tree[0]
	answer, err := b.describe(session, tree, main)
	if err != nil {
		return answer, err
	}
	start := time.Now()
	given := criuCredentials(userIdentity{uid: main.uid, gid: main.gid, groups: main.groups})
	limit := criuCapabilities | b.capabilities
	given.bounding = &limit
	arguments := append(append([]string{}, call.Arguments...), request.CriuOptions...)
	exitCode, output, err := b.runCriu(request.CriuProgram, arguments, given, time.Duration(request.DumpTimeoutMs)*time.Millisecond)
	log, files := b.dumpResult(main, call.log)
	if output != "" {
		log += output + "\n"
	}
	failure := (*failedAnswer)(nil)
	if err == nil {
		if code, message := dumpSucceeded(call.pid, exitCode, log, files); code != "" {
			err = failed(code, message)
		}
	}
	if errors.As(err, &failure) {
		failure.LogTail = lastLines(log, 40)
	}
	if err != nil {
		return answer, err
	}
	answer.ElapsedMs = milliseconds(time.Since(start))
	if !awaitEnd(call.pid, 5*time.Second) {
		failure := failed(wentOn, "the dump is finished, and the JVM goes on")
		failure.LogTail = lastLines(log, 10)
		return answer, failure
	}
	if call.pid != b.application.pid {
		_ = killTree(b.application.pid, 5*time.Second) // what started the JVM, and is no part of the checkpoint
	}
	return b.withFiles(answer, main)
}

// jvmAnswer is what a JVM said to the request for a checkpoint.
type jvmAnswer struct {
	output string // as jcmd prints it
	code   int
	err    error // the request did not reach it
}

// awaitJvm asks the JVM where that is wanted, and waits until its engine calls criu. Where the engine does without, it
// waits for the JVM's end, and the call is nil.
func (b *baker) awaitJvm(session session, request dumpRequest) (*criuCall, processStatus, error) {
	limit := time.Duration(request.TriggerTimeoutMs) * time.Millisecond
	var target jvm
	var answers chan jvmAnswer
	if request.Trigger == triggerJvm {
		limit = time.Duration(request.HooksTimeoutMs) * time.Millisecond
		var err error
		if target, err = b.findJvm(); err != nil {
			return nil, processStatus{}, err
		}
		answers = make(chan jvmAnswer, 1)
		go func() { answers <- b.askForCheckpoint(target, time.Now().Add(limit)) }()
		session.send(triggeredAnswer{"triggered"})
	}
	main, _ := readProcessStatus(target.pid)
	if request.NotCriu {
		limit += time.Duration(request.DumpTimeoutMs) * time.Millisecond
	}
	deadline := time.Now().Add(limit)
	calls := b.acceptCalls(deadline)
	defer b.stopAccepting()
	timeout := time.After(limit)
	said := ""
	look := time.NewTicker(100 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case <-look.C:
			// Without a call nothing tells which JVM it was, once it has ended.
			if request.NotCriu && target.pid == 0 {
				if found, err := b.findJvm(); err == nil {
					target = found
					main, _ = readProcessStatus(found.pid)
				}
			}
		case call := <-calls:
			if request.Trigger == triggerJvmWait {
				session.send(triggeredAnswer{"triggered"})
			}
			return call, main, nil
		case answer := <-answers:
			if err := answer.refusal(); err != nil {
				return nil, main, err
			}
			said = answer.output
		case <-b.application.ended:
			// A good checkpoint ends the JVM as the kernel does for want of memory.
			if request.NotCriu && b.application.exitCode() == 128+int(syscall.SIGKILL) && readCgroups().memoryKill() == "" {
				return nil, main, nil
			}
			return nil, main, b.exited("before the dump")
		case <-timeout:
			return nil, main, b.lateJvm(target, said, request)
		}
	}
}

// lateJvm says what has not come in time.
func (b *baker) lateJvm(target jvm, said string, request dumpRequest) error {
	if request.Trigger == triggerJvmWait {
		return failed("trigger-timeout", fmt.Sprintf("the application did not ask its JVM for a checkpoint within %d ms", request.TriggerTimeoutMs))
	}
	if said != "" {
		failure := failed(wentOn, "the JVM said that it writes the checkpoint, and neither ended nor called criu")
		failure.LogTail = said
		return failure
	}
	_ = sendSignal(target.pid, syscall.SIGQUIT)
	return failed("hook-timeout", fmt.Sprintf("the JVM did not begin with the dump within %d ms", request.HooksTimeoutMs))
}

// findJvm picks the JVM of the application that is meant.
func (b *baker) findJvm() (jvm, error) {
	if b.application.hasEnded() {
		return jvm{}, b.exited("before the trigger")
	}
	running := jvmsAmong(processTree(b.application.pid))
	if err := refuseSeveral(running, b.process); err != nil {
		return jvm{}, err
	}
	if fitting := matching(running, b.process); len(fitting) == 1 {
		return fitting[0], nil
	}
	if b.process != nil {
		return jvm{}, failed("no-jvm", fmt.Sprintf("no JVM whose command line matches %q runs in the container", b.process))
	}
	return jvm{}, failed("no-jvm", "no JVM runs in the container")
}

// askForCheckpoint does what `jcmd PID JDK.checkpoint` does: with the JDK's own jcmd where there is one.
func (b *baker) askForCheckpoint(target jvm, deadline time.Time) jvmAnswer {
	const command = "JDK.checkpoint"
	jcmd := b.jcmdOf(target)
	if jcmd == "" {
		answer, err := target.jcmd(command, deadline)
		return jvmAnswer{jcmdOutput(target.pid, answer), answer.code, err}
	}
	if err := target.refusesAttach(); err != nil {
		return jvmAnswer{err: err}
	}
	output, err := memoryFile()
	if err != nil {
		return jvmAnswer{err: err}
	}
	defer output.Close()
	null, err := os.Open(os.DevNull)
	if err != nil {
		return jvmAnswer{err: err}
	}
	defer null.Close()
	none := capabilitySet(0)
	child, err := b.reaper.start(program{
		path: jcmd, arguments: []string{jcmd, strconv.Itoa(target.pid), command}, environment: []string{"PATH=/usr/bin:/bin"},
		files:       []uintptr{null.Fd(), output.Fd(), output.Fd()},
		credentials: &credentials{user: userIdentity{uid: target.uid, gid: target.gid, groups: []int{target.gid}}, bounding: &none},
	})
	if err != nil {
		return jvmAnswer{err: failed("attach-failed", "cannot start jcmd: "+err.Error())}
	}
	select {
	case <-child.ended:
		return jvmAnswer{output: printed(output), code: child.exitCode()}
	case <-time.After(time.Until(deadline)):
		_ = killTree(child.pid, time.Second)
		return jvmAnswer{}
	}
}

// jcmdOf finds the jcmd beside the program that the JVM runs; "" in a JRE.
func (b *baker) jcmdOf(target jvm) string {
	program := ""
	_ = asUser(target.uid, target.gid, func() (err error) {
		program, err = os.Readlink(procFile(target.pid, "exe"))
		return err
	})
	jcmd := filepath.Join(filepath.Dir(program), "jcmd")
	if _, err := exec.LookPath(jcmd); err != nil {
		return ""
	}
	return jcmd
}

// refusal makes a failure of an answer that is a no. jcmd exits with 0 when the JVM refuses.
func (a jvmAnswer) refusal() error {
	failure := (*failedAnswer)(nil)
	switch {
	case a.err != nil:
		return a.err
	case strings.Contains(a.output, "Exception"):
		failure = failed("checkpoint-refused", "the JVM refused the checkpoint")
	case a.code != 0:
		failure = failed("attach-failed", fmt.Sprintf("jcmd exited with %d", a.code))
	default:
		return nil
	}
	failure.LogTail = a.output
	return failure
}

// awaitEnd waits until a process is gone.
func awaitEnd(pid int, limit time.Duration) bool {
	for deadline := time.Now().Add(limit); isAlive(pid); time.Sleep(pollInterval) {
		if time.Now().After(deadline) {
			return false
		}
	}
	return true
}
