package main

import (
	"strings"
	"syscall"
	"testing"
	"time"
)

// restoreContainer lays out a restore image with the fake criu. The script is what the restored process does.
func restoreContainer(t *testing.T, script string, more map[string]any) *container {
	c := newContainer(t)
	c.write("restored.sh", script)
	c.write("checkpoint/pages-1.img", "pages")
	manifest := map[string]any{
		"version": 1, "engine": "criu", "deadlineMs": 3000,
		"entrypoint": []string{"sh", "-c", `echo "normal $$ $* own=$CRAC_INIT_RESTORE A=$A"; ls /dev/shm; grep CapBnd /proc/self/status; exit 33`, "sh"},
		"command":    []string{"the", "command"},
		"checkpoint": map[string]any{"pid": checkpointPid, "bytes": 5, "stdout": "pipe:[1]", "stderr": "pipe:[2]",
			"files": []map[string]any{{"name": "pages-1.img", "bytes": 5}}},
		"capabilities": map[string]any{"restore": []string{"CHECKPOINT_RESTORE", "SETPCAP"}, "app": []string{}},
	}
	for key, value := range more {
		manifest[key] = value
	}
	c.write("manifest.json", manifest)
	return c
}

func TestARestoredProcessIsSupervised(t *testing.T) {
	c := restoreContainer(t, `sleep 0.3; exit 42`, nil)
	c.start([]string{"CRAC_INIT_RESTORE=require"}, "restore")
	if code, output := c.wait(), c.output.String(); code != 42 || output != "" {
		t.Errorf("exit code %d, output %q; want 42 and silence", code, output)
	}
	c = restoreContainer(t, `trap 'echo term; exit 7' TERM; sleep 0.2; echo "restored $$ $(cut -d" " -f4 /proc/$$/stat)"; echo err >&2; while :; do sleep 0.02; done`, nil)
	c.start([]string{"CRAC_INIT_RESTORE=require", "CRAC_INIT_LOG=1"}, "restore")
	c.await("restored 513 1\n")
	c.await("err\n")
	c.await("crac-init: restored pid 513 in ")
	c.signal(syscall.SIGTERM)
	if code := c.wait(); code != 7 || strings.Contains(c.output.String(), "normal") {
		t.Errorf("exit code %d: %s", code, c.output.String())
	}
}

func TestAProcessThatAcknowledgesAndEndsWasRestored(t *testing.T) {
	c := restoreContainer(t, `sleep 0.2; : >/dev/shm/crac-bake/acknowledged; exit 3`, map[string]any{"agent": true})
	c.start([]string{"CRAC_INIT_RESTORE=require"}, "restore")
	if code, output := c.wait(), c.output.String(); code != 3 || output != "" {
		t.Errorf("exit code %d, output %q", code, output)
	}
}

func TestTheAgentGetsTheHandOverAndAcknowledges(t *testing.T) {
	c := restoreContainer(t, `cd /dev/shm/crac-bake && test -e resume || exit 1
		tr '\0' '\n' <environment; echo; echo "arguments=$(tr '\0' ',' <arguments) mode=$(stat -c %a .)"
		: >acknowledged; sleep 60`, map[string]any{"agent": true})
	c.start([]string{"CRAC_INIT_RESTORE=require", "CRAC_INIT_LOG=1", "NEW=a b"}, "restore", "x", "y z")
	c.await("crac-init: restored pid 513")
	output := c.output.String()
	for _, want := range []string{"NEW=a b\n", "HOME=/root", "arguments=x,y z mode=700"} {
		if !strings.Contains(output, want) {
			t.Errorf("no %q in\n%s", want, output)
		}
	}
	if strings.Contains(output, "CRAC_INIT_") {
		t.Errorf("crac-init's own variables were handed over:\n%s", output)
	}
	c.signal(syscall.SIGTERM)
	if code := c.wait(); code != 143 {
		t.Errorf("exit code %d after SIGTERM, want 143", code)
	}
}

