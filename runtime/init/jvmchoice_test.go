package main

import (
	"regexp"
	"strings"
	"testing"
)

func TestWhatAJVMRuns(t *testing.T) {
	for command, want := range map[string]string{
		"java -Xmx64m -Dpassword=secret -jar /app.jar --token=secret":       "-jar /app.jar",
		"/usr/bin/java -cp /a:/b -XX:+UseSerialGC org.example.Server start": "org.example.Server",
		"java --add-opens java.base/java.lang=ALL-UNNAMED @/opts Main":      "Main",
		"java -p mods -m app/org.example.Main":                              "-m app/org.example.Main",
		"launcher":                                                          "launcher",
	} {
		if got := jvmRuns(strings.Split(command, " ")); got != want {
			t.Errorf("%s runs %q, want %q", command, got, want)
		}
	}
}

func TestNoJVMIsGuessed(t *testing.T) {
	server := namedJvm{513, "java -jar /server.jar", "-jar /server.jar"}
	worker := namedJvm{560, "java -cp /app org.example.Worker", "org.example.Worker"}
	second := namedJvm{561, "java -cp /app org.example.Worker 2", "org.example.Worker"}
	for _, c := range []struct {
		jvms    []namedJvm
		pattern string
		want    string
	}{
		{nil, "", ""},
		{[]namedJvm{server}, "", ""},
		{[]namedJvm{server, worker}, "", "several-jvms: several JVMs run in the container: process 513 runs -jar /server.jar, process 560 runs org.example.Worker"},
		{[]namedJvm{server, worker}, `server\.jar`, ""},
		{[]namedJvm{server, worker, second}, "Worker", `several-jvms: several JVMs of the container match "Worker": process 560 runs org.example.Worker, process 561 runs org.example.Worker`},
		{[]namedJvm{server, worker, second}, "Worker 2$", ""},
		{[]namedJvm{server, worker}, "nothing", ""},
	} {
		var pattern *regexp.Regexp
		if c.pattern != "" {
			pattern = regexp.MustCompile(c.pattern)
		}
		got := ""
		if err := chooseJVM(c.jvms, pattern); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%v with %q: %s\nwant %s", c.jvms, c.pattern, got, c.want)
		}
	}
}
