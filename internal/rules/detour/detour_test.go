package detour_test

import (
	"maps"
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
func publishes(
	sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient, days int, exercise string,
) string {
	sets, reps, quota := 2, 8, 3
	return therapist.PublishesVersion(anna, client.NewProgramVersion{
		ID: sys.NewID(), EffectiveFrom: anna.Today().AddDays(days).String(),
		Items: []client.NewProgramItem{{
			ID: sys.NewID(), Exercise: exercise, Dose: client.Dose{Sets: &sets, Reps: &reps},
			Schedule: client.Schedule{Kind: client.WeeklyQuota, SessionsPerWeek: &quota},
		}},
	}).ID
}

// A version that is withdrawn never comes, whatever a detour has planned on top of it; one that is not keeps its day.
func TestAVersionWithdrawnAfterADetourNeverComes(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ later, after int }{{2, 1}, {5, 0}, {5, 4}, {21, 0}, {21, 4}, {21, 20}, {40, 35}} {
		for path, body := range map[string]map[string]any{
			"/v1/me/flares":           {"days": 3, "new_signs": []string{}},
			"/v1/me/lighter-programs": {"kind": "half"},
		} {
			for want, withdrawn := range map[string]bool{"bridge": false, "hip-hinge-wall": true} {
				sys := testkit.Start(t)
				therapist := sys.Therapist(sys.Admin, "T. de Vries")
				anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
				publishes(sys, therapist, anna, 0, "hip-hinge-wall")
				version := publishes(sys, therapist, anna, tc.later, "bridge")
				asked := maps.Clone(body)
				asked["id"] = sys.NewID()
				require.Equal(t, http.StatusCreated, sys.Call("POST", path, anna.Token(), asked).Status)
				passes(t, sys, anna, tc.after)
				if withdrawn {
					withdraws(t, therapist, anna, version)
				}
				passes(t, sys, anna, 45)
				items := screen(t, anna).Items
				require.Len(t, items, 1)
				require.Equal(t, want, items[0].Item.Exercise, "%s, %+v", path, tc)
				require.Equal(t, 8, *items[0].Item.Dose.Reps, "%s, %+v", path, tc)
			}
		}
	}
}

// A version that a member has published for a later day keeps its day beside a walking plan, which asks its minutes in
// that version as well; withdrawn, it never comes.
func TestAWalkingPlanLeavesALaterVersionItsDay(t *testing.T) {
	t.Parallel()
	for want, withdrawn := range map[string]bool{"bridge": false, "hip-hinge-wall": true} {
		sys := testkit.Start(t)
		therapist := sys.Therapist(sys.Admin, "T. de Vries")
		anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
		publishes(sys, therapist, anna, 0, "hip-hinge-wall")
		version := publishes(sys, therapist, anna, 21, "bridge")
		started := sys.Call("POST", "/v1/patients/"+string(anna.ID)+"/walking-plan", therapist.Token(), map[string]any{
			"id": sys.NewID(), "track": "standard", "week_minutes": 60, "comfortable_minutes": 20,
		})
		require.Equal(t, http.StatusCreated, started.Status, string(started.Body))
		passes(t, sys, anna, 15)
		if withdrawn {
			withdraws(t, therapist, anna, version)
		}
		passes(t, sys, anna, 15)
		require.Equal(t, want, screen(t, anna).Items[0].Item.Exercise)
	}
}

// passes lets days pass, on which the phone stays signed in.
func passes(t *testing.T, sys *testkit.System, anna *testkit.Patient, days int) {
	t.Helper()
	for range days {
		sys.Clock.Advance(24 * time.Hour)
		screen(t, anna)
	}
}

func withdraws(t *testing.T, therapist *testkit.Member, anna *testkit.Patient, version string) {
	t.Helper()
	listed, err := therapist.ListProgramVersionsWithResponse(t.Context(), string(anna.ID))
	require.NoError(t, err)
	etag := listed.HTTPResponse.Header.Get("ETag")
	gone, err := therapist.WithdrawProgramVersionWithResponse(
		t.Context(), string(anna.ID), version, &client.WithdrawProgramVersionParams{IfMatch: &etag},
	)
	require.NoError(t, err)
	require.Equal(t, http.StatusNoContent, gone.StatusCode(), string(gone.Body))
}

func screen(t *testing.T, p *testkit.Patient) *client.Today {
	t.Helper()
	today, err := p.GetTodayWithResponse(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, today.StatusCode(), string(today.Body))
	return today.JSON200
}
