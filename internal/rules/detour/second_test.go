package detour_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

// asked is what a program asks, as exercise and repetitions.
func asked(t *testing.T, anna *testkit.Patient) map[string]int {
	t.Helper()
	all := map[string]int{}
	for _, item := range screen(t, anna).Items {
		all[item.Item.Exercise] = *item.Item.Dose.Sets * *item.Item.Dose.Reps
	}
	return all
}

// changes adjusts items so many days from now and returns the new versions.
func changes(
	t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient, days int, changes ...any,
) (added []client.ProgramVersion) {
	t.Helper()
	listed, err := therapist.ListProgramVersionsWithResponse(t.Context(), string(anna.ID))
	require.NoError(t, err)
	known := map[string]bool{}
	for _, v := range listed.JSON200.Data {
		known[v.ID] = true
	}
	made := sys.Call("POST", "/v1/patients/"+string(anna.ID)+"/program-adjustments", therapist.Token(), map[string]any{
		"id": sys.NewID(), "effective_from": anna.Today().AddDays(days).String(), "changes": changes,
	}, "If-Match", listed.HTTPResponse.Header.Get("ETag"))
	require.Equal(t, http.StatusCreated, made.Status, string(made.Body))
	listed, err = therapist.ListProgramVersionsWithResponse(t.Context(), string(anna.ID))
	require.NoError(t, err)
	return slices.DeleteFunc(listed.JSON200.Data, func(v client.ProgramVersion) bool { return known[v.ID] })
}

func set(item string, sets, reps int) map[string]any {
	return map[string]any{"item_id": item, "kind": "set", "dose": map[string]any{"sets": sets, "reps": reps}}
}

// Of two adjustments within a lighter program the first is withdrawn: its change goes from what the second asks there,
// unless the usual program of that day, which the second has changed as well, still has it.
func TestTheFirstOfTwoAdjustmentsIsWithdrawn(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		first, second   func(hinge, bridge string) map[string]any
		within, outside map[string]int
	}{
		"another dose": {
			func(hinge, _ string) map[string]any { return set(hinge, 1, 6) },
			func(_, bridge string) map[string]any { return set(bridge, 2, 8) },
			map[string]int{"hip-hinge-wall": 8, "bridge": 16}, map[string]int{"hip-hinge-wall": 16, "bridge": 16},
		},
		"removed": {
			func(hinge, _ string) map[string]any { return map[string]any{"item_id": hinge, "kind": "remove"} },
			func(_, bridge string) map[string]any { return set(bridge, 2, 8) },
			map[string]int{"hip-hinge-wall": 8, "bridge": 16}, map[string]int{"hip-hinge-wall": 16, "bridge": 16},
		},
		"the second changes the usual program too": {
			func(hinge, _ string) map[string]any { return set(hinge, 1, 6) },
			func(_, bridge string) map[string]any { return set(bridge, 1, 5) },
			map[string]int{"hip-hinge-wall": 6, "bridge": 5}, map[string]int{"hip-hinge-wall": 6, "bridge": 5},
		},
		"the same exercise": {
			func(hinge, _ string) map[string]any { return set(hinge, 1, 6) },
			func(hinge, _ string) map[string]any { return set(hinge, 1, 7) },
			map[string]int{"hip-hinge-wall": 7, "bridge": 8}, map[string]int{"hip-hinge-wall": 7, "bridge": 16},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sys := testkit.Start(t)
			therapist := sys.Therapist(sys.Admin, "T. de Vries")
			anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
			hinge, bridge := two(sys, therapist, anna)
			lighter := sys.Call(
				"POST", "/v1/me/lighter-programs", anna.Token(), map[string]any{"id": sys.NewID(), "kind": "half"},
			)
			require.Equal(t, http.StatusCreated, lighter.Status, string(lighter.Body))
			gone := ""
			for _, v := range changes(t, sys, therapist, anna, 1, tc.first(hinge, bridge)) {
				if v.Origin == client.VersionOriginAdjusted {
					gone = v.ID
				}
			}
			changes(t, sys, therapist, anna, 2, tc.second(hinge, bridge))
			withdraws(t, therapist, anna, gone)
			passes(t, sys, anna, 1)
			require.Equal(t, map[string]int{"hip-hinge-wall": 8, "bridge": 8}, asked(t, anna), "the day between")
			passes(t, sys, anna, 1)
			require.Equal(t, tc.within, asked(t, anna))
			passes(t, sys, anna, 1)
			require.Equal(t, tc.outside, asked(t, anna), "when it is over")
		})
	}
}

// two publishes two exercises from today on and returns their ids.
func two(sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) (hinge, bridge string) {
	sets, reps, quota := 2, 8, 3
	dose := client.Dose{Sets: &sets, Reps: &reps}
	schedule := client.Schedule{Kind: client.WeeklyQuota, SessionsPerWeek: &quota}
	hinge, bridge = sys.NewID(), sys.NewID()
	therapist.PublishesVersion(anna, client.NewProgramVersion{
		ID: sys.NewID(), EffectiveFrom: anna.Today().String(), Items: []client.NewProgramItem{
			{ID: hinge, Exercise: "hip-hinge-wall", Dose: dose, Schedule: schedule},
			{ID: bridge, Exercise: "bridge", Dose: dose, Schedule: schedule},
		},
	})
	return hinge, bridge
}

// On the way back from a flare an adjustment keeps its day when the one before it is withdrawn.
func TestTheSecondAdjustmentOnTheWayBackKeepsItsDay(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
	hinge, bridge := two(sys, therapist, anna)
	flare := sys.Call("POST", "/v1/me/flares", anna.Token(), map[string]any{
		"id": sys.NewID(), "days": 3, "new_signs": []string{},
	})
	require.Equal(t, http.StatusCreated, flare.Status, string(flare.Body))
	passes(t, sys, anna, 4)
	half := asked(t, anna)
	gone := ""
	for _, v := range changes(t, sys, therapist, anna, 1, set(hinge, 1, 3)) {
		if v.Origin == client.VersionOriginAdjusted {
			gone = v.ID
		}
	}
	changes(t, sys, therapist, anna, 2, map[string]any{"item_id": bridge, "kind": "remove"})
	withdraws(t, therapist, anna, gone)
	passes(t, sys, anna, 1)
	require.Equal(t, half, asked(t, anna))
	passes(t, sys, anna, 1)
	require.NotContains(t, asked(t, anna), "bridge")
}
