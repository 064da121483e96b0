package program_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/id"
	"cadans/internal/record/program"
	"cadans/internal/run/testdb"
)

// withdraws takes a version back.
func (d desk) withdraws(patient id.Patient, version id.ProgramVersion) {
	d.Insert("program_withdrawals", testdb.Row{
		"patient_id": patient, "version_id": version, "withdrawn_at": d.Clock.Now(), "withdrawn_by": testdb.Tess,
	})
}

// Who repeats the publication of a version that was withdrawn hears so, and what was made of a template for it is no
// longer listed.
func TestAWithdrawnVersionIsNotPublishedAgain(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		ctx, tess := context.Background(), d.AsMember(testdb.Tess)
		_, err := d.saves(testdb.Tess, "t1", "Licht", 2, "")
		require.NoError(t, err)
		draft := program.Draft{Items: []program.NewItem{bridge(2)}, Template: "t1"}
		saved, err := d.SaveDraft(ctx, tess, testdb.Anna, draft, "")
		require.NoError(t, err)
		_, _, err = d.PublishDraft(ctx, tess, testdb.Anna, "v2", saved.Etag())
		require.NoError(t, err)
		direct, based := d.version("v3", 4), d.history(testdb.Anna).Etag()
		_, _, err = d.Publish(ctx, tess, testdb.Anna, direct, based)
		require.NoError(t, err)

		d.withdraws(testdb.Anna, "v2")
		d.withdraws(testdb.Anna, "v3")
		_, _, err = d.PublishDraft(ctx, tess, testdb.Anna, "v2", saved.Etag())
		require.ErrorIs(t, err, program.ErrWithdrawn)
		_, _, err = d.Publish(ctx, tess, testdb.Anna, direct, based)
		require.ErrorIs(t, err, program.ErrWithdrawn)
		made, err := d.Adaptations(ctx, tess, testdb.Anna)
		require.NoError(t, err)
		require.Empty(t, made)
	})
}
