package program_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/id"
	"cadans/internal/record/exercise"
	"cadans/internal/record/program"
	"cadans/internal/run/testdb"
)

// A draft and a template come back with all that was written, also in a field that is new.
func TestDraftsAndTemplatesKeepEveryField(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		ctx, v := context.Background(), d.AsMember(testdb.Tess)
		item := testdb.Filled[program.NewItem]()
		item.Exercise, item.Schedule = "bridge", bridge(1).Schedule
		item.Dose = exercise.Dose{Sets: 4, Reps: 12, HoldS: 2}
		item.Minimum = &exercise.Dose{Sets: 1, Reps: 8}
		template := testdb.Filled[program.Template]()
		template.Items = []program.TemplateItem{{NewItem: item, Core: true}}
		_, _, err := d.SaveTemplate(ctx, v, template, "")
		require.NoError(t, err)
		templates, err := d.Templates(ctx, v)
		require.NoError(t, err)
		stored := templates[len(templates)-1]
		require.Empty(t, testdb.Lost(template, stored, "Revision"), "the store of templates forgets this")

		draft := testdb.Filled[program.Draft]()
		draft.Items, draft.Template = []program.NewItem{item}, template.ID
		_, err = d.SaveDraft(ctx, v, testdb.Anna, draft, "")
		require.NoError(t, err)
		kept, err := d.Draft(ctx, v, testdb.Anna)
		require.NoError(t, err)
		require.Empty(t, testdb.Lost(draft, kept, "Based", "Moved", "By"), "the store of drafts forgets this")
		require.Equal(t, testdb.Tess, kept.By)

		published, _, err := d.Publish(ctx, v, testdb.Anna, program.NewVersion{
			ID: id.ProgramVersion("v9"), EffectiveFrom: today, Items: draft.Items,
		}, d.history(testdb.Anna).Etag())
		require.NoError(t, err)
		version, _ := published.Version("v9")
		require.Empty(t, testdb.Lost(item, version.Items[0]), "publishing forgets this")
	})
}
