package fuzz_test

import (
	"os"
	"testing"

	"cadans/internal/run/testkit"
)

func TestMain(m *testing.M) { os.Exit(testkit.Suite{M: m}.Run()) }
