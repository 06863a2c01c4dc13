package main

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// connection is a TCP connection that the application has open at the dump.
type connection struct {
	Local  string `json:"local"`
	Remote string `json:"remote"`
	Pid    int    `json:"pid"`
}

// tcpListening is the state of a listening socket in /proc/net/tcp.
const tcpListening = "0A"

// tcpSocket is one line of /proc/net/tcp or tcp6.
type tcpSocket struct {
	local, remote netip.AddrPort
	listening     bool
	inode         string
}

// parseTCPTable reads /proc/net/tcp or tcp6. Sockets that nobody holds any more have inode 0 and are left out.
func parseTCPTable(table string) []tcpSocket {
	var sockets []tcpSocket
	for line := range strings.Lines(table) {
		fields := strings.Fields(line)
		if len(fields) < 10 || fields[9] == "0" {
			continue
		}
		local, localErr := parseTCPAddress(fields[1])
		remote, remoteErr := parseTCPAddress(fields[2])
		if localErr == nil && remoteErr == nil {
			sockets = append(sockets, tcpSocket{local, remote, fields[3] == tcpListening, fields[9]})
		}
	}
	return sockets
}

// parseTCPAddress reads an address as the kernel prints it: 32-bit words in the machine's byte order (little endian on
// all that we build for), a colon, the port. An IPv4 address inside IPv6 comes out as IPv4.
func parseTCPAddress(text string) (netip.AddrPort, error) {
	address, port, _ := strings.Cut(text, ":")
	bytes, err := hex.DecodeString(address)
	if err != nil || len(bytes)%4 != 0 {
		return netip.AddrPort{}, fmt.Errorf("%q is not an address", text)
	}
	for i := 0; i < len(bytes); i += 4 {
		bytes[i], bytes[i+1], bytes[i+2], bytes[i+3] = bytes[i+3], bytes[i+2], bytes[i+1], bytes[i]
	}
	number, err := strconv.ParseUint(port, 16, 16)
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("%q has no port", text)
	}
	ip, ok := netip.AddrFromSlice(bytes)
	if !ok {
		return netip.AddrPort{}, fmt.Errorf("%q is not an address", text)
	}
	return netip.AddrPortFrom(ip.Unmap(), uint16(number)), nil
}

// connectionsOf finds the TCP sockets that the processes of a tree hold. criu cannot freeze an open connection without
// being told what to do with it, and at restore its other end is gone: whoever bakes wants to know.
func connectionsOf(tree []processStatus) connectionsAnswer {
	answer := connectionsAnswer{Event: "connections", Established: []connection{}, Listening: []string{}}
	owners := map[string]int{}
	for _, process := range tree {
		_ = asUser(process.uid, process.gid, func() error {
			for _, inode := range socketInodes(process.pid) {
				if _, known := owners[inode]; !known {
					owners[inode] = process.pid
				}
			}
			return nil
		})
	}
	for _, name := range []string{"tcp", "tcp6"} {
		table, err := os.ReadFile("/proc/net/" + name)
		if err != nil {
			continue // no IPv6 here
		}
		for _, socket := range parseTCPTable(string(table)) {
			owner, ours := owners[socket.inode]
			switch {
			case !ours:
			case socket.listening:
				answer.Listening = append(answer.Listening, socket.local.String())
			default:
				answer.Established = append(answer.Established,
					connection{socket.local.String(), socket.remote.String(), owner})
			}
		}
	}
	return answer
}

// socketInodes lists the inodes of a process's sockets; none when it is gone or may not be looked into.
func socketInodes(pid int) []string {
	folder := filepath.Join("/proc", strconv.Itoa(pid), "fd")
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil
	}
	var inodes []string
	for _, entry := range entries {
		target, err := os.Readlink(filepath.Join(folder, entry.Name()))
		if err != nil {
			continue
		}
		if inode, isSocket := strings.CutPrefix(target, "socket:["); isSocket {
			inodes = append(inodes, strings.TrimSuffix(inode, "]"))
		}
	}
	return inodes
}
