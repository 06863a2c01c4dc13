package main

import (
	"reflect"
	"testing"
)

func TestOverlayKeepsPlacesAndAddsByName(t *testing.T) {
	got := overlay([]string{"A=1", "B=2", "A=3", "odd"}, map[string]string{"A": "x=y", "Z": "", "C": "9"})
	if want := []string{"A=x=y", "B=2", "odd", "C=9", "Z="}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestHomeFollowsTheUserUnlessItWasSet(t *testing.T) {
	user := userIdentity{uid: 1000, home: "/home/app"}
	for _, c := range []struct {
		name        string
		environment []string
		requested   map[string]string
		want        string
	}{
		{"engine's own", []string{"HOME=/root"}, nil, "/home/app"},
		{"none", nil, nil, "/home/app"},
		{"image's", []string{"HOME=/data"}, nil, "/data"},
		{"request's, even root's", []string{"HOME=/root"}, map[string]string{"HOME": "/root"}, "/root"},
	} {
		got, _ := lookUp(withHome(c.environment, c.requested, "/root", user), "HOME")
		if got != c.want {
			t.Errorf("%s: HOME is %q, want %q", c.name, got, c.want)
		}
	}
}

func TestOwnVariablesAreNotHandedOn(t *testing.T) {
	got := withoutOwnVariables([]string{"CRAC_INIT_RESTORE=auto", "A=CRAC_INIT_X", "CRAC_INIT_LOG=1", "CRAC_BAKE=1"})
	if want := []string{"A=CRAC_INIT_X", "CRAC_BAKE=1"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestHandOverListsAreSeparatedByNul(t *testing.T) {
	if got := string(nulSeparated([]string{"A=1\n2", "", "B="})); got != "A=1\n2\x00\x00B=" {
		t.Errorf("got %q", got)
	}
	if got := nulSeparated(nil); len(got) != 0 {
		t.Errorf("no entries: got %q", got)
	}
}
