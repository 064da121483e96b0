package alert_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/words"
	"cadans/internal/record/alert"
	"cadans/internal/run/testdb"
)

func TestMain(m *testing.M) { os.Exit(testdb.Suite{M: m}.Run()) }

// board is where the alerts of a town hang.
type board struct {
	*testdb.Town
	*alert.Service
	t *testing.T
}

func onBoard(t *testing.T, promise func(*testing.T, board)) {
	t.Helper()
	testdb.InTown(t, func(t *testing.T, town *testdb.Town) {
		promise(t, board{town, alert.NewService(town.Guard), t})
	})
}

// raises opens an alert, a second after the one before, and returns its id.
func (b board) raises(patient id.Patient, kind alert.Kind, subject string) (raised id.Alert) {
	b.t.Helper()
	b.Clock.Advance(time.Second)
	b.Write(func(tx *database.Tx) error {
		return alert.Raise(tx, patient, alert.Raised{
			Kind: kind, Subject: subject, Urgency: alert.Today, Pair: words.Pair{NL: "nl", EN: "en"},
		})
	})
	b.Read(func(tx *database.Tx) error {
		return tx.Value(&raised, `SELECT id FROM alerts WHERE patient_id = ? AND kind = ? AND subject = ?
			AND resolved_at IS NULL`, patient, kind, subject)
	})
	return raised
}

// found is what rules of one kind have found.
func found(kind alert.Kind, rules ...alert.Rule) alert.Plan {
	p := alert.Plan{Kind: kind, QuietDays: 14, Outcome: alert.Recovered}
	for _, r := range rules {
		said := words.Pair{NL: string(r) + " nl", EN: string(r)}
		p.Found = append(p.Found, alert.Finding{Rule: r, Urgency: alert.ThisWeek, Pair: said})
	}
	return p
}

func (b board) plans(patient id.Patient, p alert.Plan) {
	b.t.Helper()
	b.Clock.Advance(time.Second)
	b.Write(func(tx *database.Tx) error { return p.Write(tx, patient) })
}

// crowd raises what looks alike in some way: for another patient, of another kind, about something else.
func (b board) crowd() {
	b.raises(testdb.Bert, "pain", "s1")
	b.raises(testdb.Anna, "pain", "s2")
	b.raises(testdb.Anna, "silence", "s1")
	b.raises(testdb.Carla, "pain", "s1")
}

// open names the alerts that are open, of everybody.
func (b board) open() (names []string) {
	b.t.Helper()
	b.Read(func(tx *database.Tx) error {
		alerts, err := alert.OpenOf(tx, []id.Patient{testdb.Anna, testdb.Bert, testdb.Carla})
		for _, patient := range []id.Patient{testdb.Anna, testdb.Bert, testdb.Carla} {
			for _, a := range alerts[patient] {
				names = append(names, strings.Join([]string{string(patient), string(a.Kind), a.Subject}, " "))
			}
		}
		return err
	})
	return names
}

// history shows what happened to an alert, in order.
func (b board) history(a id.Alert) (happened []string) {
	b.t.Helper()
	_, events, _, err := b.Get(context.Background(), b.AsMember(testdb.Tess), a)
	require.NoError(b.t, err)
	for _, e := range events {
		happened = append(happened, strings.TrimSpace(fmt.Sprint(e.What, " ", e.Detail)))
	}
	return happened
}

// What has been dealt with ends one alert: that patient's, of that kind, about that; one that ended before keeps
// its outcome.
func TestSettlingEndsOneAlert(t *testing.T) {
	onBoard(t, func(t *testing.T, b board) {
		settle := func(outcome string) {
			b.Write(func(tx *database.Tx) error { return alert.Settle(tx, testdb.Anna, "pain", "s1", "", outcome) })
		}
		b.crowd()
		before := b.raises(testdb.Anna, "pain", "s1")
		settle("before")
		now := b.raises(testdb.Anna, "pain", "s1")
		settle("now")
		require.Equal(t, []string{"p-anna pain s2", "p-anna silence s1", "p-bert pain s1", "p-carla pain s1"}, b.open())
		require.Equal(t, []string{"raised", "settled before"}, b.history(before))
		require.Equal(t, []string{"raised", "settled now"}, b.history(now))
	})
}

