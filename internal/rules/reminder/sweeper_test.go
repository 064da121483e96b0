package reminder_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/delivery"
	"cadans/internal/record/questionnaire"
	"cadans/internal/rules/reminder"
	"cadans/internal/run/testdb"
	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

func TestMain(m *testing.M) {
	if os.Getenv(workerDatabase) != "" {
		fmt.Fprintln(os.Stderr, work())
		os.Exit(1)
	}
	os.Exit(testdb.Suite{M: m}.Run())
}

// onBoth starts at eight on a Tuesday morning in Amsterdam, an hour after the patient last used the app.
func onBoth(
	t *testing.T, promise func(*testing.T, *testkit.System, *testkit.Member, *testkit.Patient), with ...testkit.Option,
) {
	t.Helper()
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		sys.Advance(time.Hour)
		promise(t, sys, therapist, anna)
	}, append(with, testkit.At("2026-03-03T07:00:00+01:00"))...)
}

func TestCueComesTenMinutesBeforeTheMoment(t *testing.T) {
	onBoth(t, func(t *testing.T, sys *testkit.System, _ *testkit.Member, anna *testkit.Patient) {
		sys.Advance(48 * time.Minute)
		anna.ExpectNoPush()
		sys.Advance(4 * time.Minute) // slots are spread by a minute and a half to either side
		m := anna.ExpectPush(reminder.Cue)
		require.Equal(t, "Uw plan voor vandaag staat klaar.", m.Body)
		require.NoError(t, sys.App.Sweeper.Sweep(context.Background()))
		sys.Advance(12 * time.Hour)
		anna.ExpectNoPush()
	})
}

func TestLoggedSessionSilencesTheCue(t *testing.T) {
	onBoth(t, func(t *testing.T, sys *testkit.System, _ *testkit.Member, anna *testkit.Patient) {
		anna.Logs(anna.FullSession(sys.Clock.Now(), 3, 3), http.StatusCreated)
		sys.Advance(6 * time.Hour)
		anna.ExpectNoPush()
	})
}

func TestPauseSilencesReminders(t *testing.T) {
	onBoth(t, func(t *testing.T, sys *testkit.System, _ *testkit.Member, anna *testkit.Patient) {
		today := anna.Today()
		paused, err := anna.PauseMyProgramWithResponse(context.Background(), client.NewPause{
			ID:        sys.NewID(),
			Reason:    client.PauseReasonHoliday,
			StartDate: today.String(),
			EndDate:   today.AddDays(1).String(),
		})
		require.NoError(t, err)
		require.Equal(t, http.StatusCreated, paused.StatusCode())
		sys.Advance(36 * time.Hour)
		anna.ExpectNoPush()
		_, err = anna.GetMeWithResponse(context.Background())
		require.NoError(t, err)
		sys.Advance(24 * time.Hour)
		anna.ExpectPush(reminder.Cue)
	})
}

func TestOptingOutCountsAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, sys *testkit.System, _ *testkit.Member, anna *testkit.Patient) {
		current, err := anna.GetPreferencesWithResponse(context.Background())
		require.NoError(t, err)
		wanted := *current.JSON200
		wanted.Reminders.PushConsent = false
		etag := current.HTTPResponse.Header.Get("ETag")
		stored, err := anna.PutPreferencesWithResponse(
			context.Background(), &client.PutPreferencesParams{IfMatch: &etag}, wanted,
		)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, stored.StatusCode(), string(stored.Body))
		sys.Advance(24 * time.Hour)
		anna.ExpectNoPush()
	})
}

func TestADeadRegistrationIsForgotten(t *testing.T) {
	onBoth(t, func(t *testing.T, sys *testkit.System, _ *testkit.Member, anna *testkit.Patient) {
		sys.FailPushes(anna, &delivery.Failure{Kind: delivery.RefusedHere, Cause: "404 UNREGISTERED"})
		sys.Advance(time.Hour)
		devices, err := anna.ListMyDevicesWithResponse(context.Background())
		require.NoError(t, err)
		require.False(t, devices.JSON200.Data[0].HasPush)
		sys.FailPushes(anna, nil)
		sys.Advance(24 * time.Hour)
		anna.ExpectNoPush()
	})
}

