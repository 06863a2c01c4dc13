package main

import (
	"encoding/binary"
	"net"
	"strings"
)

// dnsTypeA is the type of a question for an IPv4 address (RFC 1035, 3.2.2).
const dnsTypeA = 1

// parseQuestion reads the one question of a DNS query (RFC 1035, 4.1): its name, its type, and where it ends.
func parseQuestion(query []byte) (name string, kind uint16, end int, ok bool) {
	const header = 12
	if len(query) < header || query[2]&0x80 != 0 || binary.BigEndian.Uint16(query[4:]) != 1 {
		return "", 0, 0, false
	}
	var labels []string
	for at := header; at < len(query); {
		length := int(query[at])
		at++
		if length == 0 {
			if at+4 > len(query) {
				return "", 0, 0, false
			}
			return strings.Join(labels, "."), binary.BigEndian.Uint16(query[at:]), at + 4, true
		}
		if length > 63 || at+length > len(query) {
			return "", 0, 0, false
		}
		labels = append(labels, string(query[at:at+length]))
		at += length
	}
	return "", 0, 0, false
}

// nameAnswer makes the answer to a query that ends with its question: one address, or none.
func nameAnswer(query []byte, address net.IP) []byte {
	answer := append([]byte{}, query...)
	answer[2] = 0x80 | query[2]&0x01 // an answer; recursion desired as asked
	answer[3] = 0x80                 // recursion available, no error
	for at := 6; at < 12; at++ {
		answer[at] = 0
	}
	if address == nil {
		return answer
	}
	answer[7] = 1
	answer = append(answer, 0xc0, 12, 0, dnsTypeA, 0, 1, 0, 0, 0, 1, 0, 4) // the question's name, class IN, one second
	return append(answer, address.To4()...)
}

// parseRefusal recognises the answer to a connection that nobody takes: RST and ACK (RFC 9293, 3.10.7.1), with sequence
// number 0, from the address and port that were wanted.
func parseRefusal(packet []byte) (from net.IP, port int, ok bool) {
	if len(packet) < 20 || packet[0]>>4 != 4 {
		return nil, 0, false
	}
	header := int(packet[0]&0x0f) * 4
	if len(packet) < header+20 {
		return nil, 0, false
	}
	segment := packet[header:]
	const rst, ack = 0x04, 0x10
	if segment[13]&(rst|ack) != rst|ack || binary.BigEndian.Uint32(segment[4:]) != 0 {
		return nil, 0, false
	}
	return net.IP(append([]byte{}, packet[12:16]...)), int(binary.BigEndian.Uint16(segment)), true
}
