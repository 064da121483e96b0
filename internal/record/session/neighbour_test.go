package session_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/safety"
	"cadans/internal/record/session"
	"cadans/internal/run/testdb"
	"cadans/pkg/localtime"
)

// told hears of changes.
type told struct{ changes []session.Change }

// SessionChanged implements session.Observer.
func (l *told) SessionChanged(_ *database.Tx, c session.Change) error {
	l.changes = append(l.changes, c)
	return nil
}

// diary is what patients of a town say about their sessions.
type diary struct {
	*testdb.Town
	*session.Service
	t    *testing.T
	told *told
}

func inDiary(t *testing.T, promise func(*testing.T, diary)) {
	t.Helper()
	testdb.InTown(t, func(t *testing.T, town *testdb.Town) {
		heard := &told{}
		promise(t, diary{town, session.NewService(town.Guard, safety.NewGate(nil, nothing), heard), t, heard})
	})
}

// nothing is what was told by somebody without an intake.
func nothing(*database.Tx, id.Patient) (safety.Answers, localtime.Date, error) {
	return safety.Answers{}, localtime.Date{}, nil
}

// said is a session of so many days before today, with a note.
func (d diary) said(daysAgo int, note string) session.Content {
	at := d.Clock.Now().AddDate(0, 0, -daysAgo)
	return session.Content{
		PerformedAt: at, Zone: "Europe/Amsterdam", LocalDate: localtime.DateOf(at), Version: testdb.V1,
		Status: session.Partial, Note: note,
	}
}

func (d diary) logs(patient id.Patient, as id.Session, daysAgo int, note string) {
	d.t.Helper()
	said := session.Told{Content: d.said(daysAgo, note)}
	_, created, err := d.Log(context.Background(), d.AsPatient(patient), as, said)
	require.NoError(d.t, err)
	require.True(d.t, created)
}

func (d diary) deletes(patient id.Patient, s id.Session) {
	d.t.Helper()
	require.NoError(d.t, d.Delete(context.Background(), d.AsPatient(patient), s))
}

// notes shows sessions as their notes.
func notes(sessions []session.Session) (all []string) {
	for _, s := range sessions {
		all = append(all, s.Note)
	}
	return all
}

// notesOf returns the notes of all that a patient can see, the latest first.
func (d diary) notesOf(patient id.Patient) []string {
	d.t.Helper()
	found, err := d.ListMine(context.Background(), d.AsPatient(patient), session.Filter{Limit: 100})
	require.NoError(d.t, err)
	return notes(found)
}

// Phones choose ids, so two patients may choose alike, and what one of them says about a session changes no other.
func TestASessionIsChangedAlone(t *testing.T) {
	inDiary(t, func(t *testing.T, d diary) {
		ctx, anna := context.Background(), d.AsPatient(testdb.Anna)
		for _, patient := range []id.Patient{testdb.Bert, testdb.Anna, testdb.Carla} {
			d.logs(patient, "s1", 0, "1 of "+string(patient))
			d.logs(patient, "s2", 1, "2 of "+string(patient))
		}
		for _, s := range []id.Session{"s1", "s2"} {
			mine, err := d.Mine(ctx, anna, s)
			require.NoError(t, err)
			require.Equal(t, string(s[1:])+" of p-anna", mine.Note)
		}
		_, err := d.Correct(ctx, anna, "s2", session.Told{Content: d.said(1, "corrected")})
		require.NoError(t, err)
		require.Equal(t, []string{"1 of p-anna", "corrected"}, d.notesOf(testdb.Anna))
		d.deletes(testdb.Anna, "s1")
		require.Equal(t, []string{"corrected"}, d.notesOf(testdb.Anna))
		require.Equal(t, []string{"1 of p-bert", "2 of p-bert"}, d.notesOf(testdb.Bert))
		require.Equal(t, []string{"1 of p-carla", "2 of p-carla"}, d.notesOf(testdb.Carla))
	})
}

