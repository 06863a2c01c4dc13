package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"sync"

	"golang.org/x/sys/unix"
)

// rehearsal asks run for a start that reaches nothing: the container has no network but its loopback, and what the
// application looks for is written down. With OnlySpring nothing is started where the image holds no Spring.
type rehearsal struct {
	OnlySpring bool `json:"onlySpring"`
}

// rehearsalEvent is one line on stdout: `not-spring`, `looked-up` with a name, or `refused` with the host and port that
// the application could not reach.
type rehearsalEvent struct {
	Event string `json:"event"`
	Host  string `json:"host,omitempty"`
	Port  int    `json:"port,omitempty"`
}

// report prints one event as a line.
func report(out io.Writer, event rehearsalEvent) {
	line, err := json.Marshal(event)
	if err == nil {
		fmt.Fprintln(out, string(line))
	}
}

// standIn is a network in which every name has an address and nobody listens. Names get addresses of the loopback
// network, so that a connection is refused at once, and the refusal, seen on the wire, tells the port.
type standIn struct {
	out   io.Writer
	mutex sync.Mutex
	names []string // the name at index n has the address 127.1.0.0 + n + 1
	seen  map[rehearsalEvent]bool
}

// standInForNetwork makes this container's names resolve to nothing that answers and begins to report. It needs
// NET_RAW, and NET_ADMIN for connections to addresses.
func standInForNetwork(out io.Writer) error {
	stand := &standIn{out: out, seen: map[rehearsalEvent]bool{}}
	if err := os.WriteFile("/etc/resolv.conf", []byte("nameserver 127.0.0.1\n"), 0o644); err != nil {
		return fmt.Errorf("cannot become the name server: %w", err)
	}
	server, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 53})
	if err != nil {
		return fmt.Errorf("cannot become the name server: %w", err)
	}
	wire, err := unix.Socket(unix.AF_INET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.IPPROTO_TCP)
	if err != nil {
		return fmt.Errorf("cannot watch the loopback network (NET_RAW is needed): %w", err)
	}
	if err := keepAllAddressesHere(); err != nil {
		fmt.Fprintln(os.Stderr, "crac-init: connections to addresses without a name will not be seen: "+err.Error())
	}
	go stand.answerNames(server)
	go stand.watchRefusals(wire)
	return nil
}

// answerNames is the name server.
func (s *standIn) answerNames(server *net.UDPConn) {
	query := make([]byte, 1500)
	for {
		length, from, err := server.ReadFromUDP(query)
		if err != nil {
			return
		}
		name, kind, end, ok := parseQuestion(query[:length])
		if !ok {
			continue
		}
		var address net.IP
		if kind == dnsTypeA {
			address = s.addressOf(name)
		}
		_, _ = server.WriteToUDP(nameAnswer(query[:end], address), from)
	}
}

// watchRefusals reads all TCP packets that arrive at this host, which are those of the loopback network.
func (s *standIn) watchRefusals(wire int) {
	packet := make([]byte, 1<<16)
	for {
		length, _, err := unix.Recvfrom(wire, packet, 0)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return
		}
		if from, port, ok := parseRefusal(packet[:length]); ok {
			s.tell(rehearsalEvent{Event: "refused", Host: s.nameOf(from), Port: port})
		}
	}
}

// maxNames bounds what an application that makes up names can fill.
const maxNames = 250

// addressOf gives a name its address, the same one each time.
func (s *standIn) addressOf(name string) net.IP {
	s.tell(rehearsalEvent{Event: "looked-up", Host: name})
	s.mutex.Lock()
	defer s.mutex.Unlock()
	at := slices.Index(s.names, name)
	if at < 0 && len(s.names) < maxNames {
		s.names = append(s.names, name)
		at = len(s.names) - 1
	}
	if at < 0 {
		return nil
	}
	return net.IPv4(127, 1, 0, byte(at+1)).To4()
}

// nameOf is the name whose address this is, or the address itself.
func (s *standIn) nameOf(address net.IP) string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	four := address.To4()
	if four[0] == 127 && four[1] == 1 && int(four[3]) >= 1 && int(four[3]) <= len(s.names) {
		return s.names[four[3]-1]
	}
	return address.String()
}

// tell reports an event once.
func (s *standIn) tell(event rehearsalEvent) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.seen[event] || len(s.seen) > 4*maxNames {
		return
	}
	s.seen[event] = true
	report(s.out, event)
}
