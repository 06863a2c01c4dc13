package main

import (
	"fmt"
	"testing"

	"golang.org/x/sys/unix"
)

func TestClockOffsets(t *testing.T) {
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &now); err != nil {
		t.Fatal(err)
	}
	text, err := clockOffsets("", nil)
	if err != nil {
		t.Fatal(err)
	}
	var monotonic, monotonicNs, boottime, boottimeNs int64
	if _, err := fmt.Sscanf(text, "monotonic %d %d\nboottime %d %d\n", &monotonic, &monotonicNs, &boottime, &boottimeNs); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	if begins := now.Sec + monotonic; begins < clockStartSeconds-1 || begins > clockStartSeconds || boottime > monotonic || monotonicNs != 0 {
		t.Errorf("the clock would begin at %d s (%q)", begins, text)
	}
	for offset, want := range map[int64]string{
		1500: "monotonic 1 500000000\nboottime 1 500000000\n", -1500: "monotonic -2 500000000\nboottime -2 500000000\n",
		-2000: "monotonic -2 0\nboottime -2 0\n",
	} {
		if text, _ := clockOffsets("", &offset); text != want {
			t.Errorf("%d ms: got %q, want %q", offset, text, want)
		}
	}

	ahead := "monotonic 86400 250000000\nboottime 86400 250000000\n"
	offset := int64(1800)
	if text, _ := clockOffsets(ahead, &offset); text != "monotonic 86402 50000000\nboottime 86402 50000000\n" {
		t.Errorf("inside a namespace that is ahead: got %q", text)
	}
	text, err = clockOffsets(ahead, nil)
	if err != nil {
		t.Fatal(err)
	}
	if inside, _ := offsetOf(text, "monotonic"); inside != monotonic+86400 && inside != monotonic+86399 {
		t.Errorf("near zero inside a namespace that is ahead: got %d s, the offset without it is %d s", inside, monotonic)
	}
}
