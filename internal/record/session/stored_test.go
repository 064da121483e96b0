package session

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testdb"
)

// What is stored or hashed has the form it had in older versions, whatever the fields are called in the code.
func TestStoredForms(t *testing.T) {
	t.Parallel()
	testdb.Stored(t, "revision.json", testdb.Filled[Content]().revision())
	items, err := encodeItems(testdb.Filled[[]ItemDone]())
	require.NoError(t, err)
	testdb.Stored(t, "items.json", json.RawMessage(items))
	read, err := decodeItems([]byte(items))
	require.NoError(t, err)
	require.Equal(t, testdb.Filled[[]ItemDone](), read)
}
