package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// jvm is a running HotSpot, as far as somebody who wants to attach has to know it.
type jvm struct {
	pid      int // in this PID namespace
	innerPid int // in its own, by which it names its files
	uid, gid int // the effective ones, which it compares with those of its peers
	command  []string
	catches  bool // it has a handler for SIGQUIT; without one the signal would kill it
}

// listJvms finds every JVM of this PID namespace.
func listJvms() ([]jvm, error) {
	processes, err := listProcesses()
	if err != nil {
		return nil, err
	}
	return jvmsAmong(processes), nil
}

// jvmsAmong finds the processes that have a JVM's library mapped. A launcher that only waits for its child has not.
func jvmsAmong(processes []processStatus) []jvm {
	var found []jvm
	for _, process := range processes {
		if process.state == 'Z' {
			continue
		}
		_ = asUser(process.uid, process.gid, func() error {
			if is := jvmAt(process.pid); is != nil {
				found = append(found, *is)
			}
			return nil
		})
	}
	slices.SortFunc(found, func(a, b jvm) int { return a.pid - b.pid })
	return found
}

// jvmLibraries are what HotSpot and OpenJ9 have mapped, whatever the program is called that started them.
var jvmLibraries = []string{"/libjvm.so", "/libj9vm"}

// jvmAt looks for the library among the files that a process has mapped, which its own user may read; nil where it is none.
func jvmAt(pid int) *jvm {
	maps, _ := os.ReadFile(procFile(pid, "maps"))
	if !slices.ContainsFunc(jvmLibraries, func(name string) bool { return bytes.Contains(maps, []byte(name)) }) {
		return nil
	}
	found, err := readJvm(pid)
	if err != nil {
		return nil
	}
	return &found
}

// readJvm reads what /proc says of a JVM.
func readJvm(pid int) (jvm, error) {
	status, err := os.ReadFile(procFile(pid, "status"))
	if err != nil {
		return jvm{}, err
	}
	command, err := os.ReadFile(procFile(pid, "cmdline"))
	if err != nil {
		return jvm{}, err
	}
	return parseJvm(pid, string(status), command)
}

// parseJvm reads a /proc/PID/status text and a command line.
func parseJvm(pid int, status string, command []byte) (jvm, error) {
	found := jvm{pid: pid, innerPid: pid, command: strings.Split(strings.TrimRight(string(command), "\x00"), "\x00")}
	var err error
	if found.uid, err = effectiveID(status, "Uid"); err != nil {
		return found, err
	}
	if found.gid, err = effectiveID(status, "Gid"); err != nil {
		return found, err
	}
	if ids, _ := statusField(status, "NSpid"); ids != "" {
		fields := strings.Fields(ids)
		if inner, err := strconv.Atoi(fields[len(fields)-1]); err == nil {
			found.innerPid = inner
		}
	}
	caught, _ := statusField(status, "SigCgt")
	mask, err := strconv.ParseUint(caught, 16, 64)
	if err != nil {
		return found, fmt.Errorf("the caught signals of process %d are %q", pid, caught)
	}
	found.catches = mask&(1<<(uint(syscall.SIGQUIT)-1)) != 0
	return found, nil
}

// effectiveID is the second number of a line of ids: real, effective, saved, file system (proc_pid_status(5)).
func effectiveID(status, key string) (int, error) {
	ids, _ := statusField(status, key)
	fields := strings.Fields(ids)
	if len(fields) < 2 {
		return 0, fmt.Errorf("%s of the process status is %q", key, ids)
	}
	return strconv.Atoi(fields[1])
}

func procFile(pid int, name string) string { return filepath.Join("/proc", strconv.Itoa(pid), name) }

// optionsWithValue are those options of java whose value is a word of its own.
var optionsWithValue = []string{"-cp", "-classpath", "--class-path", "-p", "--module-path", "--upgrade-module-path",
	"--add-modules", "--limit-modules", "--add-exports", "--add-opens", "--add-reads", "--patch-module", "--source",
	"--enable-native-access"}

