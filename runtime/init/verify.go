package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// verifyVerb compares the files of the checkpoint with the digests in the manifest. A restore looks at their lengths only:
// reading all of them takes longer than the restore itself.
func verifyVerb() int {
	at := standardLayout()
	read, err := readManifest(at.manifest)
	if err == nil {
		err = verifyImageFiles(at.checkpoint, read.Checkpoint.Files)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "crac-init: "+err.Error())
		return 1
	}
	return 0
}

// verifyImageFiles names the first file that is not the one of the dump.
func verifyImageFiles(folder string, files []imageFile) error {
	for _, file := range files {
		digest, err := digestOf(filepath.Join(folder, file.Name))
		if err != nil {
			return fmt.Errorf("%s of the checkpoint cannot be read: %w", file.Name, err)
		}
		if digest != file.Sha256 {
			return fmt.Errorf("%s of the checkpoint is not what was dumped: its digest is %s instead of %s",
				file.Name, digest, file.Sha256)
		}
	}
	return nil
}
