package main

import (
	"strings"
	"testing"
	"time"
)

func TestSettings(t *testing.T) {
	for _, c := range []struct {
		environment []string
		want        settings
		complaints  int
	}{
		{nil, settings{mode: "auto"}, 0},
		{[]string{"CRAC_INIT_RESTORE=require", "CRAC_INIT_DEADLINE=1500", "CRAC_INIT_LOG=1"}, settings{"require", 1500 * time.Millisecond, true}, 0},
		{[]string{"CRAC_INIT_RESTORE=off", "CRAC_INIT_LOG=0"}, settings{mode: "off"}, 0},
		{[]string{"CRAC_INIT_RESTORE=", "CRAC_INIT_DEADLINE="}, settings{mode: "auto"}, 0},
		{[]string{"CRAC_INIT_RESTORE=never", "CRAC_INIT_DEADLINE=2s"}, settings{mode: "auto"}, 2},
	} {
		var complaints strings.Builder
		got := readSettings(c.environment, &complaints)
		if got != c.want || strings.Count(complaints.String(), "\n") != c.complaints {
			t.Errorf("%q: got %+v, want %+v; said %q", c.environment, got, c.want, complaints.String())
		}
	}
}
