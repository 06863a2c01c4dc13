package main

import (
	"regexp"
	"strings"
	"testing"
)

const jvmStatus = `Name:	java
State:	S (sleeping)
Pid:	519
PPid:	1
Uid:	0	1000	1000	1000
Gid:	0	1001	1001	1001
NSpid:	40519	519
SigCgt:	2000000181005ccf
`

func TestJvmIsReadWithItsEffectiveUserAndItsOwnPid(t *testing.T) {
	found, err := parseJvm(40519, jvmStatus, []byte("java\x00-jar\x00/app.jar\x00"))
	if err != nil {
		t.Fatal(err)
	}
	if found.uid != 1000 || found.gid != 1001 || found.innerPid != 519 || found.pid != 40519 || !found.catches || found.name() != "/app.jar" {
		t.Errorf("read %+v", found)
	}
}

func TestJvmThatDoesNotHandleSigquitYet(t *testing.T) {
	status := strings.Replace(jvmStatus, "2000000181005ccf", "0000000000000000", 1)
	if found, err := parseJvm(519, status, []byte("java\x00")); err != nil || found.catches {
		t.Errorf("read %+v, %v", found, err)
	}
}

func TestJvmNames(t *testing.T) {
	for command, name := range map[string]string{
		"java -Xmx1g -cp /app:/lib/* com.example.Main --password=x": "com.example.Main",
		"java -Dpassword=secret -jar /app.jar x":                    "/app.jar",
		"java --module-path /m --module app/com.example.Main":       "app/com.example.Main",
		"java --add-opens java.base/java.lang=ALL-UNNAMED Main":     "Main",
		"java --add-opens=java.base/java.lang=ALL-UNNAMED Main":     "Main",
		"java @options Main":         "Main",
		"/opt/jdk/bin/java -version": "/opt/jdk/bin/java",
		"":                           "?",
	} {
		if found := (jvm{command: strings.Split(command, " ")}).name(); found != name {
			t.Errorf("%s is %q, want %q", command, found, name)
		}
	}
}

func TestOptionsThatSwitchAttachingOff(t *testing.T) {
	for _, row := range []struct{ environment, command, off string }{
		{"", "java -jar a.jar", ""},
		{"", "java -XX:+DisableAttachMechanism -jar a.jar", "-XX:+DisableAttachMechanism"},
		{"", "java -Xrs -jar a.jar", "-Xrs"},
		{"", "java -jar a.jar -Xrs", ""},
		{"JAVA_TOOL_OPTIONS=-Xmx1g -XX:+DisableAttachMechanism", "java -jar a.jar", "-XX:+DisableAttachMechanism"},
		{"JAVA_TOOL_OPTIONS=-XX:+DisableAttachMechanism", "java -XX:-DisableAttachMechanism -jar a.jar", ""},
		{"_JAVA_OPTIONS=-XX:+DisableAttachMechanism", "java -XX:-DisableAttachMechanism -jar a.jar", "-XX:+DisableAttachMechanism"},
		{"OTHER=-Xrs", "java -jar a.jar", ""},
	} {
		found := jvm{command: strings.Split(row.command, " ")}.switchesOff([]string{"PATH=/bin", row.environment})
		if found != row.off {
			t.Errorf("%s, %s: %q, want %q", row.environment, row.command, found, row.off)
		}
	}
}

func TestOneJvmIsChosenAndNoneIsGuessed(t *testing.T) {
	shop := jvm{pid: 519, command: strings.Split("java -jar /shop.jar --server.port=8080", " ")}
	admin := jvm{pid: 52, command: strings.Split("java -Dtoken=secret -jar /admin.jar --server.port=8081", " ")}
	for _, row := range []struct {
		jvms   []jvm
		wanted string
		pid    int
		code   string
		says   string
	}{
		{[]jvm{shop}, "", 519, "", ""},
		{[]jvm{shop, admin}, "shop", 519, "", ""},
		{[]jvm{shop, admin}, "8081", 52, "", ""},
		{[]jvm{shop, admin}, "519", 519, "", ""},
		{[]jvm{shop, admin}, "", 0, "several-jvms", "519 (/shop.jar), 52 (/admin.jar)"},
		{[]jvm{shop, admin}, "java", 0, "several-jvms", "519 (/shop.jar), 52 (/admin.jar)"},
		{[]jvm{shop}, "admin", 0, "no-jvm", `"admin" in it; there are: 519 (/shop.jar)`},
		{nil, "", 0, "no-jvm", "no JVM runs"},
	} {
		chosen, err := chooseJvm(row.jvms, row.wanted)
		if row.code == "" {
			if err != nil || chosen.pid != row.pid {
				t.Errorf("%q chose %d, %v; want %d", row.wanted, chosen.pid, err, row.pid)
			}
			continue
		}
		if err == nil || !strings.HasPrefix(err.Error(), row.code+": ") || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%q: %v, want %s with %q", row.wanted, err, row.code, row.says)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("the message shows options: %v", err)
		}
	}
}

func TestSeveralJvmsAreRefusedWhereOneMustBeMeant(t *testing.T) {
	server := jvm{pid: 513, command: strings.Fields("java -jar /server.jar")}
	worker := jvm{pid: 560, command: strings.Fields("java -cp /app org.example.Worker")}
	second := jvm{pid: 561, command: strings.Fields("java -cp /app org.example.Worker 2")}
	for _, row := range []struct {
		jvms    []jvm
		pattern string
		want    string
	}{
		{nil, "", ""},
		{[]jvm{server}, "", ""},
		{[]jvm{server, worker}, "", "several-jvms: several JVMs run in the container: 513 (/server.jar), 560 (org.example.Worker)"},
		{[]jvm{server, worker}, `server\.jar`, ""},
		{[]jvm{server, worker, second}, "Worker", `several-jvms: several JVMs of the container match "Worker": 560 (org.example.Worker), 561 (org.example.Worker)`},
		{[]jvm{server, worker, second}, "Worker 2$", ""},
		{[]jvm{server, worker}, "nothing", ""},
	} {
		var pattern *regexp.Regexp
		if row.pattern != "" {
			pattern = regexp.MustCompile(row.pattern)
		}
		got := ""
		if err := refuseSeveral(row.jvms, pattern); err != nil {
			got = err.Error()
		}
		if got != row.want {
			t.Errorf("%v with %q: %s\nwant %s", row.jvms, row.pattern, got, row.want)
		}
	}
}
