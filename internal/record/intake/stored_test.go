package intake

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testdb"
)

// What is stored or hashed has the form it had in older versions, whatever the fields are called in the code.
func TestStoredForms(t *testing.T) {
	t.Parallel()
	text, err := encode(testdb.Filled[Answers]())
	require.NoError(t, err)
	testdb.Stored(t, "answers.json", json.RawMessage(text))
	read, err := decode([]byte(text))
	require.NoError(t, err)
	require.Equal(t, testdb.Filled[Answers](), read)
}
