package main

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// openHoldings looks at the open descriptors of a process, as its user, and notes who owns which socket.
func openHoldings(pid int, owners map[string]owner) []holding {
	folder := filepath.Join("/proc", strconv.Itoa(pid))
	entries, err := os.ReadDir(filepath.Join(folder, "fd"))
	if err != nil {
		return nil
	}
	var found []holding
	fd := 0
	add := func(one holding) {
		one.Pid = pid
		same := func(other holding) bool { other.Fd = 0; return other == one }
		if !slices.ContainsFunc(found, same) {
			one.Fd = fd
			found = append(found, one)
		}
	}
	for _, entry := range entries {
		descriptor := filepath.Join(folder, "fd", entry.Name())
		fd, _ = strconv.Atoi(entry.Name())
		target, err := os.Readlink(descriptor)
		if err != nil {
			continue
		}
		if inode, isSocket := strings.CutPrefix(target, "socket:["); isSocket {
			inode = strings.TrimSuffix(inode, "]")
			if _, known := owners[inode]; !known {
				owners[inode] = owner{pid, fd}
			}
			continue
		}
		info, _ := os.ReadFile(filepath.Join(folder, "fdinfo", entry.Name()))
		if name, isAnonymous := strings.CutPrefix(target, "anon_inode:"); isAnonymous {
			switch name {
			case "inotify":
				for _, one := range watchHoldings(parseWatches(string(info))) {
					add(one)
				}
			case "[pidfd]":
				pidfd, _ := statusField(string(info), "Pid")
				add(holding{Kind: kindPidfd, Detail: pidfd})
			default:
				if one, telling := anonymousHolding(name); telling {
					add(one)
				}
			}
			continue
		}
		if strings.HasPrefix(target, "/") {
			if countLines(string(info), "lock:") > 0 {
				add(holding{Kind: kindLock, Detail: target})
			}
			if one, telling := fileHolding(descriptor, target); telling {
				add(one)
			}
		}
	}
	return found
}

// countLines counts the lines of a text that begin so.
func countLines(text, prefix string) int {
	count := 0
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, prefix) {
			count++
		}
	}
	return count
}

// deletedMark is what the kernel appends to the path of a file that has no name any more.
const deletedMark = " (deleted)"

// harmlessDevices are the device nodes that every container has and criu opens anew; of a
// pseudo terminal it restores the master with its slave.
var harmlessDevices = []string{"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/ptmx", "/dev/pts/ptmx"}

// fileHolding looks at an open file with a path; ok is false for ordinary ones.
func fileHolding(descriptor, target string) (holding, bool) {
	info, err := os.Stat(descriptor)
	if err != nil {
		return holding{}, false
	}
	path, deleted := strings.CutSuffix(target, deletedMark)
	switch {
	case info.Mode()&os.ModeDevice != 0 && slices.Contains(harmlessDevices, path):
		return holding{}, false
	case strings.HasPrefix(path, "/dev/pts/") || path == "/dev/tty" || path == "/dev/console":
		return holding{Kind: kindTerminal, Detail: path}, true
	case info.Mode()&os.ModeDevice != 0:
		return holding{Kind: kindDevice, Detail: path}, true
	case !info.Mode().IsRegular() || strings.HasPrefix(path, "/memfd:"):
		return holding{}, false
	}
	status, isStat := info.Sys().(*syscall.Stat_t)
	if deleted && isStat && status.Nlink == 0 {
		return holding{Kind: kindDeletedFile, Detail: path, Bytes: info.Size()}, true
	}
	var system unix.Statfs_t
	if err := unix.Statfs(descriptor, &system); err == nil && system.Type == unix.TMPFS_MAGIC {
		return holding{Kind: kindMemoryFile, Detail: path, Bytes: info.Size()}, true
	}
	return holding{}, false
}

// mappedHoldings looks at what a process has mapped, as its user.
func mappedHoldings(pid int) []holding {
	content, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "maps"))
	if err != nil {
		return nil
	}
	found := parseMaps(string(content))
	for i := range found {
		found[i].Pid = pid
	}
	return found
}

// parseMaps reads a /proc/PID/maps text (proc_pid_maps(5)). The size of a deleted file is at least what is mapped of it.
func parseMaps(text string) []holding {
	var found []holding
	at := map[string]int{}
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) < 6 {
			continue
		}
		path := strings.Join(fields[5:], " ")
		one, telling := mappedHolding(path)
		if !telling {
			continue
		}
		if one.Kind == kindDeletedFile {
			one.Bytes = mappedEnd(fields[0], fields[2])
		}
		if index, known := at[one.Kind+one.Detail]; known {
			found[index].Bytes = max(found[index].Bytes, one.Bytes)
			continue
		}
		at[one.Kind+one.Detail] = len(found)
		found = append(found, one)
	}
	return found
}

// mappedHolding looks at one mapping's name; ok is false for ordinary ones.
func mappedHolding(name string) (holding, bool) {
	if anonymous, is := strings.CutPrefix(name, "anon_inode:"); is {
		return anonymousHolding(anonymous)
	}
	path, deleted := strings.CutSuffix(name, deletedMark)
	switch {
	case strings.HasPrefix(path, "/SYSV"):
		return holding{Kind: kindSharedIPC, Detail: path}, true
	case strings.HasPrefix(path, "/memfd:"), path == "/dev/zero", path == "/[aio]", path == "/anon_hugepage":
		return holding{}, false // criu knows them
	case deleted:
		return holding{Kind: kindDeletedFile, Detail: path}, true
	case strings.HasPrefix(path, "/dev/shm/"):
		return holding{Kind: kindMemoryFile, Detail: path}, true
	case strings.HasPrefix(path, "/dev/"):
		return holding{Kind: kindDevice, Detail: path}, true
	}
	return holding{}, false
}

// mappedEnd is where a mapping ends in its file, from its addresses and its offset.
func mappedEnd(addresses, offset string) int64 {
	low, high, _ := strings.Cut(addresses, "-")
	start, startErr := strconv.ParseUint(low, 16, 64)
	end, endErr := strconv.ParseUint(high, 16, 64)
	from, fromErr := strconv.ParseUint(offset, 16, 64)
	if startErr != nil || endErr != nil || fromErr != nil {
		return 0
	}
	return int64(end - start + from)
}
