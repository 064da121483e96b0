package api_test

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/live"
	"cadans/internal/run/testdb"
	"cadans/internal/run/testkit"
)

// patience is how long a test waits for what has to come: no promise about time, as the machine may be busy.
const patience = time.Minute

// stream is an open event stream and what came of it.
type stream struct {
	t      *testing.T
	cancel context.CancelFunc
	events chan string // type and patient; "comment" for a heartbeat, "end" when it ended
	mu     sync.Mutex
	last   string
}

// listens opens a stream. Headers come in pairs.
func listens(t *testing.T, sys *testkit.System, token, query string, headers ...string) *stream {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, sys.URL+"/v1/events"+query, nil)
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+token)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, response.StatusCode)
	require.Equal(t, "text/event-stream", response.Header.Get("Content-Type"))
	require.Equal(t, "no-store", response.Header.Get("Cache-Control"))
	s := &stream{t: t, cancel: cancel, events: make(chan string, 1000)}
	t.Cleanup(cancel)
	go s.read(response)
	return s
}

func (s *stream) read(response *http.Response) {
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() {
		switch line := lines.Text(); {
		case strings.HasPrefix(line, ":"):
			s.events <- "comment"
		case strings.HasPrefix(line, "id: "):
			s.mu.Lock()
			s.last = strings.TrimPrefix(line, "id: ")
			s.mu.Unlock()
		case strings.HasPrefix(line, "data: "):
			s.events <- strings.TrimPrefix(line, "data: ")
		}
	}
	s.events <- "end"
}

// next returns the next event, heartbeats left out.
func (s *stream) next() string {
	s.t.Helper()
	for {
		select {
		case e := <-s.events:
			if e != "comment" {
				return e
			}
		case <-time.After(patience):
			require.Fail(s.t, "no event came")
		}
	}
}

// hears waits for an event of a type about a patient.
func (s *stream) hears(what string, p *testkit.Patient) {
	s.t.Helper()
	e := s.next()
	require.Contains(s.t, e, `"type":"`+what+`"`)
	require.Contains(s.t, e, `"patient_id":"`+string(p.ID)+`"`)
}

// beats waits for a heartbeat and expects nothing before it.
func (s *stream) beats() {
	s.t.Helper()
	for len(s.events) > 0 && s.events != nil {
		e := <-s.events
		require.Equal(s.t, "comment", e, "nothing was to be heard")
	}
	for range 2 {
		select {
		case e := <-s.events:
			require.Equal(s.t, "comment", e, "nothing was to be heard")
		case <-time.After(patience):
			require.Fail(s.t, "no heartbeat came")
		}
	}
}

// passesOver waits until what was told so far at one replica has come to another: on PostgreSQL news crosses the
// server, and may come after an answer.
func passesOver(t *testing.T, from, to *testkit.System, therapist *testkit.Member, p *testkit.Patient) {
	t.Helper()
	s := listens(t, to, therapist.Token(), "")
	defer s.cancel()
	require.NoError(t, from.App.DB.Write(context.Background(), func(tx *database.Tx) error {
		live.Announce(tx, live.Visit, p.ID)
		return nil
	}))
	for !strings.Contains(s.next(), `"type":"visit"`) {
	}
}

func (s *stream) id() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last
}

