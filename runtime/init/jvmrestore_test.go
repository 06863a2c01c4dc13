package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

var bakedJvm = jvmRestore{
	Program: "/jdk/bin/java", Environment: map[string]string{"CRAC_CRIU_PATH": "/opt/crac-bake/jvm/criu"},
	Variables:   []string{"JAVA_TOOL_OPTIONS", "CRAC_CRIU_PATH", "ONLY_AT_BAKE", "BOTH"},
	BakeOptions: []string{"-XX:+UseG1GC", "-XX:CRaCCheckpointTo=/opt/crac-bake/checkpoint"},
	Settable:    []string{"CRaCRestoreFrom", "HeapDumpPath"},
}

func TestWhatARestoredJvmWouldRefuseIsNamedBefore(t *testing.T) {
	for _, c := range []struct {
		options   string
		arguments []string
		refused   string
		said      string
	}{
		{"", nil, "", ""},
		{"-XX:+UseG1GC", nil, "", ""}, // the image has it, as at the bake
		{"-XX:+UseZGC", nil, "-XX:+UseZGC", ""},
		{"-XX:HeapDumpPath=/tmp", nil, "", ""},
		{"-XX:+UnlockDiagnosticVMOptions", nil, "", ""},
		{"-Xmx32m -javaagent:/a.jar=b", nil, "", "-Xmx32m has no effect|-javaagent:/a.jar=b has no effect"},
		{"-Dx=y", nil, "", ""},
		{`"-Dx=two words" -XX:+UseZGC`, nil, "-XX:+UseZGC", ""}, // quotes as the JVM reads them
		{"", []string{"-XX:MaxRAMPercentage=50", "Main"}, "-XX:MaxRAMPercentage=50", ""},
		{"", []string{"Main", "-XX:MaxRAMPercentage=50", "-Xmx1m"}, "", ""}, // arguments of the new main
	} {
		var out bytes.Buffer
		refused := gateJvm(&bakedJvm, []string{"JAVA_TOOL_OPTIONS=" + c.options}, c.arguments, &out)
		if (refused != nil) != (c.refused != "") || refused != nil && (refused.ID != "jvm-options" || !strings.Contains(refused.Cause, c.refused+" ")) {
			t.Errorf("%q %v: %v, want one about %q", c.options, c.arguments, refused, c.refused)
		}
		for _, wanted := range strings.Split(c.said, "|") {
			if !strings.Contains(out.String(), wanted) || c.said == "" && out.Len() > 0 {
				t.Errorf("%q %v: said %q, want %q", c.options, c.arguments, out.String(), wanted)
			}
		}
	}
	if refused := gateJvm(nil, []string{"JAVA_TOOL_OPTIONS=-XX:+UseZGC"}, nil, &bytes.Buffer{}); refused != nil {
		t.Errorf("the engine criu refuses %v", refused)
	}
}

func TestJavaGetsTheContainersVariablesAndThoseOfTheBakeEmpty(t *testing.T) {
	got := bakedJvm.javaEnvironment([]string{"PATH=/bin", "BOTH=run", "JAVA_TOOL_OPTIONS=-XX:+UseG1GC -Dnew=1", "CRAC_CRIU_PATH=/theirs"})
	slices.Sort(got)
	want := []string{"BOTH=run", "CRAC_CRIU_PATH=/opt/crac-bake/jvm/criu", "JAVA_TOOL_OPTIONS=-Dnew=1", "ONLY_AT_BAKE=", "PATH=/bin"}
	if !slices.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
}

func TestOptionsWithBlanksKeepTheirQuotes(t *testing.T) {
	got := bakedJvm.javaEnvironment([]string{`JAVA_TOOL_OPTIONS="-Dnew=two words" -XX:+UseG1GC`})
	if want := `JAVA_TOOL_OPTIONS="-Dnew=two words"`; !slices.Contains(got, want) {
		t.Errorf("%q has no %s", got, want)
	}
}

func TestAManifestOfTheEngineCracNamesAJava(t *testing.T) {
	good := manifest{Version: 1, Engine: engineCrac, Jvm: &bakedJvm,
		Checkpoint: checkpointRecord{Pid: 513, Files: []imageFile{{Name: "core.img", Bytes: 1}}}}
	if err := good.check(); err != nil {
		t.Error(err)
	}
	bad := good
	bad.Jvm = &jvmRestore{}
	if err := bad.check(); err == nil || !strings.Contains(err.Error(), "names no java") {
		t.Errorf("without a program: %v", err)
	}
	bad.Jvm = nil
	if bad.check() == nil {
		t.Error("without a JVM it is taken")
	}
}

func TestAnEngineWithoutCriuNeedsNoCapabilityAtARestore(t *testing.T) {
	of := manifest{Version: 1, Engine: engineCrac, Jvm: &jvmRestore{Program: "/jdk/bin/java", NotCriu: true}}
	facts := gateFacts{fileBytes: func(string) (int64, error) { return 0, nil }}
	if refusals := gate(of, facts); len(refusals) > 0 {
		t.Errorf("refused: %v", refusals)
	}
	of.Jvm.NotCriu = false
	if refusals := gate(of, facts); len(refusals) == 0 || refusals[0].ID != "capabilities" {
		t.Errorf("with criu: %v", refusals)
	}
}
