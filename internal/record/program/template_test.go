package program_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/program"
	"cadans/internal/run/testdb"
)

// A draft is one patient's, and so is throwing it away.
func TestADraftIsOnePatients(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		ctx, tess := context.Background(), d.AsMember(testdb.Tess)
		for i, patient := range []id.Patient{testdb.Bert, testdb.Anna} {
			_, err := d.SaveDraft(ctx, tess, patient, program.Draft{Items: []program.NewItem{bridge(2 + i)}}, "")
			require.NoError(t, err)
		}
		found, err := d.Draft(ctx, tess, testdb.Anna)
		require.NoError(t, err)
		require.Equal(t, 3, found.Items[0].Dose.Sets)
		require.NoError(t, d.DiscardDraft(ctx, tess, testdb.Anna))
		_, err = d.Draft(ctx, tess, testdb.Anna)
		require.ErrorIs(t, err, program.ErrNoDraft)
		found, err = d.Draft(ctx, tess, testdb.Bert)
		require.NoError(t, err)
		require.Equal(t, 2, found.Items[0].Dose.Sets)
	})
}

// saves stores a template of one core exercise with so many sets.
func (d desk) saves(member id.Member, as id.Template, name string, sets int, based string) (program.Template, error) {
	t := program.Template{ID: as, Name: name, Items: []program.TemplateItem{{NewItem: bridge(sets), Core: true}}}
	saved, _, err := d.SaveTemplate(context.Background(), d.AsMember(member), t, based)
	return saved, err
}

// templates names the templates of a member's practice with the sets they ask for.
func (d desk) templates(member id.Member) (names []string) {
	d.t.Helper()
	found, err := d.Templates(context.Background(), d.AsMember(member))
	require.NoError(d.t, err)
	for _, t := range found {
		names = append(names, t.Name+" "+string(rune('0'+t.Items[0].Dose.Sets)))
	}
	return names
}

// Templates are listed by name; each is saved and archived alone, also when another practice has one with the same
// id.
func TestATemplateIsChangedAlone(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		_, err := d.saves(testdb.Elsa, "t2", "Elders", 5, "")
		require.NoError(t, err)
		_, err = d.saves(testdb.Tess, "t1", "Zwaar", 4, "")
		require.NoError(t, err)
		second, err := d.saves(testdb.Tess, "t2", "Licht", 2, "")
		require.NoError(t, err)
		_, err = d.saves(testdb.Tess, "t2", "Licht", 3, second.Etag())
		require.NoError(t, err)
		require.Equal(t, []string{"Licht 3", "Zwaar 4"}, d.templates(testdb.Tess))
		require.ErrorIs(
			t, d.ArchiveTemplate(context.Background(), d.AsMember(testdb.Tess), "t3"), program.ErrNoTemplate,
		)
		for range 2 {
			require.NoError(t, d.ArchiveTemplate(context.Background(), d.AsMember(testdb.Tess), "t2"))
			require.Equal(t, int64(1), d.archivedAfter())
			d.Clock.Advance(time.Hour)
		}
		require.Equal(t, []string{"Zwaar 4"}, d.templates(testdb.Tess))
		require.Equal(t, []string{"Elders 5"}, d.templates(testdb.Elsa))
	})
}

// archivedAfter counts templates that were archived in the first hour.
func (d desk) archivedAfter() (n int64) {
	d.Read(func(tx *database.Tx) error {
		return tx.Value(&n, "SELECT count(*) FROM program_templates WHERE archived_at = ?",
			database.At(time.Date(2026, 3,
				2, 9, 0, 0, 0, time.UTC)))
	})
	return n
}

