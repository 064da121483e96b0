package fuzz_test

import (
	"os"
	"testing"

	"cadans/internal/run/testdb"
)

func TestMain(m *testing.M) { os.Exit(testdb.Suite{M: m}.Run()) }
