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

// A version that is withdrawn takes none with it that a member has published for a day after it.
func TestAWithdrawalLeavesEachLaterVersionItsDay(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
	publishes(sys, therapist, anna, 0, "hip-hinge-wall")
	gone := publishes(sys, therapist, anna, 21, "bridge")
	publishes(sys, therapist, anna, 28, "dead-bug-legs")
	publishes(sys, therapist, anna, 35, "bird-dog-leg")
	started := sys.Call("POST", "/v1/patients/"+string(anna.ID)+"/walking-plan", therapist.Token(), map[string]any{
		"id": sys.NewID(), "track": "standard", "week_minutes": 60, "comfortable_minutes": 20,
	})
	require.Equal(t, http.StatusCreated, started.Status, string(started.Body))
	passes(t, sys, anna, 15)
	withdraws(t, therapist, anna, gone)
	for _, want := range []string{"hip-hinge-wall", "dead-bug-legs", "bird-dog-leg"} {
		passes(t, sys, anna, 8)
		require.Equal(t, want, screen(t, anna).Items[0].Item.Exercise)
	}
}

// An adjustment that begins within a lighter program and is withdrawn never comes, neither there nor afterwards.
func TestAnAdjustmentWithdrawnWithinADetourNeverComes(t *testing.T) {
	t.Parallel()
	for want, withdrawn := range map[int]bool{8: true, 6: false} {
		sys := testkit.Start(t)
		therapist := sys.Therapist(sys.Admin, "T. de Vries")
		anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
		publishes(sys, therapist, anna, 0, "hip-hinge-wall")
		lighter := sys.Call(
			"POST", "/v1/me/lighter-programs", anna.Token(), map[string]any{"id": sys.NewID(), "kind": "half"},
		)
		require.Equal(t, http.StatusCreated, lighter.Status, string(lighter.Body))
		usual := adjusts(t, sys, therapist, anna, 2)
		if withdrawn {
			withdraws(t, therapist, anna, usual)
		}
		passes(t, sys, anna, 2)
		dose := screen(t, anna).Items[0].Item.Dose
		require.Equal(t, want, *dose.Reps**dose.Sets, "in the lighter program")
		passes(t, sys, anna, 30)
		dose = screen(t, anna).Items[0].Item.Dose
		require.Equal(t, withdrawn, *dose.Reps**dose.Sets == 16, "afterwards")
	}
}

// adjusts makes 1×6 of the first item, so many days from now, and returns the version that is usual then.
func adjusts(
	t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient, days int,
) (usual string) {
	t.Helper()
	listed, err := therapist.ListProgramVersionsWithResponse(t.Context(), string(anna.ID))
	require.NoError(t, err)
	from := anna.Today().AddDays(days).String()
	made := sys.Call("POST", "/v1/patients/"+string(anna.ID)+"/program-adjustments", therapist.Token(), map[string]any{
		"id": sys.NewID(), "effective_from": from, "changes": []any{map[string]any{
			"item_id": screen(t, anna).Items[0].Item.ID, "kind": "set", "dose": map[string]any{"sets": 1, "reps": 6},
		}},
	}, "If-Match", listed.HTTPResponse.Header.Get("ETag"))
	require.Equal(t, http.StatusCreated, made.Status, string(made.Body))
	listed, err = therapist.ListProgramVersionsWithResponse(t.Context(), string(anna.ID))
	require.NoError(t, err)
	for _, v := range listed.JSON200.Data {
		if v.EffectiveFrom == from && v.Origin == client.VersionOriginAdjusted {
			return v.ID
		}
	}
	require.Fail(t, "no version is usual")
	return ""
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
