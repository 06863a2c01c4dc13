package main

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"
)

// request is a run request for a shell script.
func request(script string, more map[string]any) map[string]any {
	result := map[string]any{"version": 1, "command": []string{"sh", "-c", script}, "clock": "host"}
	for key, value := range more {
		result[key] = value
	}
	return result
}

func TestRunEndsWithTheExitCodeOfTheApplication(t *testing.T) {
	for _, c := range []struct {
		request map[string]any
		code    int
		message string
	}{
		{request("exit 0", nil), 0, ""},
		{request("exit 42", nil), 42, ""},
		{request("kill -9 $$", nil), 137, ""},
		{request("kill -TERM $$", nil), 143, ""},
		{map[string]any{"version": 1, "command": []string{"no-such-program"}}, 127, "no-such-program: "},
		{map[string]any{"version": 1, "command": []string{"/etc/passwd"}}, 126, "/etc/passwd cannot be executed"},
		{map[string]any{"version": 1, "command": []string{"sh"}, "user": "no-such-user"}, 125, `"no-such-user" is not in /etc/passwd`},
		{map[string]any{"version": 9, "command": []string{"sh"}}, 125, "version 9"},
	} {
		container := newContainer(t)
		container.write("run.json", c.request)
		container.start(nil, "run")
		if code := container.wait(); code != c.code {
			t.Errorf("%v: exit code %d, want %d", c.request, code, c.code)
		}
		if output := container.output.String(); !strings.Contains(output, c.message) || c.message == "" && output != "" {
			t.Errorf("%v: printed %q, want %q", c.request, output, c.message)
		}
	}
}

func TestTheApplicationIsStartedSoThatItCanBeFrozen(t *testing.T) {
	c := newContainer(t)
	c.write("run.json", request(`
		read -r line
		echo "line=$line pid=$$ stdin=$(readlink /proc/$$/fd/0) session=$(cut -d' ' -f6 /proc/$$/stat)"
		echo "request=$(test -e /opt/crac-bake/run.json && echo there || echo gone) HOME=$HOME A=$A own=$CRAC_INIT_LOG"
		echo "folder=$(stat -c '%a %u' /dev/shm/crac-bake) socket=$(stat -c '%a %u' /dev/shm/crac-bake.sock)"
		grep -E '^(Uid|Gid|Groups|Cap...):' /proc/$$/status | tr -d '\t '`,
		map[string]any{"user": "4321:5432", "pidFloor": 512, "environment": map[string]string{"A": "a b"},
			"capabilities": []string{"NET_BIND_SERVICE"}}))
	c.start([]string{"CRAC_INIT_LOG=1", "A=old"}, "run")
	if code := c.wait(); code != 0 {
		t.Fatalf("exit code %d: %s", code, c.output.String())
	}
	output := c.output.String()
	var pid int
	if _, err := fmt.Sscanf(output, "line= pid=%d", &pid); err != nil || pid <= 512 || pid > 600 {
		t.Errorf("the PID floor does not hold: pid %d (%v)", pid, err)
	}
	for _, want := range []string{"stdin=/dev/null", fmt.Sprintf("session=%d\n", pid), "request=gone HOME=/ A=a b own=\n",
		"folder=700 4321 socket=600 0", "Uid:4321432143214321\n", "Gid:5432543254325432\n", "Groups:5432\n",
		"CapInh:0000000000000000", "CapPrm:0000000000000000", "CapEff:0000000000000000", "CapBnd:0000000000000400", "CapAmb:0000000000000000"} {
		if !strings.Contains(output, want) {
			t.Errorf("no %q in\n%s", want, output)
		}
	}
}

func TestARootApplicationKeepsOnlyItsCapabilitiesAndMayBeLookedInto(t *testing.T) {
	c := newContainer(t)
	c.write("run.json", request(`grep -E '^Cap' /proc/$$/status; stat -c 'folder=%a' /dev/shm/crac-bake; sleep 5`,
		map[string]any{"capabilities": []string{"CHOWN"}}))
	c.start(nil, "run")
	c.await("folder=")
	output := c.output.String()
	for _, want := range []string{"CapInh:\t0000000000000000", "CapPrm:\t0000000000000001", "CapEff:\t0000000000000001",
		"CapBnd:\t0000000000000001", "CapAmb:\t0000000000000000", "folder=1777"} {
		if !strings.Contains(output, want) {
			t.Errorf("no %q in\n%s", want, output)
		}
	}
	c.signal(syscall.SIGKILL)
	c.wait()
}

