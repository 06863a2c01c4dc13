package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// built is the crac-init that these tests run, fake this test program in criu's place; TestMain lays them out once. The
// containers have links to them: a copy could be refused as busy, for it would still be open for writing in whatever
// another test has just forked.
var built, fake string

func TestMain(m *testing.M) {
	if arguments, instead := isFakeCriu(); instead {
		os.Exit(fakeCriu(arguments))
	}
	folder, err := os.MkdirTemp("", "crac-init-test")
	if err != nil {
		panic(err)
	}
	built, fake = filepath.Join(folder, "crac-init"), filepath.Join(folder, "ld.so")
	if err := copyOfSelf(fake); err != nil {
		panic(err)
	}
	build := exec.Command("go", "build", "-o", built, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := build.CombinedOutput(); err != nil {
		panic(fmt.Sprintf("cannot build crac-init: %v\n%s", err, output))
	}
	code := m.Run()
	os.RemoveAll(folder)
	os.Exit(code)
}

// copyOfSelf copies the test program.
func copyOfSelf(path string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	content, err := os.ReadFile(self)
	if err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o755)
}

// container is as much of one as crac-init needs to be PID 1 in it: a PID and a mount namespace with /opt and /dev/shm
// of its own. It is made by unshare(1) and needs root.
type container struct {
	t       *testing.T
	folder  string // /opt/crac-bake, seen from outside
	command *exec.Cmd
	output  lockedBuffer
}

// lockedBuffer collects the output of a process that still runs.
type lockedBuffer struct {
	mutex  sync.Mutex
	buffer bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.buffer.String()
}

// newContainer lays out a container with the fake criu. Criu restores well unless fake-criu is written.
func newContainer(t *testing.T) *container {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("needs root to make namespaces")
	}
	opt := t.TempDir()
	if err := os.Chmod(opt, 0o755); err != nil {
		t.Fatal(err)
	}
	_ = os.Chmod(filepath.Dir(opt), 0o755)
	c := &container{t: t, folder: filepath.Join(opt, "crac-bake")}
	if err := os.MkdirAll(filepath.Join(c.folder, "criu"), 0o755); err != nil {
		t.Fatal(err)
	}
	for from, to := range map[string]string{built: "crac-init", fake: "criu/ld.so"} {
		if err := os.Link(from, filepath.Join(c.folder, to)); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// write puts a file into /opt/crac-bake; anything but a string becomes JSON.
func (c *container) write(name string, content any) {
	c.t.Helper()
	text, isText := content.(string)
	if !isText {
		encoded, err := json.Marshal(content)
		if err != nil {
			c.t.Fatal(err)
		}
		text = string(encoded)
	}
	if err := os.MkdirAll(filepath.Dir(filepath.Join(c.folder, name)), 0o755); err != nil {
		c.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(c.folder, name), []byte(text), 0o644); err != nil {
		c.t.Fatal(err)
	}
}

// exists tells whether a file is in /opt/crac-bake.
func (c *container) exists(name string) bool {
	_, err := os.Stat(filepath.Join(c.folder, name))
	return err == nil
}

// start starts crac-init as PID 1 with an environment like an engine's.
func (c *container) start(environment []string, arguments ...string) {
	c.t.Helper()
	script := `mount --bind "$1" /opt && mount -t tmpfs -o mode=1777 tmpfs /dev/shm && shift && exec /opt/crac-bake/crac-init "$@"`
	c.command = exec.Command("unshare", append([]string{"--pid", "--fork", "--kill-child", "--mount", "--mount-proc",
		"sh", "-c", script, "sh", filepath.Dir(c.folder)}, arguments...)...)
	c.command.Env = append([]string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root"}, environment...)
	c.command.Stdout, c.command.Stderr = &c.output, &c.output
	c.command.Stdin = strings.NewReader("not for the application\n")
	if err := c.command.Start(); err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { _ = c.command.Process.Kill() })
}

// wait waits for the end and returns the exit code; more than ten seconds fail the test.
func (c *container) wait() int {
	c.t.Helper()
	ended := make(chan struct{})
	go func() { _ = c.command.Wait(); close(ended) }()
	select {
	case <-ended:
		return c.command.ProcessState.ExitCode()
	case <-time.After(10 * time.Second):
		_ = c.command.Process.Kill()
		c.t.Fatalf("crac-init did not end; output:\n%s", c.output.String())
		return -1
	}
}

// await waits until the output has a text.
func (c *container) await(text string) {
	c.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !strings.Contains(c.output.String(), text); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			c.t.Fatalf("no %q in the output:\n%s", text, c.output.String())
		}
	}
}

// pid1 finds PID 1's number outside.
func (c *container) pid1() int {
	c.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		for _, child := range processTree(c.command.Process.Pid) {
			name, _ := os.ReadFile(fmt.Sprintf("/proc/%d/comm", child.pid))
			if child.parent == c.command.Process.Pid && trimmed(name) == "crac-init" {
				return child.pid
			}
		}
	}
	c.t.Fatal("no PID 1")
	return 0
}

// signal sends PID 1 a signal.
func (c *container) signal(number syscall.Signal) {
	c.t.Helper()
	if err := syscall.Kill(c.pid1(), number); err != nil {
		c.t.Fatal(err)
	}
}

// dump runs crac-init dump as docker exec would and returns its answers by their event, and its exit code.
func (c *container) dump(trigger string, dumpTimeoutMs int) (map[string]map[string]any, int) {
	c.t.Helper()
	command := exec.Command("nsenter", "-t", fmt.Sprint(c.pid1()), "-p", "-m", "/opt/crac-bake/crac-init", "dump", "--trigger", trigger,
		"--trigger-timeout", "1000", "--hooks-timeout", "1000", "--dump-timeout", fmt.Sprint(dumpTimeoutMs))
	var messages bytes.Buffer
	command.Stderr = &messages
	output, _ := command.Output()
	answers := map[string]map[string]any{}
	for line := range strings.Lines(string(output)) {
		answer := map[string]any{}
		if err := json.Unmarshal([]byte(line), &answer); err != nil {
			c.t.Fatalf("not JSON: %q", line)
		}
		answers[fmt.Sprint(answer["event"])] = answer
	}
	if messages.Len() > 0 {
		c.t.Errorf("crac-init dump complained: %s", messages.String())
	}
	return answers, command.ProcessState.ExitCode()
}
