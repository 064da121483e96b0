package reminder_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"

	"cadans/internal/kernel/database"
	"cadans/internal/rules/reminder"
	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

var arms = []reminder.Arm{reminder.Nothing, reminder.Plain, reminder.IfThen, reminder.Tailored, reminder.Benefit}

// Whatever is believed: the chances add up, none is below 10 or above 80 percent, and they come out the same again.
func TestSampledIsBoundedAndRepeatable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var beliefs []reminder.Believed
		for _, arm := range arms[:rapid.IntRange(3, 5).Draw(t, "arms")] {
			beliefs = append(beliefs, reminder.Believed{
				Arm: arm,
				A:   2 + float64(rapid.IntRange(0, 400).Draw(t, "done")),
				B:   3 + float64(rapid.IntRange(0, 400).Draw(t, "not done")),
			})
		}
		chances := reminder.Sampled(beliefs)
		total := 0
		for i, c := range chances {
			require.Equal(t, beliefs[i].Arm, c.Arm)
			require.GreaterOrEqual(t, c.Permille, 100)
			require.LessOrEqual(t, c.Permille, 800)
			total += c.Permille
		}
		require.Equal(t, 1000, total)
		require.Equal(t, chances, reminder.Sampled(beliefs))
	})
}

// The chances are those of Thompson sampling: drawing from the beliefs and taking the
// best gives the same, but for the bounds.
func TestSampledIsThompsonSampling(t *testing.T) {
	t.Parallel()
	beliefs := []reminder.Believed{
		{Arm: reminder.Nothing, A: 12, B: 18}, {Arm: reminder.Plain, A: 15, B: 18},
		{Arm: reminder.Benefit, A: 10, B: 20},
	}
	random := rand.New(rand.NewPCG(5, 6))
	best := make([]float64, len(beliefs))
	const draws = 200_000
	for range draws {
		at, most := 0, -1.0
		for i, b := range beliefs {
			worth := distuv.Beta{Alpha: b.A, Beta: b.B, Src: random}.Rand()
			if b.Arm != reminder.Nothing {
				worth -= .02
			}
			if worth > most {
				at, most = i, worth
			}
		}
		best[at]++
	}
	for i, c := range reminder.Sampled(beliefs) {
		require.InDelta(t, 100+700*best[i]/draws, c.Permille, 6, c.Arm)
	}
}

func TestTheBetterArmIsChosenMoreOften(t *testing.T) {
	t.Parallel()
	chances := reminder.Sampled([]reminder.Believed{
		{Arm: reminder.Nothing, A: 42, B: 63}, {Arm: reminder.Plain, A: 90, B: 30},
	})
	require.Equal(
		t, []reminder.Chance{{Arm: reminder.Nothing, Permille: 200}, {Arm: reminder.Plain, Permille: 800}}, chances,
	)
	costly := reminder.Sampled([]reminder.Believed{
		{Arm: reminder.Nothing, A: 4000, B: 6000}, {Arm: reminder.Plain, A: 4050, B: 5950},
	})
	require.Greater(t, costly[0].Permille, 700, "half a point is not worth a push")
}

// What was seen about other barriers is a prior that counts as ten decisions at most.
func TestBeliefsPoolOverBarriers(t *testing.T) {
	t.Parallel()
	e := reminder.Experience{
		"time":   {reminder.Plain: {Done: 3, NotDone: 1}},
		"forgot": {reminder.Plain: {Done: 60, NotDone: 20}},
	}
	require.Equal(t, reminder.Belief{A: 2 + 7.5 + 3, B: 3 + 2.5 + 1}, e.About("time", reminder.Plain))
	require.Equal(t, reminder.Belief{A: 2 + 3 + 60, B: 3 + 1 + 20}, e.About("forgot", reminder.Plain))
	require.Equal(t, reminder.Belief{A: 2, B: 3}, e.About("time", reminder.Nothing))
}

// The learner chooses only where the practice switched it on and the patient consented, within all limits, and each of
// its decisions can be made again from what it logged.
func TestTheLearnerNeedsConsent(t *testing.T) {
	onBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		current := sys.Call("GET", "/v1/practice/settings", sys.Admin.Token(), nil)
		var wanted map[string]any
		require.NoError(t, json.Unmarshal(current.Body, &wanted))
		wanted["learn_reminders"] = true
		require.Equal(t, http.StatusOK, sys.Call(
			"PUT", "/v1/practice/settings", sys.Admin.Token(), wanted, "If-Match", current.Header.Get("ETag"),
		).Status)
		bert := therapist.NewPatient("B. Bakker", "Europe/Amsterdam")
		therapist.Publishes(bert, 5)
		consents(t, anna)
		for day := range 21 {
			if day%3 == 0 {
				anna.Logs(anna.FullSession(sys.Clock.Now(), 3, 3), http.StatusCreated)
				bert.Logs(bert.FullSession(sys.Clock.Now(), 3, 3), http.StatusCreated)
			}
			sys.PassDays(1)
			anna.ExpectFew()
			bert.ExpectFew()
		}
		learned, windows := 0, map[string]int{}
		require.NoError(t, sys.App.DB.Read(context.Background(), func(tx *database.Tx) error {
			return tx.Rows("SELECT patient_id, arms, seed, arm, state "+
				"FROM reminder_decisions WHERE arm <> ''", nil, func(rows *sql.Rows) error {
				var patient, arm string
				var chances, state []byte
				var seed int64
				require.NoError(t, rows.Scan(&patient, &chances, &seed, &arm, &state))
				var could []reminder.Chance
				var known reminder.State
				require.NoError(t, json.Unmarshal(chances, &could))
				require.NoError(t, json.Unmarshal(state, &known))
				require.Equal(t, arm, string(reminder.Draw(could, uint64(seed))))
				if len(known.Believed) > 0 {
					learned++
					require.Equal(t, string(anna.ID), patient, "bert did not consent")
					require.Equal(t, could, reminder.Sampled(known.Believed))
				}
				if tried := known.Tried; tried != nil {
					windows[tried.Window]++
					require.Equal(t, string(anna.ID), patient)
					require.Equal(t, tried.Window, string(reminder.Draw(reminder.Sampled(tried.Believed), tried.Seed)))
				}
				return nil
			})
		}))
		require.Positive(t, learned)
		require.Len(t, windows, 2, "both of her windows are tried")
	}, testkit.RandomReminders)
}

func consents(t *testing.T, p *testkit.Patient) {
	t.Helper()
	current, err := p.GetPreferencesWithResponse(context.Background())
	require.NoError(t, err)
	wanted, etag := *current.JSON200, current.HTTPResponse.Header.Get("ETag")
	require.False(t, wanted.ResearchConsent, "nobody consents without saying so")
	wanted.Reminders.Windows = []client.ReminderWindow{{From: "08:00", Until: "11:00"}, {From: "17:00", Until: "20:00"}}
	wanted.ResearchConsent = true
	stored, err := p.PutPreferencesWithResponse(
		context.Background(), &client.PutPreferencesParams{IfMatch: &etag}, wanted,
	)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, stored.StatusCode(), string(stored.Body))
}
