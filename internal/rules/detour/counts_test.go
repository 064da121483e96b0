package detour_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/record/program"
	"cadans/internal/rules/adherence"
	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

// A flare's days ask the gentle plan and nothing of the usual one: who does it keeps the day with a full dose.
func TestAFlaresDaysAskTheGentlePlan(t *testing.T) {
	testkit.OnEach(t, func(t *testing.T, on testkit.Option) {
		sys := testkit.Start(t, on)
		therapist := sys.Therapist(sys.Admin, "T. de Vries")
		anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
		therapist.Publishes(anna, 7)
		body := map[string]any{"id": sys.NewID(), "days": 5, "new_signs": []string{}}
		require.Equal(t, http.StatusCreated, sys.Call("POST", "/v1/me/flares", anna.Token(), body).Status)
		from := anna.Today()
		for range 5 {
			today := screen(t, anna)
			require.True(t, *today.Flare)
			gentle := client.NewSession{
				ID: sys.NewID(), PerformedAt: sys.Clock.Now(), TimeZone: "Europe/Amsterdam",
				LocalDate: anna.Today().String(), ProgramVersionID: *today.ProgramVersionID,
				Status: client.SessionStatusCompleted,
			}
			for _, i := range today.Items {
				dose := i.Item.Dose
				gentle.Items = append(gentle.Items, client.SessionItem{
					ItemID: i.Item.ID, Sets: dose.Sets, Reps: dose.Reps, Minutes: dose.Minutes,
				})
			}
			anna.Logs(gentle, http.StatusCreated)
			sys.Clock.Advance(24 * time.Hour)
		}
		var series adherence.Series
		require.NoError(t, sys.App.DB.Read(t.Context(), func(tx *database.Tx) error {
			h, err := program.HistoryOf(tx, anna.ID)
			require.NoError(t, err)
			rows, err := adherence.DaysOf(tx, anna.ID, from, from.AddDays(4))
			series = adherence.Fill(h, rows, from, from.AddDays(4))
			return err
		}))
		for _, day := range series {
			require.Equal(t, 5, day.Expected7, "the gentle plan asks 5 times a week, the usual one 7")
			require.Equal(t, 5000, day.Dose7000)
			require.Equal(t, []int{1, 1, 1000}, []int{day.Done, day.Complete, day.Credit})
		}
	})
}
