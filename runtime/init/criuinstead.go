package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"syscall"
)

// criuName is the name under which crac-init takes the place of criu, as a link in /opt/crac-bake/jvm.
const criuName = "criu"

// criuInstead is what the engine of a CRaC JDK finds as criu. A dump is PID 1's work, which has the capabilities for it.
// A restore is done here: criu becomes the parent of the restored process, and the engine's own program after that.
func criuInstead(arguments []string) int {
	at := standardLayout()
	if len(arguments) > 0 && arguments[0] == "dump" {
		result, err := callPID1(at.calls, arguments)
		if err != nil {
			fmt.Fprintln(os.Stderr, "crac-init: "+err.Error())
			return 1
		}
		if result.Output != "" {
			fmt.Fprintln(os.Stderr, result.Output)
		}
		return result.ExitCode
	}
	err := becomeCriu(at, arguments)
	fmt.Fprintln(os.Stderr, "crac-init: cannot start criu: "+err.Error())
	return 1
}

// callPID1 lets PID 1 run criu.
func callPID1(socket string, arguments []string) (criuResult, error) {
	var result criuResult
	connection, err := net.Dial("unix", socket)
	if err != nil {
		return result, fmt.Errorf("cannot reach PID 1 for a dump: %w", err)
	}
	defer connection.Close()
	if err := json.NewEncoder(connection).Encode(criuCall{Arguments: arguments}); err != nil {
		return result, fmt.Errorf("cannot ask PID 1 for a dump: %w", err)
	}
	if err := json.NewDecoder(connection).Decode(&result); err != nil {
		if errors.Is(err, io.EOF) {
			err = errors.New("it closed the connection")
		}
		return result, fmt.Errorf("PID 1 did not say how the dump went: %w", err)
	}
	return result, nil
}

// becomeCriu executes the criu that the manifest names, or ours. It returns only when that is not possible.
func becomeCriu(at layout, arguments []string) error {
	loader := filepath.Join(at.criu, "ld.so")
	path, words := loader, []string{loader, "--library-path", filepath.Join(at.criu, "lib"), filepath.Join(at.criu, "criu")}
	if read, err := readManifest(at.manifest); err == nil && read.Jvm.Criu != "" {
		path, words = read.Jvm.Criu, []string{read.Jvm.Criu}
	}
	// The capabilities of crac-init's file have cleared the ambient set, and criu's file has none.
	own := credentials{user: userIdentity{uid: os.Getuid(), gid: os.Getgid()}, ambient: criuCapabilities}
	if err := own.apply(); err != nil {
		return err
	}
	return syscall.Exec(path, append(words, arguments...), containerEnvironment())
}
