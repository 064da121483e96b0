package reminder_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/alert"
	"cadans/internal/rules/reminder"
	"cadans/internal/run/testdb"
	"cadans/pkg/localtime"
)

// outbox is the slots of a town.
type outbox struct {
	*testdb.Town
	t *testing.T
}

func inOutbox(t *testing.T, promise func(*testing.T, outbox)) {
	t.Helper()
	testdb.InTown(t, func(t *testing.T, town *testdb.Town) { promise(t, outbox{town, t}) })
}

var monday = localtime.MustParseDate("2026-03-02") // on which a town begins

// in is a moment so many minutes from now.
func (o outbox) in(minutes int) time.Time {
	return o.Clock.Now().Add(time.Duration(minutes) * time.Minute)
}

// slot stores a slot of Anna, unless row says otherwise, that is due now; each id has a day of its own.
func (o outbox) slot(as string, row testdb.Row) {
	o.t.Helper()
	whole := testdb.Row{
		"id": as, "patient_id": testdb.Anna, "local_date": monday.AddDays(int(as[0])), "kind": "cue", "state": "due",
		"reason": "due",
		"due_at": o.Clock.Now(), "expires_at": o.in(60), "decided_at": o.in(-5),
	}
	for column, value := range row {
		whole[column] = value
	}
	o.Insert("reminder_slots", whole)
}

// does runs something on the store and returns what is stored afterwards, by slot.
func (o outbox) does(act func(tx *database.Tx) error) (states map[string]string) {
	o.t.Helper()
	o.Write(act)
	states = map[string]string{}
	o.Read(func(tx *database.Tx) error {
		var rows []struct{ ID, Shown string }
		err := tx.All(&rows, `SELECT id, state || ' ' || attempts ||
			CASE WHEN lease_until > ? THEN ' held' ELSE '' END AS shown FROM reminder_slots`,
			database.At(o.Clock.Now()))
		for _, r := range rows {
			states[r.ID] = r.Shown
		}
		return err
	})
	return states
}

// claims takes slots for a minute.
func (o outbox) claims(limit int, again bool) (ids []string) {
	o.t.Helper()
	o.Write(func(tx *database.Tx) error {
		slots, err := reminder.Claim(reminder.NewStore(tx), limit, again)
		ids = nil
		for _, s := range slots {
			ids = append(ids, string(s.ID))
		}
		return err
	})
	return ids
}

// A sweep claims what is due and nobody else holds, the longest first, so many at a time. What may have gone out it
// claims only when it may send again.
func TestWhatASweepClaims(t *testing.T) {
	for name, tc := range map[string]struct {
		limit int
		again bool
		want  []string
	}{
		"what is sure to be unsent": {9, false, []string{"g", "a"}},
		"what may have gone out":    {9, true, []string{"c", "f", "g", "a"}},
		"the first two":             {2, true, []string{"c", "f"}},
	} {
		t.Run(name, func(t *testing.T) {
			inOutbox(t, func(t *testing.T, o outbox) {
				now := o.Clock.Now()
				o.slot("a", nil)
				o.slot("b", testdb.Row{"due_at": now.Add(time.Millisecond)})
				o.slot("c", testdb.Row{"state": "sending", "due_at": o.in(-4), "lease_until": now})
				o.slot("d", testdb.Row{"lease_until": now.Add(time.Millisecond)})
				o.slot("e", testdb.Row{"state": "sent", "due_at": o.in(-5)})
				o.slot("f", testdb.Row{"unsure": 1, "due_at": o.in(-3)})
				o.slot("g", testdb.Row{"lease_until": now, "due_at": o.in(-2)})
				require.Equal(t, tc.want, o.claims(tc.limit, tc.again))
				if tc.limit == 9 {
					require.Empty(t, o.claims(9, tc.again), "they are held now")
				}
			})
		})
	}
}

