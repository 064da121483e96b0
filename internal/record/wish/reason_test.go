package wish_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/words"
	"cadans/internal/record/wish"
)

// Every reason has words of its own; one that this version does not know is something else, not the nearest.
func TestEveryReasonHasWords(t *testing.T) {
	t.Parallel()
	const later wish.Reason = "a reason of a later version"
	for _, l := range words.All() {
		said := map[string]wish.Reason{later.In(l): later}
		for _, r := range wish.Reasons() {
			require.Empty(t, said[r.In(l)], r)
			said[r.In(l)] = r
		}
	}
	require.Equal(t, "iets anders", later.In(words.Dutch))
	require.Equal(t, "something else", later.In(words.English))
}