// What a therapist does with one alert happens to that one alone, and is told in the order it happened.
func TestAnAlertIsChangedAlone(t *testing.T) {
	onBoard(t, func(t *testing.T, b board) {
		ctx, tess := context.Background(), b.AsMember(testdb.Tess)
		b.crowd()
		a, late := b.raises(testdb.Anna, "pain", "s1"), b.raises(testdb.Bert, "pain", "later")
		_, _, err := b.Snooze(ctx, tess, late, b.Clock.Now().Add(time.Hour))
		require.NoError(t, err)
		others := b.stored("WHERE id <> '" + string(a) + "'")
		acts := []func(context.Context, access.Viewer, id.Alert) (alert.Alert, time.Time, error){
			b.Acknowledge,
			func(ctx context.Context, v access.Viewer, a id.Alert) (alert.Alert, time.Time, error) {
				return b.Snooze(ctx, v, a, b.Clock.Now().Add(time.Hour))
			},
			b.Reopen,
			func(ctx context.Context, v access.Viewer, a id.Alert) (alert.Alert, time.Time, error) {
				return b.Resolve(ctx, v, a, alert.Resolution{Outcome: "contacted"})
			},
			b.Reopen,
		}
		for _, act := range acts {
			changed, _, err := act(ctx, tess, a)
			require.NoError(t, err)
			require.Equal(t, a, changed.ID)
			require.Equal(t, others, b.stored("WHERE id <> '"+string(a)+"'"))
		}
		require.Equal(t, []string{"raised", "acknowledged", "snoozed", "reopened", "resolved contacted", "reopened"},
			b.history(a))
		changed, _, _, err := b.Get(ctx, tess, a)
		require.NoError(t, err)
		require.Equal(t, alert.Open, changed.State(b.Clock.Now()))
		b.Read(func(tx *database.Tx) error {
			numbers, err := database.Column[int](
				tx, "SELECT number FROM alert_events WHERE alert_id = ? ORDER BY number", a,
			)
			require.Equal(t, []int{1, 2, 3, 4, 5, 6}, numbers)
			return err
		})
	})
}

// stored shows alerts with all that happened to them.
func (b board) stored(where string) (rows []string) {
	b.t.Helper()
	b.Read(func(tx *database.Tx) (err error) {
		rows, err = database.Column[string](tx, `SELECT id || urgency || reason_en || reasons || outcome ||
			COALESCE(acknowledged_by, '') || COALESCE(snoozed_until, 0) || COALESCE(resolved_at, 0) ||
			(SELECT count(*) FROM alert_events e WHERE e.alert_id = alerts.id) FROM alerts `+where+" ORDER BY id")
		return err
	})
	return rows
}

// A resolved alert does not come back when the same thing was raised anew, and does whatever else is open.
func TestReopeningWhatWasRaisedAnew(t *testing.T) {
	onBoard(t, func(t *testing.T, b board) {
		ctx, tess := context.Background(), b.AsMember(testdb.Tess)
		b.crowd()
		a := b.raises(testdb.Anna, "pain", "s1")
		for _, err := range []error{nil, alert.ErrResolved} {
			_, _, resolving := b.Resolve(ctx, tess, a, alert.Resolution{Outcome: "contacted"})
			require.NoError(t, resolving)
			if err != nil {
				b.raises(testdb.Anna, "pain", "s1")
			}
			_, _, reopening := b.Reopen(ctx, tess, a)
			require.ErrorIs(t, reopening, err)
		}
	})
}

// Rules go on from the patient's latest alert of their own kind, and change no other.
func TestRulesGoOnFromTheLatestAlert(t *testing.T) {
	onBoard(t, func(t *testing.T, b board) {
		b.plans(testdb.Anna, found("course", "old"))
		b.plans(testdb.Anna, found("course")) // it ends
		b.plans(testdb.Anna, found("course", "missed"))
		b.plans(testdb.Anna, found("other", "else"))
		b.plans(testdb.Bert, found("course", "pain"))
		others := b.stored("WHERE patient_id = 'p-bert' OR kind = 'other' OR outcome <> ''")
		changes := func(p alert.Plan, want bool) {
			b.Read(func(tx *database.Tx) error {
				is, err := p.Changes(tx, testdb.Anna)
				require.Equal(t, want, is)
				return err
			})
		}
		changes(found("course", "missed"), false)
		changes(found("course", "missed", "pain"), true)
		b.plans(testdb.Anna, found("course", "missed", "pain"))
		changes(found("course", "missed", "pain"), false)
		require.Equal(t, others, b.stored("WHERE patient_id = 'p-bert' OR kind = 'other' OR outcome <> ''"))
		b.Read(func(tx *database.Tx) error {
			alerts, err := alert.OpenOf(tx, []id.Patient{testdb.Anna})
			require.Len(t, alerts[testdb.Anna], 2)
			require.Equal(t, "missed pain", alerts[testdb.Anna][0].EN)
			require.Equal(t, []string{"raised", "reason_added missed", "reason_added pain"},
				b.history(alerts[testdb.Anna][0].ID))
			return err
		})
	})
}

