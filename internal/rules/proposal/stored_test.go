package proposal

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testdb"
)

// What is stored or hashed has the form it had in older versions, whatever the fields are called in the code.
func TestStoredForms(t *testing.T) {
	t.Parallel()
	text, err := encode(testdb.Filled[Composition]())
	require.NoError(t, err)
	testdb.Stored(t, "composition.json", json.RawMessage(text))
}
