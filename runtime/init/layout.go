package main

// layout names the files that crac-init and the programs around it share. It is a value and not a set of constants so
// that tests can lay everything out in a folder of their own.
type layout struct {
	runRequest string // the run request; read and deleted before the application starts
	checkpoint string // the folder of criu's files
	manifest   string // what restore needs to know
	criu       string // the folder of criu, its loader and its libraries
	handOver   string // where PID 1 and the context agent meet
	socket     string // PID 1's control socket at bake
	calls      string // where the engine of a CRaC JDK asks PID 1 for criu; in the hand-over folder
}

// standardLayout is where things are in every container.
func standardLayout() layout {
	return layout{
		runRequest: "/opt/crac-bake/run.json",
		checkpoint: "/opt/crac-bake/checkpoint",
		manifest:   "/opt/crac-bake/manifest.json",
		criu:       "/opt/crac-bake/criu",
		handOver:   "/dev/shm/crac-bake",
		socket:     "/dev/shm/crac-bake.sock",
		calls:      "/dev/shm/crac-bake/criu.sock",
	}
}

// supportedVersion is the version of the run request and of the manifest that this program understands.
const supportedVersion = 1

// Exit codes of crac-init's own; everything else is the application's.
const (
	exitUsage           = 2   // wrong verb or option
	exitRestoreRequired = 80  // no restore, and starting normally was forbidden or impossible
	exitCannotRun       = 125 // the container is not what run needs (no request, unknown user, …)
	exitNotExecutable   = 126 // the application's command is there and cannot be executed
	exitNotFound        = 127 // the application's command is not there
)
