package detour

import (
	"testing"

	"cadans/internal/run/testdb"
)

// What is stored or hashed has the form it had in older versions, whatever the fields are called in the code.
func TestStoredForms(t *testing.T) {
	t.Parallel()
	testdb.Stored(t, "flare.json", testdb.Filled[Flare]().hashed())
}
