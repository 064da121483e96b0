package program_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/exercise"
	"cadans/internal/record/program"
	"cadans/internal/run/testdb"
	"cadans/pkg/localtime"
)

// told is whose expectation changed from which day on.
type told struct{ changes []string }

// ExpectationChanged implements program.Observer.
func (o *told) ExpectationChanged(_ *database.Tx, patient id.Patient, from, _ localtime.Date) error {
	o.changes = append(o.changes, string(patient)+" "+from.String())
	return nil
}

// desk is where therapists of a town make programs.
type desk struct {
	*testdb.Town
	*program.Service
	t    *testing.T
	told *told
}

func atDesk(t *testing.T, promise func(*testing.T, desk)) {
	t.Helper()
	testdb.InTown(t, func(t *testing.T, town *testdb.Town) {
		heard := &told{}
		promise(t, desk{town, program.NewService(town.Guard, library(t), heard), t, heard})
	})
}

var (
	today   = localtime.MustParseDate("2026-03-02") // on which a town begins
	endless = localtime.MustParseDate("9999-12-31")
)

// paused stores a pause from a day to a day, counted from today.
func (d desk) paused(patient id.Patient, as id.Pause, reason program.PauseReason, start, end int) {
	d.t.Helper()
	d.Insert("pauses", testdb.Row{
		"patient_id": patient, "id": as, "reason": reason, "start_date": today.AddDays(start),
		"end_date": today.AddDays(end), "declared_by": "therapist",
	})
}

// pauses shows the last day of every pause.
func (d desk) pauses() (all map[string]string) {
	d.t.Helper()
	d.Read(func(tx *database.Tx) error {
		var rows []struct{ Name, EndDate string }
		err := tx.All(&rows, "SELECT patient_id || ' ' || reason || ' ' || start_date AS name, end_date FROM pauses")
		all = map[string]string{}
		for _, r := range rows {
			all[r.Name] = r.EndDate
		}
		return err
	})
	return all
}

// A pause is ended alone, whatever else the patient, or another with the same id, has.
func TestAPauseIsEndedAlone(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		d.paused(testdb.Bert, "p1", "holiday", -20, -10)
		d.paused(testdb.Anna, "p0", "holiday", -20, -10)
		d.paused(testdb.Anna, "p1", "illness", -3, 5)
		d.paused(testdb.Anna, "p2", "holiday", 10, 15)
		d.paused(testdb.Carla, "p1", "holiday", -3, 5)
		want := d.pauses()
		want["p-anna illness 2026-02-27"] = "2026-03-01"
		for range 2 {
			require.NoError(t, d.EndMine(context.Background(), d.AsPatient(testdb.Anna), "p1"))
			require.Equal(t, want, d.pauses())
		}
		require.ErrorIs(t, d.EndMine(context.Background(), d.AsPatient(testdb.Bert), "p2"), program.ErrNoPause)
	})
}

// A stop is one patient's, and open until it is ended: a stop that ended, another pause without an end and somebody
// else's stop are no reason to leave it out.
func TestAStopOfOnePatient(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		ever := endless.DaysSince(today)
		d.paused(testdb.Bert, "p1", program.SafetyPause, -5, ever)
		d.paused(testdb.Anna, "p1", program.SafetyPause, -9, -8)
		d.paused(testdb.Anna, "p2", "illness", -1, ever)
		before := d.pauses()
		for range 2 {
			d.Write(func(tx *database.Tx) error { return d.Stop(tx, testdb.Anna, today) })
			stopped := d.pauses()
			require.Len(t, stopped, len(before)+1)
			require.Equal(t, endless.String(), stopped["p-anna safety 2026-03-02"])
		}
		before["p-anna safety 2026-03-02"] = "2026-03-04"
		for range 2 {
			d.Write(func(tx *database.Tx) error { return d.Reopen(tx, testdb.Anna, today.AddDays(3)) })
			require.Equal(t, before, d.pauses())
		}
	})
}