func TestHooksHaveTimeBeyondTheDeadlineWhenTheProcessIsAwake(t *testing.T) {
	hooks := map[string]any{"agent": true, "deadlineMs": 700, "afterRestoreMs": 4000}
	const awake = `rm /dev/shm/crac-bake/environment; sleep 1.5; : >/dev/shm/crac-bake/acknowledged; sleep 0.2; exit 9`
	c := restoreContainer(t, awake, hooks)
	c.start([]string{"CRAC_INIT_RESTORE=require"}, "restore")
	if code, output := c.wait(), c.output.String(); code != 9 || output != "" {
		t.Errorf("awake: exit code %d, output %q", code, output)
	}
	for name, one := range map[string]struct {
		script, variable string
		hooks            map[string]any
	}{
		"not awake":                     {`sleep 60`, "A=b", hooks},
		"awake, past its hooks' limit":  {`rm /dev/shm/crac-bake/environment; sleep 60`, "A=b", map[string]any{"agent": true, "deadlineMs": 300, "afterRestoreMs": 200}},
		"awake, but a deadline was set": {awake, "CRAC_INIT_DEADLINE=700", hooks},
	} {
		c := restoreContainer(t, one.script, one.hooks)
		c.start([]string{"CRAC_INIT_RESTORE=require", one.variable}, "restore")
		if code, output := c.wait(), c.output.String(); code != exitRestoreRequired || !strings.Contains(output, "(deadline): no acknowledgement") {
			t.Errorf("%s: exit code %d, output %q", name, code, output)
		}
	}
}

func TestTheAgentsWarningsAreShown(t *testing.T) {
	const script = `printf '%s' '{"warnings":["user.dir has no effect\nany more"],"clock":{"note":"the wall clock is 3 days later"}}' >/dev/shm/crac-bake/new
		mv /dev/shm/crac-bake/new /dev/shm/crac-bake/acknowledged; sleep 0.3; exit 4`
	const warning, note = "crac-init: warning: user.dir has no effect any more\n", "crac-init: the wall clock is 3 days later\n"
	c := restoreContainer(t, script, map[string]any{"agent": true})
	c.start([]string{"CRAC_INIT_RESTORE=require"}, "restore")
	if code, output := c.wait(), c.output.String(); code != 4 || output != warning {
		t.Errorf("exit code %d, output %q", code, output)
	}
	c = restoreContainer(t, script, map[string]any{"agent": true})
	c.start([]string{"CRAC_INIT_RESTORE=require", "CRAC_INIT_LOG=1"}, "restore")
	if code, output := c.wait(), c.output.String(); code != 4 || !strings.HasPrefix(output, warning+note+"crac-init: trace {") {
		t.Errorf("exit code %d, output %q", code, output)
	}
}

func TestWarningsAreBounded(t *testing.T) {
	lines := warningLines(append(make([]string, 30), strings.Repeat("x", 1000)))
	if len(lines) != mostWarnings+1 || lines[mostWarnings] != "and 11 more" {
		t.Errorf("%d lines, the last %q", len(lines), lines[len(lines)-1])
	}
	if line := oneLine(strings.Repeat("ä", 1000)); line != strings.Repeat("ä", longestWarning)+"…" {
		t.Errorf("a line of %d bytes", len(line))
	}
}

func TestWhateverGoesWrongTheApplicationStartsNormally(t *testing.T) {
	failedReport := `echo '{"resources":[{"class":"a.B","phase":"afterRestore","outcome":"failed","error":"x.Y: z"}]}' >/dev/shm/crac-bake/failed; sleep 60`
	earlierClock := `cd /dev/shm/crac-bake; echo '{"clock":{"monotonicGapMs":-86400000}}' >new; mv new acknowledged; sleep 60`
	for _, c := range []struct {
		name, criu, script string
		more               map[string]any
		line               string
	}{
		{"criu fails", "fail", "", nil, "(criu-restore): criu exited with 1: no luck"},
		{"criu hangs", "hang", "", map[string]any{"deadlineMs": 300}, "(deadline): criu did not finish within 300 ms"},
		{"process ends at once", "", "exit 3", map[string]any{"agent": true}, "(restored-exited): the restored process exited with 3"},
		{"process is killed", "", "sleep 0.2; kill -SEGV $$", map[string]any{"agent": true}, "(restored-exited): the restored process ended by signal 11"},
		{"no acknowledgement", "", "sleep 60 & sleep 60", map[string]any{"agent": true, "deadlineMs": 1500}, "(deadline): no acknowledgement within 1500 ms"},
		{"hook fails", "", failedReport, map[string]any{"agent": true}, "(after-restore-failed): afterRestore of a.B failed: x.Y: z"},
		{"probe unanswered", "", "sleep 60", map[string]any{"probe": map[string]any{"kind": "tcp", "port": 1}, "deadlineMs": 1500}, "(deadline): no answer on port 1"},
		{"architecture", "", "", map[string]any{"architecture": "s390x"}, "(architecture): the checkpoint is for s390x"},
		{"clock", "", "", map[string]any{"clock": map[string]any{"mode": "near-zero", "monotonicMs": int64(1e13)}}, "(clock): "},
		{"clock of the process", "", earlierClock, map[string]any{"agent": true}, "(clock): System.nanoTime went back by 86400000 ms"},
		{"version", "", "", map[string]any{"version": 2}, "(manifest): the manifest has version 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			container := restoreContainer(t, c.script, c.more)
			container.write("fake-criu", c.criu)
			container.start([]string{"A=b", "CRAC_INIT_RESTORE=auto"}, "restore", "given", "arguments")
			code, output := container.wait(), container.output.String()
			if code != 33 || !strings.Contains(output, "crac-init: not restored "+c.line) || !strings.Contains(output, "; starting normally\n") {
				t.Errorf("exit code %d, want the line …%s…:\n%s", code, c.line, output)
			}
			if !strings.Contains(output, "normal 1 given arguments own= A=b\nCapBnd") {
				t.Errorf("the application was not started in PID 1 with its own, or a hand-over folder is left:\n%s", output)
			}
			held, err := parseHeldCapabilities(output[strings.Index(output, "CapBnd"):])
			if err != nil || held.bounding&criuCapabilities != 0 {
				t.Errorf("the application can still have %v (%v)", held.bounding&criuCapabilities, err)
			}
		})
	}
}

