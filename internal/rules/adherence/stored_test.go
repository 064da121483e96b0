package adherence

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testdb"
)

// What is stored or hashed has the form it had in older versions, whatever the fields are called in the code.
func TestStoredForms(t *testing.T) {
	t.Parallel()
	status := testdb.Filled[Status]()
	testdb.Stored(t, "status.json", status.document())
	require.Equal(t, status, status.document().toStatus())
	testdb.Stored(t, "work.json", testdb.Filled[Work]())
}
