package reminder_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/push"
	"cadans/internal/record/questionnaire"
	"cadans/internal/rules/reminder"
	"cadans/internal/run/testdb"
	"cadans/internal/run/testkit"
)

// outside is FCM as a process sees it that sweeps every twenty seconds: it can be away, or answer as it is told.
type outside struct {
	deaf
	t       *testing.T
	sys     *testkit.System
	sweeper *reminder.Sweeper
	sender  *push.Careful
	log     bytes.Buffer
	address string

	mu       sync.Mutex
	server   *httptest.Server
	answer   http.HandlerFunc // nil accepts
	asked    int
	accepted map[string]int
	dead     string // the address that is
	status   reminder.Status
}

// hurried gives up early, so that a service which hangs does not take a test its ten seconds each time.
type hurried struct {
	next     reminder.Sender
	patience *atomic.Int64
}

const briefly, long = 200 * time.Millisecond, 10 * time.Second

// Send implements reminder.Sender.
func (h hurried) Send(ctx context.Context, m reminder.Message) error {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(h.patience.Load()))
	defer cancel()
	return h.next.Send(ctx, m)
}

func newOutside(t *testing.T, slots int, wrap func(reminder.Sender) reminder.Sender) *outside {
	t.Helper()
	o := &outside{t: t, accepted: map[string]int{}}
	o.sys = testkit.Start(t, testkit.AsReplica(testdb.Postgres(t), 1), testkit.At(began))
	due(t, o.sys, slots)
	o.comeBack()
	t.Cleanup(o.goAway)
	fcm, err := push.NewFCMAt(context.Background(), "http://"+o.address+"/v1", o.sys.Clock)
	require.NoError(t, err)
	o.sender = push.NewCareful(wrap(fcm), o.sys.Clock)
	o.sweeper = reminder.NewSweeper(reminder.Parts{
		DB: o.sys.App.DB, Clock: o.sys.Clock, Sender: o.sender, SeedOf: reminder.HashSeed,
		Questionnaires: questionnaire.Pending{}, Log: slog.New(slog.NewTextHandler(&o.log, nil)), Observer: o,
	})
	o.sys.Clock.Advance(2 * time.Minute) // it has lived
	return o
}

// Service implements reminder.Observer.
func (o *outside) Service(s reminder.Status) { o.status = s }

func (o *outside) comeBack() {
	o.t.Helper()
	address := o.address
	if address == "" {
		address = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", address)
	require.NoError(o.t, err)
	o.address = listener.Addr().String()
	o.server = &httptest.Server{Listener: listener, Config: &http.Server{Handler: o}}
	o.server.Start()
}

func (o *outside) goAway() {
	o.server.CloseClientConnections()
	o.server.Close()
}

func (o *outside) answers(how http.HandlerFunc) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.answer = how
}

// ServeHTTP implements http.Handler.
func (o *outside) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var sent struct {
		Message struct {
			Token string
			Data  struct{ Slot string }
		}
	}
	_ = json.NewDecoder(r.Body).Decode(&sent)
	o.mu.Lock()
	o.asked++
	answer := o.answer
	if sent.Message.Token == o.dead && o.dead != "" {
		answer = says(404, `{"error":{"details":[{"errorCode":"UNREGISTERED"}]}}`)
	}
	if answer == nil {
		o.accepted[sent.Message.Data.Slot]++
	}
	o.mu.Unlock()
	if answer == nil {
		answer = says(200, `{"name":"x"}`)
	}
	answer(w, r)
}

func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

// sweeps lets time pass, sweep by sweep.
func (o *outside) sweeps(d time.Duration) {
	o.t.Helper()
	for end := o.sys.Clock.Now().Add(d); o.sys.Clock.Now().Before(end); {
		require.NoError(o.t, o.sweeper.Sweep(context.Background()))
		o.sys.Clock.Advance(20 * time.Second)
	}
}

func (o *outside) addresses() (n int) {
	require.NoError(o.t, o.sys.App.DB.Read(context.Background(), func(tx *database.Tx) error {
		return tx.Value(
			&n, "SELECT count(*) FROM devices WHERE push_address LIKE 'phone-%' AND push_address NOT LIKE 'phone-of-%'",
		)
	}))
	return n
}

