package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWhatAJvmAnsweredIsNotJudgedByTheExitCode(t *testing.T) {
	for name, c := range map[string]struct {
		answer jvmAnswer
		code   string
	}{
		"agreed":             {jvmAnswer{output: "513:\nCR: Checkpoint ...\n"}, ""},
		"refused, exit 0":    {jvmAnswer{output: "513:\nAn exception during a checkpoint operation:\njdk.crac.CheckpointException\n"}, "checkpoint-refused"},
		"unknown command":    {jvmAnswer{output: "513:\njava.lang.IllegalArgumentException: Unknown diagnostic command\n", code: 1}, "checkpoint-refused"},
		"no process":         {jvmAnswer{output: "513: No such process\n", code: 1}, "attach-failed"},
		"out of reach":       {jvmAnswer{err: failed("attach-off", "switched off")}, "attach-off"},
		"still at its hooks": {jvmAnswer{}, ""},
	} {
		err := c.answer.refusal()
		failure := (*failedAnswer)(nil)
		if errors.As(err, &failure); (failure == nil) != (c.code == "") || failure != nil && failure.Code != c.code {
			t.Errorf("%s: %v, want %q", name, err, c.code)
		}
	}
}

func TestJavaIsFoundAsTheImageWouldStartIt(t *testing.T) {
	folder := t.TempDir()
	for _, path := range []string{"jdk/bin/java", "home/bin/java"} {
		if err := os.MkdirAll(filepath.Join(folder, filepath.Dir(path)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, path), nil, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	_ = os.Mkdir(filepath.Join(folder, "bin"), 0o755)
	if err := os.Symlink("../jdk/bin/java", filepath.Join(folder, "bin", "java")); err != nil {
		t.Fatal(err)
	}
	real, home := filepath.Join(folder, "jdk/bin/java"), filepath.Join(folder, "home")
	inPath := "PATH=" + filepath.Join(folder, "bin")
	for _, c := range []struct {
		candidates, environment []string
		want                    string
	}{
		{nil, []string{inPath}, real},
		{[]string{"java"}, []string{inPath, "JAVA_HOME=" + home}, real},
		{nil, []string{"PATH=/nowhere", "JAVA_HOME=" + home}, filepath.Join(home, "bin/java")},
		{[]string{filepath.Join(home, "bin/java")}, []string{inPath}, filepath.Join(home, "bin/java")},
		{[]string{"/nowhere/java"}, []string{inPath}, real},
		{[]string{"/etc/passwd"}, []string{"PATH=/nowhere"}, ""},
	} {
		if got := findJava(c.candidates, c.environment); got != c.want {
			t.Errorf("%v %v: %q, want %q", c.candidates, c.environment, got, c.want)
		}
	}
}

// callsForCriu is a script that does what the engine of a CRaC JVM does: it calls criu for the process that it is part of.
const callsForCriu = `(sleep 0.3; exec setsid /opt/crac-bake/jvm/criu dump -t $$ -D FOLDER --shell-job -o dump4.log) & sleep 20`

func TestTheEngineOfAJvmFindsPid1InCriusPlace(t *testing.T) {
	for name, c := range map[string]struct {
		folder, behaviour, code, message string
	}{
		"a good dump":           {"/opt/crac-bake/checkpoint", "", "", ""},
		"criu fails":            {"/opt/crac-bake/checkpoint", "fail", "criu-failed", "criu dump exited with 1"},
		"it hangs":              {"/opt/crac-bake/checkpoint", "hang", "criu-timeout", "within 500 ms"},
		"the log is unfinished": {"/opt/crac-bake/checkpoint", "unfinished", "incomplete", "does not say that the dump was finished"},
		"a folder of its own":   {"/tmp/mine", "", "criu-failed", "would write its checkpoint to /tmp/mine"},
	} {
		t.Run(name, func(t *testing.T) {
			container := newContainer(t)
			if err := os.Mkdir(filepath.Join(container.folder, "jvm"), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink("../crac-init", filepath.Join(container.folder, "jvm", criuName)); err != nil {
				t.Fatal(err)
			}
			container.write("fake-criu", c.behaviour)
			container.write("run.json", request(strings.ReplaceAll(callsForCriu, "FOLDER", c.folder), map[string]any{"jvm": true}))
			container.start(nil, "run")
			answers, code := container.dump(triggerJvmWait, 500)
			if c.code == "" {
				dumped := answers["dumped"]
				if code != 0 || dumped == nil || len(dumped["files"].([]any)) != 4 || container.wait() != 0 {
					t.Errorf("exit %d, answers %v, output %s", code, answers, container.output.String())
				}
				return
			}
			failure := answers["failed"]
			if failure == nil || failure["code"] != c.code || !strings.Contains(failure["message"].(string), c.message) {
				t.Errorf("%v, want %s: %s", answers, c.code, c.message)
			}
		})
	}
}
