package program_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/words"
	"cadans/internal/record/exercise"
	"cadans/internal/record/program"
	"cadans/internal/run/testdb"
)

// What the usual program cannot follow is refused, in a flare as out of it: it would be gone when the flare is over. An
// item that only the flare has is changed there, and the version says how long that lasts.
func TestAnAdjustmentThatTheUsualProgramCannotFollow(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		ctx, tess := context.Background(), d.AsMember(testdb.Tess)
		top := program.NewItem{ID: "i1", Exercise: "bridge-single-leg", Dose: exercise.Dose{Sets: 3, Reps: 12},
			Schedule: bridge(1).Schedule}
		light, extra := top, bridge(2)
		light.Dose.Reps, extra.ID = 6, "i2"
		d.asks(testdb.Anna, "v2", 2, -5, program.Published, top)
		d.asks(testdb.Anna, "v3", 3, -1, program.ByFlare, light, extra)
		adjust := func(as id.ProgramVersion, changes ...program.Change) error {
			a := program.Adjustment{ID: as, Changes: changes}
			_, _, err := d.Adjust(ctx, tess, testdb.Anna, a, d.history(testdb.Anna).Etag())
			return err
		}
		var refused *fault.Fault
		require.ErrorAs(t, adjust("v4", program.Change{Item: "i1", Kind: program.Progress}), &refused)
		require.Equal(t, []fault.Violation{{Pointer: "/changes/0/kind", Code: "at-the-top"}}, refused.Violations)
		require.Len(t, d.shows(testdb.Anna), 2)
		reason := func(as id.ProgramVersion) string {
			v, _ := d.history(testdb.Anna).Version(as)
			return v.Reason.EN
		}
		require.NoError(t, adjust("v4", program.Change{Item: "i2", Kind: program.SetTo, Dose: dosed(1)}))
		require.Equal(t, "This change lasts until the usual program is back, which stays as it is.", reason("v4"))
		require.NoError(t, adjust("v5", program.Change{Item: "i1", Kind: program.Regress}))
		require.Empty(t, reason("v5"), "the usual program changes as well")
		require.NoError(t, adjust("v6", program.Change{Item: "i2", Kind: program.Remove}))
		require.NotEmpty(t, reason("v6"))
	})
}

// A patient swaps an exercise, once; in a lighter program what comes after it, and the usual one below, change alike.
func TestASwapReachesWhatRulesPlanned(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		ctx, anna := context.Background(), d.AsPatient(testdb.Anna)
		d.has(testdb.Anna, "v2", 2, -5, 3, program.Published)
		d.has(testdb.Bert, "v2", 2, -5, 3, program.Published)
		d.has(testdb.Anna, "v3", 3, -1, 1, program.ByFlare)
		d.has(testdb.Anna, "v4", 4, 6, 2, program.ByRebuild)
		found, err := d.Alternatives(ctx, anna, "i1")
		require.NoError(t, err)
		require.NotEmpty(t, found)
		_, err = d.Alternatives(ctx, anna, "i9")
		require.ErrorIs(t, err, program.ErrNoItem)
		for _, want := range []bool{true, false} {
			_, created, err := d.Swap(ctx, anna, program.Swap{ID: "v5", Item: "i1", Exercise: found[0].Slug})
			require.NoError(t, err)
			require.Equal(t, want, created)
		}
		require.Equal(t, []shown{
			{-5, program.Published, testdb.Tom, []int{3}}, {-1, program.ByFlare, testdb.Tom, []int{1}},
			{6, program.ByRebuild,
				testdb.Tom, []int{2}},
			{0, program.BySwap, testdb.Tom, []int{3}}, {0, program.ByFlare, testdb.Tom, []int{1}},
			{6, program.ByRebuild,
				testdb.Tom, []int{2}},
		}, d.shows(testdb.Anna))
		versions := d.history(testdb.Anna).Versions
		require.Equal(t, id.ProgramVersion("v5"), versions[5].ID)
		for _, v := range versions[4:] {
			require.Equal(t, found[0].Slug, v.Items[0].Exercise)
		}
		require.Equal(t, "Swapped by the patient.", versions[4].Reason.EN)
		require.Equal(t, "Gewisseld door de patiënt.", versions[4].Reason.NL)
		require.Empty(t, versions[5].Reason)
		require.Equal(t, []string{"p-anna 2026-03-02", "p-anna 2026-03-02", "p-anna 2026-03-08"}, d.told.changes)
		require.Len(t, d.shows(testdb.Bert), 1)
	})
}

