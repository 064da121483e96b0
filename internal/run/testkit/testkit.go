// Package testkit runs the whole program for a test: a real database, real HTTP over TCP, a clock that the test
// moves, and phones that record the pushes they get. Every request and answer is checked against the contract on the
// way. Closing the system fails the test on any push or error log that the test did not expect.
package testkit

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/routers"
	"github.com/stretchr/testify/require"

	"cadans/api/door"
	"cadans/internal/kernel/access"
	"cadans/internal/kernel/auth"
	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/config"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/internal/rules/reminder"
	"cadans/internal/run/app"
	"cadans/internal/run/testdb"
)

// Password is the password of every member in a test.
const Password = "een-lang-geheim-woord"

// System is the running program.
type System struct {
	t        testing.TB
	App      *app.App
	Clock    *clock.Manual
	URL      string
	Practice id.Practice
	Admin    *Member
	phones   *phones
	log      *lockedBuffer
	ids      *id.Sequence

	unanswered bool
	routes     sync.Once
	router     routers.Router
	onPostgres bool
	alone      bool
	near       id.Patient
	started    options
	served     chan error
}

type options struct {
	databasePath, databaseURL string // a fresh file when both are empty
	publicURL                 string // its own address when empty
	now                       time.Time
	seedOf                    reminder.SeedOf
	unanswered                bool
	guarded                   bool
	rehearse                  bool
	unsynced                  bool
	alone                     bool
	acceptAnchor              bool
	timeouts                  door.Timeouts
}

// Option changes how the system starts.
type Option func(*options)

// OnPostgres uses a fresh PostgreSQL database instead of a SQLite file.
func OnPostgres(t testing.TB) Option {
	return func(o *options) { o.databaseURL = testdb.Postgres(t) }
}

// AsReplica makes the system one of several replicas on a database. Their clocks differ slightly, so that they make
// different ids.
func AsReplica(url string, number int) Option {
	return func(o *options) {
		o.databaseURL, o.publicURL = url, "http://cadans.example"
		o.now = o.now.Add(time.Duration(number) * time.Millisecond)
	}
}

// OnFile uses a SQLite file at a known path.
func OnFile(path string) Option {
	return func(o *options) { o.databasePath = path }
}

// Accepting accepts a SQLite file as it is, as after restoring an older backup.
func Accepting(o *options) { o.acceptAnchor = true }

// Guarded starts as a new installation does: members need a second factor, and there is no practice yet.
func Guarded(o *options) { o.guarded = true }

// Rehearsed runs every write twice and rolls the first run back, as a busy database may.
func Rehearsed(o *options) { o.rehearse = true }

// Unsynced skips fsync, in tests that check answers and write much.
func Unsynced(o *options) { o.unsynced = true }

// Hurried shortens the timeouts of clients, for tests of what happens after them.
func Hurried(timeouts door.Timeouts) Option {
	return func(o *options) { o.timeouts = timeouts }
}

// At starts the clock at a moment, RFC 3339.
func At(moment string) Option {
	return func(o *options) {
		t, err := time.Parse(time.RFC3339, moment)
		if err != nil {
			panic(err)
		}
		o.now = t
	}
}

// Leaving leaves out every reminder that may be left out at random; without it, all of them are sent.
func Leaving(o *options) { o.seedOf = func(id.Slot) uint64 { return 999 } }

// RandomReminders makes random choices by the hash of the slot, as in production.
func RandomReminders(o *options) { o.seedOf = reminder.HashSeed }

// Unanswered leaves the questionnaires of a new program open. By default they are answered, so that no reminders
// about them are sent.
func Unanswered(o *options) { o.unanswered = true }

// Start runs a system with one practice and its admin.
func Start(t testing.TB, with ...Option) *System {
	t.Helper()
	o := options{
		now:    time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), // a Monday
		seedOf: func(id.Slot) uint64 { return 0 },
	}
	for _, option := range with {
		option(&o)
	}
	s := &System{
		t: t, Clock: clock.NewManual(o.now), phones: newPhones(), log: &lockedBuffer{}, ids: id.NewSequence(1),
		unanswered: o.unanswered, onPostgres: o.databaseURL != "", alone: o.alone,
	}
	if o.databasePath == "" && o.databaseURL == "" {
		o.databasePath = testdb.SQLite(t, filepath.Join(t.TempDir(), "cadans.db"))
	}
	s.serve(o, "127.0.0.1:0")
	t.Cleanup(func() {
		s.stop()
		s.phones.expectNothingMore(t)
		require.NotContains(t, s.Log(), `"level":"ERROR"`, "unexpected error in the log")
	})
	if !o.guarded {
		s.Practice, s.Admin = s.NewPractice("Praktijk Noord")
	}
	return s
}

