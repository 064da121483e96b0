package session_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/safety"
	"cadans/internal/record/session"
	"cadans/internal/run/testdb"
	"cadans/pkg/localtime"
)

// How much pain rose is known only when both scores were given.
func TestPainRise(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		before, after *int
		rise          int
		known         bool
	}{{number(2), number(5), 3, true}, {number(5), number(2), -3, true}, {nil, number(5), 0, false}, {number(5), nil, 0,
		false}, {nil, nil, 0, false}} {
		rise, known := session.Session{Content: session.Content{PainBefore: tc.before, PainAfter: tc.after}}.PainRise()
		require.Equal(t, tc.rise, rise)
		require.Equal(t, tc.known, known)
	}
}

// A session can be corrected, deleted and answered about for exactly 7 days, and noted about only after that.
func TestTheEditWindow(t *testing.T) {
	inDiary(t, func(t *testing.T, d diary) {
		ctx, anna := context.Background(), d.AsPatient(testdb.Anna)
		for _, as := range []id.Session{"s1", "s2"} {
			d.logs(testdb.Anna, as, 0, string(as))
		}
		said := d.said(0, "corrected")
		d.Clock.Advance(session.EditWindow)
		_, err := d.Correct(ctx, anna, "s1", session.Told{Content: said})
		require.NoError(t, err)
		require.NoError(t, d.Settle(ctx, anna, "s1", true))
		_, _, err = d.AddNote(ctx, anna, "s1", "n1", "note")
		require.ErrorIs(t, err, session.ErrStillEditable)
		require.NoError(t, d.Delete(ctx, anna, "s2"))
		require.NoError(t, d.Delete(ctx, anna, "s2"))

		d.Clock.Advance(time.Second)
		said.Note = "too late"
		_, err = d.Correct(ctx, anna, "s1", session.Told{Content: said})
		require.ErrorIs(t, err, session.ErrEditWindowClosed)
		require.ErrorIs(t, d.Settle(ctx, anna, "s1", false), session.ErrEditWindowClosed)
		require.ErrorIs(t, d.Delete(ctx, anna, "s1"), session.ErrEditWindowClosed)
		noted, created, err := d.AddNote(ctx, anna, "s1", "n1", "note")
		require.NoError(t, err)
		require.True(t, created)
		require.Equal(t, "corrected", noted.Note)
		require.Equal(t, []session.Note{{ID: "n1", Text: "note", WrittenAt: d.Clock.Now()}}, noted.Corrections)
		listed, err := d.ListMine(ctx, anna, session.Filter{Limit: 9})
		require.NoError(t, err)
		require.Equal(t, []session.Session{noted}, listed)

		d.logs(testdb.Anna, "s3", 0, "s3")
		d.Clock.Advance(session.EditWindow + time.Second)
		_, _, err = d.AddNote(ctx, anna, "s3", "n1", "note")
		require.ErrorIs(t, err, database.ErrIDReused, "it stands with another session")
	})
}

// Whoever depends on a session hears of it, with its day, once; a correction names the day before and after.
func TestWhoDependsOnASessionIsTold(t *testing.T) {
	inDiary(t, func(t *testing.T, d diary) {
		ctx, anna := context.Background(), d.AsPatient(testdb.Anna)
		d.logs(testdb.Anna, "s1", 2, "")
		said := d.said(1, "")
		said.Items = []session.ItemDone{}
		for range 2 {
			_, err := d.Correct(ctx, anna, "s1", session.Told{Content: said})
			require.NoError(t, err)
		}
		require.NoError(t, d.Settle(ctx, anna, "s1", true))
		require.NoError(t, d.Delete(ctx, anna, "s1"))
		type heard struct {
			days            []localtime.Date
			logged, settled bool
		}
		var all []heard
		for _, c := range d.told.changes {
			require.Equal(t, testdb.Anna, c.Patient)
			all = append(all, heard{c.Days, c.Logged != nil, c.Settled != nil})
		}
		require.Equal(t, []heard{
			{[]localtime.Date{d.daysAgo(2)}, true, false}, {[]localtime.Date{d.daysAgo(2), d.daysAgo(1)}, false, false},
			{nil,
				false, true},
			{[]localtime.Date{d.daysAgo(1)}, false, false},
		}, all)
	})
}

// Signs stop the program at once, each of them once: a correction tells only of those that came with it.
func TestSignsOfASession(t *testing.T) {
	inDiary(t, func(t *testing.T, d diary) {
		guarded := &stops{}
		d.Service = session.NewService(d.Guard, safety.NewGate(guarded, nothing), d.told)
		ctx, anna := context.Background(), d.AsPatient(testdb.Anna)
		said := d.said(0, "")
		said.NewSigns = []safety.Sign{safety.NewNumbness}
		_, _, err := d.Log(ctx, anna, "s1", session.Told{Content: said})
		require.NoError(t, err)
		require.Len(t, d.told.changes[0].History.Versions, 1)
		said.Note = "nothing new"
		_, err = d.Correct(ctx, anna, "s1", session.Told{Content: said})
		require.NoError(t, err)
		require.Equal(t, []string{"R-6"}, d.found(testdb.Anna))
		said.NewSigns = []safety.Sign{safety.NewNumbness, safety.ChestPain}
		_, err = d.Correct(ctx, anna, "s1", session.Told{Content: said})
		require.NoError(t, err)
		require.Equal(t, []string{"E-7", "R-6"}, d.found(testdb.Anna))
		require.Equal(t, []id.Patient{testdb.Anna, testdb.Anna}, guarded.stopped)
		require.Empty(t, d.found(testdb.Bert))
		d.logs(testdb.Bert, "s1", 0, "")
		require.Len(t, d.told.changes[len(d.told.changes)-1].History.Versions, 1)
	})
}

