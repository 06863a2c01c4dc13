package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// socketHoldings looks up the sockets that processes own in the kernel's tables. It needs the network namespace of the
// processes.
func socketHoldings(owners map[string]owner) []holding {
	var found []holding
	for _, name := range []string{"tcp", "tcp6"} {
		table, _ := os.ReadFile("/proc/net/" + name)
		for _, socket := range parseTCPTable(string(table)) {
			its, ours := owners[socket.inode]
			switch {
			case !ours:
			case socket.listening:
				found = append(found, holding{Kind: kindListening, Pid: its.pid, Fd: its.fd, Detail: socket.local.String()})
			default:
				found = append(found, holding{Kind: kindConnection, Pid: its.pid, Fd: its.fd, Detail: socket.local.String(),
					Peer: socket.remote.String()})
			}
		}
	}
	for _, socket := range unixSockets() {
		inode := formatInode(socket.inode)
		its, ours := owners[inode]
		if !ours || socket.peer == 0 {
			continue
		}
		if _, inside := owners[formatInode(socket.peer)]; !inside {
			found = append(found, holding{Kind: kindUnixPeer, Pid: its.pid, Fd: its.fd, Detail: socket.name,
				Peer: fmt.Sprintf("inode %d", socket.peer)})
		}
	}
	return found
}

// formatInode writes an inode as it stands in /proc.
func formatInode(inode uint32) string { return strconv.FormatUint(uint64(inode), 10) }

// unixSocket is one AF_UNIX socket; peer is the inode of the other end, 0 where it has none.
type unixSocket struct {
	inode, peer uint32
	name        string
}

// Numbers of linux/sock_diag.h and linux/unix_diag.h.
const (
	sockDiagByFamily = 20
	unixShowName     = 1
	unixShowPeer     = 4
	unixAttrName     = 0
	unixAttrPeer     = 2
)

// unixSockets asks the kernel for the UNIX sockets of this network namespace; /proc/net/unix does not tell the peers.
// None where the kernel or SELinux does not answer (sock_diag(7)).
func unixSockets() []unixSocket {
	socket, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_SOCK_DIAG)
	if err != nil {
		return nil
	}
	defer unix.Close(socket)
	limit := unix.Timeval{Sec: 2}
	_ = unix.SetsockoptTimeval(socket, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &limit)
	request := make([]byte, 16+24)
	binary.NativeEndian.PutUint32(request[0:], uint32(len(request)))
	binary.NativeEndian.PutUint16(request[4:], sockDiagByFamily)
	binary.NativeEndian.PutUint16(request[6:], unix.NLM_F_REQUEST|unix.NLM_F_DUMP)
	request[16] = unix.AF_UNIX
	binary.NativeEndian.PutUint32(request[20:], ^uint32(0)) // all states
	binary.NativeEndian.PutUint32(request[28:], unixShowName|unixShowPeer)
	if err := unix.Sendto(socket, request, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return nil
	}
	var found []unixSocket
	answer := make([]byte, 1<<16)
	for {
		length, _, err := unix.Recvfrom(socket, answer, 0)
		if err != nil {
			return found
		}
		messages, err := syscall.ParseNetlinkMessage(answer[:length])
		if err != nil {
			return found
		}
		for _, message := range messages {
			if message.Header.Type == unix.NLMSG_DONE || message.Header.Type == unix.NLMSG_ERROR {
				return found
			}
			if one, ok := parseUnixSocket(message.Data); ok {
				found = append(found, one)
			}
		}
	}
}

// parseUnixSocket reads a struct unix_diag_msg with its attributes.
func parseUnixSocket(data []byte) (unixSocket, bool) {
	const head = 16
	if len(data) < head || data[0] != unix.AF_UNIX {
		return unixSocket{}, false
	}
	one := unixSocket{inode: binary.NativeEndian.Uint32(data[4:])}
	for rest := data[head:]; len(rest) >= 4; {
		length := int(binary.NativeEndian.Uint16(rest))
		if length < 4 || length > len(rest) {
			break
		}
		value := rest[4:length]
		switch kind := binary.NativeEndian.Uint16(rest[2:]); {
		case kind == unixAttrName:
			one.name = strings.ReplaceAll(strings.TrimRight(string(value), "\x00"), "\x00", "@")
		case kind == unixAttrPeer && len(value) >= 4:
			one.peer = binary.NativeEndian.Uint32(value)
		}
		rest = rest[min((length+3)&^3, len(rest)):]
	}
	return one, true
}
