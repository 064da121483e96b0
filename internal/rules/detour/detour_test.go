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

func screen(t *testing.T, p *testkit.Patient) *client.Today {
	t.Helper()
	today, err := p.GetTodayWithResponse(t.Context(), nil)
	require.NoError(t, err)
	return today.JSON200
}
