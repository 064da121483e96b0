package prompt

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/session"
)

// A session lacks an answer about pain where one of the three was not given; what was skipped has none to give.
func TestSessionsWithoutPain(t *testing.T) {
	t.Parallel()
	three := 3
	item := func(pain *int, skipped string) session.ItemDone {
		return session.ItemDone{Pain: pain, Skipped: skipped}
	}
	of := func(before, after *int, items ...session.ItemDone) session.Session {
		return session.Session{Content: session.Content{PainBefore: before, PainAfter: after, Items: items}}
	}
	for n, sessions := range [][]session.Session{
		{of(&three, &three, item(&three, ""), item(nil, "time"))},
		{of(nil, &three, item(&three, ""))},
		{of(&three, nil, item(&three, "")), of(&three, &three, item(nil, ""))},
	} {
		require.Equal(t, n, unanswered(sessions))
	}
}
