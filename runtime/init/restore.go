package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// restoreVerb is the entrypoint of the restore image: it brings the application back, or starts it normally where that
// cannot work.
func restoreVerb(arguments []string) int {
	start := time.Now()
	settings := readSettings(os.Environ(), os.Stderr)
	environment := containerEnvironment()
	at := standardLayout()
	if settings.mode == modeOff {
		read, _ := readManifest(at.manifest) // whatever is wrong with it, the command may be there
		return startNormally(read, arguments, environment)
	}
	// Those that would end crac-init; the others can wait until criu works.
	signals := catchSignals(syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT)
	read, facts, refusals := askGate(at)
	if len(refusals) == 0 {
		r := &restorer{layout: at, manifest: read, settings: settings, environment: environment, arguments: arguments,
			start: start, gated: time.Now(), signals: signals}
		code, refused := r.restore(facts)
		if refused == nil {
			return code
		}
		refusals = append(refusals, *refused)
	}
	if number, told := toldToStop(signals); told {
		return 128 + int(number)
	}
	first := refusals[0]
	if settings.mode == modeRequire {
		fmt.Fprintf(os.Stderr, "crac-init: not restored (%s): %s; not starting, as CRAC_INIT_RESTORE is require\n",
			first.ID, first.Cause)
		return exitRestoreRequired
	}
	fmt.Fprintf(os.Stderr, "crac-init: not restored (%s): %s; starting normally\n", first.ID, first.Cause)
	return startNormally(read, arguments, environment)
}

// toldToStop looks through the signals that came while the restore failed: an application that should end by now is not
// started any more.
func toldToStop(signals <-chan os.Signal) (syscall.Signal, bool) {
	for {
		select {
		case received := <-signals:
			if stops(received) {
				return received.(syscall.Signal), true
			}
		default:
			return 0, false
		}
	}
}

// stops tells whether a signal is one by which a container is ended.
func stops(received os.Signal) bool {
	return received == syscall.SIGTERM || received == syscall.SIGINT || received == syscall.SIGHUP
}

// restorer brings one checkpoint back.
type restorer struct {
	layout      layout
	manifest    manifest
	settings    settings
	environment []string
	arguments   []string
	start       time.Time
	gated       time.Time // when the gate had said yes
	criuDone    time.Time

	handOver handOver
	reaper   *reaper
	signals  chan os.Signal
	restored *child
	stop     syscall.Signal // the signal that asked for the end while the restore was going on; 0 for none
}

// restore goes through the whole of it and returns the application's exit code, or why there is none. After a refusal
// everything that it had begun is gone.
func (r *restorer) restore(facts gateFacts) (int, *refusal) {
	if refused := gateJvm(r.manifest.Jvm, r.environment, r.arguments, os.Stderr); refused != nil {
		return 0, refused
	}
	limit := patience{r.manifest.deadline(), waitedForProcessor}
	if r.settings.deadline > 0 {
		limit = patience{limit: r.settings.deadline}
	}
	ctx, cancel := limit.begin(r.start)
	defer cancel()
	r.reaper = startReaper()
	if refused := r.bringBack(ctx, facts, limit); refused != nil {
		cancel()
		r.undo()
		if killed := readCgroups().memoryKill(); killed != "" {
			refused.Cause += "; " + killed
		}
		if r.stop != 0 {
			return 128 + int(r.stop), nil
		}
		return 0, refused
	}
	r.supervise()
	tellMemoryKill(r.restored)
	return r.restored.exitCode(), nil
}

// bringBack writes the hand-over, lets criu restore and waits for the acknowledgement.
func (r *restorer) bringBack(ctx context.Context, facts gateFacts, limit patience) *refusal {
	was := r.manifest.Checkpoint
	r.handOver = handOver{path: r.layout.handOver, uid: was.Uid, gid: was.Gid}
	if err := r.writeHandOver(); err != nil {
		return refuse("hand-over", "%v", err)
	}
	r.restored = r.reaper.watch(was.Pid)
	begun := time.Now()
	if r.manifest.Engine == engineCrac {
		if refused := r.runJava(ctx, facts, limit); refused != nil {
			return refused
		}
	} else if refused := r.runCriu(ctx, facts, limit); refused != nil {
		return refused
	}
	r.criuDone = time.Now()
	if refused := r.awaitAcknowledgement(ctx, limit); refused != nil {
		return refused
	}
	if r.settings.log {
		r.tell(begun, time.Now())
	}
	return nil
}

// trace is how long each part of a restore took.
type trace struct {
	GateMs         float64 `json:"gateMs"`         // from the program's start to the gate's yes
	HandOverMs     float64 `json:"handOverMs"`     // until criu was to be started
	CriuMs         float64 `json:"criuMs"`         // criu, from its start to its end
	AcknowledgedMs float64 `json:"acknowledgedMs"` // from criu's end to the acknowledgement
	TotalMs        float64 `json:"totalMs"`
}

// tell prints how long it took: for programs, and for people.
func (r *restorer) tell(begun, end time.Time) {
	took, err := json.Marshal(trace{fineMilliseconds(r.gated.Sub(r.start)), fineMilliseconds(begun.Sub(r.gated)),
		fineMilliseconds(r.criuDone.Sub(begun)), fineMilliseconds(end.Sub(r.criuDone)), fineMilliseconds(end.Sub(r.start))})
	if err == nil {
		fmt.Fprintf(os.Stderr, "crac-init: trace %s\n", took)
	}
	fmt.Fprintf(os.Stderr, "crac-init: restored pid %d in %d ms (criu %d ms, acknowledged after %d ms)\n",
		r.restored.pid, end.Sub(r.start).Milliseconds(), r.criuDone.Sub(begun).Milliseconds(), end.Sub(r.criuDone).Milliseconds())
}

// writeHandOver makes the folder. Only an agent reads the environment and the arguments, so without one they are not
// left lying about. The marker to go on comes last.
func (r *restorer) writeHandOver() error {
	if err := r.handOver.create(0o700); err != nil {
		return err
	}
	if !r.manifest.Agent {
		return nil
	}
	for _, file := range []struct {
		name    string
		content []byte
	}{
		{environmentFile, nulSeparated(r.environment)}, {argumentsFile, nulSeparated(r.arguments)}, {resumeFile, nil},
	} {
		if err := r.handOver.write(file.name, file.content); err != nil {
			return fmt.Errorf("cannot write the hand-over: %w", err)
		}
	}
	return nil
}

// catchOtherSignals is for when there is something to wait for.
func (r *restorer) catchOtherSignals() { signal.Notify(r.signals) }

// asksToStop tells whether a signal ends a container, and notes it: that is no reason to start the application normally.
func (r *restorer) asksToStop(received os.Signal) bool {
	if stops(received) {
		r.stop = received.(syscall.Signal)
	}
	return stops(received)
}

// supervise hands on signals until the application ends.
func (r *restorer) supervise() {
	for {
		select {
		case <-r.restored.ended:
			return
		case received := <-r.signals:
			r.forward(received)
		}
	}
}

// undoLimit is how long the kernel may take to end what was half restored.
const undoLimit = 5 * time.Second

// undo ends all that the restore has begun and takes the hand-over away.
func (r *restorer) undo() {
	if err := killTree(os.Getpid(), undoLimit); err != nil {
		fmt.Fprintln(os.Stderr, "crac-init: "+err.Error())
	}
	r.reaper.reap()
	if err := r.handOver.remove(); err != nil {
		fmt.Fprintln(os.Stderr, "crac-init: cannot remove the hand-over folder: "+err.Error())
	}
}
