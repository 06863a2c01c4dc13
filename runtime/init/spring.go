package main

import (
	"bytes"
	"encoding/binary"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// hasSpring looks for Spring's context in the image, with the application's eyes: a jar of its own, or inside another
// one (Boot's fat jars, shaded jars).
func hasSpring(user userIdentity) bool {
	found := false
	_ = asUser(user.uid, user.gid, func() error {
		found = holdsSpring("/")
		return nil
	})
	return found
}

// withoutApplications are folders that are large, or no files at all, and never hold an application.
var withoutApplications = []string{"proc", "sys", "dev", "run", "boot", "opt/crac-bake", "usr/share", "usr/lib/jvm", "var/lib/dpkg"}

// holdsSpring looks into every jar and war below a folder.
func holdsSpring(root string) bool {
	skip := map[string]bool{}
	for _, name := range withoutApplications {
		skip[filepath.Join(root, name)] = true
	}
	found := false
	_ = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil && entry != nil && entry.IsDir(), entry != nil && entry.IsDir() && skip[path]:
			return fs.SkipDir
		case err != nil || !entry.Type().IsRegular():
			return nil
		}
		name := entry.Name()
		if strings.HasSuffix(name, ".jar") || strings.HasSuffix(name, ".war") {
			found = strings.HasPrefix(name, "spring-context-") || jarHoldsSpring(path)
		}
		if found {
			return fs.SkipAll
		}
		return nil
	})
	return found
}

// maxDirectory bounds what is read of one jar.
const maxDirectory = 32 << 20

// jarHoldsSpring looks through the names in a jar's central directory (APPNOTE.TXT, 4.3.12 and 4.3.16).
func jarHoldsSpring(path string) bool {
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return false
	}
	tail := make([]byte, min(size, 1<<16))
	if _, err := file.ReadAt(tail, size-int64(len(tail))); err != nil {
		return false
	}
	end := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if end < 0 || end+20 > len(tail) {
		return false
	}
	length, offset := binary.LittleEndian.Uint32(tail[end+12:]), binary.LittleEndian.Uint32(tail[end+16:])
	if length > maxDirectory || int64(offset)+int64(length) > size {
		return false
	}
	directory := make([]byte, length)
	if _, err := file.ReadAt(directory, int64(offset)); err != nil {
		return false
	}
	return bytes.Contains(directory, []byte("/spring-context-")) || bytes.Contains(directory, []byte("org/springframework/context/"))
}
