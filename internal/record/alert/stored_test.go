package alert

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testdb"
)

// What is stored or hashed has the form it had in older versions, whatever the fields are called in the code.
func TestStoredForms(t *testing.T) {
	t.Parallel()
	text, err := encodeReasons(testdb.Filled[[]Reason]())
	require.NoError(t, err)
	testdb.Stored(t, "reasons.json", json.RawMessage(text))
	read, err := decodeReasons([]byte(text))
	require.NoError(t, err)
	require.Equal(t, testdb.Filled[[]Reason](), read)
}
