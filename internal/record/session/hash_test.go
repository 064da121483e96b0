package session

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/safety"
	"cadans/pkg/localtime"
)

// A phone sends again what an older version of the server has stored: what it said hashes as it did then. Fields that
// came later count only when they say something.
func TestAnOldSessionIsRecognised(t *testing.T) {
	t.Parallel()
	n := func(v int) *int { return &v }
	c := Content{
		PerformedAt: time.Date(2026, 3, 2, 9, 0, 0, 123456789, time.FixedZone("", 3600)), Zone: "Europe/Amsterdam",
		LocalDate: localtime.MustParseDate("2026-03-02"), Version: "v", Status: Completed, DurationS: n(840),
		PainBefore: n(3), Note: "x",
		Items: []ItemDone{
			{Item: "i", Sets: n(3), Reps: n(10), Difficulty: n(4), Pain: n(2)},
			{Item: "j", Skipped: "time"},
		},
	}
	before := c.hash()
	require.Equal(t, "cc1d58eb92bff39c08e0193a8b8b3e4a", before)
	c.NewSigns = []safety.Sign{safety.NewWeakness}
	require.NotEqual(t, before, c.hash())
	c.NewSigns, c.Items[0].DangerAfter = nil, n(0)
	require.NotEqual(t, before, c.hash())
}