// A draft names a template of the practice, and what was made of that one is kept.
func TestADraftFromATemplate(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		ctx, tess := context.Background(), d.AsMember(testdb.Tess)
		_, err := d.saves(testdb.Tess, "t1", "Zwaar", 4, "")
		require.NoError(t, err)
		_, err = d.saves(testdb.Tess, "t2", "Licht", 2, "")
		require.NoError(t, err)
		draft := program.Draft{Items: []program.NewItem{bridge(2)}, Template: "t3"}
		_, err = d.SaveDraft(ctx, tess, testdb.Anna, draft, "")
		require.True(t, fault.Is(err, fault.Invalid), err)
		draft.Template = "t2"
		saved, err := d.SaveDraft(ctx, tess, testdb.Anna, draft, "")
		require.NoError(t, err)
		for _, want := range []bool{true, false} {
			_, created, err := d.PublishDraft(ctx, tess, testdb.Anna, "v2", saved.Etag())
			require.NoError(t, err)
			require.Equal(t, want, created)
		}
		made, err := d.Adaptations(ctx, tess, testdb.Anna)
		require.NoError(t, err)
		require.Equal(t, []program.Adaptation{{Version: "v2", Template: "t2", Revision: 1}}, made)
	})
}

// What was made of templates is listed for one patient, in the order of the versions.
func TestAdaptationsInOrder(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		for patient, numbers := range map[id.Patient]map[string]int{testdb.Bert: {"v2": 2, "v3": 3},
			testdb.Anna: {"v2": 3, "v3": 2}} {
			for version, number := range numbers {
				d.Insert("program_versions", testdb.Row{
					"patient_id": patient, "id": version, "number": number, "effective_from": today, "items": "[]",
					"published_by": testdb.Tess})
				d.Insert("program_adaptations", testdb.Row{"patient_id": patient, "version_id": version,
					"template_id": "of " + string(patient)})
			}
		}
		made, err := d.Adaptations(context.Background(), d.AsMember(testdb.Tess), testdb.Anna)
		require.NoError(t, err)
		require.Equal(t, []program.Adaptation{{Version: "v3", Template: "of p-anna"}, {Version: "v2",
			Template: "of p-anna"}}, made)
	})
}

// Core items stay as they are in the template, and any other difference needs a reason.
func TestWhatADraftMayChangeOfATemplate(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		ctx, tess := context.Background(), d.AsMember(testdb.Tess)
		option := bridge(4)
		option.ID = "i2"
		_, _, err := d.SaveTemplate(ctx, tess, program.Template{ID: "t1", Name: "Rug", Items: []program.TemplateItem{
			{NewItem: bridge(2), Core: true}, {NewItem: option},
		}}, "")
		require.NoError(t, err)
		more := bridge(3)
		more.ID = "i3"
		for name, tc := range map[string]struct {
			items            []program.NewItem
			reason           string
			allowed, changed bool
		}{
			"as it is":                 {[]program.NewItem{bridge(2), option}, "", true, false},
			"without an option":        {[]program.NewItem{bridge(2)}, "", false, false},
			"without, for a reason":    {[]program.NewItem{bridge(2)}, "no time", true, true},
			"more":                     {[]program.NewItem{bridge(2), option, more}, "", false, false},
			"more, for a reason":       {[]program.NewItem{bridge(2), option, more}, "fit", true, true},
			"without what is the core": {[]program.NewItem{option, more}, "other", false, false},
		} {
			draft := program.Draft{Items: tc.items, Template: "t1", Reason: tc.reason}
			require.NoError(t, d.DiscardDraft(ctx, tess, testdb.Anna))
			saved, err := d.SaveDraft(ctx, tess, testdb.Anna, draft, "")
			require.NoError(t, err)
			_, _, err = d.PublishDraft(ctx, tess, testdb.Anna, id.ProgramVersion(name), saved.Etag())
			require.Equal(t, !tc.allowed, fault.Is(err, fault.Invalid), "%s: %v", name, err)
			made, err := d.Adaptations(ctx, tess, testdb.Anna)
			require.NoError(t, err)
			if tc.allowed {
				require.Equal(t, tc.changed, made[len(made)-1].Changed, name)
			}
		}
	})
}
