package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
)

// runRequest is what the tool asks crac-init run for.
type runRequest struct {
	Version      int               `json:"version"`
	Command      []string          `json:"command"`
	Environment  map[string]string `json:"environment"`
	User         string            `json:"user"`
	Clock        string            `json:"clock"`
	OffsetMs     *int64            `json:"offsetMs"`
	PidFloor     int               `json:"pidFloor"`
	Capabilities []string          `json:"capabilities"`
	CPU          *cpuRequest       `json:"cpu"`
	Rehearsal    *rehearsal        `json:"rehearsal"`

	application capabilitySet // Capabilities, parsed
}

// ownClock tells whether the application gets a time namespace.
func (r runRequest) ownClock() bool { return r.Clock == clockNearZero || r.OffsetMs != nil }

// parseRunRequest reads a request and refuses what cannot be meant. Without a clock it is the host's.
func parseRunRequest(content []byte) (runRequest, error) {
	var request runRequest
	if err := json.Unmarshal(content, &request); err != nil {
		return request, fmt.Errorf("the run request cannot be understood: %w", err)
	}
	if request.Version != supportedVersion {
		return request, fmt.Errorf("the run request has version %d, this crac-init knows %d", request.Version, supportedVersion)
	}
	if len(request.Command) == 0 || request.Command[0] == "" {
		return request, errors.New("the run request has no command")
	}
	switch request.Clock {
	case "":
		request.Clock = clockHost
	case clockHost, clockNearZero:
	default:
		return request, fmt.Errorf("the run request has an unknown clock %q", request.Clock)
	}
	if request.PidFloor < 0 {
		return request, fmt.Errorf("the run request has a negative PID floor, %d", request.PidFloor)
	}
	var err error
	request.application, err = parseCapabilities(request.Capabilities)
	return request, err
}

// readRunRequest reads the request's file.
func readRunRequest(path string) (runRequest, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return runRequest{}, fmt.Errorf("cannot read the run request: %w", err)
	}
	return parseRunRequest(content)
}
