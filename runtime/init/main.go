// Command crac-init is PID 1 of the containers in which crac-bake bakes and restores an application.
//
// At bake it starts the application so that it can be frozen (run) and freezes it when asked (dump);
// in the finished image it brings the application back or, where that cannot work, starts it normally (restore).
package main

import (
	"fmt"
	"os"
	"runtime"
)

// version is what `crac-init facts` reports; it moves with the tool's version.
const version = "0.1.0"

// init keeps the main goroutine on the main thread: a new time namespace belongs to the thread that made it, and
// /proc/self means the main thread.
func init() { runtime.LockOSThread() }

func main() {
	verb, arguments := "", []string(nil)
	if len(os.Args) > 1 {
		verb, arguments = os.Args[1], os.Args[2:]
	}
	switch verb {
	case "run":
		os.Exit(runVerb(arguments))
	case "dump":
		os.Exit(dumpVerb(arguments))
	case "restore":
		os.Exit(restoreVerb(arguments))
	case "check":
		os.Exit(checkVerb())
	case "verify":
		os.Exit(verifyVerb())
	case "facts":
		os.Exit(factsVerb())
	case "examine":
		os.Exit(examineVerb())
	case "idle":
		idleVerb()
	case timeNamespaceProbeVerb:
		os.Exit(timeNamespaceProbe())
	default:
		fmt.Fprintln(os.Stderr, "usage: crac-init run | dump [OPTION…] | restore [ARGUMENT…] | check | verify | facts | examine | idle")
		os.Exit(exitUsage)
	}
}
