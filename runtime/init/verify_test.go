package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFilesThatAreNotTheDumpedOnesAreNamed(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "pages-1.img")
	if err := os.WriteFile(path, []byte("pages"), 0o600); err != nil {
		t.Fatal(err)
	}
	digest, err := digestOf(path)
	if err != nil {
		t.Fatal(err)
	}
	files := []imageFile{{Name: "pages-1.img", Bytes: 5, Sha256: digest}}
	if err := verifyImageFiles(folder, files); err != nil {
		t.Errorf("the files are what they were, and yet: %v", err)
	}
	if err := os.WriteFile(path, []byte("pagez"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := verifyImageFiles(folder, files); err == nil || !strings.Contains(err.Error(), "pages-1.img") {
		t.Errorf("a file of the same length with other bytes gives %v", err)
	}
	files[0].Name = "pages-2.img"
	if err := verifyImageFiles(folder, files); err == nil || !strings.Contains(err.Error(), "cannot be read") {
		t.Errorf("a missing file gives %v", err)
	}
}
