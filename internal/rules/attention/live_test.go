package attention_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/record/people"
	"cadans/internal/rules/adherence"
	"cadans/internal/rules/attention"
	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

// alerts lists what a therapist sees, but for the neighbour's.
func alerts(t *testing.T, m *testkit.Member, states ...client.AlertStateFilter) []client.AlertBody {
	t.Helper()
	answer, err := m.ListAlertsWithResponse(context.Background(), &client.ListAlertsParams{State: states}, english)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, answer.StatusCode(), string(answer.Body))
	return slices.DeleteFunc(answer.JSON200.Data, func(a client.AlertBody) bool { return a.PatientID == m.Neighbour() })
}

func english(_ context.Context, r *http.Request) error {
	r.Header.Set("Accept-Language", "en")
	return nil
}

// rules returns the rules of an alert that hold.
func rules(a client.AlertBody) (held []string) {
	for _, r := range a.Reasons {
		if r.Holds {
			held = append(held, r.Rule)
		}
	}
	return held
}

// goOn lets days pass on which the phone is in contact, and drops what it is reminded of.
func goOn(sys *testkit.System, days int, patients ...*testkit.Patient) {
	for range days {
		sys.Clock.Advance(24 * time.Hour)
		for _, p := range patients {
			_ = p.Token()
		}
		sys.Sweep()
		for _, p := range patients {
			_ = p.Pushes()
		}
	}
}

