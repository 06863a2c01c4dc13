package main

import (
	"net"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/sys/unix"
)

func TestMaps(t *testing.T) {
	const text = `00400000-00452000 r-xp 00000000 08:02 173521      /usr/bin/app
7f0000000000-7f0000300000 rw-s 00100000 00:2a 99  /var/lib/app/index data (deleted)
7f0000300000-7f0000301000 rw-s 00000000 00:2a 99  /var/lib/app/index data (deleted)
7f0000400000-7f0000401000 rw-s 00000000 00:01 12  /SYSV0000002a (deleted)
7f0000500000-7f0000501000 rw-s 00000000 00:01 13  /memfd:jit (deleted)
7f0000600000-7f0000601000 rw-s 00000000 00:01 14  /dev/zero (deleted)
7f0000700000-7f0000701000 rw-s 00000000 00:0e 15  anon_inode:[io_uring]
7f0000800000-7f0000801000 rw-s 00000000 00:0e 16  /dev/dri/renderD128
7f0000900000-7f0000901000 rw-s 00000000 00:1a 17  /dev/shm/segment
7fff00000000-7fff00021000 rw-p 00000000 00:00 0   [stack]
`
	got := parseMaps(text)
	want := []holding{
		{Kind: kindDeletedFile, Detail: "/var/lib/app/index data", Bytes: 4 << 20},
		{Kind: kindSharedIPC, Detail: "/SYSV0000002a"},
		{Kind: kindAnonymous, Detail: "io_uring"},
		{Kind: kindDevice, Detail: "/dev/dri/renderD128"},
		{Kind: kindMemoryFile, Detail: "/dev/shm/segment"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

func TestExamineFindsWhatThisProcessHolds(t *testing.T) {
	folder := t.TempDir()
	watch, err := unix.InotifyInit1(unix.IN_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(watch)
	if _, err := unix.InotifyAddWatch(watch, folder, unix.IN_CREATE); err != nil {
		t.Fatal(err)
	}
	file, err := os.Create(filepath.Join(folder, "gone"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	_, _ = file.WriteString("text")
	os.Remove(file.Name())
	locked, err := os.Create(filepath.Join(folder, "locked"))
	if err != nil {
		t.Fatal(err)
	}
	defer locked.Close()
	if err := unix.Flock(int(locked.Fd()), unix.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	client, err := net.Dial("tcp4", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(pair[0])
	defer unix.Close(pair[1])

	self, err := readProcessStatus(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	found := examine([]processStatus{self})
	if len(found.Processes) != 1 || found.Processes[0].Pid != os.Getpid() || found.Processes[0].Threads < 1 ||
		found.Processes[0].Executable == "" || len(found.Processes[0].Namespaces) != 0 {
		t.Errorf("processes %+v", found.Processes)
	}
	for _, want := range []holding{
		{Kind: kindInotify, Pid: self.pid, Detail: folder},
		{Kind: kindDeletedFile, Pid: self.pid, Detail: file.Name(), Bytes: 4},
		{Kind: kindLock, Pid: self.pid, Detail: locked.Name()},
		{Kind: kindListening, Pid: self.pid, Detail: listener.Addr().String()},
		{Kind: kindConnection, Pid: self.pid, Detail: client.LocalAddr().String(), Peer: listener.Addr().String()},
	} {
		same := func(one holding) bool {
			opened := one.Fd > 2
			one.Fd = 0
			return opened && one == want
		}
		if !slices.ContainsFunc(found.Holdings, same) {
			t.Errorf("%+v is missing in %+v", want, found.Holdings)
		}
	}
	for _, one := range found.Holdings {
		if one.Kind == kindUnixPeer && one.Detail == "" {
			t.Errorf("a socket pair inside the tree is told as %+v", one)
		}
	}
}

func TestUnixPeerOutside(t *testing.T) {
	path := filepath.Join(t.TempDir(), "outside.sock")
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	client, err := net.Dial("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	server, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	owners := map[string]owner{}
	openHoldings(os.Getpid(), owners)
	sockets := unixSockets()
	at := slices.IndexFunc(sockets, func(one unixSocket) bool { return one.name == path && one.peer != 0 })
	if at < 0 {
		t.Skip("the kernel tells no UNIX sockets here")
	}
	delete(owners, formatInode(sockets[at].peer)) // as if it belonged to somebody outside
	found := socketHoldings(owners)
	if !slices.ContainsFunc(found, func(one holding) bool { return one.Kind == kindUnixPeer && one.Detail == path }) {
		t.Errorf("the connection to the outside is missing in %+v", found)
	}
}
