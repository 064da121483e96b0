// Package app builds the whole program, and starts and stops it. It is the only package that knows all others. It
// decides the order in which observers are notified of a change.
package app

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"

	"cadans/api"
	"cadans/api/door"
	"cadans/api/services"
	"cadans/internal/kernel/access"
	"cadans/internal/kernel/admission"
	"cadans/internal/kernel/audit"
	"cadans/internal/kernel/auth"
	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/config"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/live"
	"cadans/internal/kernel/loss"
	"cadans/internal/kernel/queue"
	"cadans/internal/record/activity"
	"cadans/internal/record/alert"
	"cadans/internal/record/barrier"
	"cadans/internal/record/education"
	"cadans/internal/record/exercise"
	"cadans/internal/record/feedback"
	"cadans/internal/record/inbox"
	"cadans/internal/record/intake"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/record/questionnaire"
	"cadans/internal/record/safety"
	"cadans/internal/record/session"
	"cadans/internal/record/settings"
	"cadans/internal/record/told"
	"cadans/internal/record/visit"
	"cadans/internal/record/wish"
	"cadans/internal/rules/adherence"
	"cadans/internal/rules/attention"
	"cadans/internal/rules/coping"
	"cadans/internal/rules/detour"
	"cadans/internal/rules/prevention"
	"cadans/internal/rules/progression"
	"cadans/internal/rules/proposal"
	"cadans/internal/rules/reminder"
	"cadans/internal/screens/caseload"
	"cadans/internal/screens/dossier"
	"cadans/internal/screens/overview"
	"cadans/internal/screens/progress"
	"cadans/internal/screens/prompt"
	"cadans/internal/screens/today"
	"cadans/internal/web"
	"cadans/pkg/localtime"
)

// accessTTL is how long an access token works.
const accessTTL = 10 * time.Minute

// heartbeat is short enough for proxies, which close connections that are silent for a minute.
const heartbeat = 20 * time.Second

// refreshInterval is how soon a replica knows the name of an exercise that was added on another replica.
const refreshInterval = 5 * time.Second

// shutdownTimeout is how long running requests may take when the program stops.
const shutdownTimeout = 20 * time.Second

// Deps is what the program takes from its environment.
type Deps struct {
	Contract *door.Contract
	Clock    clock.Clock
	Sender   reminder.Sender
	Log      *slog.Logger
	// AccessTTL is longer only in the demo, whose clock may run faster than real time.
	AccessTTL time.Duration
	// Heartbeat is the interval at which an open event stream sends a sign of life; 20 seconds when it is zero.
	Heartbeat time.Duration
	// PasswordCost is auth.UsualCost when it is zero. Tests lower it because they sign in so often.
	PasswordCost auth.PasswordCost
	// Stopwatch measures the latency of requests. When it is nil, the machine's own clock does, whatever Clock shows.
	Stopwatch clock.Clock
	// Timeouts limit how long a client may take; see door.Timeouts.
	Timeouts door.Timeouts
	// SeedOf makes the random choices; reminder.HashSeed when it is nil.
	SeedOf reminder.SeedOf
	// AcceptAnchor accepts a database as it is; see database.Options.
	AcceptAnchor bool
	// Unsafe fills a new database without fsync; see database.Options.
	Unsafe bool
	// Rehearse runs every write twice; see database.Options.
	Rehearse bool
}

// App is the built program.
type App struct {
	services.Set
	DB       *database.DB
	Sweeper  *reminder.Sweeper
	Jobs     *queue.Runner
	Statuses *adherence.Keeper
	Contract *door.Contract
	Metrics  *Metrics
	Live     *live.Hub

	config   config.Config
	log      *slog.Logger
	http     *fiber.App
	loops    []*queue.Loop
	draining atomic.Bool
	ready    *readiness
	push     reminder.Health
	stopOnce sync.Once
	stopErr  error
}

// New opens the database and builds every service. Nothing runs yet.
func New(ctx context.Context, c config.Config, d Deps) (*App, error) {
	library, err := exercise.Load()
	if err != nil {
		return nil, err
	}
	metrics := newMetrics()
	db, err := database.Open(ctx, database.Options{
		Renewed: func(e database.Epoch) { logLoss(d.Log, e) },
		Path:    c.DatabasePath, Anchor: c.AnchorPath, AcceptAnchor: d.AcceptAnchor, URL: c.DatabaseURL, Clock: d.Clock,
		Unsafe: d.Unsafe, Rehearse: d.Rehearse,
		Pool: database.Pool{Connections: c.DatabasePool, Idle: c.DatabaseIdle, Statement: c.DatabaseStatement},
	})
	if err != nil {
		return nil, err
	}
	metrics.watchEpoch(db)
	a := &App{
		Set:  services.Set{Library: library},
		Live: live.NewHub(db), DB: db, Contract: d.Contract, Metrics: metrics, config: c, log: d.Log,
	}
	if err := a.open(ctx, d); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return a, nil
}