// stops notes whose program was stopped.
type stops struct{ stopped []id.Patient }

// Stop implements safety.Guard.
func (s *stops) Stop(_ *database.Tx, patient id.Patient, _ localtime.Date) error {
	s.stopped = append(s.stopped, patient)
	return nil
}

// Reopen implements safety.Guard.
func (s *stops) Reopen(*database.Tx, id.Patient, localtime.Date) error { return nil }

// found names the rules that applied to a patient, in all reports.
func (d diary) found(patient id.Patient) (rules []string) {
	d.t.Helper()
	reports, err := safety.NewService(d.Guard, nil).Reports(
		context.Background(), d.AsMember(testdb.Tess), patient,
	)
	require.NoError(d.t, err)
	for _, r := range reports {
		for _, f := range r.Findings {
			rules = append(rules, f.Rule)
		}
	}
	slices.Sort(rules)
	return rules
}

// Only the patient logs and reads as such, and only who treats a patient reads that one's sessions.
func TestWhoseSessionsTheseAre(t *testing.T) {
	inDiary(t, func(t *testing.T, d diary) {
		ctx, tess := context.Background(), d.AsMember(testdb.Tess)
		d.logs(testdb.Anna, "s1", 0, "mine")
		posing := tess
		posing.Patient = testdb.Anna
		_, _, err := d.Log(ctx, posing, "s2", session.Told{Content: d.said(0, "not mine")})
		require.Error(t, err)
		_, err = d.Mine(ctx, posing, "s1")
		require.Error(t, err)
		_, err = d.List(ctx, d.AsMember(testdb.Elsa), testdb.Anna, session.Filter{Limit: 9})
		require.EqualError(t, err, access.ErrNotFound.Error())
		found, err := d.List(ctx, tess, testdb.Anna, session.Filter{Limit: 9})
		require.NoError(t, err)
		require.Equal(t, []string{"mine"}, notes(found))
		d.Read(func(tx *database.Tx) error {
			for s, want := range map[id.Session]bool{"s1": true, "s2": false} {
				there, err := session.Exists(tx, testdb.Anna, s)
				require.NoError(t, err)
				require.Equal(t, want, there, s)
			}
			return nil
		})
	})
}

// What a session has told before, the latest intake and the age make a sign that is new more serious, for the therapist
// and in what the patient reads alike.
func TestSignsBesideWhatIsKnown(t *testing.T) {
	for name, tc := range map[string]struct {
		known, first, then []safety.Sign
		daysAgo            int // what is known
		found              []string
		level              safety.Level
	}{
		"both legs, and then weak": {nil, []safety.Sign{safety.BothLegs}, []safety.Sign{safety.NewWeakness}, 0,
			[]string{"E-11", "R-5", "R-9"}, safety.Emergency},
		"the second of two of one kind": {nil, []safety.Sign{safety.UrineFlow}, []safety.Sign{safety.SexualChange}, 0,
			[]string{"E-8", "E-8"}, safety.Emergency},
		"fever after a procedure": {[]safety.Sign{safety.InfectionRisk}, nil, []safety.Sign{safety.Infection}, 90,
			[]string{"E-14"}, safety.Emergency},
		"fever long after one": {[]safety.Sign{safety.InfectionRisk}, nil, []safety.Sign{safety.Infection}, 91,
			[]string{"R-2"}, safety.Refer},
		"fever without one": {nil, nil, []safety.Sign{safety.Infection}, 0, []string{"R-2"}, safety.Refer},
		"numb, with a cancer that is known": {[]safety.Sign{safety.CancerHistory, safety.NightPain}, nil,
			[]safety.Sign{safety.NewNumbness}, 0, []string{"R-6"}, safety.Refer},
		"fainted while young": {nil, nil, []safety.Sign{safety.Collapse}, 0, []string{"R-11"}, safety.Refer},
	} {
		t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) {
			inDiary(t, func(t *testing.T, d diary) {
				told := func(*database.Tx, id.Patient) (safety.Answers, localtime.Date, error) {
					return safety.Answers{Yes: slices.Clone(tc.known)}, d.daysAgo(tc.daysAgo), nil
				}
				d.Service = session.NewService(d.Guard, safety.NewGate(&stops{}, told), d.told)
				ctx, anna := context.Background(), d.AsPatient(testdb.Anna)
				said := d.said(0, "")
				said.NewSigns = tc.first
				_, _, err := d.Log(ctx, anna, "s1", session.Told{Content: said})
				require.NoError(t, err)
				said.NewSigns = slices.Concat(tc.first, tc.then)
				corrected, err := d.Correct(ctx, anna, "s1", session.Told{Content: said})
				require.NoError(t, err)
				require.Equal(t, tc.found, d.found(testdb.Anna))
				mine, err := d.Mine(ctx, anna, "s1")
				require.NoError(t, err)
				require.Equal(t, tc.level, corrected.Verdict.Level)
				require.Equal(t, tc.level, mine.Verdict.Level)
			})
		})
	}
}
