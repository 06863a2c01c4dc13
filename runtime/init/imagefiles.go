package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// imageFile is one file of a checkpoint.
type imageFile struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	Sha256 string `json:"sha256"`
}

// dumpLog is criu's log in the folder of a checkpoint. The engines of CRaC JDKs have other names for it; whatever ends so is
// not part of the checkpoint.
const dumpLog = "dump.log"

func isLog(name string) bool { return strings.HasSuffix(name, ".log") }

// listImageFiles lists the files of a checkpoint by name, with their lengths and not yet with their digests.
func listImageFiles(folder string) ([]imageFile, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("cannot list the checkpoint's files: %w", err)
	}
	files := []imageFile{}
	for _, entry := range entries {
		if !entry.Type().IsRegular() || isLog(entry.Name()) {
			continue
		}
		info, err := entry.Info()
		if err != nil {
			return nil, fmt.Errorf("cannot list the checkpoint's files: %w", err)
		}
		files = append(files, imageFile{Name: entry.Name(), Bytes: info.Size()})
	}
	return files, nil
}

// publishImageFiles computes the digests and makes the files readable for every user: the image may be started as
// another one. Has to run as the files' owner.
func publishImageFiles(folder string, files []imageFile) error {
	for i := range files {
		path := filepath.Join(folder, files[i].Name)
		digest, err := digestOf(path)
		if err != nil {
			return fmt.Errorf("cannot read a file of the checkpoint: %w", err)
		}
		files[i].Sha256 = digest
		if err := os.Chmod(path, 0o644); err != nil {
			return fmt.Errorf("cannot make a file of the checkpoint readable: %w", err)
		}
	}
	logs, err := filepath.Glob(filepath.Join(folder, "*.log"))
	for _, log := range logs {
		err = errors.Join(err, os.Chmod(log, 0o644))
	}
	return err
}

// digestOf is a file's SHA-256 in hexadecimal.
func digestOf(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	hash := sha256.New()
	if _, err := io.CopyBuffer(hash, file, make([]byte, 1<<20)); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}
