package main

import (
	"bytes"
	"os"
	"slices"
	"sort"
	"strings"

	"golang.org/x/sys/unix"
)

// ownVariables is the prefix of the variables that speak to crac-init and are not handed to the application.
const ownVariables = "CRAC_INIT_"

// withoutOwnVariables is the environment as the application gets it.
func withoutOwnVariables(environment []string) []string {
	kept := make([]string, 0, len(environment))
	for _, entry := range environment {
		if !strings.HasPrefix(entry, ownVariables) {
			kept = append(kept, entry)
		}
	}
	return kept
}

// containerEnvironment is the environment that the container has, without what is only crac-init's. The Go runtime of a
// program that has file capabilities sets GOTRACEBACK to none, and nothing tells what it was before.
func containerEnvironment() []string {
	environment := withoutOwnVariables(os.Environ())
	if !isSecure() {
		return environment
	}
	return slices.DeleteFunc(environment, func(entry string) bool { return entry == "GOTRACEBACK=none" })
}

// isSecure tells whether the kernel started this program with more rights than its caller had.
func isSecure() bool {
	const secure = 23 // AT_SECURE
	pairs, err := unix.Auxv()
	return err == nil && slices.ContainsFunc(pairs, func(pair [2]uintptr) bool { return pair[0] == secure && pair[1] != 0 })
}

// lookUp finds a variable; as for libc the first entry counts.
func lookUp(environment []string, name string) (string, bool) {
	for _, entry := range environment {
		if value, found := strings.CutPrefix(entry, name+"="); found {
			return value, true
		}
	}
	return "", false
}

// overlay puts variables over an environment: those that are there keep their place, the others follow by name.
func overlay(environment []string, variables map[string]string) []string {
	var result []string
	placed := map[string]bool{}
	for _, entry := range environment {
		name, _, _ := strings.Cut(entry, "=")
		value, changed := variables[name]
		if changed && placed[name] {
			continue
		}
		if changed {
			entry = name + "=" + value
		}
		placed[name] = true
		result = append(result, entry)
	}
	var added []string
	for name, value := range variables {
		if !placed[name] {
			added = append(added, name+"="+value)
		}
	}
	sort.Strings(added)
	return append(result, added...)
}

// withHome sets HOME for the user the application runs as. The engine sets it for the container's user when the image
// does not, so a HOME that is just root's own counts as not set by the image; engineHome is that value.
func withHome(environment []string, requested map[string]string, engineHome string, user userIdentity) []string {
	if _, given := requested["HOME"]; given {
		return environment
	}
	if home, set := lookUp(environment, "HOME"); set && home != engineHome {
		return environment
	}
	return overlay(environment, map[string]string{"HOME": user.home})
}

// nulSeparated writes entries the way the agent reads them: one NUL between two entries, none after the last.
func nulSeparated(entries []string) []byte {
	var buffer bytes.Buffer
	for i, entry := range entries {
		if i > 0 {
			buffer.WriteByte(0)
		}
		buffer.WriteString(entry)
	}
	return buffer.Bytes()
}
