package caseload_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/people"
	"cadans/internal/run/testdb"
	"cadans/internal/screens/caseload"
	"cadans/pkg/localtime"
)

// record is what a town keeps about Anna, whose program began on January 1; today is Monday March 2.
type record struct {
	*testdb.Town
	t *testing.T
}

func inRecord(t *testing.T, promise func(*testing.T, record)) {
	t.Helper()
	testdb.InTown(t, func(t *testing.T, town *testdb.Town) { promise(t, record{town, t}) })
}

func (r record) summary() caseload.Summary {
	r.t.Helper()
	sum, err := caseload.NewService(r.Guard).Summary(
		context.Background(), r.AsMember(testdb.Tess), testdb.Anna, people.English,
	)
	require.NoError(r.t, err)
	return sum
}

func (r record) visited(on string) {
	r.Insert("visits", testdb.Row{"patient_id": testdb.Anna, "id": on, "kind": "practice", "local_date": on,
		"recorded_by": testdb.Tess})
}

// did stores a session on a day at an hour.
func (r record) did(on string, hour int, row testdb.Row) {
	at := localtime.Resolve(localtime.MustParseDate(on), localtime.TimeOfDay(60*hour), time.UTC)
	whole := testdb.Row{"patient_id": testdb.Anna, "id": on + string(rune('a'+hour)), "performed_at": at,
		"received_at": at, "local_date": on,
		"program_version_id": testdb.V1, "items": "[]"}
	for column, value := range row {
		whole[column] = value
	}
	r.Insert("sessions", whole)
}

// A summary speaks of the days after the last visit, up to yesterday, of twelve weeks at most; without a visit, of
// the program.
func TestWhichDaysASummaryIsAbout(t *testing.T) {
	inRecord(t, func(t *testing.T, r record) {
		about := func(name, from, until string, days int) {
			since := r.summary().Since
			require.Equal(
				t, []any{from, until, days}, []any{since.From.String(), since.Until.String(), since.Days()}, name,
			)
		}
		about("since the program began", "2026-01-01", "2026-03-01", 60)
		r.visited("2026-02-20")
		about("since the visit", "2026-02-21", "2026-03-01", 9)
		r.visited("2026-03-01")
		about("since yesterday's visit", "2026-03-02", "2026-03-01", 0)
		r.visited("2026-03-02")
		about("since today's visit", "2026-03-03", "2026-03-02", 0)
		r.Clock.Advance(85 * 24 * time.Hour)
		about("a long time ago", "2026-03-03", "2026-05-25", 84)
		r.Clock.Advance(24 * time.Hour)
		about("too long ago", "2026-03-04", "2026-05-26", 84)
	})
}

// Numbers since a visit are of the days after it, each beside what it was before.
func TestNumbersSinceAVisit(t *testing.T) {
	inRecord(t, func(t *testing.T, r record) {
		r.visited("2026-02-19")
		for _, on := range []string{"2026-02-19", "2026-02-20", "2026-03-01"} {
			r.Insert("adherence_days", testdb.Row{"patient_id": testdb.Anna, "local_date": on, "active": true,
				"sessions": 1, "done": 1, "rises": 1, "late": 2, "uncounted": 3})
		}
		r.Insert("adherence_days", testdb.Row{"patient_id": testdb.Bert, "local_date": "2026-02-25", "active": true,
			"done": 5, "rises": 5})
		r.did("2026-02-18", 9, testdb.Row{"confidence": 2})
		r.did("2026-02-19", 9, testdb.Row{"confidence": 3, "pain_before": 1, "pain_after": 1})
		r.did("2026-02-20", 9, testdb.Row{"confidence": 5, "pain_before": 0, "pain_after": 0})
		r.did("2026-02-21", 9, testdb.Row{"confidence": 7, "pain_before": 4})
		r.did("2026-03-01", 9, testdb.Row{"pain_before": 4, "pain_after": 5})
		since := r.summary().Since
		require.Equal(t, []int{2, 4, 6, 2}, []int{since.Rises, since.Late, since.Uncounted, since.Scored})
		require.Equal(t, []int{2, 1}, []int{since.Rate.Done, since.Before.Done})
		require.Equal(t, []int{7, 3}, []int{*since.Confidence, *since.Earlier})
	})
}