func (a *App) open(ctx context.Context, d Deps) error {
	seeds, err := a.seeds(ctx)
	if err != nil {
		return err
	}
	if err := a.build(d, seeds); err != nil {
		return err
	}
	if err := a.Auth.Adopt(ctx); err != nil {
		return err
	}
	if err := warnOfStandby(ctx, a.DB, d.Log); err != nil {
		return err
	}
	return a.Library.Refresh(ctx, a.DB)
}

func (a *App) build(d Deps, seeds []auth.Seed) (err error) {
	guard := access.NewGuard(a.DB, people.Directory{})
	passwords := auth.NewPasswords(cmp.Or(d.PasswordCost, auth.UsualCost))
	a.Auth, err = auth.NewService(auth.Config{
		Issuer: a.config.PublicURL, Seed: seeds[0], Previous: seeds[1:], AccessTTL: max(d.AccessTTL, accessTTL),
		SecondFactor: a.config.SecondFactor == config.Required,
	}, a.DB, d.Clock, people.Directory{}, guard, passwords)
	if err != nil {
		return err
	}
	lessons, err := education.Load()
	if err != nil {
		return err
	}
	seedOf := d.SeedOf
	if seedOf == nil {
		seedOf = reminder.HashSeed
	}
	gate := a.record(guard, passwords, lessons)
	a.rules(guard, gate, seedOf)
	a.screens(guard)
	a.background(d, seedOf)
	return a.face(d)
}

// record builds what is kept, and the gate that rules ask as well. Whoever is told of a change by another comes after
// it.
func (a *App) record(guard *access.Guard, passwords *auth.Passwords, lessons education.Content) *safety.Gate {
	ledger, planner := adherence.Ledger{}, reminder.Planner{}
	a.Founding = people.NewFounding(a.DB, passwords)
	a.People = people.NewService(guard, passwords, ledger, planner, announcer{})
	a.Exercises = exercise.NewService(guard, a.Library)
	a.Programs = program.NewService(
		guard, a.Library, expectationObservers{ledger, planner, prevention.Observer{}, announcer{}},
	)
	gate := safety.NewGate(a.Programs, intake.ToldOf)
	a.Sessions = session.NewService(guard, gate, ledger, progression.Observer{}, announcer{})
	a.Barriers = barrier.NewService(guard, ledger, announcer{})
	a.Intakes = intake.NewService(
		guard, gate, ledger, progression.Observer{}, proposal.PhaseObserver{}, announcer{},
	)
	a.Activities = activity.NewService(guard)
	a.Education = education.NewService(guard, lessons)
	a.Questionnaires = questionnaire.NewService(guard, ledger, progression.Observer{})
	a.Safety = safety.NewService(guard, a.Programs)
	a.Told = told.NewService(guard, gate)
	a.Alerts = alert.NewService(guard, safety.AlertKind)
	a.Feedback = feedback.NewService(guard, feedbackObservers{planner, announcer{}})
	a.Inbox = inbox.NewService(guard)
	a.Visits = visit.NewService(guard)
	a.Wishes = wish.NewService(guard, ledger, announcer{})
	a.Settings = settings.NewService(guard)
	a.Audit = audit.NewService(a.DB, guard)
	return gate
}

// rules builds what decides.
func (a *App) rules(guard *access.Guard, gate *safety.Gate, seedOf reminder.SeedOf) {
	a.Progressions = progression.NewService(guard, a.Library, a.Programs)
	a.Prevention = prevention.NewService(guard, a.Library, a.Programs, a.People)
	a.Detours = detour.NewService(guard, a.Library, a.Programs, gate)
	a.Proposals = proposal.NewService(guard, a.Library, a.Programs)
	a.Coping = coping.NewService(guard, a.People)
	a.Reminders = reminder.NewService(guard, questionnaire.Pending{}, seedOf)
}

// screens builds what somebody reads.
func (a *App) screens(guard *access.Guard) {
	a.Caseload = caseload.NewService(guard)
	a.Dossiers = dossier.NewService(guard, a.Library)
	a.Overview = overview.NewService(guard)
	a.Progress = progress.NewService(guard)
	a.Prompts = prompt.NewService(guard)
	a.Today = today.NewService(guard)
}

