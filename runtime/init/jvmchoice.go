package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// namedJvm is a process with a Java virtual machine in it, by what a user knows it by.
type namedJvm struct {
	pid int
	// command is its command line with blanks between the words.
	command string
	// runs is what it runs: the main class, or -jar and the file.
	runs string
}

// jvmLibraries are what HotSpot and OpenJ9 have mapped, whatever the program is called that started them.
var jvmLibraries = []string{"/libjvm.so", "/libj9vm"}

// jvmsOf finds the JVMs of a tree, each looked at as its user.
func jvmsOf(tree []processStatus) []namedJvm {
	var found []namedJvm
	for _, process := range tree {
		_ = asUser(process.uid, process.gid, func() error {
			if mapsJVM(process.pid) {
				words := commandLine(process.pid)
				found = append(found, namedJvm{process.pid, strings.Join(words, " "), jvmRuns(words)})
			}
			return nil
		})
	}
	return found
}

// mapsJVM tells whether a process has mapped the library of a JVM.
func mapsJVM(pid int) bool {
	file, err := os.Open(filepath.Join("/proc", strconv.Itoa(pid), "maps"))
	if err != nil {
		return false
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if slices.ContainsFunc(jvmLibraries, func(name string) bool { return bytes.Contains(lines.Bytes(), []byte(name)) }) {
			return true
		}
	}
	return false
}

// commandLine reads the words with which a process was started.
func commandLine(pid int) []string {
	content, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "cmdline"))
	return strings.Split(strings.TrimRight(string(content), "\x00"), "\x00")
}

// jvmRuns names what a JVM runs and leaves out everything else: options and arguments may hold secrets.
func jvmRuns(words []string) string {
	for i := 1; i < len(words); i++ {
		switch word := words[i]; {
		case (word == "-jar" || word == "-m" || word == "--module") && i+1 < len(words):
			return word + " " + words[i+1]
		case slices.Contains(optionsWithValue, word):
			i++
		case !strings.HasPrefix(word, "-") && !strings.HasPrefix(word, "@"):
			return word
		}
	}
	return words[0]
}

// chooseJVM refuses to guess: of the application's JVMs only one may be meant. The agent has decided by the same pattern.
func chooseJVM(jvms []namedJvm, pattern *regexp.Regexp) error {
	if pattern != nil {
		jvms = slices.DeleteFunc(slices.Clone(jvms), func(one namedJvm) bool { return !pattern.MatchString(one.command) })
	}
	if len(jvms) < 2 {
		return nil
	}
	names := make([]string, len(jvms))
	for i, one := range jvms {
		names[i] = fmt.Sprintf("process %d runs %s", one.pid, one.runs)
	}
	message := "several JVMs run in the container: "
	if pattern != nil {
		message = fmt.Sprintf("several JVMs of the container match %q: ", pattern)
	}
	return failed("several-jvms", message+strings.Join(names, ", "))
}
