package main

import (
	"fmt"
	"net"
	"os"
	"slices"
)

// runVerb is PID 1 of the bake container: it starts the application so that it can be frozen and restored later, waits
// for the request to freeze it, and ends with the application's exit code.
func runVerb(arguments []string) int {
	code, err := run(standardLayout(), slices.Contains(arguments, inTimeNamespaceArgument))
	if err != nil {
		fmt.Fprintln(os.Stderr, "crac-init: "+err.Error())
	}
	return code
}

// run does it. It is called twice where the application gets a time namespace: the second time inside it.
func run(at layout, inTimeNamespace bool) (int, error) {
	request, err := readRunRequest(at.runRequest)
	if err != nil {
		return exitCannotRun, err
	}
	clock := clockHost
	if inTimeNamespace {
		clock = clockNearZero
	} else if request.ownClock() {
		err := enterTimeNamespace(request.OffsetMs, []string{"run", inTimeNamespaceArgument})
		fmt.Fprintln(os.Stderr, "crac-init: the application runs on the host's clock: "+err.Error())
	}
	// The request may hold secrets; the application, and an image made of this container, must not find it.
	if err := os.Remove(at.runRequest); err != nil {
		return exitCannotRun, fmt.Errorf("cannot delete the run request: %w", err)
	}
	application, code, err := applicationProgram(request)
	if err != nil {
		return code, err
	}
	if request.CPU != nil {
		application.environment = request.CPU.hold(application)
	}
	if err := raisePidFloor(request.PidFloor); err != nil {
		return exitCannotRun, err
	}
	if request.Rehearsal != nil {
		user := application.credentials.user
		if request.Rehearsal.OnlySpring && !hasSpring(user) {
			report(os.Stdout, rehearsalEvent{Event: "not-spring"})
			return 0, nil
		}
		if err := standInForNetwork(os.Stdout); err != nil {
			return exitCannotRun, err
		}
	}
	meeting := handOver{path: at.handOver, uid: application.credentials.user.uid, gid: application.credentials.user.gid}
	mode := os.FileMode(0o700)
	if meeting.uid == 0 {
		mode = 0o777 | os.ModeSticky // the application may change its user before its JVM starts
	}
	if err := meeting.create(mode); err != nil {
		return exitCannotRun, err
	}
	var calls *net.UnixListener
	if request.Jvm {
		// A CRaC JVM looks at its start whether it can write there.
		if err := emptyFolderForAll(at.checkpoint); err != nil {
			return exitCannotRun, err
		}
		if calls, err = meeting.listen(at.calls); err != nil {
			return exitCannotRun, err
		}
	}
	if request.process != nil {
		if err := meeting.writeForAll(processFile, []byte(request.Process)); err != nil {
			return exitCannotRun, fmt.Errorf("cannot tell the agent which process is meant: %w", err)
		}
	}
	control, err := listenControl(at.socket)
	if err != nil {
		return exitCannotRun, err
	}
	signals := catchSignals()
	reaper := startReaper()
	child, err := reaper.start(application)
	if err != nil {
		return exitNotExecutable, fmt.Errorf("cannot start %s: %w", application.path, err)
	}
	go forwardSignals(signals, child)
	baker := &baker{layout: at, handOver: meeting, reaper: reaper, application: child, user: application.credentials.user, clock: clock,
		capabilities: request.application, process: request.process, calls: calls}
	go baker.serve(control)
	<-child.ended
	tellMemoryKill(child)
	return baker.finish(child.exitCode()), nil
}

// applicationProgram makes the application out of the request and the container: its user, environment and file.
func applicationProgram(request runRequest) (program, int, error) {
	user, engineHome, err := lookUpUser(request.User)
	if err != nil {
		return program{}, exitCannotRun, err
	}
	environment := overlay(containerEnvironment(), request.Environment)
	environment = withHome(environment, request.Environment, engineHome, user)
	path, code, err := findExecutable(request.Command[0], environment)
	if err != nil {
		return program{}, code, err
	}
	null, err := os.Open(os.DevNull)
	if err != nil {
		return program{}, exitCannotRun, err
	}
	return program{
		path: path, arguments: request.Command, environment: environment, newSession: true,
		files:       []uintptr{null.Fd(), 1, 2},
		credentials: &credentials{user: user, bounding: &request.application},
	}, 0, nil
}

// lookUpUser resolves a user against the container's files, and finds the home that the engine gave to the user that the
// container itself runs as.
func lookUpUser(spec string) (user userIdentity, engineHome string, err error) {
	var passwd []passwdEntry
	var groups []groupEntry
	if file, err := os.Open("/etc/passwd"); err == nil {
		passwd = readPasswd(file)
		file.Close()
	}
	if file, err := os.Open("/etc/group"); err == nil {
		groups = readGroups(file)
		file.Close()
	}
	user, err = resolveUser(spec, passwd, groups)
	own, ownErr := resolveUser(fmt.Sprint(os.Getuid()), passwd, groups)
	if ownErr == nil {
		engineHome = own.home
	}
	return user, engineHome, err
}

// forwardSignals hands on to the application what PID 1 gets.
func forwardSignals(signals <-chan os.Signal, to *child) {
	for received := range signals {
		if number, meant := forwardable(received); meant && !to.hasEnded() {
			_ = sendSignal(to.pid, number)
		}
	}
}