// A patient who stops is told about once, with every reason; what the therapist does with it is kept, and what was
// resolved is quiet until it is new.
func TestAnAlertFromFirstReasonToLast(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		ctx := context.Background()
		for range 3 { // Monday to Wednesday
			anna.Logs(anna.FullSession(sys.Clock.Now(), 3, 3), http.StatusCreated)
			goOn(sys, 1, anna)
		}
		require.Empty(t, alerts(t, therapist, client.ListAll))
		goOn(sys, 4, anna) // Thursday to Sunday without a session
		require.Empty(t, alerts(t, therapist, client.ListAll), "20 sevenths of a session are not three")
		goOn(sys, 1, anna)
		found := alerts(t, therapist)
		require.Len(t, found, 1)
		require.Equal(t, "adherence", found[0].Kind)
		require.Equal(t, "3 planned sessions in a row without a log since 4 Mar.", found[0].Reason)
		require.Equal(t, client.UrgencyThisWeek, found[0].Urgency)

		acknowledged, err := therapist.AcknowledgeAlertWithResponse(ctx, found[0].ID)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, acknowledged.StatusCode())
		require.Equal(t, string(therapist.ID), *acknowledged.JSON200.AcknowledgedBy)
		wish := client.NewChangeRequest{ID: sys.NewID(), Reason: client.TooHard}
		asked, err := anna.RequestChangeWithResponse(ctx, wish)
		require.NoError(t, err)
		require.Equal(t, http.StatusCreated, asked.StatusCode(), string(asked.Body))
		again, err := anna.RequestChangeWithResponse(ctx, wish)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, again.StatusCode())
		sys.Sweep()
		found = alerts(t, therapist)
		require.Len(t, found, 1, "the new reason joins the open alert")
		require.Equal(t, []string{"missed_run", "asks_change"}, rules(found[0]))
		require.Equal(
			t, "3 planned sessions in a row without a log since 4 Mar. Asked for a change on 10 Mar: too hard.",
			found[0].Reason,
		)
		require.Nil(t, found[0].AcknowledgedAt, "nobody has seen the new reason")

		// Put off, until a session is stopped because of pain.
		until := sys.Clock.Now().Add(5 * 24 * time.Hour)
		for _, want := range []struct {
			until  time.Time
			status int
		}{{sys.Clock.Now().Add(-time.Minute), 400}, {sys.Clock.Now().Add(29 * 24 * time.Hour), 400},
			{until.Add(-time.Hour), 200}, {until, 200}, {until, 200}} {
			snoozed, err := therapist.SnoozeAlertWithResponse(ctx, found[0].ID, client.AlertSnooze{Until: want.until})
			require.NoError(t, err)
			require.Equal(t, want.status, snoozed.StatusCode(), string(snoozed.Body))
			if want.status == http.StatusOK {
				require.WithinDuration(t, want.until, *snoozed.JSON200.SnoozedUntil, time.Second)
			}
		}
		require.Empty(t, alerts(t, therapist))
		for _, day := range []string{"2026-03-08", "2026-03-09"} {
			barrier, err := anna.ReportBarrierWithResponse(
				ctx, client.NewBarrierReport{ID: sys.NewID(), LocalDate: day, Barrier: client.BarrierTime},
			)
			require.NoError(t, err)
			require.Equal(t, http.StatusCreated, barrier.StatusCode())
		}
		sys.Sweep()
		require.Empty(t, alerts(t, therapist), "a reason that can wait does not wake it")
		require.Contains(t, rules(alerts(t, therapist, client.ListSnoozed)[0]), "same_barrier")
		stop := anna.FullSession(sys.Clock.Now(), 4, 8)
		reason := client.NewSessionStoppedReasonPain
		stop.Status, stop.StoppedReason, stop.Items = client.SessionStatusStopped, &reason, []client.SessionItem{}
		anna.Logs(stop, http.StatusCreated)
		sys.Sweep()
		found = alerts(t, therapist)
		require.Len(t, found, 1, "what cannot wait wakes it")
		require.Equal(t, client.UrgencyNow, found[0].Urgency)
		require.Equal(
			t, []string{"asks_change", "same_barrier", "stopped_pain"}, rules(found[0]),
			"a session was logged, so none is missed",
		)

		resolved, err := therapist.ResolveAlertWithResponse(
			ctx, found[0].ID, client.AlertResolution{Outcome: client.AlertResolutionOutcomeContacted},
		)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, resolved.StatusCode())
		goOn(sys, 2, anna)
		require.Empty(t, alerts(t, therapist), "what goes on is quiet")
		late, err := therapist.SnoozeAlertWithResponse(ctx, found[0].ID, client.AlertSnooze{Until: until})
		require.NoError(t, err)
		require.Equal(t, http.StatusConflict, late.StatusCode())
		goOn(sys, 4, anna)
		fresh := alerts(t, therapist)
		require.Len(t, fresh, 1)
		require.Equal(t, []string{"missed_run"}, rules(fresh[0]), "another run of missed sessions is new")

		whole, err := therapist.GetAlertWithResponse(ctx, found[0].ID)
		require.NoError(t, err)
		var happened []string
		for _, e := range whole.JSON200.History {
			happened = append(happened, string(e.What))
		}
		require.Equal(t, []string{
			"raised", "reason_added", "acknowledged", "reason_added", "snoozed", "snoozed", "reason_added",
			"reason_added", "resolved",
		}, happened)

		// The program is changed: the wish is answered, and a pause ends what is left.
		therapist.Publishes(anna, 3)
		paused, err := anna.PauseMyProgramWithResponse(ctx, client.NewPause{
			ID:        sys.NewID(),
			Reason:    client.PauseReasonHoliday,
			StartDate: anna.Today().String(),
			EndDate:   anna.Today().AddDays(7).String(),
		})
		require.NoError(t, err)
		require.Equal(t, http.StatusCreated, paused.StatusCode())
		sys.Sweep()
		require.Empty(t, alerts(t, therapist))
		all := alerts(t, therapist, client.ListResolved)
		require.Len(t, all, 2)
		require.Equal(t, "paused", *all[1].Outcome)
		require.Nil(t, all[1].ResolvedBy, "nobody but the rule")
		mine, err := anna.ListMyChangeRequestsWithResponse(ctx)
		require.NoError(t, err)
		require.False(t, mine.JSON200.Data[0].Open)
	})
}

