package main

import "testing"

func TestTCPTables(t *testing.T) {
	const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1E61 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 263800 1 0000 100 0 0 10 0
   1: 020011AC:9D88 030011AC:1538 01 00000000:00000000 00:00000000 00000000  1000        0 263801 1 0000 20 4 30 10 -1
   2: 020011AC:9D88 030011AC:1538 06 00000000:00000000 03:00000A2B 00000000     0        0 0 3 0000
   3: garbage
`
	const table6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 5 1 0000
   1: 0000000000000000FFFF0000020011AC:1F90 0000000000000000FFFF0000010011AC:D431 01 00000000:00000000 00:00000000 00000000     0        0 6 1 0000
   2: B80D0120000000000000000001000000:1F90 00000000000000000000000001000000:0001 01 00000000:00000000 00:00000000 00000000     0        0 7 1 0000
`
	got := append(parseTCPTable(table), parseTCPTable(table6)...)
	want := []struct {
		local, remote, inode string
		listening            bool
	}{
		{"127.0.0.1:7777", "0.0.0.0:0", "263800", true},
		{"172.17.0.2:40328", "172.17.0.3:5432", "263801", false},
		{"[::]:8080", "[::]:0", "5", true},
		{"172.17.0.2:8080", "172.17.0.1:54321", "6", false},
		{"[2001:db8::1]:8080", "[::1]:1", "7", false},
	}
	if len(got) != len(want) {
		t.Fatalf("got %d sockets, want %d: %v", len(got), len(want), got)
	}
	for i, w := range want {
		g := got[i]
		if g.local.String() != w.local || g.remote.String() != w.remote || g.inode != w.inode || g.listening != w.listening {
			t.Errorf("socket %d: got %v %v %s %v, want %+v", i, g.local, g.remote, g.inode, g.listening, w)
		}
	}
}
