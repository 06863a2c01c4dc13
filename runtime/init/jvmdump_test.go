package main

import (
	"errors"
	"os"
	"path/filepath"
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
