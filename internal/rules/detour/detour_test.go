package detour_test

import (
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testdb"
	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

func TestMain(m *testing.M) { os.Exit(testdb.Suite{M: m}.Run()) }

// After a detour the usual program comes back whole, with the minimum that the therapist has set: also where that
// is the dose itself.
func TestTheUsualProgramComesBackWhole(t *testing.T) {
	t.Parallel()
	for path, body := range map[string]map[string]any{
		"/v1/me/flares":           {"days": 3, "new_signs": []string{}},
		"/v1/me/lighter-programs": {"kind": "half"},
	} {
		sys := testkit.Start(t)
		therapist := sys.Therapist(sys.Admin, "T. de Vries")
		anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
		sets, reps, quota := 2, 20, 3
		dose := client.Dose{Sets: &sets, Reps: &reps}
		therapist.PublishesVersion(anna, client.NewProgramVersion{
			ID: sys.NewID(), EffectiveFrom: anna.Today().String(),
			Items: []client.NewProgramItem{{
				ID: sys.NewID(), Exercise: "hip-hinge-wall", Dose: dose, MinimumDose: &dose,
				Schedule: client.Schedule{Kind: client.WeeklyQuota, SessionsPerWeek: &quota},
			}},
		})
		usual := screen(t, anna).Items
		body["id"] = sys.NewID()
		require.Equal(t, http.StatusCreated, sys.Call("POST", path, anna.Token(), body).Status)
		require.NotEqual(t, usual, screen(t, anna).Items)
		sys.Clock.Advance(17 * 24 * time.Hour)
		require.Equal(t, usual, screen(t, anna).Items, path)
	}
}

// publishes publishes one exercise three times a week, so many days from now.
func publishes(therapist *testkit.Therapist, anna *testkit.Patient, days int, exercise string) client.ID {
	sets, reps, quota := 2, 8, 3
	version := therapist.NewID()
	therapist.PublishesVersion(anna, client.NewProgramVersion{
		ID: version, EffectiveFrom: anna.Today().AddDays(days).String(),
		Items: []client.NewProgramItem{{
			ID: therapist.NewID(), Exercise: exercise, Dose: client.Dose{Sets: &sets, Reps: &reps},
			Schedule: client.Schedule{Kind: client.WeeklyQuota, SessionsPerWeek: &quota},
		}},
	})
	return version
}

// A version that is withdrawn never comes, whatever a detour has planned on top of it; one that is not keeps its day.
func TestAVersionWithdrawnAfterADetourNeverComes(t *testing.T) {
	t.Parallel()
	for path, body := range map[string]map[string]any{
		"/v1/me/flares":           {"days": 3, "new_signs": []string{}},
		"/v1/me/lighter-programs": {"kind": "half"},
	} {
		for _, later := range []int{2, 5, 21, 40} {
			for _, withdrawnAfter := range []int{0, 1, 4} {
				for _, withdraws := range []bool{true, false} {
					if withdrawnAfter >= later {
						continue
					}
					sys := testkit.Start(t)
					therapist := sys.Therapist(sys.Admin, "T. de Vries")
					anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
					publishes(therapist, anna, 0, "hip-hinge-wall")
					version := publishes(therapist, anna, later, "bridge")
					body["id"] = sys.NewID()
					require.Equal(t, http.StatusCreated, sys.Call("POST", path, anna.Token(), body).Status)
					sys.Clock.Advance(time.Duration(withdrawnAfter) * 24 * time.Hour)
					want := "bridge"
					if withdraws {
						therapist.Withdraws(anna, version)
						want = "hip-hinge-wall"
					}
					sys.Clock.Advance(45 * 24 * time.Hour)
					items := screen(t, anna).Items
					require.Len(t, items, 1)
					require.Equal(t, want, items[0].Exercise, "%s, %d, %d", path, later, withdrawnAfter)
					require.Equal(t, 8, *items[0].Dose.Reps, "%s, %d, %d", path, later, withdrawnAfter)
				}
			}
		}
	}
}

func screen(t *testing.T, p *testkit.Patient) *client.Today {
	t.Helper()
	today, err := p.GetTodayWithResponse(t.Context(), nil)
	require.NoError(t, err)
	return today.JSON200
}
