package simulate_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/rules/reminder"
	"cadans/internal/run/simulate"
	"cadans/internal/run/testkit"
)

const patients, weeks = 30, 8

func run(t *testing.T, policy simulate.Policy, seed uint64) simulate.Result {
	t.Helper()
	days := 0
	r, err := simulate.Run(context.Background(), simulate.Options{
		Contract:  testkit.Contract(t),
		Directory: t.TempDir(),
		Patients:  patients,
		Weeks:     weeks,
		Policy:    policy,
		Seed:      seed,
		Progress:  func(day int) { days = day },
	})
	require.NoError(t, err)
	require.Equal(t, 7*weeks, days)
	return r
}

// Without a policy nobody is reminded, with the program's own nobody gets more than it allows,
// and the same seed gives the same run.
func TestPolicies(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	results := map[simulate.Policy]simulate.Result{}
	for _, policy := range simulate.Policies {
		results[policy] = run(t, policy, 7)
	}
	require.Zero(t, results[simulate.None].PushesPerWeek(patients))
	require.Greater(t, results[simulate.Daily].PushesPerWeek(patients), 4.0)
	for _, policy := range []simulate.Policy{simulate.Ours, simulate.Learn} {
		require.Greater(t, results[policy].PushesPerWeek(patients), .5)
		require.LessOrEqual(t, results[policy].PushesPerWeek(patients), 7.0)
		require.NotEmpty(t, results[policy].Effects)
		for _, e := range results[policy].Effects {
			truth := results[policy].Truth[simulate.Way{Kind: e.Kind, Arm: e.Arm}]
			require.Positive(t, truth.Effect, "%s %s", e.Kind, e.Arm)
			require.GreaterOrEqual(t, truth.Decisions, e.Decisions, "decisions of the last days have no outcome yet")
		}
	}
	require.Contains(t, results[simulate.Learn].Truth, simulate.Way{Kind: reminder.Cue, Arm: reminder.Benefit})
	require.NotContains(t, results[simulate.Ours].Truth, simulate.Way{Kind: reminder.Cue, Arm: reminder.Benefit})
	again := run(t, simulate.Ours, 7)
	require.Equal(t, results[simulate.Ours].Weeks, again.Weeks)
	reports(t, results[simulate.None], results[simulate.Ours])
}

// reports are a table that can be read, a file that a spreadsheet reads, and a picture that is well-formed.
func reports(t *testing.T, results ...simulate.Result) {
	t.Helper()
	var text, table, picture bytes.Buffer
	require.NoError(t, simulate.WriteText(&text, patients, results))
	require.Contains(t, text.String(), "the model put in")
	require.NoError(t, simulate.WriteCSV(&table, patients, results))
	rows, err := csv.NewReader(&table).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 1+2*weeks)
	require.NoError(t, simulate.WriteSVG(&picture, patients, results))
	for d := xml.NewDecoder(&picture); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else {
			require.NoError(t, err)
		}
	}
}
