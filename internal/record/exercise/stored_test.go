package exercise

import (
	"testing"

	"cadans/internal/run/testdb"
)

// What is stored or hashed has the form it had in older versions, whatever the fields are called in the code.
func TestStoredForms(t *testing.T) {
	t.Parallel()
	own := testdb.Filled[Own]()
	testdb.Stored(t, "own.json", own.document())
	testdb.Stored(t, "own_etag.json", own.hashed())
}
