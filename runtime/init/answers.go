package main

import "encoding/json"

// Answers of PID 1 to a dump request, one JSON object a line; docs/runtime-contract.md says what they mean.

type triggeredAnswer struct {
	Event string `json:"event"`
}

type hooksAnswer struct {
	Event     string          `json:"event"`
	Resources json.RawMessage `json:"resources"`
	Collected json.RawMessage `json:"collected"`
	Scheduled json.RawMessage `json:"scheduled"`
	Randoms   json.RawMessage `json:"randoms"`
	Warnings  json.RawMessage `json:"warnings"`
	ElapsedMs float64         `json:"elapsedMs"`
	CPU       json.RawMessage `json:"cpu,omitempty"`
	Agent     agentClaim      `json:"agent"`
}

type connectionsAnswer struct {
	Event       string       `json:"event"`
	Established []connection `json:"established"`
	Listening   []string     `json:"listening"`
}

type dumpedAnswer struct {
	Event       string        `json:"event"`
	Pid         int           `json:"pid"`
	CriuExit    int           `json:"criuExit"`
	ElapsedMs   float64       `json:"elapsedMs"`
	Files       []imageFile   `json:"files"`
	Bytes       int64         `json:"bytes"`
	Stdout      string        `json:"stdout"`
	Stderr      string        `json:"stderr"`
	Clock       string        `json:"clock"`
	MonotonicMs int64         `json:"monotonicMs"`
	WallMs      int64         `json:"wallMs"`
	CPU         cpuFacts      `json:"cpu"`
	Process     processRecord `json:"process"`
}

// processRecord describes the main process of the tree as it was right before the dump: the JVM that claimed to be the
// one, else the process that PID 1 started. Processes counts the whole tree.
type processRecord struct {
	Pid           int      `json:"pid"`
	Uid           int      `json:"uid"`
	Gid           int      `json:"gid"`
	Groups        []int    `json:"groups"`
	GroupsOpen    bool     `json:"groupsOpen"` // the checkpoint holds none: a restore has those of its container
	Threads       int      `json:"threads"`
	ResidentBytes int64    `json:"residentBytes"`
	Capabilities  []string `json:"capabilities"`
	Seccomp       int      `json:"seccomp"` // as in hostFacts
	Processes     int      `json:"processes"`
	Executable    string   `json:"executable"`
}

// failedAnswer is the last line in place of any other. It is an error, so that functions can return it as such.
type failedAnswer struct {
	Event     string          `json:"event"`
	Code      string          `json:"code"`
	Message   string          `json:"message"`
	Resources json.RawMessage `json:"resources,omitempty"`
	LogTail   string          `json:"logTail,omitempty"`
	ExitCode  *int            `json:"exitCode,omitempty"`
}

func (f *failedAnswer) Error() string { return f.Code + ": " + f.Message }

// failed makes the answer of a failure that has no more to say than its code and a message.
func failed(code, message string) *failedAnswer {
	return &failedAnswer{Event: "failed", Code: code, Message: message}
}
