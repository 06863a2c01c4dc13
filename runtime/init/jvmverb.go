package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// jvmLimit is how long each of the programs that are asked may take.
const jvmLimit = 20 * time.Second

// jvmReport is what an image's JVM and what lies beside it say of themselves. It judges nothing.
type jvmReport struct {
	Program    string      `json:"program"`    // java, with all links resolved; empty where there is none
	Listing    string      `json:"listing"`    // what it printed for the arguments given, both streams
	EngineHelp string      `json:"engineHelp"` // what it printed for -XX:CRaCEngineOptions=help, where it knows that
	Jcmd       bool        `json:"jcmd"`
	Criu       *criuReport `json:"criu"` // the JDK's own; null where it has none
	// CPUFeatures are the processor's, as in the facts.
	CPUFeatures []string `json:"cpuFeatures"`
}

type criuReport struct {
	Path       string `json:"path"`
	Version    string `json:"version"` // as it says it; empty where it cannot be executed
	Executable bool   `json:"executable"`
}

// jvmVerb asks the JVM of the image: `crac-init jvm [CANDIDATE…] -- LISTING-ARGUMENT…`. The first candidate that is there is
// the one; `java` in the PATH comes last. Prints one JSON object.
func jvmVerb(arguments []string) int {
	candidates, listing := arguments, []string(nil)
	for i, word := range arguments {
		if word == "--" {
			candidates, listing = arguments[:i], arguments[i+1:]
			break
		}
	}
	var report jvmReport
	if report.Program = findJava(candidates, os.Environ()); report.Program != "" {
		report.ask(listing)
		cpuinfo, _ := os.ReadFile("/proc/cpuinfo")
		report.CPUFeatures = parseCPUInfo(string(cpuinfo)).Features
	}
	if err := json.NewEncoder(os.Stdout).Encode(report); err != nil {
		fmt.Fprintln(os.Stderr, "crac-init: "+err.Error())
		return 1
	}
	return 0
}

// findJava resolves the JVM that a command will start: of the candidates those that are called so, then that of JAVA_HOME,
// then the one in the PATH. Empty where there is none.
func findJava(candidates, environment []string) string {
	if home, set := lookUp(environment, "JAVA_HOME"); set && home != "" {
		candidates = append(candidates, filepath.Join(home, "bin", "java"))
	}
	for _, candidate := range append(candidates, "java") {
		if filepath.Base(candidate) != "java" {
			continue
		}
		found, _, err := findExecutable(candidate, environment)
		if err != nil {
			continue
		}
		if resolved, err := filepath.EvalSymlinks(found); err == nil {
			return resolved
		}
	}
	return ""
}

// ask fills in what the programs say.
func (r *jvmReport) ask(listing []string) {
	r.Listing = outputOf(r.Program, listing...)
	if !strings.Contains(r.Listing, "version") {
		// An option of the image's may be one that the JVM does not start with.
		for _, name := range []string{toolOptions, "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"} {
			os.Unsetenv(name)
		}
		r.Listing = outputOf(r.Program, listing...)
	}
	if strings.Contains(r.Listing, "CRaCEngineOptions") {
		r.EngineHelp = outputOf(r.Program, "-XX:CRaCEngineOptions=help", "-version")
	}
	folder := filepath.Dir(r.Program)
	_, err := exec.LookPath(filepath.Join(folder, "jcmd"))
	r.Jcmd = err == nil
	path := filepath.Join(filepath.Dir(folder), "lib", criuName)
	if info, err := os.Stat(path); err == nil {
		_, err := exec.LookPath(path)
		own := criuReport{Path: path, Executable: err == nil && !info.IsDir()}
		if own.Executable {
			own.Version = strings.TrimSpace(outputOf(path, "--version"))
		}
		r.Criu = &own
	}
}

// outputOf runs a program and returns what it printed; what it did not print in time is missing.
func outputOf(path string, arguments ...string) string {
	ctx, cancel := context.WithTimeout(context.Background(), jvmLimit)
	defer cancel()
	var output bytes.Buffer
	command := exec.CommandContext(ctx, path, arguments...)
	command.Stdout, command.Stderr = &output, &output
	command.WaitDelay = time.Second
	_ = command.Run()
	return output.String()
}
