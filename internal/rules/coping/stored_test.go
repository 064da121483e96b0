package coping

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testdb"
)

// What is stored or hashed has the form it had in older versions, whatever the fields are called in the code.
func TestStoredForms(t *testing.T) {
	t.Parallel()
	plan := testdb.Filled[Plan]()
	testdb.Stored(t, "plan.json", plan.document())
	require.Equal(t, plan, plan.document().toPlan())
}
