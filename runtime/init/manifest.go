package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// manifest is what the restore needs to know of the bake. Only what crac-init reads of it is here.
type manifest struct {
	Version      int              `json:"version"`
	Engine       string           `json:"engine"`
	Entrypoint   []string         `json:"entrypoint"`
	Command      []string         `json:"command"`
	Architecture string           `json:"architecture"`
	CPU          cpuFacts         `json:"cpu"`
	Clock        clockRecord      `json:"clock"`
	Agent        bool             `json:"agent"`
	Probe        *probe           `json:"probe"`
	Checkpoint   checkpointRecord `json:"checkpoint"`
	DeadlineMs   int64            `json:"deadlineMs"`
	// AfterRestoreMs is the limit of the afterRestore hooks, which the agent keeps; 0 where the deadline is all.
	AfterRestoreMs int64 `json:"afterRestoreMs"`
	Capabilities   struct {
		Restore []string `json:"restore"`
		App     []string `json:"app"`
	} `json:"capabilities"`
	Criu struct {
		Options []string `json:"options"`
	} `json:"criu"`
	Jvm *jvmRestore `json:"jvm"`
}

// Engines of a manifest.
const (
	engineCriu = "criu"
	engineCrac = "crac"
)

// clockRecord is the clock that the application had at the dump.
type clockRecord struct {
	Mode        string `json:"mode"`
	MonotonicMs int64  `json:"monotonicMs"`
}

// checkpointRecord is the frozen tree. Groups may be missing: then they are not looked at.
type checkpointRecord struct {
	Pid    int         `json:"pid"`
	Bytes  int64       `json:"bytes"`
	Files  []imageFile `json:"files"`
	Stdout string      `json:"stdout"`
	Stderr string      `json:"stderr"`
	Uid    int         `json:"uid"`
	Gid    int         `json:"gid"`
	Groups []int       `json:"groups"`
	// GroupsOpen says that the checkpoint holds none: the restored process has those of its container.
	GroupsOpen bool `json:"groupsOpen"`
	// ResidentBytes is what the main process had in memory; 0 in a manifest that does not say it.
	ResidentBytes int64 `json:"residentBytes"`
}

// pids are the numbers of all processes and threads of the tree: criu writes a file for each.
func (c checkpointRecord) pids() []int {
	var pids []int
	for _, file := range c.Files {
		name, isCore := strings.CutPrefix(file.Name, "core-")
		number, isImage := strings.CutSuffix(name, ".img")
		if pid, err := strconv.Atoi(number); err == nil && isCore && isImage {
			pids = append(pids, pid)
		}
	}
	return pids
}

// memoryBytes is the least memory with which the tree can live: what the main process had, or all pages that criu wrote
// where that is more.
func (c checkpointRecord) memoryBytes() int64 {
	var pages int64
	for _, file := range c.Files {
		if strings.HasPrefix(file.Name, "pages-") {
			pages += file.Bytes
		}
	}
	return max(pages, c.ResidentBytes)
}

// readManifest reads the manifest. What could be read of it is returned beside an error: the entrypoint for the fallback
// may well be there.
func readManifest(path string) (manifest, error) {
	var read manifest
	content, err := os.ReadFile(path)
	if err != nil {
		return read, fmt.Errorf("cannot read the manifest: %w", err)
	}
	if err := json.Unmarshal(content, &read); err != nil {
		return read, fmt.Errorf("the manifest cannot be understood: %w", err)
	}
	return read, read.check()
}

// check refuses a manifest from which nothing could be restored.
func (m manifest) check() error {
	switch {
	case m.Version != supportedVersion:
		return fmt.Errorf("the manifest has version %d, this crac-init knows %d", m.Version, supportedVersion)
	case m.Engine != "" && m.Engine != engineCriu && m.Engine != engineCrac:
		return fmt.Errorf("the manifest is for the engine %q, this crac-init knows criu and crac", m.Engine)
	case m.Engine == engineCrac && (m.Jvm == nil || m.Jvm.Program == ""):
		return fmt.Errorf("the manifest names no java")
	case m.Checkpoint.Pid <= 1:
		return fmt.Errorf("the manifest names no process")
	case len(m.Checkpoint.Files) == 0:
		return fmt.Errorf("the manifest names no files")
	}
	return nil
}

// deadline is how long the restore may take in all. Without one in the manifest it is 2 s and 5 ms for each MB.
func (m manifest) deadline() time.Duration {
	if m.DeadlineMs > 0 {
		return time.Duration(m.DeadlineMs) * time.Millisecond
	}
	return 2*time.Second + time.Duration(m.Checkpoint.Bytes/1_000_000)*5*time.Millisecond
}

// startCommand is what the application's image would have executed: the arguments that were given after the image's name
// replace its command.
func (m manifest) startCommand(arguments []string) []string {
	if len(arguments) == 0 {
		arguments = m.Command
	}
	return append(append([]string{}, m.Entrypoint...), arguments...)
}
