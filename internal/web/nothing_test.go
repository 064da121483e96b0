package web_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
)

// A form in which nothing was chosen says so, on the page that it stands on.
func TestNothingChosen(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		anna.Submits(testkit.Yes(testkit.Answers(nil), "saddle_numbness"))
		b := signedIn(t, sys, therapist)
		f := b.form("/alerts", "/alerts/acknowledgements")
		require.Contains(t, f.refused("Choose an alert first."), anna.Name, "the list is still there")
	})
}