// A reason counts while it holds: not when it has ended, when its alert has, or when it is somebody else's.
func TestHasReason(t *testing.T) {
	onBoard(t, func(t *testing.T, b board) {
		b.plans(testdb.Bert, found("course", "of Bert"))
		b.plans(testdb.Anna, found("done", "settled"))
		b.plans(testdb.Anna, found("done"))
		b.plans(testdb.Anna, found("handled", "resolved"))
		b.Write(func(tx *database.Tx) error {
			// its reason holds all the same
			return alert.Settle(tx, testdb.Anna, "handled", "", testdb.Tess, "contacted")
		})
		b.plans(testdb.Anna, found("course", "ended", "holds"))
		b.plans(testdb.Anna, found("course", "holds"))
		b.Read(func(tx *database.Tx) error {
			for rule, want := range map[alert.Rule]bool{
				"holds":    true,
				"ended":    false,
				"settled":  false,
				"resolved": false,
				"of Bert":  false,
			} {
				has, err := alert.HasReason(tx, testdb.Anna, "never", rule)
				require.NoError(t, err)
				require.Equal(t, want, has, rule)
			}
			return nil
		})
	})
}

// A list of everybody has what is open and what ended in the last 90 days; one of a patient has all; of what is
// alike the first comes first.
func TestAListOfAlerts(t *testing.T) {
	onBoard(t, func(t *testing.T, b board) {
		now := b.Clock.Now()
		row := func(as string, patient id.Patient, resolved any) testdb.Row {
			return testdb.Row{"id": as, "patient_id": patient, "kind": "pain", "subject": "s", "urgency": "today",
				"reasons": "[]", "opened_at": now.AddDate(0, 0, -200), "resolved_at": resolved}
		}
		old := now.AddDate(0, 0, -90)
		b.Insert("alerts", row("a5", testdb.Anna, nil), row("a4", testdb.Bert, nil), row("a3", testdb.Anna,
			old.Add(time.Millisecond)),
			row("a2", testdb.Anna, old), row("a1", testdb.Carla, nil))
		for name, tc := range map[string]struct {
			f    alert.Filter
			want []id.Alert
		}{
			"everything":   {alert.Filter{}, []id.Alert{"a3", "a4", "a5"}},
			"open":         {alert.Filter{States: []alert.State{alert.Open}}, []id.Alert{"a4", "a5"}},
			"open of Anna": {alert.Filter{States: []alert.State{alert.Open}, Patient: testdb.Anna}, []id.Alert{"a5"}},
			"resolved":     {alert.Filter{States: []alert.State{alert.Resolved}}, []id.Alert{"a3"}},
			"resolved of Anna": {alert.Filter{States: []alert.State{alert.Resolved}, Patient: testdb.Anna},
				[]id.Alert{"a2",
					"a3"}},
			"all of Anna": {alert.Filter{Patient: testdb.Anna}, []id.Alert{"a2", "a3", "a5"}},
		} {
			p, err := b.List(context.Background(), b.AsMember(testdb.Tess), tc.f)
			require.NoError(t, err)
			var got []id.Alert
			for _, a := range p.Alerts {
				got = append(got, a.ID)
			}
			require.Equal(t, tc.want, got, name)
		}
	})
}

// Somebody who does not treat the patient changes nothing, and finds nothing.
func TestAnAlertOfAnotherPractice(t *testing.T) {
	onBoard(t, func(t *testing.T, b board) {
		a := b.raises(testdb.Carla, "pain", "s1")
		before := b.stored("")
		_, _, err := b.Acknowledge(context.Background(), b.AsMember(testdb.Tess), a)
		require.True(t, fault.Is(err, fault.NotFound), err)
		_, _, _, err = b.Get(context.Background(), b.AsMember(testdb.Tess), a)
		require.True(t, fault.Is(err, fault.NotFound), err)
		require.Equal(t, before, b.stored(""))
	})
}