func TestSignalsReachTheApplicationAndOrphansAreReaped(t *testing.T) {
	c := newContainer(t)
	c.write("run.json", request(`
		trap 'echo hup' HUP; trap 'echo term; exit 9' TERM
		(sh -c 'exit 0' &); sleep 0.2
		echo "zombies=$(grep -l '^State:.Z' /proc/[0-9]*/status | wc -l)"
		while :; do sleep 0.02; done`, map[string]any{"user": "4321"}))
	c.start(nil, "run")
	c.await("zombies=0")
	c.signal(syscall.SIGHUP)
	c.await("hup")
	c.signal(syscall.SIGTERM)
	if code := c.wait(); code != 9 || !strings.Contains(c.output.String(), "term") {
		t.Errorf("exit code %d, output %q", code, c.output.String())
	}
}

func TestTheClockBeginsNearZero(t *testing.T) {
	c := newContainer(t)
	c.write("run.json", request(`echo "up=$(cut -d. -f1 /proc/uptime)"; sleep 60`, map[string]any{"clock": "near-zero"}))
	c.start(nil, "run")
	c.await("up=")
	answers, code := c.dump("none", 5000)
	if code != 0 {
		t.Fatalf("exit code %d, answers %v", code, answers)
	}
	if answers["dumped"]["clock"] == "host" && strings.Contains(c.output.String(), "does not let a program enter") {
		t.Skip("this kernel has no time namespaces that a program enters")
	}
	var up int
	if _, err := fmt.Sscanf(c.output.String(), "up=%d", &up); err != nil || up < 2 || up > 10 {
		t.Errorf("the application began at %d s: %q", up, c.output.String())
	}
	if ms := answers["dumped"]["monotonicMs"].(float64); ms < 2000 || ms > 20000 {
		t.Errorf("dumped at %v ms", ms)
	}
	if code := c.wait(); code != 0 {
		t.Errorf("exit code %d after the dump", code)
	}
}

func TestDumpAnswers(t *testing.T) {
	c := newContainer(t)
	c.write("run.json", request(`echo ready; sleep 60; exit 1`, map[string]any{"user": "4321:5432", "pidFloor": 512}))
	c.start(nil, "run")
	c.await("ready")
	answers, code := c.dump("none", 5000)
	dumped := answers["dumped"]
	if code != 0 || dumped == nil || answers["connections"] == nil {
		t.Fatalf("exit code %d, answers %v", code, answers)
	}
	process := dumped["process"].(map[string]any)
	files := dumped["files"].([]any)
	if dumped["pid"].(float64) <= 512 || process["uid"] != 4321.0 || process["gid"] != 5432.0 || process["processes"] != 2.0 ||
		len(files) != 4 || files[0].(map[string]any)["bytes"] == 0.0 || len(files[0].(map[string]any)["sha256"].(string)) != 64 ||
		!strings.HasPrefix(dumped["stdout"].(string), "pipe:[") || dumped["clock"] != "host" {
		t.Errorf("got %v", dumped)
	}
	if code := c.wait(); code != 0 {
		t.Errorf("exit code %d after the dump, want 0", code)
	}
}