// A list has the days asked for, both ends included, the latest first, and nothing that was deleted.
func TestAListOfSessions(t *testing.T) {
	inDiary(t, func(t *testing.T, d diary) {
		for i, as := range []id.Session{"e", "d", "c", "b", "a"} {
			d.logs(testdb.Bert, as, i, "of Bert")
			d.logs(testdb.Anna, as, i, string(as))
		}
		d.deletes(testdb.Anna, "c")
		today := localtime.DateOf(d.Clock.Now())
		for _, tc := range []struct {
			name string
			f    session.Filter
			want []string
		}{
			{"everything", session.Filter{Limit: 9}, []string{"e", "d", "b", "a"}},
			{"the latest", session.Filter{Limit: 1}, []string{"e"}},
			{"since a day", session.Filter{Since: today.AddDays(-1), Limit: 9}, []string{"e", "d"}},
			{"until a day", session.Filter{Until: today.AddDays(-3), Limit: 9}, []string{"b", "a"}},
			{"one day", session.Filter{Since: today.AddDays(-3), Until: today.AddDays(-3), Limit: 9}, []string{"b"}},
			{"after a place",
				session.Filter{Before: session.Position{PerformedAt: database.At(d.Clock.Now().AddDate(0, 0,
					-1)), Session: "d"}, Limit: 9}, []string{"b", "a"}},
		} {
			found, err := d.ListMine(context.Background(), d.AsPatient(testdb.Anna), tc.f)
			require.NoError(t, err)
			require.Equal(t, tc.want, notes(found), tc.name)
		}
	})
}

// What rules read of a patient's sessions is that patient's, of those days, as they were done.
func TestSessionsThatRulesRead(t *testing.T) {
	inDiary(t, func(t *testing.T, d diary) {
		for i, as := range []id.Session{"g", "f", "e", "d", "c", "b"} {
			d.logs(testdb.Anna, as, i, string(as))
			d.logs(testdb.Bert, "other-"+as, i, "of Bert")
		}
		d.logs(testdb.Anna, "a", 3, "a")
		d.deletes(testdb.Anna, "e")
		ago := localtime.DateOf(d.Clock.Now()).AddDays
		d.Read(func(tx *database.Tx) error {
			found, err := session.Between(tx, testdb.Anna, ago(-4), ago(-1))
			require.NoError(t, err)
			require.Equal(t, []string{"c", "a", "d", "f"}, notes(found), "between two days")
			found, err = session.Latest(tx, testdb.Anna, ago(-3), 9)
			require.NoError(t, err)
			require.Equal(t, []string{"a", "d", "f", "g"}, notes(found), "the latest since a day")
			found, err = session.Latest(tx, testdb.Anna, ago(-3), 3)
			require.NoError(t, err)
			require.Equal(t, []string{"d", "f", "g"}, notes(found), "the latest three")
			last, err := session.Last(tx, testdb.Anna)
			require.NoError(t, err)
			require.Equal(t, "g", last.Note)
			return nil
		})
	})
}

// The other sessions of a session's day are those of its own patient and day.
func TestSessionsBesideAnother(t *testing.T) {
	inDiary(t, func(t *testing.T, d diary) {
		for _, as := range []id.Session{"a", "b", "c", "gone"} {
			d.logs(testdb.Anna, as, 1, string(as))
			d.logs(testdb.Bert, "other-"+as, 1, "of Bert")
		}
		d.logs(testdb.Anna, "d", 2, "d")
		d.deletes(testdb.Anna, "gone")
		d.Read(func(tx *database.Tx) error {
			of := session.Session{ID: "b", Patient: testdb.Anna, Content: d.said(1, "")}
			found, err := session.OthersOfDay(tx, of)
			require.NoError(t, err)
			require.ElementsMatch(t, []string{"a", "c"}, notes(found))
			return nil
		})
	})
}

