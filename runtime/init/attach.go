package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// HotSpot's attach protocol, as jcmd speaks it (src/hotspot/os/posix/attachListener_posix.cpp,
// src/jdk.attach/linux/classes/sun/tools/attach/VirtualMachineImpl.java): a JVM opens the socket /tmp/.java_pidN when it
// gets SIGQUIT and finds a file .attach_pidN, in its working folder or else in /tmp, that belongs to its user or to root.
// Without such a file, or with attaching switched off, it prints a thread dump instead; and a process without a handler
// for the signal dies of it. So nothing is sent before all that has been looked at.

// attachFolder is where the JVM has its socket, whatever java.io.tmpdir says.
const attachFolder = "/tmp"

// attachLimit is the longest answer that is read, in bytes.
const attachLimit = 16 << 20

// attachAnswer is what a JVM says to a command: 0, or an error code of its own, and a text.
type attachAnswer struct {
	code   int
	output string
}

// jcmd lets a JVM run a diagnostic command, as `jcmd PID COMMAND` would. The error is a failedAnswer with one of the codes
// attach-off, attach-user, attach-timeout and attach-failed; also a command that the JVM does not know is an answer.
func (j jvm) jcmd(command string, deadline time.Time) (answer attachAnswer, err error) {
	if strings.ContainsRune(command, 0) {
		return answer, failed("attach-failed", "the command has a zero byte in it")
	}
	if err := j.refusesAttach(); err != nil {
		return answer, err
	}
	userErr := asUser(j.uid, j.gid, func() error {
		connection, connectErr := j.connect(attachFolder, deadline)
		if connectErr != nil {
			err = connectErr
			return nil
		}
		defer connection.Close()
		answer, err = converse(connection, command, deadline)
		return nil
	})
	if userErr != nil {
		return answer, failed("attach-user", fmt.Sprintf("the JVM takes commands of its user only (uid %d), and crac-init cannot become it: %v", j.uid, userErr))
	}
	return answer, err
}

// refusesAttach finds out from outside that a JVM was told not to take commands.
func (j jvm) refusesAttach() error {
	var environment []byte
	_ = asUser(j.uid, j.gid, func() (err error) {
		environment, err = os.ReadFile(procFile(j.pid, "environ"))
		return err
	})
	if option := j.switchesOff(strings.Split(string(environment), "\x00")); option != "" {
		return failed("attach-off", fmt.Sprintf("the JVM (PID %d) was started with %s, and takes no commands", j.pid, option))
	}
	return nil
}

// connect reaches the JVM's socket, and lets the JVM open it where that has not happened yet. To be called as the JVM's user.
func (j jvm) connect(folder string, deadline time.Time) (net.Conn, error) {
	socket := filepath.Join(folder, ".java_pid"+strconv.Itoa(j.innerPid))
	connection, err := dialAttach(socket, deadline)
	if err == nil {
		return connection, nil
	}
	if !isNotOpen(err) {
		return nil, dialFailure(socket, err)
	}
	if err := unix.Faccessat(unix.AT_FDCWD, folder, unix.W_OK|unix.X_OK, unix.AT_EACCESS); err != nil {
		return nil, failed("attach-failed", fmt.Sprintf("the JVM cannot open its socket in %s: %v", folder, err))
	}
	if err := j.awaitHandler(deadline); err != nil {
		return nil, err
	}
	trigger, err := j.writeTrigger(folder)
	if err != nil {
		return nil, err
	}
	defer os.Remove(trigger)
	if err := syscall.Kill(j.pid, syscall.SIGQUIT); err != nil {
		return nil, failed("attach-failed", fmt.Sprintf("cannot send SIGQUIT to the JVM (PID %d): %v", j.pid, err))
	}
	for {
		connection, err := dialAttach(socket, deadline)
		if err == nil {
			return connection, nil
		}
		if !isNotOpen(err) {
			return nil, dialFailure(socket, err)
		}
		if !isAlive(j.pid) {
			return nil, failed("attach-failed", fmt.Sprintf("the JVM (PID %d) has ended", j.pid))
		}
		if time.Now().After(deadline) {
			return nil, failed("attach-timeout", fmt.Sprintf("the JVM (PID %d) did not open %s in time; does it hang?", j.pid, socket))
		}
		time.Sleep(pollInterval)
	}
}

