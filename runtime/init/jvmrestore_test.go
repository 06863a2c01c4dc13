package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

func sampleJvm() *jvmRestore {
	return &jvmRestore{
		Program:     "/opt/jdk/bin/java",
		Arguments:   []string{"-XX:CRaCRestoreFrom=/opt/crac-bake/checkpoint"},
		Environment: map[string]string{"CRAC_CRIU_PATH": "/opt/crac-bake/jvm/criu"},
		Variables:   []string{"PASSWORD", "JAVA_TOOL_OPTIONS"},
		BakeOptions: []string{"-Xmx1g", "-Dname=two words", "-XX:+UseSerialGC"},
		Settable:    []string{"CRaCRestoreFrom", "HeapDumpOnOutOfMemoryError"},
	}
}

func TestOptionsAtARestore(t *testing.T) {
	for _, row := range []struct {
		title       string
		environment []string
		arguments   []string
		refuses     string
		tells       string
	}{
		{"nothing new", []string{`JAVA_TOOL_OPTIONS=-Xmx1g "-Dname=two words" -XX:+UseSerialGC`}, nil, "", ""},
		{"no variable", nil, nil, "", ""},
		{"a property", []string{"JAVA_TOOL_OPTIONS=-Dnew=x"}, []string{"-Dother=y"}, "", ""},
		{"a settable flag", []string{"JAVA_TOOL_OPTIONS=-XX:+HeapDumpOnOutOfMemoryError"}, nil, "", ""},
		{"an unlocking flag", nil, []string{"-XX:+UnlockDiagnosticVMOptions"}, "", ""},
		{"a flag of the bake alone", []string{"JAVA_TOOL_OPTIONS=-XX:MaxRAMPercentage=50"}, nil, "-XX:MaxRAMPercentage=50", ""},
		{"such a flag behind a quoted word", []string{`JAVA_TOOL_OPTIONS="-Dname=other words" -XX:-UseG1GC`}, nil, "-XX:-UseG1GC", ""},
		{"such a flag as an argument", nil, []string{"-XX:+UseZGC", "Main"}, "-XX:+UseZGC", ""},
		{"an argument of the new main", nil, []string{"Main", "-XX:+UseZGC"}, "", ""},
		{"more memory", nil, []string{"-Xmx2g"}, "", "-Xmx2g has no effect"},
		{"an agent", []string{"JAVA_TOOL_OPTIONS=-javaagent:/a.jar"}, nil, "", "-javaagent:/a.jar has no effect"},
	} {
		var told bytes.Buffer
		refused := gateJvm(sampleJvm(), row.environment, row.arguments, &told)
		switch {
		case row.refuses == "" && refused != nil:
			t.Errorf("%s: refused, %s", row.title, refused.cause)
		case row.refuses != "" && (refused == nil || refused.id != "jvm-options" || !strings.Contains(refused.cause, row.refuses)):
			t.Errorf("%s: %v, want a refusal of %s", row.title, refused, row.refuses)
		}
		if !strings.Contains(told.String(), row.tells) || row.tells == "" && told.Len() > 0 {
			t.Errorf("%s: told %q, want %q", row.title, told.String(), row.tells)
		}
	}
	if gateJvm(nil, []string{"JAVA_TOOL_OPTIONS=-XX:+UseZGC"}, nil, &bytes.Buffer{}) != nil {
		t.Error("an image without a CRaC JVM has a gate for its options")
	}
}

func TestEnvironmentOfARestoringJava(t *testing.T) {
	got := sampleJvm().javaEnvironment([]string{"PATH=/bin", `JAVA_TOOL_OPTIONS=-Xmx1g "-Dnew=two words"`, "REGION=eu"})
	for _, want := range []string{"PATH=/bin", "REGION=eu", `JAVA_TOOL_OPTIONS="-Dnew=two words"`, "PASSWORD=", "CRAC_CRIU_PATH=/opt/crac-bake/jvm/criu"} {
		if !slices.Contains(got, want) {
			t.Errorf("%s is not in %q", want, got)
		}
	}
	if got := sampleJvm().javaEnvironment([]string{"PASSWORD=new"}); !slices.Contains(got, "PASSWORD=new") || slices.Contains(got, "PASSWORD=") {
		t.Errorf("the container's own value is lost: %q", got)
	}
}
