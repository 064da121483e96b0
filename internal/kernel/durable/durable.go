// Package durable writes files that must be complete and on disk before anything relies on them: a key, a counter. It
// promises that a file has either its old or its new content, also after a power cut, and that only its owner may
// read it, whatever the umask.
package durable

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Mode is the mode of every file: each holds health data, or a key to it.
const Mode = 0o600

// WriteFile atomically replaces the content of a file.
func WriteFile(path string, content []byte) error {
	whole, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+"-")
	if err != nil {
		return fmt.Errorf("durable: %w", err)
	}
	_, err = whole.Write(content)
	err = errors.Join(err, whole.Chmod(Mode), whole.Sync(), whole.Close())
	if err == nil {
		err = os.Rename(whole.Name(), path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("durable: write %s: %w", path, err), os.Remove(whole.Name()))
	}
	return SyncDir(filepath.Dir(path))
}

// SyncDir syncs a directory, so that the names of its files are durable.
func SyncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("durable: %w", err)
	}
	return errors.Join(dir.Sync(), dir.Close())
}
