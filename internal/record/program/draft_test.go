package program_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/exercise"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/run/testdb"
)

// A draft is saved on top of what was read, comes back as it was said, and is gone once it is published, which happens
// once.
func TestADraftFromTheFirstWordToItsVersion(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		ctx, tess := context.Background(), d.AsMember(testdb.Tess)
		draft := program.Draft{EffectiveFrom: today.AddDays(3), Items: []program.NewItem{bridge(2)}, Reason: "why"}
		first, err := d.SaveDraft(ctx, tess, testdb.Anna, draft, "")
		require.NoError(t, err)
		draft.Based, draft.By = d.history(testdb.Anna).Etag(), testdb.Tess
		require.Equal(t, draft, first)
		again, err := d.SaveDraft(ctx, tess, testdb.Anna, draft, "")
		require.NoError(t, err, "the same needs no base")
		require.Equal(t, first, again)
		read, err := d.Draft(ctx, tess, testdb.Anna)
		require.NoError(t, err)
		require.Equal(t, first, read)

		draft.Items = []program.NewItem{bridge(3)}
		_, err = d.SaveDraft(ctx, tess, testdb.Anna, draft, "")
		require.ErrorIs(t, err, program.ErrUnconditional)
		_, err = d.SaveDraft(ctx, tess, testdb.Anna, draft, "other")
		require.ErrorIs(t, err, program.ErrStale)
		second, err := d.SaveDraft(ctx, tess, testdb.Anna, draft, first.Etag())
		require.NoError(t, err)

		for based, want := range map[string]error{"": program.ErrUnconditional, first.Etag(): program.ErrStale} {
			_, created, err := d.PublishDraft(ctx, tess, testdb.Anna, "v2", based)
			require.ErrorIs(t, err, want)
			require.False(t, created)
		}
		for _, want := range []bool{true, false} {
			h, created, err := d.PublishDraft(ctx, tess, testdb.Anna, "v2", second.Etag())
			require.NoError(t, err)
			require.Equal(t, want, created)
			require.Len(t, h.Versions, 2)
		}
		require.Equal(t, []shown{{3, program.Published, testdb.Tess, []int{3}}}, d.shows(testdb.Anna))
		_, err = d.Draft(ctx, tess, testdb.Anna)
		require.ErrorIs(t, err, program.ErrNoDraft)
	})
}

// Half a draft is kept and not published; without a day it begins on the day of publishing, and not at all where
// another version was
// published since.
func TestWhatOfADraftIsPublished(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		ctx, tess := context.Background(), d.AsMember(testdb.Tess)
		half, err := d.SaveDraft(ctx, tess, testdb.Anna, program.Draft{Items: []program.NewItem{}}, "")
		require.NoError(t, err)
		_, _, err = d.PublishDraft(ctx, tess, testdb.Anna, "v2", half.Etag())
		require.True(t, fault.Is(err, fault.Invalid), err)
		_, err = d.SaveDraft(ctx, tess, testdb.Anna,
			program.Draft{Items: []program.NewItem{{ID: "i1", Exercise: "handstand"}}}, half.Etag())
		require.True(t, fault.Is(err, fault.Invalid), err)
		whole, err := d.SaveDraft(
			ctx, tess, testdb.Anna, program.Draft{Items: []program.NewItem{bridge(2)}}, half.Etag(),
		)
		require.NoError(t, err)

		bert, err := d.SaveDraft(ctx, tess, testdb.Bert, program.Draft{Items: []program.NewItem{bridge(5)}}, "")
		require.NoError(t, err)
		d.has(testdb.Bert, "v2", 2, 0, 4, program.Published)
		_, _, err = d.PublishDraft(ctx, tess, testdb.Bert, "v3", bert.Etag())
		require.ErrorIs(t, err, program.ErrStale)

		_, _, err = d.PublishDraft(ctx, tess, testdb.Anna, "v2", whole.Etag())
		require.NoError(t, err)
		require.Equal(t, []shown{{0, program.Published, testdb.Tess, []int{2}}}, d.shows(testdb.Anna))
		require.Equal(t, []shown{{0, program.Published, testdb.Tom, []int{4}}}, d.shows(testdb.Bert))
	})
}