// awaitHandler waits until the JVM handles SIGQUIT: one that has only just been started does not, and would die of it.
func (j jvm) awaitHandler(deadline time.Time) error {
	for caught := j.catches; !caught; time.Sleep(pollInterval) {
		now, err := readJvm(j.pid)
		if err != nil {
			return failed("attach-failed", fmt.Sprintf("the JVM (PID %d) has ended", j.pid))
		}
		if caught = now.catches; !caught && time.Now().After(deadline) {
			return failed("attach-timeout", fmt.Sprintf("the JVM (PID %d) did not get ready for commands in time", j.pid))
		}
	}
	return nil
}

// writeTrigger makes the file that turns SIGQUIT into a request to open the socket, and returns its path.
func (j jvm) writeTrigger(folder string) (string, error) {
	name := ".attach_pid" + strconv.Itoa(j.innerPid)
	working := procFile(j.pid, "cwd")
	// The JVM looks into its working folder first, and is content with nothing else where a file of that name is there.
	if info, err := os.Stat(filepath.Join(working, name)); err == nil {
		if owner := info.Sys().(*syscall.Stat_t).Uid; int(owner) != j.uid && owner != 0 {
			return "", failed("attach-user", fmt.Sprintf("a file %s of uid %d is in the JVM's working folder, and the JVM is uid %d's", name, owner, j.uid))
		}
	}
	var reasons []string
	for _, place := range []string{folder, working} {
		path := filepath.Join(place, name)
		_ = os.Remove(path) // of a client that was killed; another's cannot be removed, and making the new one fails
		file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err == nil {
			return path, file.Close()
		}
		reasons = append(reasons, err.Error())
	}
	return "", failed("attach-failed", "cannot write the file by which the JVM knows a request: "+strings.Join(reasons, "; "))
}

// dialAttach connects on the calling thread: the JVM asks the kernel for the ids of who did.
func dialAttach(socket string, deadline time.Time) (net.Conn, error) {
	descriptor, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	file := os.NewFile(uintptr(descriptor), socket)
	defer file.Close()
	for {
		err := unix.Connect(descriptor, &unix.SockaddrUnix{Name: socket})
		if err == nil {
			break
		}
		// Others wait to be let in.
		if !errors.Is(err, syscall.EAGAIN) || time.Now().After(deadline) {
			return nil, err
		}
		time.Sleep(pollInterval)
	}
	connection, err := net.FileConn(file)
	if err == nil {
		err = connection.SetDeadline(deadline)
	}
	return connection, err
}

// isNotOpen tells a socket that is not there, or that an earlier process of this PID has left, from one that does not let us in.
func isNotOpen(err error) bool {
	return errors.Is(err, syscall.ENOENT) || errors.Is(err, syscall.ECONNREFUSED)
}

func dialFailure(socket string, err error) error {
	if errors.Is(err, syscall.EACCES) || errors.Is(err, syscall.EPERM) {
		return failed("attach-user", fmt.Sprintf("the JVM's socket %s is another user's: %v", socket, err))
	}
	return failed("attach-failed", fmt.Sprintf("cannot connect to the JVM's socket %s: %v", socket, err))
}

// converse sends one command in version 1 of the protocol, which every JVM speaks, and reads the answer to its end.
func converse(connection net.Conn, command string, deadline time.Time) (attachAnswer, error) {
	if _, err := connection.Write([]byte(attachRequest(command))); err != nil {
		return attachAnswer{}, failed("attach-failed", "cannot send the command to the JVM: "+err.Error())
	}
	content, err := io.ReadAll(io.LimitReader(connection, attachLimit))
	if errors.Is(err, os.ErrDeadlineExceeded) {
		begun, _ := parseAttachAnswer(content)
		return begun, failed("attach-timeout", "the JVM did not finish its answer in time")
	}
	if err != nil && len(content) == 0 {
		return attachAnswer{}, failed("attach-failed", "the JVM broke off its answer: "+err.Error())
	}
	return parseAttachAnswer(content)
}

// attachRequest is a diagnostic command on the wire: version, operation and three arguments, each ended by a zero byte.
func attachRequest(command string) string { return "1\x00jcmd\x00" + command + "\x00\x00\x00" }

// parseAttachAnswer reads a code on a line of its own and the text after it. A peer that the JVM does not trust gets nothing.
func parseAttachAnswer(content []byte) (attachAnswer, error) {
	if len(content) == 0 {
		return attachAnswer{}, failed("attach-user", "the JVM closed the connection without an answer, as it does to users whom it does not trust")
	}
	line, output, _ := strings.Cut(string(content), "\n")
	code, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		return attachAnswer{}, failed("attach-failed", fmt.Sprintf("the JVM's answer begins with %.40q, not with a number", line))
	}
	return attachAnswer{code, output}, nil
}