// A therapist's adjustment in a flare changes what is asked now and the usual program that comes back afterwards.
func TestAnAdjustmentInAFlare(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		d.has(testdb.Anna, "v2", 2, -5, 3, program.Published)
		d.has(testdb.Anna, "v3", 3, -1, 1, program.ByFlare)
		a := program.Adjustment{ID: "v4", Changes: []program.Change{{Item: "i1", Kind: program.SetTo, Dose: dosed(2)}}}
		_, _, err := d.Adjust(
			context.Background(), d.AsMember(testdb.Tess), testdb.Anna, a, d.history(testdb.Anna).Etag(),
		)
		require.NoError(t, err)
		require.Equal(t, []shown{
			{-5, program.Published, testdb.Tom, []int{3}},
			{-1, program.ByFlare, testdb.Tom, []int{1}},
			{0, program.ByAdjustment, testdb.Tess, []int{2}},
			{0, program.ByFlare, testdb.Tom, []int{2}},
		}, d.shows(testdb.Anna))
	})
}

// In an ordinary program a swap is one version, on top of what a member published.
func TestASwapInAnOrdinaryProgram(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		d.has(testdb.Anna, "v2", 2, -5, 3, program.Published)
		_, _, err := d.Swap(context.Background(), d.AsPatient(testdb.Anna), program.Swap{ID: "v3", Item: "i1",
			Exercise: "sit-to-stand"})
		require.NoError(t, err)
		require.Equal(
			t, []shown{{-5, program.Published, testdb.Tom, []int{3}}, {0, program.BySwap, testdb.Tom, []int{3}}},
			d.shows(testdb.Anna),
		)
	})
}

// What rules plan stands on top of what is there, for whoever asked for it; what a member published for later stops
// it, unless the
// planner has looked at that.
func TestWhatRulesPlan(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		plan := func(patient id.Patient, by id.Member, p program.Planned) error {
			p.Items, p.Origin = []program.Item{bridge(4).In(library(t))}, program.ByFlare
			return d.DB.Write(context.Background(), func(tx *database.Tx) error { return d.Plan(tx, patient, by, p) })
		}
		d.has(testdb.Anna, "v2", 2, -5, 3, program.Published)
		said := words.Pair{NL: "Opvlamming.", EN: "Flare."}
		require.NoError(t, plan(testdb.Anna, "", program.Planned{From: today, Reason: said}))
		require.NoError(t, plan(testdb.Anna, testdb.Tess, program.Planned{From: today.AddDays(1)}))
		require.Equal(t, []shown{
			{-5, program.Published, testdb.Tom, []int{3}},
			{0, program.ByFlare, testdb.Tom, []int{4}},
			{1, program.ByFlare, testdb.Tess, []int{4}},
		}, d.shows(testdb.Anna))
		require.Equal(t, "Flare.", d.history(testdb.Anna).Versions[2].Reason.EN)
		d.has(testdb.Anna, "v5", 5, 9, 2, program.Published)
		require.ErrorIs(t, plan(testdb.Anna, "", program.Planned{From: today}), program.ErrBackwards)
		require.NoError(t, plan(testdb.Anna, "", program.Planned{From: today, Regardless: true}))
		require.Len(t, d.shows(testdb.Anna), 5)
		require.Empty(t, d.shows(testdb.Bert))

		d.Write(func(tx *database.Tx) error {
			_, err := tx.Exec("DELETE FROM program_versions WHERE patient_id = ?", testdb.Bert)
			return err
		})
		require.ErrorIs(t, plan(testdb.Bert, "", program.Planned{From: today}), program.ErrNoProgram)
		require.NoError(t, plan(testdb.Bert, testdb.Tess, program.Planned{From: today}))
	})
}
