package questionnaire

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// unasked are the instruments that are due at no moment, and why.
var unasked = map[string]string{"effort": "a question about one week: it is answered when a patient opens it"}

// Every instrument is asked at a moment, or somebody has said why not; and every moment asks what there is.
func TestEveryInstrumentIsAsked(t *testing.T) {
	t.Parallel()
	due := map[string]bool{}
	for _, m := range Moments {
		for _, key := range m.asked() {
			due[key] = true
		}
	}
	for _, d := range asked() {
		require.True(
			t, due[d.Key] != (unasked[d.Key] != ""),
			"%s: put it into Moment.asked (tasks.go), or say in unasked why it is due at no moment", d.Key,
		)
		delete(due, d.Key)
	}
	require.Empty(t, due, "a moment asks what has no definition (asked.go)")
}
