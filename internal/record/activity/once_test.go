package activity

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// What several tell about one stretch of time counts once.
func TestOnce(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		spans  []span
		total  int
		merged bool
	}{
		{"one", []span{{"watch", 0, 30, 30}}, 30, false},
		{"a walk in the morning and one at night", []span{{"watch", 0, 30, 30}, {"phone", 60, 90, 30}}, 60, false},
		{"one that ends as the other begins", []span{{"watch", 0, 30, 30}, {"phone", 30, 60, 20}}, 50, false},
		{"phone and watch on one walk", []span{{"watch", 0, 30, 30}, {"phone", 1, 31, 30}}, 30, true},
		{"one source twice", []span{{"watch", 0, 30, 30}, {"watch", 1, 31, 31}}, 31, true},
		{"a walk within a longer one", []span{{"watch", 0, 60, 60}, {"phone", 20, 30, 10}}, 60, true},
		{"the source that says most is taken whole", []span{{"watch", 0, 30, 900}, {"watch", 30, 60, 900},
			{"phone", 10, 50, 1000}}, 1800, true},
		{"the same moment", []span{{"manual", 5, 5, 10}, {"phone", 5, 5, 12}}, 12, true},
		{"zero is told, too", []span{{"watch", 0, 30, 0}}, 0, false},
	} {
		total, merged := once(c.spans)
		require.Equal(t, c.total, *total, c.name)
		require.Equal(t, c.merged, merged, c.name)
	}
	total, merged := once(nil)
	require.Nil(t, total)
	require.False(t, merged)
}

// The order in which records arrived does not matter, a repeated record adds nothing, and no more is counted than was
// told.
func TestOnceWhateverTheOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		spans := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) span {
			start := rapid.Int64Range(0, 100).Draw(t, "start")
			return span{rapid.SampledFrom([]string{"watch", "phone", "manual"}).Draw(t, "source"), start,
				start + rapid.Int64Range(0, 40).Draw(t, "length"), rapid.IntRange(0, 60).Draw(t, "amount")}
		}), 1, 8).Draw(t, "spans")
		told := 0
		for _, s := range spans {
			told += s.amount
		}
		shuffled := rapid.Permutation(spans).Draw(t, "shuffled")
		total, _ := once(spans)
		other, _ := once(shuffled)
		twice, _ := once(append(append([]span{}, spans...), spans[0]))
		require.Equal(t, *total, *other)
		require.Equal(t, *total, *twice)
		require.LessOrEqual(t, *total, told)
	})
}
