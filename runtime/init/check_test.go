package main

import (
	"encoding/json"
	"runtime"
	"strings"
	"testing"
)

func TestCheckSaysWhetherItWouldRestoreAndStartsNothing(t *testing.T) {
	for _, c := range []struct {
		name string
		more map[string]any
		code int
		ids  []string
	}{
		{"fits", nil, 0, nil},
		{"does not fit, twice", map[string]any{"clock": map[string]any{"monotonicMs": int64(1e13)}, "cpu": map[string]any{"features": []string{"x"}},
			"architecture": runtime.GOARCH}, exitCannotRestore, []string{"cpu", "clock"}},
		{"manifest of another version", map[string]any{"version": 2}, exitCannotRestore, []string{"manifest"}},
	} {
		container := restoreContainer(t, "", c.more)
		container.start(nil, "check")
		code, output := container.wait(), container.output.String()
		var answer verdict
		if err := json.Unmarshal([]byte(output), &answer); err != nil || strings.Count(output, "\n") != 1 {
			t.Fatalf("%s: not one line of JSON: %q", c.name, output)
		}
		var ids []string
		for _, refused := range answer.Refusals {
			ids = append(ids, refused.ID)
			if refused.Cause == "" {
				t.Errorf("%s: %s has no cause", c.name, refused.ID)
			}
		}
		if code != c.code || answer.OK != (c.code == 0) || strings.Join(ids, " ") != strings.Join(c.ids, " ") || answer.GateMs <= 0 {
			t.Errorf("%s: exit code %d, %s", c.name, code, output)
		}
		if !strings.Contains(output, `"refusals":[`) {
			t.Errorf("%s: no list: %s", c.name, output)
		}
	}
}
