package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// fakeCriu stands in for criu in tests that need no container engine: the test program itself, copied to criu/ld.so, is
// what crac-init starts. The file fake-criu beside it says how it behaves.
func fakeCriu(arguments []string) int {
	home := filepath.Dir(filepath.Dir(os.Args[0]))
	behaviour, _ := os.ReadFile(filepath.Join(home, "fake-criu"))
	option := func(name string) string {
		if at := slices.Index(arguments, name); at >= 0 {
			return arguments[at+1]
		}
		return ""
	}
	switch trimmed(behaviour) {
	case "hang":
		time.Sleep(time.Minute)
	case "fail":
		_ = os.WriteFile(filepath.Join(option("-D"), dumpLog), []byte("(00.1) Error (criu/fake.c:1): no luck\n"), 0o644)
		fmt.Fprintln(os.Stderr, "Error (criu/fake.c:1): no luck")
		return 1
	}
	if arguments[0] == "dump" {
		return fakeDump(option("-t"), filepath.Join(option("-D"), option("-o")), trimmed(behaviour) == "unfinished")
	}
	return fakeRestore(home, filepath.Join(option("-W"), option("--pidfile")))
}

// fakeDump writes files like criu's and ends the process.
func fakeDump(pid, logFile string, unfinished bool) int {
	folder := filepath.Dir(logFile)
	emptyEntry := make([]byte, imageMagicSize+4)
	for name, content := range map[string][]byte{"inventory.img": []byte("inventory"), "pstree.img": []byte("pstree"),
		"core-" + pid + ".img": emptyEntry, "pages-1.img": []byte("pages")} {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			return 1
		}
	}
	log := "(00.1) " + dumpedLine + "\n"
	if unfinished {
		log = "(00.1) Dumping\n"
	}
	if err := os.WriteFile(logFile, []byte(log), 0o600); err != nil {
		return 1
	}
	number, _ := strconv.Atoi(pid)
	if !unfinished && syscall.Kill(number, syscall.SIGKILL) != nil {
		return 1
	}
	return 0
}

// fakeRestore starts the script restored.sh with the PID of the checkpoint. Threads of this
// program use up PIDs, too, hence the tries.
func fakeRestore(home, pidFile string) int {
	null, _ := os.Open(os.DevNull)
	for range 50 {
		_ = os.WriteFile(lastPidFile, []byte(strconv.Itoa(checkpointPid-1)), 0)
		pid, err := syscall.ForkExec("/bin/sh", []string{"sh", filepath.Join(home, "restored.sh")}, &syscall.ProcAttr{
			Env: []string{"PATH=/usr/bin:/bin"}, Files: []uintptr{null.Fd(), 3, 4},
			Sys: &syscall.SysProcAttr{Setsid: true},
		})
		if err != nil {
			fmt.Fprintln(os.Stderr, "Error (criu/fake.c:2): "+err.Error())
			return 1
		}
		if pid == checkpointPid {
			_ = os.WriteFile(pidFile, []byte(strconv.Itoa(pid)), 0o600)
			return 0
		}
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	return 1
}

// checkpointPid is the PID of the fake checkpoint.
const checkpointPid = 513

// isFakeCriu tells whether the test program was started in criu's place, and with which arguments.
func isFakeCriu() ([]string, bool) {
	at := slices.IndexFunc(os.Args, func(argument string) bool { return strings.HasSuffix(argument, "/criu/criu") })
	if filepath.Base(os.Args[0]) != "ld.so" || at < 0 {
		return nil, false
	}
	return os.Args[at+1:], true
}
