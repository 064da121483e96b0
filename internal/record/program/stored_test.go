package program

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testdb"
)

// What is stored or hashed has the form it had in older versions, whatever the fields are called in the code.
func TestStoredForms(t *testing.T) {
	t.Parallel()
	testdb.Stored(t, "version.json", testdb.Filled[NewVersion]().hashed())
	testdb.Stored(t, "adjustment.json", testdb.Filled[Adjustment]().hashed())
	testdb.Stored(t, "swap.json", testdb.Filled[Swap]().hashed())
	testdb.Stored(t, "pause.json", testdb.Filled[NewPause]().hashed())
	testdb.Stored(t, "draft_etag.json", testdb.Filled[Draft]().hashed())
	testdb.Stored(t, "template_etag.json", testdb.Filled[Template]().hashed())
	items, err := encodeItems(testdb.Filled[[]Item]())
	require.NoError(t, err)
	testdb.Stored(t, "items.json", json.RawMessage(items))
	read, err := decodeItems([]byte(items))
	require.NoError(t, err)
	require.Equal(t, testdb.Filled[[]Item](), read)
}
