package main

import (
	"reflect"
	"strings"
	"testing"
)

const passwdText = `root:x:0:0:root:/root:/bin/sh
# a comment
broken line
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
app:x:1000:1000::/home/app:/bin/sh
nohome:x:1001:100:::/bin/sh
123:x:4444:4444:a name of digits:/digits:/bin/sh
`

const groupText = `root:x:0:
audio:x:29:app,other
app:x:1000:
video:x:44:other,app
broken
web:x:2000:nohome
`

func TestUsersAreResolvedAsTheEngineDoes(t *testing.T) {
	passwd, groups := readPasswd(strings.NewReader(passwdText)), readGroups(strings.NewReader(groupText))
	for _, c := range []struct {
		spec string
		want userIdentity
	}{
		{"", userIdentity{0, 0, []int{0}, "/root"}},
		{"root", userIdentity{0, 0, []int{0}, "/root"}},
		{"0", userIdentity{0, 0, []int{0}, "/root"}},
		{"app", userIdentity{1000, 1000, []int{1000, 29, 44}, "/home/app"}},
		{"1000", userIdentity{1000, 1000, []int{1000, 29, 44}, "/home/app"}},
		{"1000:1000", userIdentity{1000, 1000, []int{1000}, "/home/app"}},
		{"app:web", userIdentity{1000, 2000, []int{2000}, "/home/app"}},
		{"app:31337", userIdentity{1000, 31337, []int{31337}, "/home/app"}},
		{"65532", userIdentity{65532, 0, []int{0}, "/"}},
		{"65532:65532", userIdentity{65532, 65532, []int{65532}, "/"}},
		{"nohome", userIdentity{1001, 100, []int{100, 2000}, "/"}},
		{"123", userIdentity{4444, 4444, []int{4444}, "/digits"}},
		{":web", userIdentity{0, 2000, []int{2000}, "/root"}},
	} {
		got, err := resolveUser(c.spec, passwd, groups)
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%q: got %+v (%v), want %+v", c.spec, got, err, c.want)
		}
	}
	for _, spec := range []string{"nobody", "app:nogroup", "-1", "99999999999", "app:-5"} {
		if got, err := resolveUser(spec, passwd, groups); err == nil {
			t.Errorf("%q: got %+v, want an error", spec, got)
		}
	}
}

func TestAUserWithoutTheFilesIsANumber(t *testing.T) {
	got, err := resolveUser("1000:1000", nil, nil)
	if err != nil || got.uid != 1000 || got.gid != 1000 || got.home != "/" {
		t.Errorf("got %+v (%v)", got, err)
	}
}
