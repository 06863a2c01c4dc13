package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
)

// jvmRestore is how a CRaC JVM brings its checkpoint back.
type jvmRestore struct {
	Program     string            `json:"program"`     // java
	Arguments   []string          `json:"arguments"`   // before those of the container
	Environment map[string]string `json:"environment"` // for java itself
	Variables   []string          `json:"variables"`   // names that existed at the bake; emptied where the container has none of them
	BakeOptions []string          `json:"bakeOptions"` // of JAVA_TOOL_OPTIONS: what is there again says nothing new
	Settable    []string          `json:"settable"`    // flags that this JVM takes at a restore
	Criu        string            `json:"criu"`        // the JDK's own criu; "" for ours
	NotCriu     bool              `json:"notCriu"`     // the JVM's engine does without criu
}

const toolOptions = "JAVA_TOOL_OPTIONS"

// newOptions are the words of JAVA_TOOL_OPTIONS that were not there at the bake.
func (j jvmRestore) newOptions(environment []string) []string {
	value, _ := lookUp(environment, toolOptions)
	var fresh []string
	for _, word := range splitJavaOptions(value) {
		if !slices.Contains(j.BakeOptions, word) {
			fresh = append(fresh, word)
		}
	}
	return fresh
}

// gateJvm names what the JVM would refuse of the options that the container gives it, before it does, and tells of what it
// passes over without a word.
func gateJvm(of *jvmRestore, environment, arguments []string, out io.Writer) *refusal {
	if of == nil {
		return nil
	}
	words := append(of.newOptions(environment), arguments...)
	for _, word := range words {
		name := flagOf(word)
		switch {
		case name != "" && !slices.Contains(of.Settable, name) && !strings.HasSuffix(name, "VMOptions"):
			return refuse("jvm-options", "the JVM refuses %s at a restore: the flag was set at the bake, and the checkpoint keeps it", word)
		case hasPrefixOf(word, "-Xmx", "-Xms", "-Xss", "-Xmn", "-javaagent", "-agentlib", "-agentpath"):
			fmt.Fprintf(out, "crac-init: %s has no effect at a restore: what was set at the bake stays\n", word)
		}
		if !strings.HasPrefix(word, "-") {
			break // the new main, and its arguments
		}
	}
	return nil
}

// flagOf is the name of the flag that an option sets, or "".
func flagOf(option string) string {
	text, isFlag := strings.CutPrefix(option, "-XX:")
	if !isFlag {
		return ""
	}
	name, _, _ := strings.Cut(strings.TrimLeft(text, "+-"), "=")
	return name
}

func hasPrefixOf(text string, prefixes ...string) bool {
	return slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(text, prefix) })
}

// javaEnvironment is what java gets, and hands on to the restored JVM: the container's variables, those of the bake that the
// container does not have as empty ones (a JVM cannot take them away), and java's own.
func (j jvmRestore) javaEnvironment(environment []string) []string {
	variables := map[string]string{}
	for _, name := range j.Variables {
		if _, set := lookUp(environment, name); !set {
			variables[name] = ""
		}
	}
	if _, set := lookUp(environment, toolOptions); set {
		variables[toolOptions] = joinJavaOptions(j.newOptions(environment))
	}
	for name, value := range j.Environment {
		variables[name] = value
	}
	return overlay(environment, variables)
}

// runJava lets the JVM restore. Its process stays as the parent of the restored one: it hands on signals and ends with its
// exit code. It returns as soon as criu has the process back.
func (r *restorer) runJava(ctx context.Context, facts gateFacts, limit patience) *refusal {
	null, err := os.Open(os.DevNull)
	if err != nil {
		return refuse("jvm-restore", "%v", err)
	}
	defer null.Close()
	was, of := r.manifest.Checkpoint, r.manifest.Jvm
	user := userIdentity{uid: was.Uid, gid: was.Gid, groups: was.Groups}
	if user.groups == nil {
		user.groups = []int{was.Gid}
	}
	if was.Uid != facts.uid {
		openOutputs()
	}
	java, err := r.reaper.start(program{
		path: of.Program, arguments: append(append([]string{of.Program}, of.Arguments...), r.arguments...),
		environment: of.javaEnvironment(r.environment), files: []uintptr{null.Fd(), 1, 2}, credentials: criuCredentials(user),
		newSession: true,
	})
	if err != nil {
		return refuse("jvm-restore", "cannot start %s: %v", of.Program, err)
	}
	r.catchOtherSignals()
	r.restored = java
	if of.NotCriu {
		return nil
	}
	for {
		select {
		case <-java.ended:
			cause := "java " + java.ending()
			if message := r.criuMessage(""); message != "" {
				cause += ": " + message
			}
			return refuse("jvm-restore", "%s", cause)
		case received := <-r.signals:
			if r.asksToStop(received) {
				return refuse("stopped", "%v", received)
			}
		case <-ctx.Done():
			cause := fmt.Sprintf("the JVM did not restore within %v", limit)
			if message := r.criuMessage(""); message != "" {
				cause += ": " + message
			}
			return refuse("deadline", "%s", cause)
		case <-time.After(pollInterval):
			if r.handOver.exists(pidFile) && isAlive(was.Pid) {
				return nil
			}
		}
	}
}

// pidFile is written by criu when the process is back.
const pidFile = "pid"
