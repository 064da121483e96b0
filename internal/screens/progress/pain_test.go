package progress

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/people"
	"cadans/internal/rules/adherence"
)

// A patient reads about pain only when the change matters: 2 points, or a fall of 3 from 8 on.
func TestWhatAPatientReadsAboutPain(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		before, now int
		says        string // the key, or nothing
	}{
		{60, 41, ""}, {60, 40, "progress.pain.less"}, {79, 59, "progress.pain.less"}, {80, 60, ""}, {80, 51, ""},
		{80, 50, "progress.pain.less"}, {100, 70, "progress.pain.less"}, {100, 71, ""}, {30, 11, ""},
		{40, 59, ""}, {40, 60, "progress.pain.more"}, {80, 100, "progress.pain.more"}, {80, 99, ""},
	} {
		change := tc.now - tc.before
		for _, l := range []people.Language{people.Dutch, people.English} {
			w := adherence.Words{Language: l}
			want := ""
			if tc.says != "" {
				want = w.Say(tc.says, "now", w.Tenths(tc.now), "before", w.Tenths(tc.before))
			}
			require.Equal(
				t, want, painSays(w, adherence.Pain{Now: &tc.now, Before: &tc.before, Change: &change}), "%+v", tc,
			)
		}
	}
	require.Empty(t, painSays(adherence.Words{Language: people.English}, adherence.Pain{}))
}
