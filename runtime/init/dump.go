package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const dumpUsage = `usage: crac-init dump --trigger auto|agent|wait|none --trigger-timeout MS --hooks-timeout MS --dump-timeout MS [--criu-option OPTION]…
       for a CRaC JDK: --trigger jvm|jvm-wait [--criu-program PATH | --not-criu]`

// dumpVerb asks PID 1 for a dump and prints its answers as they come. It does nothing itself: criu has to be a child of
// PID 1, in its namespaces, and a process that docker exec brought is in others.
func dumpVerb(arguments []string) int {
	request, err := parseDumpArguments(arguments)
	if err != nil {
		fmt.Fprintf(os.Stderr, "crac-init: %v\n%s\n", err, dumpUsage)
		return exitUsage
	}
	succeeded, err := askForDump(standardLayout().socket, request, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "crac-init: "+err.Error())
	}
	if err != nil || !succeeded {
		return 1
	}
	return 0
}

// parseDumpArguments reads the options, `--name VALUE` or `--name=VALUE`. All but --criu-option have to be there: a
// forgotten time limit would be a wait without end.
func parseDumpArguments(arguments []string) (dumpRequest, error) {
	request := dumpRequest{TriggerTimeoutMs: -1, HooksTimeoutMs: -1, DumpTimeoutMs: -1, CriuOptions: []string{}}
	times := map[string]*int64{
		"--trigger-timeout": &request.TriggerTimeoutMs, "--hooks-timeout": &request.HooksTimeoutMs,
		"--dump-timeout": &request.DumpTimeoutMs,
	}
	for len(arguments) > 0 {
		name, value, joined := strings.Cut(arguments[0], "=")
		arguments = arguments[1:]
		if name == "--not-criu" {
			request.NotCriu = true
			continue
		}
		if !joined {
			if len(arguments) == 0 {
				return request, fmt.Errorf("%s wants a value", name)
			}
			value, arguments = arguments[0], arguments[1:]
		}
		switch name {
		case "--trigger":
			request.Trigger = value
		case "--criu-program":
			request.CriuProgram = value
		case "--criu-option":
			request.CriuOptions = append(request.CriuOptions, value)
		default:
			time, known := times[name]
			if !known {
				return request, fmt.Errorf("unknown option %s", name)
			}
			number, err := strconv.ParseInt(value, 10, 64)
			if err != nil || number <= 0 {
				return request, fmt.Errorf("%s is %q, not a number of milliseconds", name, value)
			}
			*time = number
		}
	}
	switch request.Trigger {
	case triggerAuto, triggerAgent, triggerWait, triggerNone, triggerJvm, triggerJvmWait:
	default:
		return request, fmt.Errorf("--trigger is %q, not auto, agent, wait, none, jvm or jvm-wait", request.Trigger)
	}
	for name, time := range times {
		if *time < 0 {
			return request, fmt.Errorf("%s is missing", name)
		}
	}
	return request, nil
}

// socketWait is how long PID 1 may take from its start until it listens: it uses up the low PIDs before.
const socketWait = 10 * time.Second

// dialPID1 connects to the control socket, also when the container was started a moment ago.
func dialPID1(socket string) (net.Conn, error) {
	for deadline := time.Now().Add(socketWait); ; time.Sleep(pollInterval) {
		connection, err := net.Dial("unix", socket)
		starting := errors.Is(err, syscall.ENOENT) || errors.Is(err, syscall.ECONNREFUSED)
		if err == nil || !starting || time.Now().After(deadline) {
			return connection, err
		}
	}
}

// askForDump sends the request and copies the answers. Succeeded says whether the last one was `dumped`.
func askForDump(socket string, request dumpRequest, out *os.File) (succeeded bool, err error) {
	connection, err := dialPID1(socket)
	if err != nil {
		return false, fmt.Errorf("cannot reach PID 1 (is it `crac-init run`, and are we root?): %w", err)
	}
	defer connection.Close()
	if err := json.NewEncoder(connection).Encode(request); err != nil {
		return false, fmt.Errorf("cannot send the request to PID 1: %w", err)
	}
	lines := bufio.NewReader(connection)
	last := struct{ Event string }{}
	for {
		line, readErr := lines.ReadBytes('\n')
		if len(line) > 0 {
			last.Event = ""
			_ = json.Unmarshal(line, &last)
			if _, err := out.Write(line); err != nil {
				return false, fmt.Errorf("cannot print the answer: %w", err)
			}
		}
		if readErr != nil {
			break
		}
	}
	if last.Event != "dumped" && last.Event != "failed" {
		return false, fmt.Errorf("PID 1 ended without a last answer")
	}
	return last.Event == "dumped", nil
}