// Two minutes without FCM, whatever they look like: every push arrives once it is back, one time, and none is given
// up. What may have gone out where few are sent waits until such a failure is old.
func TestTwoMinutesWithoutFCM(t *testing.T) {
	t.Parallel()
	for _, outage := range []struct {
		name   string
		answer http.HandlerFunc
	}{
		{"nobody listens", nil},
		{"it hangs", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }},
		{"it breaks off", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }},
		{"it is unavailable", says(503, ``)},
		{"it fails", says(500, ``)},
	} {
		for practice, slots := range map[string]int{"large": 120, "small": 2} {
			t.Run(outage.name+", "+practice, func(t *testing.T) {
				t.Parallel()
				var patience atomic.Int64
				patience.Store(int64(briefly))
				o := newOutside(t, slots, func(s reminder.Sender) reminder.Sender { return hurried{s, &patience} })
				if o.answers(outage.answer); outage.answer == nil {
					o.goAway()
				}
				o.sweeps(2 * time.Minute)
				require.Empty(t, o.accepted)
				require.Zero(t, states(t, o.sys)["dead"]+states(t, o.sys)["expired"])
				require.NotEmpty(t, o.log.String(), "nothing is lost without a word")
				tried := o.asked
				patience.Store(int64(long))
				if o.answers(nil); outage.answer == nil {
					o.comeBack()
				}
				for range 18 { // six minutes
					o.sweeps(20 * time.Second)
				}
				require.Equal(t, map[string]int{"sent": slots}, states(t, o.sys))
				require.Len(t, o.accepted, slots)
				for _, n := range o.accepted {
					require.Equal(t, 1, n)
				}
				require.Equal(t, slots, o.addresses())
				t.Logf("%d requests in two minutes without an answer", tried)
			})
		}
	}
}

// A key of another project: no address goes, nothing is given up, one try a minute, said once a minute; and a minute
// after the key is right everything has arrived.
func TestAKeyOfTheWrongProject(t *testing.T) {
	t.Parallel()
	const slots = 120
	for name, answer := range map[string]http.HandlerFunc{
		"sender mismatch": says(
			403, `{"error":{"status":"PERMISSION_DENIED","details":[{"errorCode":"SENDER_ID_MISMATCH"}]}}`,
		),
		"unauthenticated": says(401, `{"error":{"status":"UNAUTHENTICATED"}}`),
		"unknown project": says(404, `{"error":{"status":"NOT_FOUND"}}`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOutside(t, slots, func(s reminder.Sender) reminder.Sender { return s })
			o.answers(answer)
			o.sweeps(30 * time.Minute)
			require.Equal(t, slots, o.addresses())
			require.Equal(t, map[string]int{"due": slots}, states(t, o.sys))
			require.LessOrEqual(t, o.asked, 10+30, "those in flight when it was noticed, and one a minute")
			require.GreaterOrEqual(t, o.asked, 30)
			require.Equal(t, reminder.Refused, o.status.Condition)
			lines := strings.Count(o.log.String(), "fate=\"refused for all\"")
			require.InDelta(t, 30, lines, 1, o.log.String())
			o.answers(nil)
			o.sweeps(80 * time.Second)
			require.Equal(t, map[string]int{"sent": slots}, states(t, o.sys))
			require.Equal(t, reminder.Well, o.status.Condition)
		})
	}
}

// An address that is dead goes at once, though everything beside it hangs.
func TestADeadAddressAmongThoseThatHang(t *testing.T) {
	t.Parallel()
	const slots = 50
	o := newOutside(t, slots, func(s reminder.Sender) reminder.Sender { return s })
	var dead string
	require.NoError(t, o.sys.App.DB.Write(context.Background(), func(tx *database.Tx) error {
		if err := tx.Value(
			&dead, "SELECT max('phone-' || patient_id) FROM reminder_slots WHERE state = 'due'",
		); err != nil {
			return err
		}
		_, err := tx.Exec(
			"UPDATE reminder_slots SET due_at = due_at + 1 WHERE patient_id = ?", strings.TrimPrefix(dead, "phone-"),
		)
		return err
	}))
	release := make(chan struct{})
	o.dead = dead
	o.answers(func(http.ResponseWriter, *http.Request) { <-release })
	swept := make(chan error, 1)
	start := time.Now()
	go func() { swept <- o.sweeper.Sweep(context.Background()) }()
	for o.addresses() == slots && time.Since(start) < 9*time.Second {
		<-time.After(20 * time.Millisecond)
	}
	took := time.Since(start)
	close(release)
	require.NoError(t, <-swept)
	require.Equal(t, slots-1, o.addresses())
	t.Logf("gone after %v", took.Round(time.Millisecond))
	require.Less(t, took, 5*time.Second, "two on a quiet machine; those that hang take ten")
}
