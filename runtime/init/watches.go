package main

import (
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// fileID names a file by its device and its inode.
type fileID struct{ device, inode uint64 }

// parseWatches reads the `inotify` lines of a /proc/PID/fdinfo text (proc_pid_fdinfo(5)): what is watched, as inodes.
func parseWatches(info string) []fileID {
	var watched []fileID
	for line := range strings.Lines(info) {
		if !strings.HasPrefix(line, "inotify ") {
			continue
		}
		var id fileID
		for _, field := range strings.Fields(line) {
			name, value, _ := strings.Cut(field, ":")
			number, err := strconv.ParseUint(value, 16, 64)
			if err != nil {
				continue
			}
			switch name {
			case "ino":
				id.inode = number
			case "sdev": // as inside the kernel: 20 bits of minor number (linux/kdev_t.h)
				id.device = unix.Mkdev(uint32(number>>20), uint32(number&0xfffff))
			}
		}
		watched = append(watched, id)
	}
	return watched
}

// unwatched are folders without files of a disk.
var unwatched = map[string]bool{"/proc": true, "/sys": true}

// pathsOf finds files by walking through all that this user may see. What it does not find has no entry.
func pathsOf(wanted []fileID) map[fileID]string {
	paths := map[fileID]string{}
	left := map[fileID]bool{}
	for _, id := range wanted {
		left[id] = true
	}
	if len(left) == 0 {
		return paths
	}
	_ = filepath.WalkDir("/", func(path string, entry fs.DirEntry, err error) error {
		if unwatched[path] || err != nil && entry != nil && entry.IsDir() {
			return fs.SkipDir
		}
		if err != nil {
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			return nil
		}
		if status, isStat := info.Sys().(*syscall.Stat_t); isStat {
			id := fileID{uint64(status.Dev), status.Ino}
			if left[id] {
				paths[id] = path
				delete(left, id)
			}
		}
		if len(left) == 0 {
			return fs.SkipAll
		}
		return nil
	})
	return paths
}

// watchHoldings makes one holding of each watch; one that watches nothing yet has none.
func watchHoldings(watched []fileID) []holding {
	var found []holding
	paths := pathsOf(watched)
	for _, id := range watched {
		found = append(found, holding{Kind: kindInotify, Detail: paths[id]})
	}
	return found
}
