package testdb

import (
	"os"
	"path/filepath"
)

// Root returns the directory of the module: tests run somewhere in it.
func Root() string {
	dir, err := os.Getwd()
	for err == nil {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			panic("testdb: this is no checkout")
		}
		dir = filepath.Dir(dir)
	}
	panic(err)
}