// background builds what works without being asked.
func (a *App) background(d Deps, seedOf reminder.SeedOf) {
	a.Sweeper = reminder.NewSweeper(reminder.Parts{
		DB: a.DB, Clock: d.Clock, Sender: d.Sender, Log: d.Log, Observer: a.Metrics,
		Questionnaires: questionnaire.Pending{}, SeedOf: seedOf,
	})
	rules := progression.NewRules(a.Library, a.Programs)
	a.Jobs = queue.NewRunner(a.DB, d.Log, map[queue.Kind]queue.Handler{
		progression.JobKind: rules.Look,
		prevention.JobKind:  a.Prevention.Week,
		proposal.SmallJob:   a.Proposals.Grow,
		proposal.PhaseJob:   a.Proposals.MovePhase,

		adherence.RebuildJob: adherence.RebuildLater,
	}, map[queue.Kind]queue.Idle{progression.JobKind: rules.Idle})
	a.Statuses = adherence.NewKeeper(a.DB, attention.Watcher{})
	for name, sweep := range map[string]func(context.Context) error{
		"reminders": a.Sweeper.Sweep,
		"jobs":      func(ctx context.Context) error { return a.Jobs.SweepAt(ctx, queue.Gently) },
		"statuses":  func(ctx context.Context) error { return a.Statuses.SweepAt(ctx, queue.Gently) },
	} {
		a.loops = append(a.loops, queue.NewLoop(name, d.Clock, a.config.SweepInterval, d.Log, sweep))
	}
	if !a.DB.IsExclusive() {
		refresh := func(ctx context.Context) error { return a.Library.Refresh(ctx, a.DB) }
		a.loops = append(a.loops, queue.NewLoop("exercises", d.Clock, refreshInterval, d.Log, refresh))
	}
	a.ready = &readiness{probe: a.DB.Ready, clock: clock.System{}}
	a.push = reminder.HealthOf(d.Sender)
}

// face builds the HTTP server.
func (a *App) face(d Deps) error {
	clientIP := door.PeerAddress
	if a.config.BehindProxy {
		clientIP = door.ForwardedAddress
	}
	limiter := admission.New(stopwatch(d), door.KindsOf(a.Contract))
	a.Metrics.watch(limiter)
	beat := cmp.Or(d.Heartbeat, heartbeat)
	failures := door.NewFailures(d.Clock, d.Log)
	streams := door.Streams{People: a.People, Live: a.Live, Heartbeat: beat, Timeouts: d.Timeouts}
	var err error
	a.http, err = api.New(api.Parts{Set: a.Set, Streams: streams, Door: door.Parts{
		Limiter: limiter, Contract: a.Contract, Log: d.Log, Clock: d.Clock,
		Metrics: a.Metrics, Probes: door.Probes{Ready: a.Ready, Push: a.push.Status}, Epoch: a.DB.Epoch,
		ClientIP: clientIP, Timeouts: d.Timeouts, Failures: failures, Connections: connections(),
	}})
	if err != nil {
		return err
	}
	return web.Mount(a.http, web.Parts{
		Set: a.Set, Push: a.push.Status, Log: d.Log, Clock: d.Clock, Contract: a.Contract,
		ClientIP: clientIP, Losses: loss.NewService(a.DB, d.Clock), Timeouts: d.Timeouts, Failures: failures,
		Streams: streams,
	})
}

func stopwatch(d Deps) clock.Clock {
	if d.Stopwatch == nil {
		return clock.System{}
	}
	return d.Stopwatch
}

// expectationObservers notifies several observers in order.
type expectationObservers []program.Observer

// ExpectationChanged implements program.Observer.
func (o expectationObservers) ExpectationChanged(
	tx *database.Tx, patient id.Patient, from, until localtime.Date,
) error {
	for _, observer := range o {
		if err := observer.ExpectationChanged(tx, patient, from, until); err != nil {
			return err
		}
	}
	return nil
}

// Serve runs the background loops and answers requests on the listener until Stop.
func (a *App) Serve(ctx context.Context, listener net.Listener) error {
	for _, loop := range a.loops {
		loop.Start(ctx)
	}
	return a.http.Listener(newPersistent(listener, clock.System{}, a.log))
}

// ServeRequests only answers requests, for tests that run the background loops themselves.
func (a *App) ServeRequests(listener net.Listener) error {
	return a.http.Listener(newPersistent(listener, clock.System{}, a.log))
}

// Operator serves the operator: metrics, liveness and readiness.
func (a *App) Operator() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", a.Metrics.Handler())
	door.Probes{Ready: a.Ready, Push: a.push.Status}.Register(mux)
	return mux
}

// Ready returns an error while the program should get no requests. It answers within 100 ms, and its text may be
// public.
func (a *App) Ready() error {
	if a.draining.Load() {
		return errDraining
	}
	return a.ready.check()
}

// Stop drains the program: it first reports not ready, so that a load balancer sends requests elsewhere; then it
// waits for running requests and sends; it closes the database last. Stopping twice is allowed.
func (a *App) Stop(wait time.Duration) error {
	a.stopOnce.Do(func() {
		a.draining.Store(true)
		<-clock.System{}.After(wait)
		a.Live.Close() // or open streams keep the server from stopping
		err := a.http.ShutdownWithTimeout(shutdownTimeout)
		for _, loop := range a.loops {
			loop.Stop()
		}
		a.stopErr = errors.Join(err, a.DB.Close())
	})
	return a.stopErr
}
