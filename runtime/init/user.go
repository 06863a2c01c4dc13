package main

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// userIdentity is whom a process runs as. Groups are the supplementary ones, the primary group first, as the engine sets
// them for an image's USER; a restored process needs the same.
type userIdentity struct {
	uid, gid int
	groups   []int
	home     string
}

// passwdEntry is one line of /etc/passwd.
type passwdEntry struct {
	name     string
	uid, gid int
	home     string
}

// groupEntry is one line of /etc/group.
type groupEntry struct {
	name    string
	gid     int
	members []string
}

// readPasswd reads /etc/passwd; lines that are not entries are skipped, as libc does.
func readPasswd(source io.Reader) []passwdEntry {
	var entries []passwdEntry
	for lines := bufio.NewScanner(source); lines.Scan(); {
		fields := strings.Split(lines.Text(), ":")
		if len(fields) < 6 {
			continue
		}
		uid, uidErr := strconv.Atoi(fields[2])
		gid, gidErr := strconv.Atoi(fields[3])
		if uidErr == nil && gidErr == nil {
			entries = append(entries, passwdEntry{fields[0], uid, gid, fields[5]})
		}
	}
	return entries
}

// readGroups reads /etc/group; lines that are not entries are skipped.
func readGroups(source io.Reader) []groupEntry {
	var entries []groupEntry
	for lines := bufio.NewScanner(source); lines.Scan(); {
		fields := strings.Split(lines.Text(), ":")
		if len(fields) < 4 {
			continue
		}
		gid, err := strconv.Atoi(fields[2])
		if err != nil {
			continue
		}
		var members []string
		for member := range strings.SplitSeq(fields[3], ",") {
			if member = strings.TrimSpace(member); member != "" {
				members = append(members, member)
			}
		}
		entries = append(entries, groupEntry{fields[0], gid, members})
	}
	return entries
}

// resolveUser finds out what an image's USER means, by the engine's rules: a number need not be in the files; a named
// group, or one given by its number, is the only group; without one the memberships of the user's name count.
func resolveUser(spec string, passwd []passwdEntry, groups []groupEntry) (userIdentity, error) {
	userPart, groupPart, _ := strings.Cut(spec, ":")
	user := userIdentity{home: "/"}
	entry := passwdEntry{}
	uid, notNumber := strconv.Atoi(userPart)
	if userPart == "" {
		uid, notNumber = 0, nil
	}
	at := slices.IndexFunc(passwd, func(e passwdEntry) bool {
		return e.name == userPart || notNumber == nil && e.uid == uid
	})
	switch {
	case at >= 0:
		entry = passwd[at]
		user.uid, user.gid = entry.uid, entry.gid
		if entry.home != "" {
			user.home = entry.home
		}
	case notNumber != nil:
		return user, fmt.Errorf("the user %q is not in /etc/passwd", userPart)
	case uid < 0 || uid > 1<<31-1:
		return user, fmt.Errorf("the user id %d is out of range", uid)
	default:
		user.uid = uid
	}
	if groupPart != "" {
		gid, err := resolveGroup(groupPart, groups)
		if err != nil {
			return user, err
		}
		user.gid, user.groups = gid, []int{gid}
		return user, nil
	}
	user.groups = []int{user.gid}
	for _, group := range groups {
		if entry.name != "" && slices.Contains(group.members, entry.name) && !slices.Contains(user.groups, group.gid) {
			user.groups = append(user.groups, group.gid)
		}
	}
	return user, nil
}

// resolveGroup finds the number of a group that is given by name or number.
func resolveGroup(spec string, groups []groupEntry) (int, error) {
	for _, group := range groups {
		if group.name == spec || strconv.Itoa(group.gid) == spec {
			return group.gid, nil
		}
	}
	gid, err := strconv.Atoi(spec)
	if err != nil {
		return 0, fmt.Errorf("the group %q is not in /etc/group", spec)
	}
	if gid < 0 || gid > 1<<31-1 {
		return 0, fmt.Errorf("the group id %d is out of range", gid)
	}
	return gid, nil
}