// What was named most often comes first, with what the patient wrote last about it.
func TestWhatWasNamedSinceAVisit(t *testing.T) {
	inRecord(t, func(t *testing.T, r record) {
		r.visited("2026-02-19")
		for i, b := range []struct{ on, barrier, note string }{
			{"2026-02-19", "ill", "before"}, {"2026-02-20", "pain", "in my back"}, {"2026-02-24", "time", "busy"},
			{"2026-02-25", "time", ""},
			{"2026-02-26", "forgot", ""}, {"2026-02-27", "time", "very busy"}, {"2026-02-28", "time", ""},
		} {
			r.Insert("barrier_reports", testdb.Row{"patient_id": testdb.Anna, "id": string(rune('a' + i)),
				"local_date": b.on, "barrier": b.barrier, "note": b.note})
		}
		sum := r.summary()
		require.Equal(t, []caseload.Named{
			{Barrier: "time", Times: 4, Note: "very busy", On: localtime.MustParseDate("2026-02-28")},
			{Barrier: "forgot", Times: 1, On: localtime.MustParseDate("2026-02-26")},
			{Barrier: "pain", Times: 1, Note: "in my back", On: localtime.MustParseDate("2026-02-20")},
		}, sum.Named)
		require.Equal(t, []string{"no time (4×): “very busy”", "forgot (1×)", "pain (1×): “in my back”"},
			sum.InTheWay(people.English))
		require.Len(t, sum.Barriers, 7)
	})
}

// What a patient waits for is counted for that patient: notes since the last feedback, messages that were not
// opened, answers, wishes and alerts.
func TestWhatAPatientWaitsFor(t *testing.T) {
	inRecord(t, func(t *testing.T, r record) {
		at := func(day int) time.Time { return time.Date(2026, 2, day, 12, 0, 0, 0, time.UTC) }
		r.did("2026-02-18", 9, testdb.Row{"note": "before the feedback"})
		for day := 20; day < 23; day++ {
			r.did("2026-02-"+string(rune('0'+day/10))+string(rune('0'+day%10)), 9, testdb.Row{"note": "to read"})
		}
		for i, opened := range []any{at(20), nil, nil} {
			r.Insert("feedback", testdb.Row{"patient_id": testdb.Anna, "id": string(rune('a' + i)),
				"member_id": testdb.Tess, "about": "program",
				"sent_at": at(19), "opened_at": opened})
		}
		r.Insert(
			"module_responses",
			testdb.Row{"patient_id": testdb.Anna, "module": 1, "id": "m1", "submitted_at": at(20)},
		)
		for i := range 4 {
			r.Insert("change_requests", testdb.Row{"patient_id": testdb.Anna, "id": string(rune('a' + i)),
				"local_date": "2026-02-20", "reason": "hurts", "received_at": at(20)})
		}
		for _, as := range []string{"a", "b", "c", "d", "e"} {
			r.Insert("alerts", testdb.Row{"id": as, "patient_id": testdb.Anna, "kind": "pain", "subject": as,
				"urgency": "today", "reasons": "[]"})
		}
		require.Equal(t, caseload.Waiting{Notes: 3, Unopened: 2, Modules: 1, Wishes: 4, Alerts: 5}, r.summary().Waiting)
	})
}

// A summary has the program of today and the latest session, and is complete unless the phone is silent or missing.
func TestWhetherASummaryIsComplete(t *testing.T) {
	inRecord(t, func(t *testing.T, r record) {
		require.False(t, r.summary().Complete, "without a phone")
		require.Nil(t, r.summary().LastSession)
		seen := func(daysAgo int) {
			r.Insert("devices", testdb.Row{"id": string(rune('a' + daysAgo)), "patient_id": testdb.Anna,
				"last_seen_at": r.Clock.Now().AddDate(0, 0, -daysAgo), "time_zone": ""})
		}
		seen(5)
		require.False(t, r.summary().Complete, "silent")
		seen(4)
		r.did("2026-02-20", 9, nil)
		sum := r.summary()
		require.True(t, sum.Complete)
		require.Equal(t, testdb.V1, sum.Version.ID)
		require.Equal(t, "2026-02-20", sum.LastSession.LocalDate.String())
	})
}