// A phone that is silent makes a patient unknown, not at risk; when it comes back, the alert says so by ending.
func TestASilentPhoneIsUnknown(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		anna.Logs(anna.FullSession(sys.Clock.Now(), 3, 3), http.StatusCreated)
		asked, err := anna.RequestChangeWithResponse(
			context.Background(), client.NewChangeRequest{ID: sys.NewID(), Reason: client.TooHard},
		)
		require.NoError(t, err)
		require.Equal(t, http.StatusCreated, asked.StatusCode())
		goOn(sys, 4)
		require.Len(t, alerts(t, therapist), 1)
		require.Equal(
			t, []string{"asks_change"}, rules(alerts(t, therapist)[0]), "four days of silence are not yet unknown",
		)
		resolve(t, therapist)
		goOn(sys, 1)
		found := alerts(t, therapist)
		require.Len(t, found, 1)
		require.Equal(t, "not_syncing", found[0].Kind)
		require.Equal(
			t, "No contact with the phone since 2 Mar. Sessions may exist that have not been sent yet.",
			found[0].Reason,
		)
		require.Equal(t, client.UrgencyNextVisit, found[0].Urgency)
		goOn(sys, 22)
		require.Equal(t, []string{"not_syncing"}, rules(alerts(t, therapist)[0]))
		goOn(sys, 1)
		found = alerts(t, therapist)
		require.Len(t, found, 1, "four weeks of silence are no lapse")
		require.Equal(t, []string{"not_syncing", "dropout_review"}, rules(found[0]))

		anna.Logs(anna.FullSession(sys.Clock.Now(), 3, 3), http.StatusCreated)
		sys.Sweep()
		for _, a := range alerts(t, therapist) {
			require.NotEqual(t, "not_syncing", a.Kind)
		}
		_ = anna.Pushes()
	})
}

// resolve closes everything that is open.
func resolve(t *testing.T, m *testkit.Member) {
	t.Helper()
	for _, a := range alerts(t, m) {
		done, err := m.ResolveAlertWithResponse(
			context.Background(), a.ID, client.AlertResolution{Outcome: client.AlertResolutionOutcomeNoAction},
		)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, done.StatusCode())
	}
}

// What was open when a phone went silent stays open as it was.
func TestSilenceEndsNoAlert(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		defer anna.Pushes()
		_, err := anna.RequestChangeWithResponse(
			context.Background(), client.NewChangeRequest{ID: sys.NewID(), Reason: client.TooHard},
		)
		require.NoError(t, err)
		goOn(sys, 4)
		before := alerts(t, therapist)[0]
		goOn(sys, 2)
		after := alerts(t, therapist)
		require.Len(t, after, 2)
		require.Equal(t, before, after[0])
		require.Equal(t, "not_syncing", after[1].Kind)
	})
}

