package adherence_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/program"
	"cadans/internal/record/session"
	"cadans/internal/rules/adherence"
)

// A session that names a version that had not started, or that was withdrawn, counts against what was asked on its day,
// exercise by exercise. One that names a version that was replaced meanwhile counts as before.
func TestOnlyWhatWasAskedCounts(t *testing.T) {
	t.Parallel()
	now := version(1, monday, item("a", quota(3), 2, 60), item("b", quota(3), 2, 60))
	same := version(2, monday.AddDays(1), item("a", quota(3), 2, 60))
	same.Items[0].ID = "renamed"
	other := version(2, monday.AddDays(1), item("c", quota(3), 2, 60))
	for name, at := range map[string]struct {
		named, from program.Version
		done        int
		credit      int
	}{
		"the exercise that both have": {same, now, 1, 500},
		"nothing of what was asked":   {other, now, 0, 0},
		"nothing was asked yet":       {other, version(1, monday.AddDays(3), now.Items...), 0, 0},
	} {
		s := done(at.named, 0)
		require.Equal(t, session.Full, s.Credit)
		for _, h := range []program.History{
			{Versions: []program.Version{at.from, at.named}},
			{Versions: []program.Version{at.from}, Withdrawn: []program.Withdrawal{{Version: at.named}}},
		} {
			day := adherence.Build(h, monday, []session.Session{s})
			require.Equal(t, 1, day.Sessions, name)
			require.Equal(t, at.done, day.Done, name)
			require.Equal(t, at.credit, day.Credit, name)
			require.GreaterOrEqual(t, day.Extra, 0, name)
		}
	}
	replaced := program.History{Versions: []program.Version{now, version(2, monday, item("c", quota(3), 2, 60))}}
	require.Equal(t, 1, adherence.Build(replaced, monday, []session.Session{done(now, 0)}).Done)
}
