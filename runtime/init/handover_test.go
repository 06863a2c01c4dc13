package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

func TestHandOverFolder(t *testing.T) {
	meeting := handOver{filepath.Join(t.TempDir(), "meeting"), os.Getuid(), os.Getgid()}
	if err := meeting.create(0o700); err != nil {
		t.Fatal(err)
	}
	if err := meeting.write(resumeFile, nil); err != nil || !meeting.exists(resumeFile) {
		t.Errorf("the file that was written is not there (%v)", err)
	}
	if err := meeting.create(0o700); err != nil || meeting.exists(resumeFile) {
		t.Errorf("a marker of an earlier restore survived (%v)", err)
	}
	var claim agentClaim
	if found, err := meeting.readJSON(agentFile, &claim); found || err != nil {
		t.Errorf("a file that is not there: %v, %v", found, err)
	}
	if err := meeting.write(agentFile, []byte("{")); err != nil {
		t.Fatal(err)
	}
	if found, err := meeting.readJSON(agentFile, &claim); !found || err == nil {
		t.Errorf("a broken file: %v, %v", found, err)
	}
	if err := meeting.remove(); err != nil {
		t.Fatal(err)
	}
	if err := meeting.remove(); err != nil {
		t.Errorf("removing what is gone: %v", err)
	}
}

func TestHookReportsNameTheFirstFailure(t *testing.T) {
	report := hookReport{Resources: json.RawMessage(`[{"class":"a.B","phase":"afterRestore","outcome":"ok"},
		{"class":"a.C","phase":"afterRestore","outcome":"failed","error":"java.net.ConnectException: refused"}]`)}
	if got := report.failure(); got != "afterRestore of a.C failed: java.net.ConnectException: refused" {
		t.Errorf("got %q", got)
	}
	if got := (hookReport{}).failure(); got == "" {
		t.Error("a failure without resources has no message")
	}
	if got := string(listOr(nil)); got != "[]" {
		t.Errorf("a list that the agent left out: %s", got)
	}
}
