package main

import (
	"math"
	"strings"
	"time"
)

// trimmed is a file's content without the white space around it.
func trimmed(content []byte) string { return strings.TrimSpace(string(content)) }

// milliseconds is a duration as the contract writes it, with one decimal.
func milliseconds(duration time.Duration) float64 {
	return math.Round(float64(duration)/float64(time.Millisecond)*10) / 10
}

// fineMilliseconds is a duration of parts of a millisecond, with three decimals.
func fineMilliseconds(duration time.Duration) float64 {
	return math.Round(float64(duration)/float64(time.Microsecond)) / 1000
}

// lastLines returns the last lines of a log, and before them the errors that it has further up: what went wrong first is
// often far above the end.
func lastLines(log string, count int) string {
	lines := strings.Split(strings.TrimRight(log, "\n"), "\n")
	if len(lines) <= count {
		return strings.Join(lines, "\n")
	}
	var kept []string
	for _, line := range lines[:len(lines)-count] {
		if strings.Contains(line, "Error (") {
			kept = append(kept, line)
		}
	}
	if len(kept) > count {
		kept = kept[len(kept)-count:]
	}
	return strings.Join(append(kept, lines[len(lines)-count:]...), "\n")
}
