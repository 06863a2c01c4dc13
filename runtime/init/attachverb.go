package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
)

const attachUsage = `usage: crac-init attach [--timeout MS] [PID|PATTERN] COMMAND
COMMAND is a diagnostic command of the JVM with its arguments, as one word: "JDK.checkpoint", "Thread.print -l"`

// attachTimeout is how long a JVM may take when nothing else is said.
const attachTimeout = 10 * time.Second

// attachVerb is jcmd for images that have none. What it prints is what jcmd prints.
func attachVerb(arguments []string) int {
	wanted, command, timeout, err := parseAttachArguments(arguments)
	if err != nil {
		fmt.Fprintf(os.Stderr, "crac-init: %v\n%s\n", err, attachUsage)
		return exitUsage
	}
	jvms, err := listJvms()
	if err == nil {
		var target jvm
		if target, err = chooseJvm(jvms, wanted); err == nil {
			return target.printAnswer(command, time.Now().Add(timeout), os.Stdout, os.Stderr)
		}
	}
	fmt.Fprintln(os.Stderr, "crac-init: "+err.Error())
	return 1
}

// printAnswer runs the command and prints the answer, in jcmd's form.
func (j jvm) printAnswer(command string, deadline time.Time, out, complaints io.Writer) int {
	answer, err := j.jcmd(command, deadline)
	if err == nil || answer.output != "" {
		fmt.Fprint(out, jcmdOutput(j.pid, answer))
	}
	if err != nil {
		fmt.Fprintln(complaints, "crac-init: "+err.Error())
	}
	if err != nil || answer.code != 0 {
		return 1
	}
	return 0
}

// jcmdOutput is what jcmd prints of an answer: the PID, then the text, or a sentence where there is none.
func jcmdOutput(pid int, answer attachAnswer) string {
	text := answer.output
	if text == "" {
		text = "Command executed successfully\n"
	}
	if !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return strconv.Itoa(pid) + ":\n" + text
}

func parseAttachArguments(arguments []string) (wanted, command string, timeout time.Duration, err error) {
	timeout = attachTimeout
	if len(arguments) > 0 && arguments[0] == "--timeout" {
		if len(arguments) < 2 {
			return "", "", 0, errors.New("--timeout wants a value")
		}
		number, err := strconv.ParseInt(arguments[1], 10, 64)
		if err != nil || number <= 0 {
			return "", "", 0, fmt.Errorf("--timeout is %q, not a number of milliseconds", arguments[1])
		}
		timeout, arguments = time.Duration(number)*time.Millisecond, arguments[2:]
	}
	switch len(arguments) {
	case 1:
		return "", arguments[0], timeout, nil
	case 2:
		return arguments[0], arguments[1], timeout, nil
	}
	return "", "", 0, errors.New("a command is wanted, and before it at most one PID or pattern")
}