// A claim that was undone is taken again, slot by slot, unless somebody else has it or it is over.
func TestClaimingOneAgain(t *testing.T) {
	inOutbox(t, func(t *testing.T, o outbox) {
		now := o.Clock.Now()
		o.slot("a", nil)
		o.slot("b", testdb.Row{"state": "sending", "lease_until": now})
		o.slot("c", testdb.Row{"lease_until": now.Add(time.Millisecond)})
		o.slot("d", testdb.Row{"state": "sent"})
		again := func(as id.Slot) (mine bool) {
			o.Write(func(tx *database.Tx) (err error) {
				mine, err = reminder.ClaimAgain(
					reminder.NewStore(tx), reminder.Slot{ID: as, Lease: database.At(o.in(1))},
				)
				return err
			})
			return mine
		}
		require.True(t, again("a"))
		require.Equal(t, "sending 0", o.does(func(*database.Tx) error { return nil })["b"])
		require.Equal(t, []bool{true, false, false}, []bool{again("b"), again("c"), again("d")})
	})
}

// A slot is being sent, and settled, alone; with a lease that has passed to another, or once it was sent, it stays
// as it is.
func TestASlotIsSentAlone(t *testing.T) {
	inOutbox(t, func(t *testing.T, o outbox) {
		lease := o.in(1)
		for _, as := range []string{"a", "b", "c"} {
			o.slot(as, testdb.Row{"lease_until": lease})
		}
		sending := func(as id.Slot, held time.Time, want bool) func(*database.Tx) error {
			return func(tx *database.Tx) error {
				mine, err := reminder.Sending(
					reminder.NewStore(tx), reminder.Slot{ID: as, Attempts: 1, Lease: database.At(held)},
				)
				require.Equal(t, want, mine)
				return err
			}
		}
		require.Equal(t, map[string]string{"a": "sending 1 held", "b": "due 0 held", "c": "due 0 held"},
			o.does(sending("a", lease, true)))
		require.Equal(t, map[string]string{"a": "sending 1 held", "b": "due 0 held", "c": "due 0 held"},
			o.does(sending("b", o.in(2), false)))
		settle := func(s reminder.Slot) func(*database.Tx) error {
			return func(tx *database.Tx) error { return reminder.Settle(reminder.NewStore(tx), s) }
		}
		sent := o.does(settle(reminder.Slot{ID: "a", State: "sent", Attempts: 2}))
		require.Equal(t, map[string]string{"a": "sent 2", "b": "due 0 held", "c": "due 0 held"}, sent)
		require.Equal(t, sent, o.does(settle(reminder.Slot{ID: "a", State: "due", Attempts: 3})), "it went out")
	})
}

// The backlog is what is due or could not be sent, since the first of it was decided; what waits for the end of
// quiet hours is none.
func TestTheBacklog(t *testing.T) {
	inOutbox(t, func(t *testing.T, o outbox) {
		o.slot("a", testdb.Row{"decided_at": o.in(-10), "reason": reminder.QuietHours})
		o.slot("b", testdb.Row{"decided_at": o.in(-20), "state": "sending", "due_at": o.in(5)})
		o.slot("c", testdb.Row{"decided_at": o.in(-30), "reason": reminder.QuietHours, "due_at": o.in(5)})
		o.slot("d", testdb.Row{"decided_at": o.in(-40), "state": "sent"})
		o.Read(func(tx *database.Tx) error {
			slots, oldest, err := reminder.Backlog(reminder.NewStore(tx))
			require.Equal(t, 2, slots)
			require.Equal(t, 20*time.Minute, oldest)
			return err
		})
	})
}