// Two pauses of a patient share no day; one that was taken back, a stop, or somebody else's is in nobody's way.
func TestPausesDoNotOverlap(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		d.paused(testdb.Anna, "taken", "holiday", 10, 14)
		d.paused(testdb.Anna, "taken back", "holiday", 20, 19)
		d.paused(testdb.Anna, "one day", "holiday", 25, 25)
		d.paused(testdb.Anna, "stop", program.SafetyPause, 30, 40)
		d.paused(testdb.Bert, "other", "holiday", 50, 54)
		for name, tc := range map[string]struct {
			start, end int
			want       error
		}{
			"before":              {5, 9, nil},
			"until its first day": {5, 10, program.ErrOverlaps},
			"from its last day":   {14, 16, program.ErrOverlaps},
			"after":               {15, 17, nil},
			"around one day":      {25, 25, program.ErrOverlaps},
			"where it was":        {18, 22, nil},
			"in a stop":           {31, 33, nil},
			"with Bert":           {50, 54, nil},
		} {
			_, _, err := d.Pause(context.Background(), d.AsMember(testdb.Tess), testdb.Anna, program.NewPause{
				ID: id.Pause(name), Reason: "holiday", Start: today.AddDays(tc.start), End: today.AddDays(tc.end)})
			require.ErrorIs(t, err, tc.want, name)
		}
	})
}

// A pause or a version that is sent again is told from another patient's with the same id, and from others of the
// patient.
func TestWhatIsSentAgainIsStoredOnce(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		ctx, tess := context.Background(), d.AsMember(testdb.Tess)
		for _, want := range []bool{true, false} {
			for i, patient := range []id.Patient{testdb.Bert, testdb.Anna} {
				for _, pause := range []id.Pause{"p1", "p2"} {
					day := today.AddDays(4*i + int(pause[1]-'0'))
					_, created, err := d.Pause(ctx, tess, patient, program.NewPause{
						ID:     pause,
						Reason: "holiday",
						Start:  day,
						End:    day,
					})
					require.NoError(t, err)
					require.Equal(t, want, created)
				}
				h, _, err := d.Versions(ctx, tess, patient)
				require.NoError(t, err)
				_, created, err := d.Publish(ctx, tess, patient, d.version("v2", 2+i), h.Etag())
				require.NoError(t, err)
				require.Equal(t, want, created)
			}
		}
	})
}

// version is a version of one exercise with so many sets.
func (d desk) version(as id.ProgramVersion, sets int) program.NewVersion {
	return program.NewVersion{ID: as, EffectiveFrom: today, Items: []program.NewItem{bridge(sets)}}
}

func bridge(sets int) program.NewItem {
	return program.NewItem{
		ID: "i1", Exercise: "bridge", Dose: exercise.Dose{Sets: sets, Reps: 8, HoldS: 2},
		Schedule: program.Schedule{Kind: program.WeeklyQuota, Quota: 3, TimesPerDay: 1},
	}
}

// A patient's versions are in the order in which they were published.
func TestVersionsInOrder(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		for _, patient := range []id.Patient{testdb.Anna, testdb.Bert} {
			d.Insert("program_versions", testdb.Row{"patient_id": patient, "id": "v0", "number": 3,
				"effective_from": today, "items": "[]", "published_by": testdb.Tess},
				testdb.Row{"patient_id": patient, "id": "v9", "number": 2, "effective_from": today, "items": "[]",
					"published_by": testdb.Tess})
		}
		h, _, err := d.Versions(context.Background(), d.AsMember(testdb.Tess), testdb.Anna)
		require.NoError(t, err)
		var ids []id.ProgramVersion
		for _, v := range h.Versions {
			ids = append(ids, v.ID)
		}
		require.Equal(t, []id.ProgramVersion{testdb.V1, "v9", "v0"}, ids)
	})
}

