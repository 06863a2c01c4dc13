package main

import (
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestRunRequest(t *testing.T) {
	request, err := parseRunRequest([]byte(`{"version":1,"command":["java","-jar","/app.jar"],"environment":{"A":"b"},
		"user":"1000","clock":"near-zero","pidFloor":512,"capabilities":["NET_BIND_SERVICE"],"ofTheFuture":{}}`))
	if err != nil {
		t.Fatal(err)
	}
	if !request.ownClock() || request.PidFloor != 512 || request.application != setOf(unix.CAP_NET_BIND_SERVICE) {
		t.Errorf("got %+v", request)
	}
	request, err = parseRunRequest([]byte(`{"version":1,"command":["x"],"clock":"host","offsetMs":-1500}`))
	if err != nil || !request.ownClock() {
		t.Errorf("an offset needs a clock of its own: %+v (%v)", request, err)
	}
	request, err = parseRunRequest([]byte(`{"version":1,"command":["x"]}`))
	if err != nil || request.ownClock() || request.application != 0 {
		t.Errorf("the defaults: %+v (%v)", request, err)
	}
}

func TestRunRequestsThatCannotBeMeant(t *testing.T) {
	for want, text := range map[string]string{
		"cannot be understood":  `{"version":1`,
		"has version 2":         `{"version":2,"command":["x"]}`,
		"has version 0":         `{"command":["x"]}`,
		"no command":            `{"version":1,"command":[""]}`,
		"unknown clock":         `{"version":1,"command":["x"],"clock":"zero"}`,
		"negative PID floor":    `{"version":1,"command":["x"],"pidFloor":-1}`,
		"unknown capability":    `{"version":1,"command":["x"],"capabilities":["SYS_ADMIM"]}`,
		"cannot be understood:": `{"version":1,"command":"java"}`,
	} {
		if _, err := parseRunRequest([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}

func TestDumpArguments(t *testing.T) {
	request, err := parseDumpArguments([]string{"--trigger", "agent", "--trigger-timeout=1000", "--hooks-timeout", "2000",
		"--dump-timeout", "3000", "--criu-option", "--tcp-close", "--criu-option=--ext-unix-sk"})
	if err != nil {
		t.Fatal(err)
	}
	if request.TriggerTimeoutMs != 1000 || request.HooksTimeoutMs != 2000 || request.DumpTimeoutMs != 3000 ||
		strings.Join(request.CriuOptions, " ") != "--tcp-close --ext-unix-sk" {
		t.Errorf("got %+v", request)
	}
	limits := []string{"--trigger-timeout", "1", "--hooks-timeout", "1", "--dump-timeout", "1"}
	for _, wrong := range [][]string{
		nil, limits, append(limits, "--trigger", "now"), append(limits, "--trigger"), append(limits, "--other", "x"),
		{"--trigger", "none", "--trigger-timeout", "1", "--hooks-timeout", "1"},
		append(limits, "--trigger", "none", "--dump-timeout", "soon"), append(limits, "--trigger", "none", "--dump-timeout", "0"),
	} {
		if _, err := parseDumpArguments(wrong); err == nil {
			t.Errorf("%q was accepted", wrong)
		}
	}
}
