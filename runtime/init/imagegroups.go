package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
)

// Where criu keeps the supplementary groups of a thread (images/core.proto, images/creds.proto).
const (
	threadOfCore   = protowire.Number(5)
	credsOfThread  = protowire.Number(10)
	groupsOfCreds  = protowire.Number(14)
	imageMagicSize = 8 // of all images, and of this kind
)

// hadGroupsOf tells whether all processes of a tree have the identity with which the application was started: then a new
// start has the groups of its container, and a restore can have them, too.
func hadGroupsOf(start userIdentity, tree []processStatus) bool {
	return !slices.ContainsFunc(tree, func(process processStatus) bool {
		return process.uid != start.uid || process.gid != start.gid || !sameGroups(process.groups, start.groups)
	})
}

// leaveGroupsOpen takes the supplementary groups out of a checkpoint: criu leaves those of the container to a process of
// which it knows none (criu/cr-restore.c, rst_prep_creds_args), where it would need SETGID to set others. Has to run as the
// files' owner, before they are published.
func leaveGroupsOpen(folder string) error {
	cores, err := filepath.Glob(filepath.Join(folder, "core-*.img"))
	if err != nil {
		return err
	}
	for _, core := range cores {
		image, err := os.ReadFile(core)
		if err != nil {
			return err
		}
		if image, err = withoutGroups(image); err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(core), err)
		}
		if err := os.WriteFile(core, image, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// withoutGroups is an image of one core_entry without groups.
func withoutGroups(image []byte) ([]byte, error) {
	const head = imageMagicSize + 4
	if len(image) < head || int(binary.LittleEndian.Uint32(image[imageMagicSize:])) != len(image)-head {
		return nil, fmt.Errorf("this is no image of one entry")
	}
	entry, err := withoutField(image[head:], threadOfCore, credsOfThread, groupsOfCreds)
	if err != nil {
		return nil, err
	}
	length := binary.LittleEndian.AppendUint32(nil, uint32(len(entry)))
	return slices.Concat(image[:imageMagicSize], length, entry), nil
}

// withoutField is a message without a field of a message in it; the path leads there.
func withoutField(message []byte, path ...protowire.Number) ([]byte, error) {
	var kept []byte
	for len(message) > 0 {
		number, kind, tag := protowire.ConsumeTag(message)
		if tag < 0 {
			return nil, protowire.ParseError(tag)
		}
		value := protowire.ConsumeFieldValue(number, kind, message[tag:])
		if value < 0 {
			return nil, protowire.ParseError(value)
		}
		field := message[:tag+value]
		message = message[tag+value:]
		switch {
		case number != path[0]:
			kept = append(kept, field...)
		case len(path) > 1 && kind == protowire.BytesType:
			content, _ := protowire.ConsumeBytes(field[tag:])
			inner, err := withoutField(content, path[1:]...)
			if err != nil {
				return nil, err
			}
			kept = protowire.AppendBytes(protowire.AppendTag(kept, number, kind), inner)
		case len(path) > 1:
			return nil, fmt.Errorf("field %d is no message", number)
		}
	}
	return kept, nil
}
