package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// Files of the hand-over folder, by which PID 1 and the context agent meet.
const (
	agentFile         = "agent"         // the JVM that claims to be the one
	triggerFile       = "trigger"       // PID 1: begin with the hooks
	checkpointingFile = "checkpointing" // agent: the hooks have begun
	readyFile         = "ready"         // agent: the hooks are through, waiting for resume
	failedFile        = "failed"        // agent: a hook threw
	environmentFile   = "environment"   // restore: the new container's environment
	argumentsFile     = "arguments"     // restore: what was given after the image's name
	resumeFile        = "resume"        // restore: go on
	acknowledgedFile  = "acknowledged"  // agent: restored, hooks through
	restoreLog        = "restore.log"   // criu's
)

// handOver is the folder. Its files belong to the application's user, so it is used as that user.
type handOver struct {
	path     string
	uid, gid int
}

// create makes the folder anew, with the mode given and owned by the user.
func (h handOver) create(mode os.FileMode) error {
	return asUser(h.uid, h.gid, func() error {
		if err := os.RemoveAll(h.path); err != nil {
			return fmt.Errorf("cannot empty the hand-over folder: %w", err)
		}
		if err := os.Mkdir(h.path, 0o700); err != nil {
			return fmt.Errorf("cannot make the hand-over folder: %w", err)
		}
		return os.Chmod(h.path, mode) // not by Mkdir, where the umask would have a say
	})
}

// remove takes the folder away; a folder that is not there is as good.
func (h handOver) remove() error {
	return asUser(h.uid, h.gid, func() error { return os.RemoveAll(h.path) })
}

// write makes a file that appears with all its content at once.
func (h handOver) write(name string, content []byte) error {
	return asUser(h.uid, h.gid, func() error {
		path := filepath.Join(h.path, name)
		if err := os.WriteFile(path+".new", content, 0o600); err != nil {
			return err
		}
		return os.Rename(path+".new", path)
	})
}

// exists tells whether a file is there.
func (h handOver) exists(name string) bool {
	found := false
	_ = asUser(h.uid, h.gid, func() error {
		var status syscall.Stat_t
		found = syscall.Stat(filepath.Join(h.path, name), &status) == nil
		return nil
	})
	return found
}

// lastOf returns the last of the files that is there, or "".
func (h handOver) lastOf(names []string) string {
	for i := len(names) - 1; i >= 0; i-- {
		if h.exists(names[i]) {
			return names[i]
		}
	}
	return ""
}

// read reads a file as its owner: in the folder of a bake whose application changes its user, that is the application.
func (h handOver) read(name string) ([]byte, error) {
	path := filepath.Join(h.path, name)
	var status syscall.Stat_t
	err := asUser(h.uid, h.gid, func() error { return syscall.Stat(path, &status) })
	if err != nil {
		return nil, &os.PathError{Op: "stat", Path: path, Err: err}
	}
	var content []byte
	err = asUser(int(status.Uid), int(status.Gid), func() error {
		content, err = os.ReadFile(path)
		return err
	})
	return content, err
}

// readJSON reads a file that the agent wrote. A missing file is not an error: found says whether it was there.
func (h handOver) readJSON(name string, into any) (found bool, err error) {
	content, err := h.read(name)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := json.Unmarshal(content, into); err != nil {
		return true, fmt.Errorf("the agent's file %s cannot be understood: %w", name, err)
	}
	return true, nil
}

// delete takes files away, as their owner (the folder is sticky where more than one user writes).
func (h handOver) delete(names ...string) {
	for _, name := range names {
		path := filepath.Join(h.path, name)
		var status syscall.Stat_t
		if asUser(h.uid, h.gid, func() error { return syscall.Stat(path, &status) }) == nil {
			_ = asUser(int(status.Uid), int(status.Gid), func() error { return os.Remove(path) })
		}
	}
}

// agentClaim is the file agent.
type agentClaim struct {
	Pid         int    `json:"pid"`
	JavaVersion string `json:"javaVersion"`
	JavaVendor  string `json:"javaVendor"`
	VMName      string `json:"vmName"`
}

// hookReport is what the agent writes into ready, failed and acknowledged. What is only passed on stays as it came.
type hookReport struct {
	Resources json.RawMessage `json:"resources"`
	Collected json.RawMessage `json:"collected"`
	Scheduled json.RawMessage `json:"scheduled"`
	Randoms   json.RawMessage `json:"randoms"`
	Warnings  json.RawMessage `json:"warnings"`
	CPU       json.RawMessage `json:"cpu"`
	ElapsedMs float64         `json:"elapsedMs"`
}

// failure says which hook failed and why.
func (r hookReport) failure() string {
	var resources []struct{ Class, Phase, Outcome, Error string }
	if json.Unmarshal(r.Resources, &resources) == nil {
		for _, resource := range resources {
			if resource.Outcome == "failed" {
				return fmt.Sprintf("%s of %s failed: %s", resource.Phase, resource.Class, resource.Error)
			}
		}
	}
	return "the context agent reports a failure without naming a resource"
}

// listOr gives a JSON list for one that the agent left out.
func listOr(given json.RawMessage) json.RawMessage {
	if len(given) == 0 || string(given) == "null" {
		return json.RawMessage("[]")
	}
	return given
}
