// Package durable writes files that must be whole and on the disk before anything relies on them: a key, a counter. It
// promises that a file of that name is either as it was or as it was written, also after a power cut, and that only its
// owner may read it, whatever the umask.
package durable

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Mode is that of every file: people's health data, or what opens it.
const Mode = 0o600

// WriteFile replaces a file by one with this content.
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

// SyncDir makes the names of the files in a directory durable.
func SyncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("durable: %w", err)
	}
	return errors.Join(dir.Sync(), dir.Close())
}