func TestABusyPushServiceIsAskedAgainWhileItHelps(t *testing.T) {
	onBoth(t, func(t *testing.T, sys *testkit.System, _ *testkit.Member, anna *testkit.Patient) {
		sys.FailPushes(anna, &delivery.Failure{Kind: delivery.NeverLeft, Cause: "503", Wait: 20 * time.Minute})
		sys.Advance(time.Hour)
		anna.ExpectNoPush()
		sys.FailPushes(anna, nil)
		sys.Advance(time.Hour)
		anna.ExpectPush(reminder.Cue)
	})
}

func TestAReminderIsNeverSentTooLate(t *testing.T) {
	onBoth(t, func(t *testing.T, sys *testkit.System, _ *testkit.Member, anna *testkit.Patient) {
		sys.FailPushes(anna, &delivery.Failure{Kind: delivery.NeverLeft, Cause: "503", Wait: 3 * time.Hour})
		sys.Advance(time.Hour)
		sys.FailPushes(anna, nil)
		sys.Advance(6 * time.Hour)
		anna.ExpectNoPush()
	})
}

// A phone that changes hands takes its address along: nobody sees another patient's reminder.
func TestAnAddressBelongsToOnePhone(t *testing.T) {
	onBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		bert := therapist.NewPatient("B. Bakker", "Europe/Amsterdam")
		moved, err := bert.PutPushRegistrationWithResponse(context.Background(), string(bert.Device),
			client.PushRegistration{Kind: client.Fcm, Address: "phone-of-" + string(anna.ID)})
		require.NoError(t, err)
		require.Equal(t, http.StatusNoContent, moved.StatusCode())
		sys.Advance(4 * time.Hour)
		anna.ExpectNoPush()
		bert.ExpectNoPush() // has no program
	})
}

// What died between "sending" and "sent" is sent once more, under the same tag, and never a third time. What was marked
// sent stays sent.
func TestAnInterruptedSendIsRepeatedOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, sys *testkit.System, _ *testkit.Member, anna *testkit.Patient) {
		sys.Advance(55 * time.Minute)
		first := anna.ExpectPush(reminder.Cue)
		die := func() {
			require.NoError(t, sys.App.DB.Write(context.Background(), func(tx *database.Tx) error {
				return database.MustAffect(tx.Exec(
					"UPDATE reminder_slots SET state = 'sending', sent_at = NULL, lease_until = ? WHERE id = ?",
					database.At(tx.Now()), first.Slot,
				))
			}))
		}
		die()
		sys.Advance(5 * time.Minute)
		require.Equal(t, first.Slot, anna.ExpectPush(reminder.Cue).Slot)
		die()
		sys.Advance(time.Hour)
		anna.ExpectNoPush()
	})
}

// Three replicas on one database, all sweeping at once: each patient gets each slot once.
func TestSeveralReplicasSendOnce(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t, testkit.OnPostgres(t), testkit.At("2026-03-03T07:00:00+01:00"))
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	var patients []*testkit.Patient
	for range 40 {
		p := therapist.NewPatient("P. Patient", "Europe/Amsterdam")
		therapist.Publishes(p, 5)
		patients = append(patients, p)
	}
	sys.Clock.Advance(115 * time.Minute)
	var wait sync.WaitGroup
	for range 3 {
		wait.Go(func() { require.NoError(t, sys.App.Sweeper.Sweep(context.Background())) })
	}
	wait.Wait()
	require.NoError(t, sys.App.Sweeper.Sweep(context.Background()))
	for _, p := range patients {
		p.ExpectPush(reminder.Cue)
	}
}

