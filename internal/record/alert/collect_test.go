package alert

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/words"
)

var monday = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func day(n int) time.Time { return monday.AddDate(0, 0, n) }

func finding(rule Rule, key string) Finding {
	said := words.Pair{NL: string(rule) + " nl", EN: string(rule) + " en"}
	return Finding{Rule: rule, Key: key, Urgency: ThisWeek, Pair: said}
}

// lives lets days pass: what holds on each, and on which the therapist resolves what is open. It returns, for each day,
// the rules that hold in the alert that is open at its end, and how many alerts there have been.
func lives(holds [][]Finding, resolvedOn map[int]bool, quiet int) (open [][]Rule, alerts []int) {
	var latest *Alert
	count := 0
	for n, found := range holds {
		c := collect(latest, found, day(n), quiet)
		switch {
		case c.Opens:
			count++
			latest = &Alert{Reasons: c.Reasons}
		case latest != nil:
			latest.Reasons = c.Reasons
			if c.Settles {
				at := day(n)
				latest.ResolvedAt = &at
			}
		}
		if latest != nil && latest.ResolvedAt == nil && resolvedOn[n] {
			at := day(n)
			latest.ResolvedAt = &at
		}
		var rules []Rule
		if latest != nil && latest.ResolvedAt == nil {
			for _, r := range latest.Reasons {
				if !r.Ended {
					rules = append(rules, r.Rule)
				}
			}
		}
		open, alerts = append(open, rules), append(alerts, count)
	}
	return open, alerts
}

// One alert collects reasons; what was resolved is quiet while it goes on, and comes back when it is new.
func TestOneAlertCollectsReasons(t *testing.T) {
	t.Parallel()
	a, b := finding("a", ""), finding("b", "")
	stop := finding("stop", "session 1")
	stop.Stays = true
	again := stop
	again.Key = "session 2"
	none := []Finding{}
	for _, tc := range []struct {
		name     string
		holds    [][]Finding
		resolved map[int]bool
		open     [][]Rule
		alerts   []int
	}{
		{"nothing was ever found", [][]Finding{none, none}, nil, [][]Rule{nil, nil}, []int{0, 0}},
		{"a reason joins the open alert", [][]Finding{{a}, {a, b}}, nil, [][]Rule{{"a"}, {"a", "b"}}, []int{1, 1}},
		{"a reason that ends leaves the others", [][]Finding{{a, b}, {b}}, nil,
			[][]Rule{{"a", "b"}, {"b"}}, []int{1, 1}},
		{"an alert without reasons ends", [][]Finding{{a}, none, none}, nil, [][]Rule{{"a"}, nil, nil}, []int{1, 1, 1}},
		{"and opens again when it holds again", [][]Finding{{a}, none, {a}}, nil,
			[][]Rule{{"a"}, nil, {"a"}}, []int{1, 1, 2}},
		{"a reason that ended comes back into the open alert", [][]Finding{{a, b}, {b}, {a, b}}, nil,
			[][]Rule{{"a", "b"}, {"b"}, {"b", "a"}}, []int{1, 1, 1}},
		{"resolved is quiet while it goes on", [][]Finding{{a}, {a}, {a}}, map[int]bool{0: true},
			[][]Rule{nil, nil, nil}, []int{1, 1, 1}},
		{"resolved, ended, and anew", [][]Finding{{a}, none, {a}}, map[int]bool{0: true},
			[][]Rule{nil, nil, {"a"}}, []int{1, 1, 2}},
		{"resolved, and something else", [][]Finding{{a}, {a, b}}, map[int]bool{0: true},
			[][]Rule{nil, {"b"}}, []int{1, 2}},
		{"resolved, and it goes on past the quiet days", [][]Finding{{a}, {a}, {a}, {a}, {a}}, map[int]bool{0: true},
			[][]Rule{nil, nil, nil, {"a"}, {"a"}}, []int{1, 1, 1, 2, 2}},
		{"what happened stays until somebody resolves it", [][]Finding{{stop}, none, none}, nil,
			[][]Rule{{"stop"}, {"stop"}, {"stop"}}, []int{1, 1, 1}},
		{"what happened is not told again", [][]Finding{{stop}, {stop}, {stop}, {stop}, {stop}}, map[int]bool{0: true},
			[][]Rule{nil, nil, nil, nil, nil}, []int{1, 1, 1, 1, 1}},
		{"it happens once more", [][]Finding{{stop}, {stop, again}}, map[int]bool{0: true},
			[][]Rule{nil, {"stop"}}, []int{1, 2}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			open, alerts := lives(tc.holds, tc.resolved, 3)
			require.Equal(t, tc.open, open)
			require.Equal(t, tc.alerts, alerts)
		})
	}
}

// A reason says the numbers of now, since when it was found first.
func TestAReasonIsSaidWithTheNumbersOfNow(t *testing.T) {
	t.Parallel()
	before, now := finding("a", ""), finding("a", "")
	before.EN, now.EN, now.Urgency = "3 missed", "4 missed", Now
	c := collect(&Alert{Reasons: []Reason{{Finding: before, Since: day(0)}}}, []Finding{now}, day(1), 14)
	require.Equal(t, []Reason{{Finding: now, Since: day(0)}}, c.Reasons)
	require.Empty(t, c.Added)
	said, urgency := sentences(append(
		c.Reasons, Reason{Finding: finding("b", ""), Ended: true}, Reason{Finding: finding("c", "")},
	))
	require.Equal(t, words.Pair{NL: "a nl c nl", EN: "4 missed c en"}, said)
	require.Equal(t, Now, urgency)
}
