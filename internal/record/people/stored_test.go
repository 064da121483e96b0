package people_test

import (
	"testing"

	"cadans/internal/record/people"
	"cadans/internal/run/testdb"
)

// What is hashed has the form it had in older versions, whatever the fields are called in the code.
func TestStoredForms(t *testing.T) {
	t.Parallel()
	testdb.Stored(t, "patient.json", testdb.Filled[people.NewPatient]().Hashed())
	testdb.Stored(t, "preferences_etag.json", testdb.Filled[people.Preferences]().Hashed())
}