func TestRequireDoesNotStartNormally(t *testing.T) {
	c := restoreContainer(t, "", nil)
	c.write("fake-criu", "fail")
	c.start([]string{"CRAC_INIT_RESTORE=require"}, "restore")
	if code, output := c.wait(), c.output.String(); code != exitRestoreRequired || strings.Contains(output, "normal") ||
		!strings.HasPrefix(output, "crac-init: not restored (criu-restore): ") || strings.Count(output, "\n") != 1 {
		t.Errorf("exit code %d: %s", code, output)
	}
}

func TestOffStartsNormallyAndSaysNothing(t *testing.T) {
	c := restoreContainer(t, "", nil)
	c.start([]string{"CRAC_INIT_RESTORE=off"}, "restore")
	if code, output := c.wait(), c.output.String(); code != 33 || !strings.HasPrefix(output, "normal 1 the command own= A=\n") {
		t.Errorf("exit code %d: %s", code, output)
	}
}

func TestTheDeadlineCanBeSetFromOutside(t *testing.T) {
	c := restoreContainer(t, "", map[string]any{"deadlineMs": 60000})
	c.write("fake-criu", "hang")
	c.start([]string{"CRAC_INIT_DEADLINE=200", "CRAC_INIT_RESTORE=require"}, "restore")
	if code, output := c.wait(), c.output.String(); code != exitRestoreRequired || !strings.Contains(output, "within 200 ms") {
		t.Errorf("exit code %d: %s", code, output)
	}
}

func TestASignalToEndDuringTheRestoreEndsTheContainer(t *testing.T) {
	for _, c := range []struct {
		name, criu, script string
		code               int
	}{
		{"while criu works", "hang", "", 143},
		{"before the acknowledgement", "", "sleep 0.3; echo waiting; exec sleep 60", 143},
		{"while it acknowledges, with a grace of its own", "", "trap 'sleep 0.5; exit 6' TERM; sleep 0.3; echo waiting; sleep 0.3; : >/dev/shm/crac-bake/acknowledged; while :; do sleep 0.02; done", 6},
		{"before the acknowledgement, with a code of its own", "", "trap 'exit 5' TERM; sleep 0.3; echo waiting; while :; do sleep 0.02; done", 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			container := restoreContainer(t, c.script, map[string]any{"agent": true, "deadlineMs": 8000})
			container.write("fake-criu", c.criu)
			container.start(nil, "restore")
			if c.criu == "" {
				container.await("waiting")
			} else {
				container.pid1()
				time.Sleep(200 * time.Millisecond) // nothing shows from outside when criu has begun
			}
			start := time.Now()
			container.signal(syscall.SIGTERM)
			if code, output := container.wait(), container.output.String(); code != c.code || strings.Contains(output, "normal") {
				t.Errorf("exit code %d, want %d: %s", code, c.code, output)
			}
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("the end took %v", took)
			}
		})
	}
}
