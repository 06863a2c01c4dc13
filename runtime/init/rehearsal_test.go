package main

import (
	"archive/zip"
	"bytes"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// query asks for the address of db.internal, as a resolver writes it.
var query = append([]byte{0x12, 0x34, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0},
	append([]byte("\x02db\x08internal\x00"), 0, 1, 0, 1)...)

func TestNameServer(t *testing.T) {
	var told bytes.Buffer
	stand := &standIn{out: &told, seen: map[rehearsalEvent]bool{}}
	name, kind, end, ok := parseQuestion(query)
	if !ok || name != "db.internal" || kind != dnsTypeA || end != len(query) {
		t.Fatalf("got %q %d %d %v", name, kind, end, ok)
	}
	address := stand.addressOf(name)
	again, other := stand.addressOf(name), stand.addressOf("queue")
	if !address.Equal(net.IPv4(127, 1, 0, 1)) || !again.Equal(address) || other.Equal(address) {
		t.Errorf("addresses %v %v %v", address, again, other)
	}
	answer := nameAnswer(query[:end], address)
	if answer[0] != 0x12 || answer[1] != 0x34 || answer[2] != 0x81 || answer[7] != 1 || !bytes.HasSuffix(answer, []byte{127, 1, 0, 1}) {
		t.Errorf("answer % x", answer)
	}
	if none := nameAnswer(query[:end], nil); none[7] != 0 || len(none) != len(query) {
		t.Errorf("answer without address % x", none)
	}
	if got := stand.nameOf(net.IPv4(127, 1, 0, 2)); got != "queue" {
		t.Errorf("127.1.0.2 is %q", got)
	}
	if got := stand.nameOf(net.IPv4(127, 0, 0, 1)); got != "127.0.0.1" {
		t.Errorf("127.0.0.1 is %q", got)
	}
	if strings.Count(told.String(), "db.internal") != 1 {
		t.Errorf("told %s", told.String())
	}
}

func TestBrokenQuestions(t *testing.T) {
	for cut := range len(query) {
		if _, _, _, ok := parseQuestion(query[:cut]); ok {
			t.Errorf("%d bytes of a query are taken for a whole one", cut)
		}
	}
	answer := append([]byte{}, query...)
	answer[2] |= 0x80
	if _, _, _, ok := parseQuestion(answer); ok {
		t.Error("an answer is taken for a query")
	}
}

func TestRefusals(t *testing.T) {
	packet := make([]byte, 40)
	packet[0] = 0x45
	copy(packet[12:], []byte{127, 1, 0, 1})
	packet[20], packet[21] = 0x15, 0x38
	packet[33] = 0x14
	from, port, ok := parseRefusal(packet)
	if !ok || !from.Equal(net.IPv4(127, 1, 0, 1)) || port != 5432 {
		t.Errorf("got %v %d %v", from, port, ok)
	}
	for at, value := range map[int]byte{0: 0x65, 27: 1, 33: 0x10} {
		other := append([]byte{}, packet...)
		other[at] = value
		if _, _, ok := parseRefusal(other); ok {
			t.Errorf("byte %d as %#x is still a refusal", at, value)
		}
	}
	if _, _, ok := parseRefusal(packet[:30]); ok {
		t.Error("a short packet is a refusal")
	}
}

func TestSpringInJars(t *testing.T) {
	jar := func(folder, name string, entries ...string) {
		file, err := os.Create(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		writer := zip.NewWriter(file)
		for _, entry := range entries {
			if _, err := writer.Create(entry); err != nil {
				t.Fatal(err)
			}
		}
		writer.Close()
	}
	for title, one := range map[string]struct {
		name    string
		entries []string
		spring  bool
	}{
		"plain":    {"app.jar", []string{"Main.class"}, false},
		"fat":      {"app.jar", []string{"BOOT-INF/lib/spring-context-6.2.1.jar"}, true},
		"war":      {"app.war", []string{"WEB-INF/lib/spring-context-5.3.1.jar"}, true},
		"shaded":   {"app.jar", []string{"org/springframework/context/Lifecycle.class"}, true},
		"exploded": {"spring-context-6.2.1.jar", []string{"x"}, true},
		"no jar":   {"spring.txt", []string{"BOOT-INF/lib/spring-context-6.2.1.jar"}, false},
	} {
		folder := t.TempDir()
		jar(folder, one.name, one.entries...)
		if got := holdsSpring(folder); got != one.spring {
			t.Errorf("%s: %v", title, got)
		}
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "broken.jar"), []byte("PK"), 0o644); err != nil {
		t.Fatal(err)
	}
	if holdsSpring(folder) {
		t.Error("a broken jar holds Spring")
	}
}
