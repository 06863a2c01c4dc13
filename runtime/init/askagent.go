package main

import (
	"encoding/json"
	"syscall"
	"time"
)

// answerLimit is how long the agent may take for an answer; it gives up by itself a little earlier.
const answerLimit = 8 * time.Second

// askAgent asks the JVM of a rehearsal what it knows of its open descriptors. Nil where no living JVM has the agent, or none
// answers in time.
func askAgent(folder string) json.RawMessage {
	var status syscall.Stat_t
	if syscall.Stat(folder, &status) != nil {
		return nil
	}
	meeting := handOver{path: folder, uid: int(status.Uid), gid: int(status.Gid)}
	var claim agentClaim
	if found, err := meeting.readJSON(agentFile, &claim); err != nil || !found || !isAlive(claim.Pid) {
		return nil
	}
	// In a folder for several users only its owner may take a file away.
	if process, err := readProcessStatus(claim.Pid); err == nil {
		meeting.uid, meeting.gid = process.uid, process.gid
	}
	meeting.delete(examinedFile)
	if meeting.write(examineFile, nil) != nil {
		return nil
	}
	for deadline := time.Now().Add(answerLimit); time.Now().Before(deadline) && isAlive(claim.Pid); time.Sleep(pollInterval) {
		if content, err := meeting.read(examinedFile); err == nil && json.Valid(content) {
			return content
		}
	}
	meeting.delete(examineFile)
	return nil
}