// serve opens the program and answers requests at an address.
func (s *System) serve(o options, address string) {
	s.t.Helper()
	listener, err := net.Listen("tcp", address)
	require.NoError(s.t, err)
	s.URL = "http://" + listener.Addr().String()
	factor := "optional"
	if o.guarded {
		factor = config.Required
	}
	s.App, err = app.New(context.Background(), config.Config{
		SecondFactor:  factor,
		PublicURL:     cmp.Or(o.publicURL, s.URL),
		DatabasePath:  o.databasePath,
		DatabaseURL:   o.databaseURL,
		SigningKey:    base64.StdEncoding.EncodeToString(make([]byte, 32)),
		SweepInterval: time.Minute,
	}, s.deps(o))
	require.NoError(s.t, err)
	s.started, s.served = o, make(chan error, 1)
	go func() { s.served <- s.App.ServeRequests(listener) }()
}

func (s *System) deps(o options) app.Deps {
	return app.Deps{
		Contract: Contract(s.t), Clock: s.Clock, Stopwatch: s.Clock, Sender: s.phones,
		PasswordCost: auth.PasswordCost{MemoryKiB: 64, Passes: 1}, Heartbeat: 100 * time.Millisecond, SeedOf: o.seedOf,
		Rehearse: o.rehearse, Unsafe: o.unsynced, Timeouts: o.timeouts,
		Log:          slog.New(slog.NewJSONHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		AcceptAnchor: o.acceptAnchor,
	}
}

func (s *System) stop() {
	require.NoError(s.t, s.App.Stop(0))
	require.NoError(s.t, <-s.served)
}

// Restart stops the program, runs meanwhile, which may change its files, and starts it again at the same address.
func (s *System) Restart(meanwhile func(), with ...Option) {
	s.t.Helper()
	s.stop()
	meanwhile()
	o := s.started
	for _, option := range with {
		option(&o)
	}
	s.serve(o, strings.TrimPrefix(s.URL, "http://"))
}

// ExpectedErrors clears the log after a test has caused errors on purpose.
func (s *System) ExpectedErrors() { s.log.forget() }

// Log returns everything logged so far.
func (s *System) Log() string { return s.log.String() }

// NewID returns a fresh UUIDv7 with the time of the test's clock.
func (s *System) NewID() string { return s.ids.At(s.Clock.Now()) }

// Advance moves the clock in steps of five minutes and runs a sweep at each.
func (s *System) Advance(d time.Duration) { s.AdvanceTo(s.Clock.Now().Add(d)) }

// PassDays moves the clock by days in longer steps, for tests over weeks.
func (s *System) PassDays(n int) {
	s.t.Helper()
	s.advance(s.Clock.Now().Add(time.Duration(n)*dayOfSteps), longStep)
}

const (
	step       = 5 * time.Minute
	longStep   = time.Hour // reminders help for two hours
	dayOfSteps = 24 * longStep
	near       = 3 * time.Hour
)

// AdvanceTo moves the clock to a moment, in small steps when it is near.
func (s *System) AdvanceTo(until time.Time) {
	s.t.Helper()
	s.advance(until.Add(-near), longStep)
	s.advance(until, step)
}

func (s *System) advance(until time.Time, step time.Duration) {
	s.t.Helper()
	for s.Clock.Now().Before(until) {
		next := s.Clock.Now().Add(step)
		if next.After(until) {
			next = until
		}
		s.Clock.Set(next)
		s.Sweep()
	}
}

// Sweep runs the due jobs, recomputes statuses and sends the due reminders.
func (s *System) Sweep() {
	s.t.Helper()
	require.NoError(s.t, s.App.Jobs.Sweep(context.Background()))
	require.NoError(s.t, s.App.Statuses.Sweep(context.Background()))
	require.NoError(s.t, s.App.Sweeper.Sweep(context.Background()))
}

// NewPractice creates a practice with an admin who is logged in.
func (s *System) NewPractice(name string) (id.Practice, *Member) {
	s.t.Helper()
	practice := id.Practice(s.NewID())
	email := "admin-" + string(practice) + "@praktijk.example"
	admin := id.Member(s.NewID())
	require.NoError(s.t, s.App.Founding.CreatePractice(context.Background(), practice, name, people.NewMember{
		ID: admin, Name: "A. Beheer", Email: email, Password: Password, Role: access.Admin,
	}))
	return practice, s.logIn(admin, email)
}

// lockedBuffer is a log that several goroutines write and the test reads.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write implements io.Writer.
func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

// String returns what was written.
func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return strings.Clone(b.buf.String())
}

func (b *lockedBuffer) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.buf.Reset()
}
