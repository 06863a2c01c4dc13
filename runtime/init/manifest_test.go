package main

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestStartCommandIsTheImagesOwn(t *testing.T) {
	of := manifest{Entrypoint: []string{"java", "-jar", "/app.jar"}, Command: []string{"--port", "80"}}
	for _, c := range []struct {
		of        manifest
		arguments []string
		want      []string
	}{
		{of, nil, []string{"java", "-jar", "/app.jar", "--port", "80"}},
		{of, []string{"--port=81"}, []string{"java", "-jar", "/app.jar", "--port=81"}},
		{manifest{Command: []string{"redis-server"}}, nil, []string{"redis-server"}},
		{manifest{Command: []string{"redis-server"}}, []string{"sh", "-c", "a b"}, []string{"sh", "-c", "a b"}},
		{manifest{}, nil, []string{}},
	} {
		if got := c.of.startCommand(c.arguments); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%v with %v: got %q, want %q", c.of, c.arguments, got, c.want)
		}
	}
	if first := of.startCommand(nil); &first[0] == &of.Entrypoint[0] {
		t.Error("the command shares memory with the manifest")
	}
}

func TestDeadlineGrowsWithTheCheckpoint(t *testing.T) {
	if got := (manifest{DeadlineMs: 2700}).deadline(); got != 2700*time.Millisecond {
		t.Errorf("the manifest's own: %v", got)
	}
	if got := (manifest{Checkpoint: checkpointRecord{Bytes: 140_000_000}}).deadline(); got != 2700*time.Millisecond {
		t.Errorf("2 s and 5 ms for each of 140 MB: %v", got)
	}
}

func TestManifestsThatCannotBeRestored(t *testing.T) {
	path := filepath.Join(t.TempDir(), "manifest.json")
	good := `{"version":1,"entrypoint":["x"],"checkpoint":{"pid":513,"files":[{"name":"a","bytes":1}]}`
	for want, text := range map[string]string{
		"":                           good + `}`,
		"has version 2":              strings.Replace(good, `"version":1`, `"version":2`, 1) + `}`,
		`engine "other"`:             good + `,"engine":"other"}`,
		"names no process":           strings.Replace(good, "513", "1", 1) + `}`,
		"names no files":             `{"version":1,"checkpoint":{"pid":513}}`,
		"cannot be understood":       good,
		"manifest cannot be underst": `{"version":1,"entrypoint":"x"}`,
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := readManifest(path)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
	if _, err := readManifest(path + ".none"); err == nil {
		t.Error("a missing manifest was read")
	}
}