// Nothing about anybody's health, and nobody's name, leaves in a push, a log line, an address or an error.
func TestCanariesStayInside(t *testing.T) {
	onBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, first *testkit.Patient) {
		const canary = "Kanarievogel"
		anna := therapist.NewPatient(canary+" Jansen", "Europe/Amsterdam")
		therapist.Publishes(anna, 5)
		n := anna.FullSession(sys.Clock.Now(), 9, 9)
		note := canary + " deed pijn"
		n.Note = &note
		anna.Logs(n, http.StatusCreated)
		n.ID = "not an id " + canary
		_ = sys.Call("POST", "/v1/me/sessions", anna.Token(), n)
		_ = sys.Call("GET", "/v1/me/sessions/"+canary, anna.Token(), nil)
		_ = sys.Call("GET", "/v1/me/sessions?"+canary+"=1", anna.Token(), nil)
		_ = sys.Call(
			"POST", "/v1/auth/sessions", "", map[string]any{"email": canary + "@x.example", "password": canary},
		)
		_ = sys.Call("POST", "/v1/auth/pairing-redemptions", "", map[string]any{
			"code":       canary,
			"birth_year": 1971,
			"device":     map[string]any{"name": canary, "platform": "ios"},
		})
		sent := sys.Call(
			"POST", "/v1/patients/"+string(anna.ID)+"/feedback", therapist.Token(),
			map[string]any{"id": sys.NewID(), "about": "program", "text": canary + ", goed bezig"},
		)
		require.Equal(t, http.StatusCreated, sent.Status)
		barrier := sys.Call(
			"POST", "/v1/me/barrier-reports", anna.Token(),
			map[string]any{"id": sys.NewID(), "local_date": anna.Today().String(), "barrier": "pain", "note": canary},
		)
		require.Equal(t, http.StatusCreated, barrier.Status)
		plan := sys.Call("PUT", "/v1/me/action-plan", anna.Token(), map[string]any{
			"after":     canary,
			"place":     canary,
			"exercises": 2,
			"coping":    map[string]any{"barrier": "pain", "then": canary},
		})
		require.Equal(t, http.StatusOK, plan.Status, string(plan.Body))
		sys.Advance(26 * time.Hour)
		require.NotEmpty(t, anna.Pushes())
		require.NotEmpty(t, first.Pushes())
		require.NotEmpty(t, sys.Log())
		require.NotContains(t, sys.Log(), canary)
		require.NotContains(t, sys.Log(), string(anna.ID), "an id in a log is a trace of a person")
		require.NotContains(t, sys.Log(), anna.Token())
		require.NotEmpty(t, sys.Payloads())
		for _, payload := range sys.Payloads() {
			lower := strings.ToLower(payload)
			for _, word := range []string{
				canary, "jansen", "vries", "pijn", "pain", "bridge", "brug", "oefening", "exercise", "noord",
				string(anna.ID),
			} {
				require.NotContains(
					t, strings.ReplaceAll(lower, "phone-of-"+string(anna.ID), ""), strings.ToLower(word),
				)
			}
		}
	})
}

// slowSender answers only when it is released, and then says that the service wanted it to wait.
type slowSender struct{ asked, release chan struct{} }

// Send implements reminder.Sender.
func (s slowSender) Send(context.Context, reminder.Message) error {
	close(s.asked)
	<-s.release
	return &delivery.Failure{Kind: delivery.NeverLeft, Cause: "slow"}
}

// deaf takes no notes.
type deaf struct{}

func (deaf) Decided(reminder.Kind, string, reminder.Reason) {}
func (deaf) Sent(reminder.Kind, time.Duration)              {}
func (deaf) Backlog(int, time.Duration)                     {}
func (deaf) Failed(*delivery.Failure)                       {}
func (deaf) Service(reminder.Status)                        {}

// A replica that hangs loses its lease; another one sends. When the first one wakes
// up, what was marked sent stays sent.
func TestASlotThatWasMarkedSentIsNeverPutBack(t *testing.T) {
	onBoth(t, func(t *testing.T, sys *testkit.System, _ *testkit.Member, anna *testkit.Patient) {
		slow := slowSender{asked: make(chan struct{}), release: make(chan struct{})}
		hanging := reminder.NewSweeper(reminder.Parts{
			DB:             sys.App.DB,
			Clock:          sys.Clock,
			Sender:         slow,
			SeedOf:         reminder.HashSeed,
			Questionnaires: questionnaire.Pending{},
			Log:            slog.New(slog.DiscardHandler),
			Observer:       deaf{},
		})
		sys.Clock.Advance(55 * time.Minute)
		woken := make(chan error, 1)
		go func() { woken <- hanging.Sweep(context.Background()) }()
		<-slow.asked
		sys.Advance(5 * time.Minute)
		anna.ExpectPush(reminder.Cue)
		close(slow.release)
		require.NoError(t, <-woken)
		sys.Advance(2 * time.Hour)
		anna.ExpectNoPush()
	})
}