// Where the program has changed since a draft was begun, only who has read the draft again can build it on what is
// asked now, also with the same words. Who has not read it is refused.
func TestADraftIsBuiltOnTheProgramAsItIs(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		ctx, tess := context.Background(), d.AsMember(testdb.Tess)
		for patient, sets := range map[id.Patient]int{testdb.Anna: 2, testdb.Bert: 6} {
			draft := program.Draft{Items: []program.NewItem{bridge(2)}}
			begun, err := d.SaveDraft(ctx, tess, patient, draft, "")
			require.NoError(t, err)
			d.has(patient, "v2", 2, 0, 4, program.Published)
			next := program.Draft{Items: []program.NewItem{bridge(sets)}}
			if sets != 2 {
				_, err = d.SaveDraft(ctx, tess, patient, next, begun.Etag())
				require.ErrorIs(t, err, program.ErrStale)
			}
			read, err := d.Draft(ctx, tess, patient)
			require.NoError(t, err)
			_, _, err = d.PublishDraft(ctx, tess, patient, "v3", read.Etag())
			require.ErrorIs(t, err, program.ErrStale, "read, and not saved")
			saved, err := d.SaveDraft(ctx, tess, patient, next, read.Etag())
			require.NoError(t, err)
			again, err := d.SaveDraft(ctx, tess, patient, next, read.Etag())
			require.NoError(t, err, "a repeated request")
			require.Equal(t, saved, again)
			_, created, err := d.PublishDraft(ctx, tess, patient, "v3", saved.Etag())
			require.NoError(t, err)
			require.True(t, created)
		}
	})
}

// A template has a core, exercises that exist and doses in their units; saving the same again changes nothing.
func TestATemplateIsChecked(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		ctx, tess := context.Background(), d.AsMember(testdb.Tess)
		unknown, wrong := bridge(2), bridge(0)
		unknown.Exercise = "handstand"
		for name, items := range map[string][]program.TemplateItem{
			"no core": {{NewItem: bridge(2)}}, "unknown": {{NewItem: bridge(2), Core: true}, {NewItem: unknown}},
			"wrong": {{NewItem: wrong, Core: true}},
		} {
			_, created, err := d.SaveTemplate(ctx, tess, program.Template{ID: "t1", Name: "Rug", Items: items}, "")
			require.True(t, fault.Is(err, fault.Invalid), name)
			require.False(t, created, name)
		}
		require.Empty(t, d.templates(testdb.Tess))
		template := program.Template{
			ID:   "t1",
			Name: "Rug",
			Items: []program.TemplateItem{{NewItem: bridge(2), Core: true},
				{NewItem: bridge(3)}},
		}
		for _, want := range []bool{true, false} {
			saved, created, err := d.SaveTemplate(ctx, tess, template, "")
			require.NoError(t, err)
			require.Equal(t, want, created)
			template.Revision = 1
			require.Equal(t, template, saved)
		}
		changed := template
		changed.Name = "Rug, lang"
		_, _, err := d.SaveTemplate(ctx, tess, changed, "")
		require.ErrorIs(t, err, program.ErrUnconditional)
		_, _, err = d.SaveTemplate(ctx, tess, changed, "other")
		require.ErrorIs(t, err, program.ErrStale)
		saved, created, err := d.SaveTemplate(ctx, tess, changed, template.Etag())
		require.NoError(t, err)
		require.False(t, created)
		require.Equal(t, 2, saved.Revision)
	})
}

// What an item asks, and how it changes, in both languages.
func TestAnItemInWords(t *testing.T) {
	t.Parallel()
	bridges, walk, unknown := item(t, "bridge", 3, 10, 0), item(t, "walk-easy", 2, 0, 10), item(t, "handstand", 1, 4, 0)
	walk.Schedule.TimesPerDay = 2
	require.Equal(t, "3×10, 5× per week", bridges.Says(people.Dutch))
	require.Equal(t, "20 min, 10× a week", walk.Says(people.English))
	more, easier, often := bridges, item(t, "bridge-small", 3, 10, 0), bridges
	more.Dose.Reps, often.Schedule.Quota = 12, 3
	held, longer := bridges, bridges
	held.Dose.HoldS, longer.Dose.HoldS, longer.Dose.Reps = 5, 300, 100
	for want, pair := range map[string][2]program.Item{
		"Bridge 3×10, hold 5 s → 3×100, hold 300 s": {held, longer},
		"Bridge 3×10 → 3×12":                        {bridges, more},
		"Bridge 3×10 → Small hip lift 3×10":         {bridges, easier},
		"Bridge 5× a week → 3× a week":              {bridges, often},
		"handstand 1×4 → Bridge 3×10":               {unknown, bridges},
		"Bridge 3×10 → handstand 1×4":               {bridges, unknown},
		"Bridge 3×12 → 3×10, 3× a week":             {more, often},
		"Bridge 5× a week → 5× a week":              {bridges, bridges},
	} {
		require.Equal(t, want, program.DiffItem(pair[0], pair[1], library(t), people.English))
	}
	require.Equal(t, "Bruggetje 3×10 → 3×12", program.DiffItem(bridges, more, library(t), people.Dutch))
}

// A dose that an item kept in minutes or repetitions survives being stored, whole.
func TestAnItemIsStoredWhole(t *testing.T) {
	t.Parallel()
	least := exercise.Dose{Sets: 1, Reps: 4, HoldS: 2}
	it := item(t, "bridge", 3, 10, 0)
	it.ID, it.Minimum, it.Dose.HoldS = id.ProgramItem("i7"), &least, 2
	stored, err := it.Encode()
	require.NoError(t, err)
	read, err := program.DecodeItem([]byte(stored))
	require.NoError(t, err)
	require.Equal(t, it, read)
}
