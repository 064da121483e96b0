package walker_test

import (
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// trial is one walk as testkit sees it: what fails there fails the walk, so that rapid can look for a shorter one that
// fails alike.
type trial struct {
	testing.TB
	walk     *rapid.T
	story    func() string
	first    func() bool // whether no walk has failed before
	cleanups []func()
	over     bool // the walk has failed already: what ends it says nothing more
}

// Errorf implements testing.TB. Where it failed in the code differs between walks that fail alike,
// so rapid is told what was wrong alone.
func (t *trial) Errorf(format string, args ...any) {
	if !t.over {
		if t.first() {
			t.TB.Logf("The first failure:\n"+format, args...)
			t.TB.Log(t.story())
		}
		t.walk.Errorf(format, args...)
	}
}

// Fatalf implements testing.TB, with the acts that led there.
func (t *trial) Fatalf(format string, args ...any) {
	t.Errorf(format, args...)
	t.FailNow()
}

// FailNow implements testing.TB.
func (t *trial) FailNow() {
	if !t.over {
		t.walk.Log(t.story())
		t.walk.FailNow()
	}
}

// Cleanup implements testing.TB.
func (t *trial) Cleanup(f func()) { t.cleanups = append(t.cleanups, f) }

// TempDir implements testing.TB. Each try of a walk has a directory of its own, which goes with it.
func (t *trial) TempDir() string {
	dir, err := os.MkdirTemp(t.TB.TempDir(), "walk")
	require.NoError(t.TB, err)
	t.Cleanup(func() { require.NoError(t.TB, os.RemoveAll(dir)) })
	return dir
}

// Helper implements testing.TB.
func (t *trial) Helper() {}

// end runs what was to run at the end, the latest first.
func (t *trial) end() {
	t.over = t.walk.Failed()
	for _, f := range slices.Backward(t.cleanups) {
		f()
	}
}
