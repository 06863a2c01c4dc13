package main

import (
	"os"
	"slices"
	"strings"
	"syscall"
	"time"
)

// cpuRequest holds the application to a processor that is less than this one, so that it can be restored on others. It
// is done by environment variables, which are gone after the restore as all of the bake's are.
type cpuRequest struct {
	// Glibc is what glibc is not to use, as in its tunable glibc.cpu.hwcaps.
	Glibc string `json:"glibc"`
	// JVM are options for every JVM; of these the ones that the image's JVM does not know are left out, since it would
	// not start with them.
	JVM []string `json:"jvm"`
	// Asked says that the image's JVM has been asked, and knows all of them.
	Asked bool `json:"asked"`
}

// hold returns the application's environment with all of it.
func (c cpuRequest) hold(application program) []string {
	environment := application.environment
	tunables, _ := lookUp(environment, "GLIBC_TUNABLES")
	variables := map[string]string{
		"GLIBC_TUNABLES": withHwcaps(tunables, c.Glibc),
		// A function that is bound later is bound by code, and to code, for the processor of the bake.
		"LD_BIND_NOW": "1",
	}
	if options := c.known(application); len(options) > 0 {
		given, _ := lookUp(environment, "JAVA_TOOL_OPTIONS")
		variables["JAVA_TOOL_OPTIONS"] = strings.TrimSpace(given + " " + strings.Join(options, " "))
	}
	return overlay(environment, variables)
}

// known are the options that the application's JVM knows.
func (c cpuRequest) known(application program) []string {
	if c.Asked {
		return c.JVM
	}
	java := findJava(application.arguments, application.environment)
	if java == "" {
		return nil
	}
	return knownOptions(c.JVM, askJVM(java, application))
}

// withHwcaps adds to the tunables that the image or its user has set; of two with the same name glibc takes the last.
func withHwcaps(tunables, hwcaps string) string {
	const name = "glibc.cpu.hwcaps="
	var kept []string
	for tunable := range strings.SplitSeq(tunables, ":") {
		if theirs, found := strings.CutPrefix(tunable, name); found {
			hwcaps = theirs + "," + hwcaps
		} else if tunable != "" {
			kept = append(kept, tunable)
		}
	}
	return strings.Join(append(kept, name+hwcaps), ":")
}

// askLimit is how long a JVM may take to print its options.
const askLimit = 20 * time.Second

// askJVM returns what the JVM prints of its options, one a line. A JVM that does not answer knows none.
func askJVM(java string, application program) string {
	output, err := memoryFile()
	if err != nil {
		return ""
	}
	defer output.Close()
	null, err := os.Open(os.DevNull)
	if err != nil {
		return ""
	}
	defer null.Close()
	asked := application
	asked.path = java
	asked.arguments = []string{java, "-XX:+UnlockDiagnosticVMOptions", "-XX:+UnlockExperimentalVMOptions",
		"-XX:+PrintFlagsFinal", "-XX:-UsePerfData", "-version"}
	asked.environment = slices.DeleteFunc(slices.Clone(application.environment), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return slices.Contains([]string{"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"}, name)
	})
	asked.files = []uintptr{null.Fd(), output.Fd(), null.Fd()}
	pid, err := asked.start()
	if err != nil {
		return ""
	}
	limit := time.AfterFunc(askLimit, func() { _ = sendSignal(pid, syscall.SIGKILL) })
	defer limit.Stop()
	var status syscall.WaitStatus
	for {
		_, err = syscall.Wait4(pid, &status, 0, nil)
		if err != syscall.EINTR {
			break
		}
	}
	if err != nil || status.ExitStatus() != 0 {
		return ""
	}
	return printed(output)
}

// knownOptions keeps those options whose name is in a JVM's list (`  bool UseSHA   = true   {product} {default}`; `:=` for
// what was set, in old ones).
func knownOptions(options []string, list string) []string {
	known := map[string]bool{}
	for line := range strings.Lines(list) {
		if fields := strings.Fields(line); len(fields) > 2 && strings.HasSuffix(fields[2], "=") {
			known[fields[1]] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(options), func(option string) bool {
		name, _, _ := strings.Cut(strings.TrimLeft(strings.TrimPrefix(option, "-XX:"), "+-"), "=")
		return !known[name]
	})
}
