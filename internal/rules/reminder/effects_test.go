package reminder_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/rules/reminder"
	"cadans/internal/run/testdb"
	"cadans/pkg/localtime"
)

// decided stores a decision at nine in the morning of a day, counted from monday, in which chance sent a plain cue;
// row says what is otherwise.
func (o outbox) decided(as string, patient id.Patient, day int, row testdb.Row) {
	o.t.Helper()
	practice := testdb.North
	if patient == testdb.Carla {
		practice = testdb.Elsewhere
	}
	whole := testdb.Row{
		"id": as, "patient_id": patient, "practice_id": practice, "kind": "cue", "local_date": monday.AddDays(day),
		"decided_at": o.at(day, 9),
		"arms":       `[{"arm":"plain","permille":500},{"arm":"none","permille":500}]`, "arm": "plain",
		"state": `{"believed":[{}],"barrier":"time"}`,
	}
	for column, value := range row {
		whole[column] = value
	}
	o.Insert("reminder_decisions", whole)
}

// at is an hour of a day, counted from monday.
func (o outbox) at(day, hour int) time.Time {
	return time.Date(2026, 3, 2+day, hour, 0, 0, 0, time.UTC)
}

// did stores a session at an hour after monday began, on the record of a day.
func (o outbox) did(patient id.Patient, hour, day int, row testdb.Row) {
	o.t.Helper()
	whole := testdb.Row{
		"patient_id": patient, "id": fmt.Sprint("s", hour), "performed_at": o.at(0, hour),
		"local_date": monday.AddDays(day), "program_version_id": testdb.V1, "items": "[]",
	}
	for column, value := range row {
		whole[column] = value
	}
	o.Insert("sessions", whole)
}

// effect returns what one kind and arm did in Anna's practice, and in all.
func (o outbox) effect(since, until localtime.Date) (practice, pooled reminder.Effect) {
	o.t.Helper()
	e, err := reminder.NewService(o.Guard, nil, nil).Effects(context.Background(),
		o.AsMember(testdb.Adri), since, until)
	require.NoError(o.t, err)
	if len(e.Practice) > 0 {
		practice = e.Practice[0].Effect
	}
	if len(e.Pooled) > 0 {
		pooled = e.Pooled[0].Effect
	}
	return practice, pooled
}

// An effect is estimated from what chance decided in a range of days with both its ends, once its outcome is in: in
// the practice, and in all.
func TestWhichDecisionsAnEffectIsFrom(t *testing.T) {
	inOutbox(t, func(t *testing.T, o outbox) {
		o.decided("before", testdb.Anna, 0, nil)
		o.decided("first", testdb.Anna, 2, nil)
		o.decided("not by chance", testdb.Anna, 2, testdb.Row{"arm": "", "decided_at": o.at(2, 19)})
		o.decided("last", testdb.Anna, 6, nil)
		o.decided("too fresh", testdb.Bert, 6, testdb.Row{"decided_at": o.at(6, 9).Add(time.Millisecond)})
		o.decided("after", testdb.Anna, 8, testdb.Row{"decided_at": o.at(5, 9)})
		o.decided("elsewhere", testdb.Carla, 4, nil)
		o.Clock.Set(o.at(9, 9)) // 72 hours after the last one
		practice, pooled := o.effect(monday.AddDays(2), monday.AddDays(6))
		require.Equal(t, []int{2, 1}, []int{practice.Decisions, practice.Patients})
		require.Equal(t, []int{3, 2}, []int{pooled.Decisions, pooled.Patients})
		o.Read(func(tx *database.Tx) error {
			learned, err := reminder.Learned(tx, testdb.North, monday.AddDays(2), monday.AddDays(6))
			require.Equal(t, reminder.Experience{"time": {reminder.Plain: {NotDone: 2}}}, learned[reminder.Cue])
			return err
		})
	})
}

// A decision is followed by a session of the same patient within a day, whatever day it was put on near there,
// unless it was taken back.
func TestWhichSessionsFollowADecision(t *testing.T) {
	inOutbox(t, func(t *testing.T, o outbox) {
		o.Clock.Set(o.at(99, 9))
		for i, tc := range []struct {
			name    string
			patient id.Patient
			day     int // on which the session was put, from that of the decision
			row     testdb.Row
			want    float64
		}{
			{"the same day", testdb.Anna, 0, nil, 1},
			{"the day before", testdb.Anna, -1, nil, 1},
			{"two days before", testdb.Anna, -2, nil, 0},
			{"two days later", testdb.Anna, 2, nil, 1},
			{"three days later", testdb.Anna, 3, nil, 0},
			{"taken back", testdb.Anna, 0, testdb.Row{"deleted_at": 1}, 0},
			{"somebody else's", testdb.Bert, 0, nil, 0},
		} {
			at := 10 * i
			o.decided(tc.name, testdb.Anna, at, nil)
			o.did(tc.patient, 24*at+10, at+tc.day, tc.row)
			practice, _ := o.effect(monday.AddDays(at), monday.AddDays(at))
			require.InDelta(t, tc.want, practice.RateSent, 0, tc.name)
		}
	})
}

// A session before a decision is not what followed it, and hides none that did.
func TestASessionBeforeADecision(t *testing.T) {
	inOutbox(t, func(t *testing.T, o outbox) {
		o.decided("d", testdb.Anna, 0, nil)
		o.did(testdb.Anna, 8, 0, nil)
		o.Clock.Set(o.at(9, 9))
		practice, _ := o.effect(monday, monday)
		require.InDelta(t, 0, practice.RateSent, 0)
		o.did(testdb.Anna, 10, 0, nil)
		practice, _ = o.effect(monday, monday)
		require.InDelta(t, 1, practice.RateSent, 0)
	})
}
