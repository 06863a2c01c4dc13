package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"
)

// exitCannotRestore is the exit code of `crac-init check` where the gate says no.
const exitCannotRestore = 3

// verdict is what `crac-init check` prints.
type verdict struct {
	OK       bool      `json:"ok"`
	Refusals []refusal `json:"refusals"`
	GateMs   float64   `json:"gateMs"`
}

// checkVerb asks the gate and starts nothing.
func checkVerb() int {
	start := time.Now()
	_, _, refusals := askGate(standardLayout())
	answer := verdict{OK: len(refusals) == 0, Refusals: refusals, GateMs: fineMilliseconds(time.Since(start))}
	if err := json.NewEncoder(os.Stdout).Encode(answer); err != nil {
		fmt.Fprintln(os.Stderr, "crac-init: "+err.Error())
		return 1
	}
	if !answer.OK {
		return exitCannotRestore
	}
	return 0
}

// askGate reads the manifest, looks at the container and asks the gate. What could be read of the manifest is returned
// in any case: the command of the fallback may be there.
func askGate(at layout) (manifest, gateFacts, []refusal) {
	read, err := readManifest(at.manifest)
	if err != nil {
		return read, gateFacts{}, []refusal{*refuse("manifest", "%v", err)}
	}
	facts, err := gatherGateFacts(at.checkpoint)
	if err != nil {
		return read, facts, []refusal{*refuse("capabilities", "%v", err)}
	}
	return read, facts, gate(read, facts)
}
