package main

import (
	"strings"
	"testing"
)

const goodDumpLog = `(00.000065) Version: 4.2.1 (gitid 0)
(00.000072) rlimit: Error (criu/rlimit.c:20): rlimit: Can't setup RLIMIT_NOFILE for self
(00.051000) Dumping finished successfully
`

func TestADumpSucceededOnlyWhenEverythingSaysSo(t *testing.T) {
	files := []string{"core-513.img", "inventory.img", "pages-1.img", "pstree.img"}
	without := func(name string) (rest []string) {
		for _, file := range files {
			if file != name {
				rest = append(rest, file)
			}
		}
		return rest
	}
	for _, c := range []struct {
		name     string
		exitCode int
		log      string
		files    []string
		code     string
		message  string
	}{
		{"all well", 0, goodDumpLog, files, "", ""},
		{"exit code", 1, goodDumpLog, files, "criu-failed", "exited with 1: rlimit"},
		{"killed", 137, "", nil, "criu-failed", "criu dump exited with 137"},
		{"cause in the log", 1, "(00.1) Error (criu/sk-inet.c:200): inet: Connected TCP socket, consider using --tcp-established option.\n" +
			"(00.2) Error (criu/cr-dump.c:1545): Dump files (pid: 513) failed with -1\n", files,
			"criu-failed", "exited with 1: inet: Connected TCP socket, consider using --tcp-established option."},
		{"log without an end", 0, "(00.1) Dumping\n", files, "incomplete", "log does not say"},
		{"no inventory", 0, goodDumpLog, without("inventory.img"), "incomplete", "inventory.img is missing"},
		{"no core of the process", 0, goodDumpLog, without("core-513.img"), "incomplete", "core-513.img is missing"},
		{"no pages", 0, goodDumpLog, without("pages-1.img"), "incomplete", "no memory pages"},
	} {
		code, message := dumpSucceeded(513, c.exitCode, c.log, c.files)
		if code != c.code || !strings.Contains(message, c.message) {
			t.Errorf("%s: got %s %q, want %s %q", c.name, code, message, c.code, c.message)
		}
	}
}

func TestFirstErrorLooksPastTheHarmlessOnes(t *testing.T) {
	for want, log := range map[string]string{
		"": "(00.1) all well\n",
		"tun: Unable to create tun: No such file":         "(00.1) Error (criu/tun.c:85): tun: Unable to create tun: No such file\n",
		"Unable to drop capability 0: -1":                 "rlimit: Error (criu/x.c:1): Can't setup RLIMIT_NOFILE for self\npie: 519: Error (criu/pie/restorer.c:277): Unable to drop capability 0: -1\nError (criu/y.c:2): later\n",
		"Can't open 19/maps on procfs: Permission denied": "(00.1) Error (criu/proc.c:1): Can't open 19/maps on procfs: Permission denied\n",
	} {
		if got := firstError(log); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestTheTailOfALogKeepsErrorsFromFurtherUp(t *testing.T) {
	log := "one\nError (criu/a.c:1): early\nthree\nfour\nfive\n"
	if got := lastLines(log, 2); got != "Error (criu/a.c:1): early\nfour\nfive" {
		t.Errorf("got %q", got)
	}
	if got := lastLines("one\ntwo\n", 40); got != "one\ntwo" {
		t.Errorf("a short log: got %q", got)
	}
	if got := lastLines("", 3); got != "" {
		t.Errorf("no log: got %q", got)
	}
}

func TestPipesAreHandedOverOnce(t *testing.T) {
	options := func(stdout, stderr string) string {
		return strings.Join(restoreArguments(checkpointRecord{Stdout: stdout, Stderr: stderr}, "/c", "/w",
			[]string{"--tcp-close"}), " ")
	}
	if got := options("pipe:[1]", "pipe:[2]"); !strings.HasSuffix(got, "--unprivileged --inherit-fd fd[3]:pipe:[1] --inherit-fd fd[4]:pipe:[2] --tcp-close") {
		t.Errorf("two pipes: %s", got)
	}
	if got := options("pipe:[1]", "pipe:[1]"); strings.Count(got, "--inherit-fd") != 1 {
		t.Errorf("one pipe for both: %s", got)
	}
	if got := options("/dev/null", "/var/log/x"); strings.Contains(got, "--inherit-fd") {
		t.Errorf("no pipes: %s", got)
	}
}
