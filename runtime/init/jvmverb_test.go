package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fakeJdk lays out a JDK whose programs are scripts; those with an empty text are left out.
func fakeJdk(t *testing.T, programs map[string]string) string {
	t.Helper()
	home := t.TempDir()
	for name, script := range programs {
		path := filepath.Join(home, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return home
}

func TestJavaIsTheFirstThatIsThere(t *testing.T) {
	one := fakeJdk(t, map[string]string{"bin/java": "exit 0"})
	two := fakeJdk(t, map[string]string{"bin/java": "exit 0"})
	link := filepath.Join(t.TempDir(), "java")
	if err := os.Symlink(filepath.Join(two, "bin", "java"), link); err != nil {
		t.Fatal(err)
	}
	resolved := func(home string) string {
		path, err := filepath.EvalSymlinks(filepath.Join(home, "bin", "java"))
		if err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, row := range []struct {
		title       string
		candidates  []string
		environment []string
		want        string
	}{
		{"the command's own", []string{filepath.Join(one, "bin/java")}, []string{"JAVA_HOME=" + two}, resolved(one)},
		{"by a link", []string{link}, nil, resolved(two)},
		{"not there", []string{"/no/such/java"}, []string{"JAVA_HOME=" + one}, resolved(one)},
		{"another program", []string{"/bin/sh"}, []string{"PATH=" + filepath.Join(two, "bin")}, resolved(two)},
		{"JAVA_HOME before the PATH", nil, []string{"PATH=" + filepath.Join(two, "bin"), "JAVA_HOME=" + one}, resolved(one)},
		{"none", nil, []string{"PATH=/no/such/folder"}, ""},
	} {
		if got := findJava(row.candidates, row.environment); got != row.want {
			t.Errorf("%s: got %q, want %q", row.title, got, row.want)
		}
	}
}

func TestReportOfAJvmHasBothStreamsAndWhatLiesBesideIt(t *testing.T) {
	home := fakeJdk(t, map[string]string{
		"bin/java": `case "$1" in -XX:CRaCEngineOptions=help) echo "* criu_location=<path>";; *) echo "  ccstrlist CRaCEngineOptions = {product} {default}"; echo "    java.version = 26" >&2;; esac`,
		"bin/jcmd": "exit 0",
		"lib/criu": "echo Version: 4.2",
	})
	report := jvmReport{Program: filepath.Join(home, "bin", "java")}
	report.ask([]string{"-XX:+PrintFlagsFinal", "-version"})
	if !strings.Contains(report.Listing, "CRaCEngineOptions") || !strings.Contains(report.Listing, "java.version = 26") {
		t.Errorf("the listing is %q", report.Listing)
	}
	if !strings.Contains(report.EngineHelp, "criu_location") || !report.Jcmd {
		t.Errorf("%+v", report)
	}
	if report.Criu == nil || report.Criu.Version != "Version: 4.2" || !report.Criu.Executable {
		t.Errorf("criu is %+v", report.Criu)
	}
}

func TestReportOfAJreWithoutCriuAndJcmd(t *testing.T) {
	home := fakeJdk(t, map[string]string{"bin/java": `echo "openjdk version \"17.0.12\"" >&2`})
	report := jvmReport{Program: filepath.Join(home, "bin", "java")}
	report.ask([]string{"-version"})
	if report.Jcmd || report.Criu != nil || report.EngineHelp != "" || !strings.Contains(report.Listing, "17.0.12") {
		t.Errorf("%+v", report)
	}
}

func TestCriuThatCannotBeExecutedSaysNothing(t *testing.T) {
	home := fakeJdk(t, map[string]string{"bin/java": "exit 0", "lib/criu": "echo Version: 4.2"})
	if err := os.Chmod(filepath.Join(home, "lib", "criu"), 0o644); err != nil {
		t.Fatal(err)
	}
	report := jvmReport{Program: filepath.Join(home, "bin", "java")}
	report.ask(nil)
	if report.Criu == nil || report.Criu.Executable || report.Criu.Version != "" {
		t.Errorf("criu is %+v", report.Criu)
	}
}

// What recorded JVMs answered, as jcmd printed it with exit code 0.
func TestRecordedAnswersAreRefusalsOrNot(t *testing.T) {
	for folder, refuses := range map[string]bool{
		"checkpoint-ok": false, "checkpoint-nopad": false, "checkpoint-stdin": false, "checkpoint-no-capabilities": false,
		"checkpoint-caps-but-seccomp": false, "checkpoint-file": true, "checkpoint-listen": true, "checkpoint-hookfail": true,
		"checkpoint-flag-missing": true, "checkpoint-file-stacktraces": true,
	} {
		content, err := os.ReadFile("../../test/fixtures/transcripts/" + folder + "/jcmd.stdout.txt")
		if err != nil {
			t.Fatal(err)
		}
		err = jvmAnswer{output: string(content)}.refusal()
		if refuses != (err != nil) || err != nil && !strings.HasPrefix(err.Error(), "checkpoint-refused") {
			t.Errorf("%s: %v", folder, err)
		}
	}
}