// A therapist has to read the notes that came in after a moment, and no others.
func TestNotesSinceAMoment(t *testing.T) {
	inDiary(t, func(t *testing.T, d diary) {
		d.logs(testdb.Anna, "read", 0, "read already")
		since := d.Clock.Now()
		d.Clock.Advance(time.Minute)
		for _, as := range []id.Session{"a", "b", "gone"} {
			d.logs(testdb.Anna, as, 0, "to read")
		}
		d.logs(testdb.Anna, "silent", 0, "")
		d.deletes(testdb.Anna, "gone")
		d.logs(testdb.Bert, "other", 0, "of Bert")
		d.Read(func(tx *database.Tx) error {
			n, err := session.NotesSince(tx, testdb.Anna, since)
			require.Equal(t, 2, n)
			return err
		})
	})
}

// The next morning's answer is about one session of one patient, since a day; saying it again tells nobody anew.
func TestWhetherPainSettled(t *testing.T) {
	inDiary(t, func(t *testing.T, d diary) {
		settles := func(patient id.Patient, s id.Session, settled bool) {
			require.NoError(t, d.Settle(context.Background(), d.AsPatient(patient), s, settled))
		}
		for _, as := range []id.Session{"s1", "s2", "s3"} {
			d.logs(testdb.Anna, as, int('4'-as[1]), "")
			d.logs(testdb.Bert, as, int(as[1]-'1'), "") // the other way round
		}
		d.logs(testdb.Bert, "s4", 0, "")
		before := len(d.told.changes)
		settles(testdb.Anna, "s1", true)
		settles(testdb.Anna, "s2", true)
		settles(testdb.Anna, "s3", true)
		settles(testdb.Anna, "s3", false)
		settles(testdb.Anna, "s3", false)
		require.Len(t, d.told.changes[before:], 4, "the last answer is no news")
		settles(testdb.Bert, "s2", false)
		settles(testdb.Bert, "s4", true)
		d.Read(func(tx *database.Tx) error {
			settled, err := session.SettledOf(tx, testdb.Anna, localtime.DateOf(d.Clock.Now()).AddDays(-2))
			require.Equal(t, map[id.Session]bool{"s2": true, "s3": false}, settled)
			return err
		})
	})
}

// What is said of an old session later stands with that session, in the order it was written.
func TestNotesAboutAnOldSession(t *testing.T) {
	inDiary(t, func(t *testing.T, d diary) {
		for _, patient := range []id.Patient{testdb.Bert, testdb.Anna} {
			d.logs(patient, "s1", 0, "")
			d.logs(patient, "s2", 0, "")
		}
		d.Clock.Advance(session.EditWindow + time.Second)
		adds := func(patient id.Patient, s id.Session, note id.Note, text string) bool {
			d.Clock.Advance(time.Second)
			_, created, err := d.AddNote(context.Background(), d.AsPatient(patient), s, note, text)
			require.NoError(t, err)
			return created
		}
		require.True(t, adds(testdb.Bert, "s1", "n2", "of Bert"))
		require.True(t, adds(testdb.Anna, "s1", "n2", "first"))
		require.True(t, adds(testdb.Anna, "s1", "n1", "second"))
		require.True(t, adds(testdb.Anna, "s2", "n3", "about another"))
		require.False(t, adds(testdb.Anna, "s1", "n2", "first"), "a retry")
		require.False(t, adds(testdb.Anna, "s1", "n1", "second"), "another retry")
		mine, err := d.Mine(context.Background(), d.AsPatient(testdb.Anna), "s1")
		require.NoError(t, err)
		var texts []string
		for _, n := range mine.Corrections {
			texts = append(texts, n.Text)
		}
		require.Equal(t, []string{"first", "second"}, texts)
	})
}

func (d diary) daysAgo(n int) localtime.Date { return localtime.DateOf(d.Clock.Now()).AddDays(-n) }