// The digest holds what came up in the day before the practice's hour and is open still; several alerts can be marked
// seen at once, all or none.
func TestDigestAndSeveralAtOnce(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		ctx := context.Background()
		digest := func() (d client.AlertDigest) {
			answer := sys.Call("GET", "/v1/alert-digest", therapist.Token(), nil, "Accept-Language", "en")
			require.NoError(t, json.Unmarshal(answer.Body, &d))
			d.Data = slices.DeleteFunc(
				d.Data, func(a client.AlertBody) bool { return a.PatientID == therapist.Neighbour() },
			)
			return d
		}
		bert := therapist.NewPatient("B. Bakker", "Europe/Amsterdam")
		therapist.Publishes(bert, 5)
		goOn(sys, 1, anna, bert)
		require.Equal(t, "2026-03-03", digest().LocalDate, "it is 10:00, so that of 08:00 has come")
		require.Empty(t, digest().Data)
		goOn(sys, 3, anna, bert) // Friday 10:00: four days, and both never started
		require.Len(t, alerts(t, therapist), 2)
		require.Empty(t, digest().Data, "they came up after 08:00")
		sys.AdvanceTo(time.Date(2026, 3, 7, 6, 59, 0, 0, time.UTC))
		require.Equal(t, "2026-03-06", digest().LocalDate)
		sys.AdvanceTo(time.Date(2026, 3, 7, 7, 0, 0, 0, time.UTC))
		d := digest()
		require.Equal(t, "2026-03-07", d.LocalDate)
		require.Len(t, d.Data, 2)
		require.Equal(t, 2, d.Open.ThisWeek)

		other := sys.Therapist(sys.Admin, "C. Collega")
		theirs := other.NewPatient("D. Anders", "Europe/Amsterdam")
		other.Publishes(theirs, 5)
		goOn(sys, 4, anna, bert, theirs)
		foreign := alerts(t, other)[0].ID
		both := []string{d.Data[0].ID, d.Data[1].ID}
		refused, err := therapist.AcknowledgeAlertsWithResponse(
			ctx, client.AlertAcknowledgements{AlertIds: append(both, foreign)},
		)
		require.NoError(t, err)
		require.Equal(t, http.StatusNotFound, refused.StatusCode())
		for _, a := range alerts(t, therapist) {
			require.Nil(t, a.AcknowledgedAt, "none of them")
		}
		done, err := therapist.AcknowledgeAlertsWithResponse(
			ctx, client.AlertAcknowledgements{AlertIds: append(both, both...)},
		)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, done.StatusCode())
		require.Len(t, done.JSON200.Data, 2)
		for _, a := range alerts(t, therapist) {
			require.NotNil(t, a.AcknowledgedAt)
		}
	})
}

// A therapist closes a wish that stays as it is; the reason ends with it.
func TestAWishIsClosed(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		ctx := context.Background()
		sys.Clock.Advance(time.Hour)
		wish := client.NewChangeRequest{ID: sys.NewID(), Reason: client.NoEquipment, ItemID: &anna.Version.Items[0].ID}
		_, err := anna.RequestChangeWithResponse(ctx, wish)
		require.NoError(t, err)
		wish.Reason = client.TooEasy
		other, err := anna.RequestChangeWithResponse(ctx, wish)
		require.NoError(t, err)
		require.Equal(t, http.StatusConflict, other.StatusCode())
		sys.Sweep()
		require.Equal(t, "Asked for a change on 2 Mar: no equipment.", alerts(t, therapist)[0].Reason)
		for range 2 {
			closed, err := therapist.CloseChangeRequestWithResponse(
				ctx, string(anna.ID), wish.ID, client.ChangeRequestClosure{Outcome: client.ProgramKept},
			)
			require.NoError(t, err)
			require.Equal(t, http.StatusOK, closed.StatusCode(), string(closed.Body))
			require.False(t, closed.JSON200.Open)
		}
		another, err := therapist.CloseChangeRequestWithResponse(
			ctx, string(anna.ID), wish.ID, client.ChangeRequestClosure{Outcome: client.ProgramChanged},
		)
		require.NoError(t, err)
		require.Equal(t, http.StatusConflict, another.StatusCode())
		sys.Sweep()
		require.Empty(t, alerts(t, therapist))
		require.Equal(t, "recovered", *alerts(t, therapist, client.ListResolved)[0].Outcome)

		sys.Clock.Advance(91 * 24 * time.Hour)
		require.Empty(t, alerts(t, therapist, client.ListResolved), "long ago")
		patient := string(anna.ID)
		history, err := therapist.ListAlertsWithResponse(
			ctx, &client.ListAlertsParams{State: []client.AlertStateFilter{client.ListResolved}, PatientID: &patient},
		)
		require.NoError(t, err)
		require.Len(t, history.JSON200.Data, 1, "of one patient everything")
	})
}

// meddling lets something happen between looking and writing.
type meddling struct{ do func() }