// Whoever does not treat a patient finds no such patient, whatever is asked.
func TestAProgramOfAnotherPractice(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		ctx, elsa := context.Background(), d.AsMember(testdb.Elsa)
		h, _, err := d.Versions(ctx, d.AsMember(testdb.Tess), testdb.Anna)
		require.NoError(t, err)
		_, err = d.SaveDraft(
			ctx, d.AsMember(testdb.Tess), testdb.Anna, program.Draft{Items: []program.NewItem{bridge(2)}}, "",
		)
		require.NoError(t, err)
		for name, ask := range map[string]func() error{
			"publish": func() error {
				_, _, err := d.Publish(ctx, elsa, testdb.Anna, d.version("v2", 2), h.Etag())
				return err
			},
			"versions": func() error { _, _, err := d.Versions(ctx, elsa, testdb.Anna); return err },
			"pauses":   func() error { _, err := d.Pauses(ctx, elsa, testdb.Anna); return err },
			"pause": func() error {
				_, _, err := d.Pause(
					ctx, elsa, testdb.Anna, program.NewPause{ID: "p1", Reason: "holiday", Start: today, End: today},
				)
				return err
			},
			"end a pause": func() error { return d.EndPause(ctx, elsa, testdb.Anna, "p1") },
			"draft":       func() error { _, err := d.Draft(ctx, elsa, testdb.Anna); return err },
			"save": func() error {
				_, err := d.SaveDraft(ctx, elsa, testdb.Anna, program.Draft{}, "")
				return err
			},
			"discard":     func() error { return d.DiscardDraft(ctx, elsa, testdb.Anna) },
			"publish it":  func() error { _, _, err := d.PublishDraft(ctx, elsa, testdb.Anna, "v2", ""); return err },
			"adaptations": func() error { _, err := d.Adaptations(ctx, elsa, testdb.Anna); return err },
		} {
			require.EqualError(t, ask(), access.ErrNotFound.Error(), name)
		}
		_, err = d.Draft(ctx, d.AsMember(testdb.Tess), testdb.Anna)
		require.NoError(t, err, "the draft is still there")
	})
}

// What rules planned ahead gives way to a therapist's version; what a therapist planned does not.
func TestWhatGivesWay(t *testing.T) {
	for origin, want := range map[program.Origin]error{
		program.ByWalking: nil,
		program.Published: program.ErrBackwards,
	} {
		t.Run(string(origin), func(t *testing.T) {
			atDesk(t, func(t *testing.T, d desk) {
				d.Insert("program_versions", testdb.Row{"patient_id": testdb.Anna, "id": "ahead", "number": 2,
					"items": "[]", "effective_from": today.AddDays(10), "published_by": testdb.Tess, "origin": origin})
				h, _, err := d.Versions(context.Background(), d.AsMember(testdb.Tess), testdb.Anna)
				require.NoError(t, err)
				_, _, err = d.Publish(
					context.Background(), d.AsMember(testdb.Tess), testdb.Anna, d.version("v2", 2), h.Etag(),
				)
				require.ErrorIs(t, err, want)
			})
		})
	}
}

// Whoever depends on a program hears of each change of it, from its first day on.
func TestWhoDependsOnAProgramIsTold(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		ctx, tess := context.Background(), d.AsMember(testdb.Tess)
		_, _, err := d.Pause(ctx, tess, testdb.Anna, program.NewPause{
			ID: "p1", Reason: "holiday", Start: today.AddDays(-3), End: today.AddDays(3)})
		require.NoError(t, err)
		require.NoError(t, d.EndPause(ctx, tess, testdb.Anna, "p1"))
		d.Write(func(tx *database.Tx) error { return d.Stop(tx, testdb.Bert, today.AddDays(1)) })
		d.Write(func(tx *database.Tx) error { return d.Reopen(tx, testdb.Bert, today.AddDays(2)) })
		h, _, err := d.Versions(ctx, tess, testdb.Anna)
		require.NoError(t, err)
		_, _, err = d.Publish(ctx, tess, testdb.Anna, d.version("v2", 2), h.Etag())
		require.NoError(t, err)
		require.Equal(t, []string{"p-anna 2026-02-27", "p-anna 2026-03-02", "p-bert 2026-03-03", "p-bert 2026-03-04",
			"p-anna 2026-03-02"}, d.told.changes)
	})
}