// Patients are looked at when their moment has come, the longest first, so many at a time; who was changed
// meanwhile stays changed.
func TestPatientsAreClaimedInTurn(t *testing.T) {
	inOutbox(t, func(t *testing.T, o outbox) {
		o.Insert("reminder_due", testdb.Row{"patient_id": testdb.Anna, "due_at": o.in(-1)},
			testdb.Row{"patient_id": testdb.Bert, "due_at": o.Clock.Now()},
			testdb.Row{"patient_id": testdb.Carla, "due_at": o.in(-2)})
		claims := func(limit int) (claimed []id.Patient, lease database.Instant) {
			o.Write(func(tx *database.Tx) error {
				c, err := reminder.ClaimPatients(reminder.NewStore(tx), limit, time.Minute)
				claimed, lease = reminder.Claimed(c)
				return err
			})
			return claimed, lease
		}
		first, lease := claims(2)
		require.Equal(t, []id.Patient{testdb.Carla, testdb.Anna}, first)
		second, _ := claims(2)
		require.Equal(t, []id.Patient{testdb.Bert}, second)
		moves := func(patient id.Patient, held database.Instant) (mine bool) {
			o.Write(func(tx *database.Tx) (err error) {
				mine, err = reminder.MoveOn(reminder.NewStore(tx), patient, held, o.in(9))
				return err
			})
			return mine
		}
		require.False(t, moves(testdb.Anna, lease-1))
		require.True(t, moves(testdb.Anna, lease))
		require.False(t, moves(testdb.Anna, lease), "it was moved already")
		require.True(t, moves(testdb.Carla, lease), "hers did not move with Anna's")
	})
}

// A patient's slots are found by day and kind, or since a day as they are due; what was sent is read the latest
// first.
func TestSlotsAreFound(t *testing.T) {
	inOutbox(t, func(t *testing.T, o outbox) {
		day := func(n int) localtime.Date { return monday.AddDays(n) }
		o.slot("a", testdb.Row{"patient_id": testdb.Bert, "local_date": day(2)})
		o.slot("b", testdb.Row{"local_date": day(1), "state": "sent"})
		o.slot("c", testdb.Row{"local_date": day(2), "kind": "rescue", "state": "sent"})
		o.slot("d", testdb.Row{"local_date": day(2), "due_at": o.in(-9)})
		o.slot("e", testdb.Row{"local_date": day(3), "due_at": o.in(9)})
		o.Read(func(tx *database.Tx) error {
			store := reminder.NewStore(tx)
			for kind, want := range map[reminder.Kind]id.Slot{reminder.Cue: "d", reminder.Rescue: "c"} {
				found, err := reminder.SlotOf(store, testdb.Anna, day(2), kind)
				require.NoError(t, err)
				require.Equal(t, want, found.ID)
			}
			slots, err := reminder.SlotsSince(store, testdb.Anna, day(2))
			require.NoError(t, err)
			require.Equal(t, []id.Slot{"d", "c", "e"}, []id.Slot{slots[0].ID, slots[1].ID, slots[2].ID})
			require.Len(t, slots, 3)
			sent, err := reminder.SentSince(store, []id.Patient{testdb.Anna}, day(1))
			require.Equal(t, []id.Slot{"e", "c", "d", "b"}, reminder.IDsOf(sent[testdb.Anna]))
			return err
		})
	})
}

// A therapist is told once for each run of ignored reminders: of another patient, of another kind, and of another
// run is something else.
func TestATherapistIsToldOfEachRunOnce(t *testing.T) {
	inOutbox(t, func(t *testing.T, o outbox) {
		for i, row := range []testdb.Row{
			{"patient_id": testdb.Bert, "kind": reminder.IgnoredKind, "subject": "r1"},
			{"patient_id": testdb.Anna, "kind": alert.Kind("other"), "subject": "r1"},
			{"patient_id": testdb.Anna, "kind": reminder.IgnoredKind, "subject": "r2"},
		} {
			row["id"], row["urgency"] = string(rune('a'+i)), "today"
			o.Insert("alerts", row)
		}
		o.Read(func(tx *database.Tx) error {
			for run, want := range map[id.Slot]bool{"r1": false, "r2": true} {
				told, err := reminder.ToldIgnored(reminder.NewStore(tx), testdb.Anna, run)
				require.NoError(t, err)
				require.Equal(t, want, told, run)
			}
			return nil
		})
	})
}