// Watch implements adherence.Watcher.
func (m meddling) Watch(tx *database.Tx, p people.Patient, s adherence.Status) (func(*database.Tx) error, error) {
	follow, err := attention.Watcher{}.Watch(tx, p, s)
	if follow != nil {
		m.do()
	}
	return follow, err
}

// What a therapist decides while the rules look is not overwritten by what they saw.
func TestTheRulesDoNotOverrideATherapist(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		ctx := context.Background()
		wish := client.NewChangeRequest{ID: sys.NewID(), Reason: client.TooHard}
		_, err := anna.RequestChangeWithResponse(ctx, wish)
		require.NoError(t, err)
		sys.Sweep()
		open := alerts(t, therapist)[0]
		closed, err := therapist.CloseChangeRequestWithResponse(
			ctx, string(anna.ID), wish.ID, client.ChangeRequestClosure{Outcome: client.ProgramKept},
		)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, closed.StatusCode())
		slow := adherence.NewKeeper(sys.App.DB, meddling{do: func() { resolve(t, therapist) }})
		require.NoError(t, slow.Sweep(ctx))
		after, err := therapist.GetAlertWithResponse(ctx, open.ID)
		require.NoError(t, err)
		require.Equal(t, "no_action", *after.JSON200.Alert.Outcome)
		require.Equal(t, string(therapist.ID), *after.JSON200.Alert.ResolvedBy)
	})
}

// Who only answers the weekly question about pain is seen as well: in the series, in the ledger, and by the rules.
func TestPainToldWeeklyReachesTheTherapist(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		for _, score := range []int{3, 3, 3, 8, 9} {
			require.Empty(t, painAlerts(t, therapist), "before %d", score)
			body := map[string]any{
				"id":         sys.NewID(),
				"local_date": anna.Today().String(),
				"new_signs":  []string{},
				"nprs_avg24": score,
			}
			if score == 8 { // told twice on one day, it is told once
				twice := map[string]any{
					"id":         sys.NewID(),
					"local_date": anna.Today().String(),
					"new_signs":  []string{},
					"nprs_avg24": score,
				}
				require.Equal(t, http.StatusCreated, sys.Call("POST", "/v1/me/check-ins", anna.Token(), twice).Status)
			}
			for _, status := range []int{http.StatusCreated, http.StatusOK} { // a retry counts once
				require.Equal(t, status, sys.Call("POST", "/v1/me/check-ins", anna.Token(), body).Status)
			}
			sys.Sweep()
			if score < 9 {
				goOn(sys, 7, anna)
			}
		}
		require.Equal(
			t, []string{"Asked outside sessions, pain was 8 and then 9; before that 3.0 on average."},
			painAlerts(t, therapist),
		)
		answer := sys.Call("GET", "/v1/patients/"+string(anna.ID)+"/pain?since=2026-03-02", therapist.Token(), nil)
		require.Equal(t, http.StatusOK, answer.Status, string(answer.Body))
		require.NoError(t, sys.App.DB.Write(context.Background(), func(tx *database.Tx) error {
			wrong, err := adherence.Audit(tx, anna.ID)
			require.Empty(t, wrong)
			return err
		}))
		require.Equal(t, 90, *lastPain(t, answer.Body))
	}, testkit.Unanswered)
}

// painAlerts returns the sentences about pain of what is open.
func painAlerts(t *testing.T, m *testkit.Member) (said []string) {
	t.Helper()
	for _, a := range alerts(t, m) {
		for _, r := range a.Reasons {
			if r.Rule == string(attention.PainRise) && r.Holds {
				said = append(said, r.Text)
			}
		}
	}
	return said
}

// lastPain returns the mean of the last day of a series, in tenths.
func lastPain(t *testing.T, body []byte) *int {
	t.Helper()
	var series client.PainSeries
	require.NoError(t, json.Unmarshal(body, &series))
	return series.Days[len(series.Days)-1].BeforeTenths
}
