package main

import (
	"encoding/binary"
	"fmt"

	"golang.org/x/sys/unix"
)

// keepAllAddressesHere makes every IPv4 address an address of this network namespace, as `ip route add local default
// dev lo` does (rtnetlink(7)): a connection to any of them ends here, where nobody takes it. It needs NET_ADMIN.
func keepAllAddressesHere() error {
	socket, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_ROUTE)
	if err != nil {
		return fmt.Errorf("cannot ask for a route: %w", err)
	}
	defer unix.Close(socket)
	if err := unix.Sendto(socket, localRouteRequest(), 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return fmt.Errorf("cannot ask for a route: %w", err)
	}
	answer := make([]byte, 4096)
	length, _, err := unix.Recvfrom(socket, answer, 0)
	if err != nil || length < unix.NLMSG_HDRLEN+4 {
		return fmt.Errorf("no answer about the route: %v", err)
	}
	if errno := int32(binary.NativeEndian.Uint32(answer[unix.NLMSG_HDRLEN:])); errno != 0 {
		return fmt.Errorf("cannot make a route: %w", unix.Errno(uint32(-errno)))
	}
	return nil
}

// localRouteRequest is the message: header, struct rtmsg, and the loopback device, whose index is always 1.
func localRouteRequest() []byte {
	message := make([]byte, unix.NLMSG_HDRLEN+unix.SizeofRtMsg+8)
	binary.NativeEndian.PutUint32(message[0:], uint32(len(message)))
	binary.NativeEndian.PutUint16(message[4:], unix.RTM_NEWROUTE)
	binary.NativeEndian.PutUint16(message[6:], unix.NLM_F_REQUEST|unix.NLM_F_CREATE|unix.NLM_F_ACK)
	route := message[unix.NLMSG_HDRLEN:]
	route[0] = unix.AF_INET
	route[4], route[5], route[6], route[7] = unix.RT_TABLE_LOCAL, unix.RTPROT_BOOT, unix.RT_SCOPE_HOST, unix.RTN_LOCAL
	device := route[unix.SizeofRtMsg:]
	binary.NativeEndian.PutUint16(device[0:], 8)
	binary.NativeEndian.PutUint16(device[2:], unix.RTA_OIF)
	binary.NativeEndian.PutUint32(device[4:], 1)
	return message
}
