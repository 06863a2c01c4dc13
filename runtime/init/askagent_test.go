package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestTheAgentIsAsked(t *testing.T) {
	folder := t.TempDir()
	if answer := askAgent(filepath.Join(folder, "none")); answer != nil {
		t.Errorf("an answer without a folder: %s", answer)
	}
	if answer := askAgent(folder); answer != nil {
		t.Errorf("an answer without an agent: %s", answer)
	}
	claim := fmt.Sprintf(`{"pid":%d,"javaVersion":"21"}`, os.Getpid())
	if err := os.WriteFile(filepath.Join(folder, agentFile), []byte(claim), 0o600); err != nil {
		t.Fatal(err)
	}
	// What is left of an earlier time is no answer.
	_ = os.WriteFile(filepath.Join(folder, examinedFile), []byte(`{"old":true}`), 0o600)
	go func() {
		for os.Remove(filepath.Join(folder, examineFile)) != nil {
			time.Sleep(time.Millisecond)
		}
		_ = os.WriteFile(filepath.Join(folder, ".new"), []byte(`{"resources":[]}`), 0o600)
		_ = os.Rename(filepath.Join(folder, ".new"), filepath.Join(folder, examinedFile))
	}()
	if answer := askAgent(folder); string(answer) != `{"resources":[]}` {
		t.Errorf("the answer is %s", answer)
	}
}