// split parts a command into the JVM's own options and what it runs: the main class, module or jar, and its arguments.
func (j jvm) split() (options, application []string) {
	for i := 1; i < len(j.command); i++ {
		word := j.command[i]
		switch {
		case word == "-jar" || word == "-m" || word == "--module":
			return j.command[1:i], j.command[i+1:]
		case slices.Contains(optionsWithValue, word):
			i++
		case word != "" && !strings.HasPrefix(word, "-") && !strings.HasPrefix(word, "@"):
			return j.command[1:i], j.command[i:]
		}
	}
	return j.command[min(1, len(j.command)):], nil
}

// name is the main class or jar: what may be shown of a command, whose options and arguments can hold secrets.
func (j jvm) name() string {
	if _, application := j.split(); len(application) > 0 {
		return application[0]
	}
	if len(j.command) > 0 && j.command[0] != "" {
		return j.command[0]
	}
	return "?"
}

// switchesOff finds the option, of the command or of the variables that a JVM reads, with which it takes no commands. The
// last word wins: JAVA_TOOL_OPTIONS comes before the command, _JAVA_OPTIONS after it.
func (j jvm) switchesOff(environment []string) string {
	words := func(name string) []string {
		value, _ := lookUp(environment, name)
		return splitJavaOptions(value)
	}
	options, _ := j.split()
	off := ""
	for _, word := range slices.Concat(words("JAVA_TOOL_OPTIONS"), words("JDK_JAVA_OPTIONS"), options, words("_JAVA_OPTIONS")) {
		switch word {
		case "-XX:+DisableAttachMechanism", "-Xrs", "-XX:+ReduceSignalUsage":
			off = word
		case "-XX:-DisableAttachMechanism", "-XX:-ReduceSignalUsage":
			off = ""
		}
	}
	return off
}

// chooseJvm picks the one JVM whose PID, or a part of whose command, is wanted; with nothing wanted the only one.
// The error is a failedAnswer.
func chooseJvm(jvms []jvm, wanted string) (jvm, error) {
	var fitting []jvm
	for _, each := range jvms {
		if wanted == "" || wanted == strconv.Itoa(each.pid) || strings.Contains(strings.Join(each.command, " "), wanted) {
			fitting = append(fitting, each)
		}
	}
	switch {
	case len(fitting) == 1:
		return fitting[0], nil
	case len(jvms) == 0:
		return jvm{}, failed("no-jvm", fmt.Sprintf("no JVM runs in this container (as far as uid %d may see)", os.Geteuid()))
	case len(fitting) == 0:
		return jvm{}, failed("no-jvm", fmt.Sprintf("no JVM whose command has %q in it; there are: %s", wanted, namesOf(jvms)))
	}
	return jvm{}, failed("several-jvms", fmt.Sprintf("%d JVMs are meant; name one by its PID or a part of its command: %s",
		len(fitting), namesOf(fitting)))
}

// matching are those of the JVMs whose command a pattern matches; all of them without one.
func matching(jvms []jvm, pattern *regexp.Regexp) []jvm {
	return slices.DeleteFunc(slices.Clone(jvms), func(each jvm) bool {
		return pattern != nil && !pattern.MatchString(strings.Join(each.command, " "))
	})
}

// refuseSeveral is for those who have to be sure that only one can be meant. No JVM at all is no error.
func refuseSeveral(jvms []jvm, pattern *regexp.Regexp) error {
	fitting := matching(jvms, pattern)
	switch {
	case len(fitting) < 2:
		return nil
	case pattern == nil:
		return failed("several-jvms", "several JVMs run in the container: "+namesOf(fitting))
	}
	return failed("several-jvms", fmt.Sprintf("several JVMs of the container match %q: %s", pattern, namesOf(fitting)))
}

// namesOf lists JVMs for a message.
func namesOf(jvms []jvm) string {
	var names []string
	for _, each := range jvms {
		names = append(names, fmt.Sprintf("%d (%s)", each.pid, each.name()))
	}
	return strings.Join(names, ", ")
}