// A therapist hears of what their patients do, and of nobody else; what was missed is told when they come back.
func TestEventsAsTheyHappen(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		other := sys.Therapist(sys.Admin, "C. Collega")
		bert := other.NewPatient("B. Anders", "Europe/Amsterdam")
		other.Publishes(bert, 5)
		passesOver(t, sys, sys, therapist, anna)
		caseload := listens(t, sys, therapist.Token(), "")
		one := listens(t, sys, therapist.Token(), "?topic=patient:"+string(anna.ID))
		caseload.beats()

		bert.Logs(bert.FullSession(sys.Clock.Now(), 3, 3), http.StatusCreated)
		anna.Logs(anna.FullSession(sys.Clock.Now(), 3, 3), http.StatusCreated)
		caseload.hears("session", anna)
		one.hears("session", anna)
		seen := caseload.id()
		require.Len(t, seen, 36)

		// Away for a moment, and back.
		caseload.cancel()
		require.Equal(t, http.StatusCreated, sys.Call(
			"POST", "/v1/me/change-requests", anna.Token(), map[string]any{"id": sys.NewID(), "reason": "hurts"},
		).Status)
		sys.Sweep()
		back := listens(t, sys, therapist.Token(), "?topic=caseload", "Last-Event-ID", seen)
		back.hears("request", anna)
		back.hears("alert", anna)
		back.hears("alert", anna) // its reason
		one.hears("request", anna)
		lost := listens(t, sys, therapist.Token(), "", "Last-Event-ID", sys.NewID())
		require.Equal(t, `{"type":"reset"}`, lost.next(), "what is not remembered is not passed over in silence")
		lost.beats()

		// What cannot wait says so.
		stop := anna.SessionBody(sys.Clock.Now())
		stop["status"], stop["stopped_reason"], stop["items"] = "stopped", "pain", []any{}
		require.Equal(t, http.StatusCreated, sys.Call("POST", "/v1/me/sessions", anna.Token(), stop).Status)
		sys.Sweep()
		back.hears("session", anna)
		back.hears("alert_now", anna)

		// Somebody else takes over: from then on nothing is heard.
		require.Equal(
			t, http.StatusNoContent,
			sys.Call("DELETE", at(anna, "/therapists/"+string(therapist.ID)), sys.Admin.Token(), nil).Status,
		)
		back.hears("person", anna)
		require.Equal(t, "end", lastOf(one), "the patient's own stream ends")
		anna.Logs(anna.FullSession(sys.Clock.Now(), 3, 3), http.StatusCreated)
		back.beats()
		require.Equal(
			t, http.StatusNotFound,
			sys.Call("GET", "/v1/events?topic=patient:"+string(anna.ID), therapist.Token(), nil).Status,
		)
		require.Equal(t, http.StatusForbidden, sys.Call("GET", "/v1/events", anna.Token(), nil).Status)
		require.Equal(
			t, http.StatusBadRequest, sys.Call("GET", "/v1/events?topic=everything", therapist.Token(), nil).Status,
		)

		// Logging out ends what is open, at the next heartbeat.
		require.Equal(t, http.StatusNoContent, sys.Call("DELETE", "/v1/auth/session", therapist.Token(), nil).Status)
		require.Equal(t, "end", back.next())
	})
}

// lastOf reads a stream to its end.
func lastOf(s *stream) string {
	s.t.Helper()
	for {
		if e := s.next(); e == "end" {
			return e
		}
	}
}

// A stream on which something is always happening ends with its token all the same.
func TestABusyStreamEndsWithItsToken(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
	token := therapist.Token()
	s := listens(t, sys, token, "")
	require.Equal(t, http.StatusNoContent, sys.Call("DELETE", "/v1/auth/session", token, nil).Status)
	for opened := time.Now(); time.Since(opened) < patience; {
		require.NoError(t, sys.App.DB.Write(
			context.Background(), func(tx *database.Tx) error { live.Announce(tx, live.Session, anna.ID); return nil },
		))
		time.Sleep(20 * time.Millisecond) // the heartbeat is 100
		select {
		case e := <-s.events:
			if e == "end" {
				return
			}
		default:
		}
	}
	require.Fail(t, "long after logging out the stream was open still")
}

// A new patient is heard of at once, and from then on.
func TestANewPatientIsHeardOf(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	s := listens(t, sys, therapist.Token(), "")
	anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
	s.hears("person", anna)
}

// What one replica stores is heard at another.
func TestEventsCrossReplicas(t *testing.T) {
	t.Parallel()
	url := testdb.Postgres(t)
	one, two := testkit.Start(t, testkit.AsReplica(url, 1)), testkit.Start(t, testkit.AsReplica(url, 2))
	therapist := one.Therapist(one.Admin, "T. de Vries")
	anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
	therapist.Publishes(anna, 5)
	passesOver(t, one, two, therapist, anna)
	there := listens(t, two, therapist.Token(), "")
	there.beats()
	anna.Logs(anna.FullSession(one.Clock.Now(), 3, 3), http.StatusCreated)
	there.hears("session", anna)
	seen := there.id()
	there.cancel()
	anna.Logs(anna.FullSession(one.Clock.Now().Add(-24*time.Hour), 3, 3), http.StatusCreated)
	back := listens(t, two, therapist.Token(), "", "Last-Event-ID", seen)
	back.hears("session", anna)
}

// Nobody opens streams without end; closing one makes room.
func TestStreamsAreCounted(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	token := therapist.Token()
	var open []*stream
	for range 8 {
		open = append(open, listens(t, sys, token, ""))
	}
	answer := sys.Call("GET", "/v1/events", token, nil)
	require.Equal(t, http.StatusTooManyRequests, answer.Status)
	require.Equal(t, "too-many-streams", answer.Problem().Code)
	open[0].cancel()
	require.Eventually(
		t, func() bool { return sys.Call("GET", "/v1/events", token, nil).Status == http.StatusOK }, patience,
		50*time.Millisecond,
	)
}