func TestDumpFailuresHaveCodes(t *testing.T) {
	agent := `echo '{"pid":'$$',"javaVersion":"21"}' >/dev/shm/crac-bake/agent; echo ready; `
	awaitTrigger := `while ! [ -e /dev/shm/crac-bake/trigger ]; do sleep 0.01; done; : >/dev/shm/crac-bake/checkpointing; `
	for _, c := range []struct {
		name, script, trigger, criu, code, message string
		exitCode                                   int // of the application; 0 where it goes on
	}{
		{"criu fails", "echo ready; sleep 60", "none", "fail", "criu-failed", "exited with 1: no luck", 0},
		{"criu does not finish", "echo ready; sleep 60", "none", "unfinished", "incomplete", "log does not say", 0},
		{"criu hangs", "echo ready; sleep 60", "none", "hang", "criu-timeout", "within 300 ms", 0},
		{"several users", "setpriv --reuid 4322 --clear-groups sleep 60 & sleep 0.3; echo ready; sleep 60", "none", "", "criu-failed", "several users (uids [0 4322])", 0},
		{"no agent", "echo ready; sleep 60", "agent", "", "agent-missing", "no JVM", 0},
		{"no agent, no trigger", "echo ready; sleep 60", "wait", "", "agent-missing", "no JVM", 0},
		{"deaf agent", agent + "sleep 60", "agent", "", "trigger-timeout", "within 1000 ms", 0},
		{"no checkpoint asked for", agent + "sleep 60", "wait", "", "trigger-timeout", "did not ask", 0},
		{"slow hook", "trap 'echo threads' QUIT; " + agent + awaitTrigger + "while :; do sleep 0.02; done", "agent", "", "hook-timeout", "within 1000 ms", 0},
		{"failed hook", agent + awaitTrigger + `echo '{"resources":[{"class":"a.B","phase":"beforeCheckpoint","outcome":"failed","error":"x.Y: z"}]}' >/dev/shm/crac-bake/failed; sleep 60`,
			"agent", "", "hook-failed", "beforeCheckpoint of a.B failed: x.Y: z", 0},
		{"ends in a hook", agent + awaitTrigger + "exit 11", "agent", "", "app-exited", "exited with 11 while its hooks ran", 11},
		{"ends before", "echo ready; sleep 0.2; exit 5", "wait", "", "app-exited", "exited with 5 before it asked", 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			container := newContainer(t)
			container.write("fake-criu", c.criu)
			more := map[string]any{"user": "4321"}
			if c.name == "several users" {
				more = map[string]any{"capabilities": []string{"SETUID", "SETGID"}}
			}
			container.write("run.json", request(c.script, more))
			container.start(nil, "run")
			container.await("ready")
			answers, code := container.dump(c.trigger, 300)
			failure := answers["failed"]
			if code != 1 || failure == nil || failure["code"] != c.code || !strings.Contains(failure["message"].(string), c.message) {
				t.Fatalf("exit code %d, answers %v, want %s …%s…", code, answers, c.code, c.message)
			}
			if c.criu == "fail" && !strings.Contains(failure["logTail"].(string), "no luck") {
				t.Errorf("the log's tail is missing: %v", failure)
			}
			if c.code == "hook-timeout" {
				container.await("threads") // the JVM's answer to SIGQUIT
			}
			if c.exitCode != 0 {
				if failure["exitCode"] != float64(c.exitCode) {
					t.Errorf("exit code in the answer: %v, want %d", failure["exitCode"], c.exitCode)
				}
				if code := container.wait(); code != c.exitCode {
					t.Errorf("exit code %d, want %d", code, c.exitCode)
				}
				return
			}
			container.signal(syscall.SIGKILL)
			container.wait()
		})
	}
}

func TestHooksThenDump(t *testing.T) {
	c := newContainer(t)
	c.write("run.json", request(`d=/dev/shm/crac-bake
		echo '{"pid":'$$',"javaVersion":"21.0.6","vmName":"fake"}' >$d/agent; echo ready
		while ! [ -e $d/trigger ]; do sleep 0.01; done
		: >$d/checkpointing; sleep 0.05
		echo '{"pid":'$$',"trigger":"agent","resources":[{"class":"a.B","outcome":"ok"}],"elapsedMs":12.3}' >$d/new; mv $d/new $d/ready
		sleep 60`, map[string]any{"user": "4321"}))
	c.start(nil, "run")
	c.await("ready")
	start := time.Now()
	answers, code := c.dump("agent", 5000)
	hooks := answers["hooks"]
	if code != 0 || answers["triggered"] == nil || hooks == nil || answers["dumped"] == nil {
		t.Fatalf("exit code %d, answers %v", code, answers)
	}
	if hooks["elapsedMs"] != 12.3 || len(hooks["resources"].([]any)) != 1 || len(hooks["collected"].([]any)) != 0 ||
		hooks["agent"].(map[string]any)["javaVersion"] != "21.0.6" {
		t.Errorf("got %v", hooks)
	}
	if code := c.wait(); code != 0 || time.Since(start) > 3*time.Second {
		t.Errorf("exit code %d after %v", code, time.Since(start))
	}
}
