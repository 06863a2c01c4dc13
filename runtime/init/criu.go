package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// dumpedLine is what criu writes last into the log of a dump that worked; its exit code alone is no proof.
const dumpedLine = "Dumping finished successfully"

// criuBase are the options of every call: no configuration file of the image changes what we do, the container's cgroups
// are the engine's business, and criu gets by with its three capabilities, also where the container has more.
var criuBase = []string{"--no-default-config", "--manage-cgroups=ignore", "--unprivileged"}

// criuProgram makes a criu call out of its folder: the loader that came with criu starts it with the libraries that came
// with it, so that the image's libc does not matter. Files 3 and up are handed to criu; what it prints goes to output.
func criuProgram(folder string, arguments []string, output *os.File, null *os.File, extra ...uintptr) program {
	loader := filepath.Join(folder, "ld.so")
	return program{
		path: loader,
		arguments: append([]string{loader, "--library-path", filepath.Join(folder, "lib"),
			filepath.Join(folder, "criu")}, arguments...),
		environment: []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin"},
		files:       append([]uintptr{null.Fd(), output.Fd(), output.Fd()}, extra...),
	}
}

// dumpArguments are criu's arguments for freezing the tree of pid.
func dumpArguments(pid int, folder string, options []string) []string {
	arguments := append([]string{"dump", "-t", fmt.Sprint(pid), "-D", folder, "-o", "dump.log", "-v4"}, criuBase...)
	return append(arguments, options...)
}

// restoreArguments are criu's arguments for bringing the tree back as its own descendants, which kernel.yama.ptrace_scope
// 1 lets it trace without SYS_PTRACE; when criu ends, they become this process's. The pipes that were the application's
// stdout and stderr at the dump are handed over as files 3 and 4. Modes of files may differ: Podman gives the root folder
// another than Docker does, Kubernetes the volumes.
func restoreArguments(of checkpointRecord, folder, work string, options []string) []string {
	arguments := append([]string{"restore", "-D", folder, "-W", work, "-o", restoreLog, "-v1",
		"--restore-detached", "--pidfile", "pid", "--skip-file-rwx-check"}, criuBase...)
	if strings.HasPrefix(of.Stdout, "pipe:[") {
		arguments = append(arguments, "--inherit-fd", "fd[3]:"+of.Stdout)
	}
	if strings.HasPrefix(of.Stderr, "pipe:[") && of.Stderr != of.Stdout {
		arguments = append(arguments, "--inherit-fd", "fd[4]:"+of.Stderr)
	}
	return append(arguments, options...)
}

// memoryFile makes a file without a name to catch what criu prints before it has opened its log. A pipe would not do:
// a process that keeps its other end would keep us reading.
func memoryFile() (*os.File, error) {
	descriptor, err := unix.MemfdCreate("criu", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("cannot make a file for criu's output: %w", err)
	}
	return os.NewFile(uintptr(descriptor), "criu output"), nil
}

// printed reads what a memory file got.
func printed(file *os.File) string {
	content, _ := io.ReadAll(io.NewSectionReader(file, 0, 1<<20))
	return trimmed(content)
}

// harmlessErrors are lines that criu prints as errors on good runs too.
var harmlessErrors = []string{"Can't setup RLIMIT_NOFILE", "Unable to create tun", "CRIU needs to have the CAP_SYS_ADMIN or"}

// firstError picks the line of a criu log that says what went wrong: the first error that is not one of the harmless
// ones, without time and process in front of it.
func firstError(log string) string {
	harmless := ""
	for line := range strings.Lines(log) {
		_, message, found := strings.Cut(line, "Error (")
		if !found {
			continue
		}
		message = strings.TrimSpace(message)
		if _, text, found := strings.Cut(message, "): "); found {
			message = text
		}
		if slices.ContainsFunc(harmlessErrors, func(known string) bool { return strings.Contains(message, known) }) {
			harmless = message
			continue
		}
		return message
	}
	return harmless
}

// dumpSucceeded decides over a dump from criu's exit code, its log and the names of its files. It returns what speaks
// against it, and the code of the failure.
func dumpSucceeded(pid, exitCode int, log string, files []string) (code, message string) {
	if exitCode != 0 {
		message = fmt.Sprintf("criu dump exited with %d", exitCode)
		if cause := firstError(log); cause != "" {
			message += ": " + cause
		}
		return "criu-failed", message
	}
	if !strings.Contains(log, dumpedLine) {
		return "incomplete", "criu exited with 0, but its log does not say that the dump was finished"
	}
	for _, wanted := range []string{"inventory.img", "pstree.img", fmt.Sprintf("core-%d.img", pid)} {
		if !slices.Contains(files, wanted) {
			return "incomplete", fmt.Sprintf("criu exited with 0, but %s is missing", wanted)
		}
	}
	if !slices.ContainsFunc(files, func(name string) bool { return strings.HasPrefix(name, "pages-") }) {
		return "incomplete", "criu exited with 0, but there are no memory pages"
	}
	return "", ""
}

// criuCredentials are what criu runs with: the user of the process that it freezes or restores, since that user may look
// into the process without further capabilities, and criu's three capabilities. A criu that holds SETUID and SETGID while
// it is not root takes itself for root and restores the wrong group, so it gets no others.
func criuCredentials(user userIdentity) *credentials {
	return &credentials{user: user, ambient: criuCapabilities}
}
