package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

func TestWithHwcaps(t *testing.T) {
	for _, c := range []struct{ tunables, want string }{
		{"", "glibc.cpu.hwcaps=-A,-B"},
		{"glibc.malloc.arena_max=2", "glibc.malloc.arena_max=2:glibc.cpu.hwcaps=-A,-B"},
		{"glibc.cpu.hwcaps=-C:glibc.malloc.arena_max=2", "glibc.malloc.arena_max=2:glibc.cpu.hwcaps=-C,-A,-B"},
	} {
		if got := withHwcaps(c.tunables, "-A,-B"); got != c.want {
			t.Errorf("%q became %q, want %q", c.tunables, got, c.want)
		}
	}
}

func TestKnownOptions(t *testing.T) {
	const list = "[Global flags]\n     intx UseAVX      = 3     {ARCH product} {default}\n     bool UseSHA      = true  {product} {default}\n" +
		"     bool UnlockDiagnosticVMOptions := true {diagnostic} {command line}\nccstrlist Other  =    {product} {default}\n"
	options := []string{"-XX:UseAVX=2", "-XX:-UseSHA", "-XX:-UseNew", "-XX:+UnlockDiagnosticVMOptions", "-XX:Other="}
	want := []string{"-XX:UseAVX=2", "-XX:-UseSHA", "-XX:+UnlockDiagnosticVMOptions", "-XX:Other="}
	if got := knownOptions(options, list); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := knownOptions(options, ""); len(got) != 0 {
		t.Errorf("a JVM that does not answer got %v", got)
	}
}

func TestTheImagesJVMIsAskedWhatItKnows(t *testing.T) {
	if _, err := exec.LookPath("java"); err != nil {
		t.Skip("needs a JVM")
	}
	environment := []string{"PATH=/usr/bin:/bin", "JAVA_TOOL_OPTIONS=-Da=b -javaagent:/not/there.jar"}
	asked := cpuRequest{Glibc: "-AVX512F", JVM: []string{"-XX:UseAVX=2", "-XX:-UseNoSuchThing"}}
	held := asked.hold(program{arguments: []string{"/bin/sh"}, environment: environment})
	for _, want := range []string{"GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX512F", "LD_BIND_NOW=1",
		"JAVA_TOOL_OPTIONS=-Da=b -javaagent:/not/there.jar -XX:UseAVX=2"} {
		if !slices.Contains(held, want) {
			t.Errorf("no %q in %s", want, strings.Join(held, "\n"))
		}
	}
}

func TestFindJava(t *testing.T) {
	for _, c := range []struct {
		name        string
		command     []string
		environment []string
		want        string
	}{
		{"none", []string{"/bin/sh"}, []string{"PATH=/nowhere"}, ""},
		{"home that is not there", []string{"/bin/sh"}, []string{"PATH=/nowhere", "JAVA_HOME=/nowhere"}, ""},
		{"own program that is not there", []string{"/nowhere/java"}, []string{"PATH=/nowhere"}, ""},
	} {
		if got := findJava(c.command, c.environment); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
