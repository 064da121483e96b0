// Package simulate runs the real reminders on simulated patients: one practice over many weeks, with a fast clock. It
// compares policies, shows whether the estimate of the reminders' effect finds the effect that the model contains,
// and loads the program like a practice would.
//
// The model of people's behaviour is in person; everything else is the program itself: the same services, the same
// database, the same decisions. The same seed gives the same run.
package simulate

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"time"

	"cadans/api/door"
	"cadans/internal/kernel/access"
	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/config"
	"cadans/internal/kernel/id"
	"cadans/internal/rules/reminder"
	"cadans/internal/run/app"
	"cadans/pkg/localtime"
)

// Policy says who decides about pushes.
type Policy string

// The policies that can be compared.
const (
	None  Policy = "none"
	Daily Policy = "daily" // one every day at the same moment, whatever happens
	Ours  Policy = "ours"  // the program's own
	Learn Policy = "learn" // the program's own, with the learner on and everybody's consent
)

// Policies lists all policies, in the order of a report.
var Policies = []Policy{None, Daily, Ours, Learn}

// Options configures a run. Directory must exist; the database is created in it.
type Options struct {
	Contract  *door.Contract
	Directory string
	Patients  int
	Weeks     int
	Policy    Policy
	Seed      uint64
	Progress  func(day int)
}

// Week holds the totals of one week.
type Week struct{ Sessions, Asked, Pushes, Ignored int }

// Adherence returns the sessions done divided by the sessions asked for.
func (w Week) Adherence() float64 { return float64(w.Sessions) / float64(max(w.Asked, 1)) }

// Truth is the effect that the model contains: what sending added, on average over the randomised decisions.
type Truth struct {
	Decisions int
	Effect    float64
}

// Result is the outcome of a run.
type Result struct {
	Policy    Policy
	Weeks     []Week
	TurnedOff int
	Effects   []reminder.Estimated
	Truth     map[Way]Truth
}

// Way is a wording of a kind of reminder.
type Way struct {
	Kind reminder.Kind
	Arm  reminder.Arm
}

// isOurs reports whether the program decides about pushes.
func (p Policy) isOurs() bool { return p == Ours || p == Learn }

// PushesPerWeek returns how many pushes a patient got per week.
func (r Result) PushesPerWeek(patients int) float64 {
	pushes := 0
	for _, w := range r.Weeks {
		pushes += w.Pushes
	}
	return float64(pushes) / float64(patients*len(r.Weeks))
}

// run is a running simulation.
type run struct {
	Options
	app       *app.App
	clock     *clock.Manual
	random    *rand.Rand
	ids       *id.Sequence
	zone      *time.Location
	start     localtime.Date
	admin     access.Viewer
	therapist access.Viewer
	persons   []*person
	byAddress map[string]*person
	byID      map[id.Patient]*person
	inbox     []reminder.Message
	later     []follow
	said      map[id.Slot]reminder.Arm
	result    Result
}

// follow is a session that a push led to.
type follow struct {
	person *person
	at     time.Time
}

// Send implements reminder.Sender in place of the phones.
func (r *run) Send(_ context.Context, m reminder.Message) error {
	r.inbox = append(r.inbox, m)
	return nil
}

// sendOne serialises the sends, because the sweeper sends concurrently.
type sendOne struct {
	lock chan struct{}
	to   reminder.Sender
}

// Send implements reminder.Sender.
func (s sendOne) Send(ctx context.Context, m reminder.Message) error {
	s.lock <- struct{}{}
	defer func() { <-s.lock }()
	return s.to.Send(ctx, m)
}

const tick = 30 // minutes; the day lasts from seven until half past ten in the evening

// Run runs one simulation.
func Run(ctx context.Context, o Options) (Result, error) {
	zone, err := localtime.LoadZone("Europe/Amsterdam")
	if err != nil {
		return Result{}, err
	}
	r := &run{
		Options: o, zone: zone, start: localtime.NewDate(2026, 1, 5), random: rand.New(rand.NewPCG(o.Seed, 0x73696d)),
		ids: id.NewSequence(o.Seed), byAddress: map[string]*person{}, byID: map[id.Patient]*person{},
		said:   map[id.Slot]reminder.Arm{},
		result: Result{Policy: o.Policy, Weeks: make([]Week, o.Weeks), Truth: map[Way]Truth{}},
	}
	r.clock = clock.NewManual(r.at(-1, 12*60))
	r.app, err = app.New(ctx, config.Config{
		PublicURL:     "http://simulation",
		DatabasePath:  filepath.Join(o.Directory, "cadans.db"),
		SweepInterval: time.Minute,
	}, app.Deps{
		Contract: o.Contract,
		Clock:    r.clock,
		Log:      slog.New(slog.DiscardHandler),
		Sender:   sendOne{make(chan struct{}, 1), r},
		Unsafe:   true,
	})
	if err != nil {
		return Result{}, err
	}
	err = r.live(ctx)
	if stopErr := r.app.Stop(0); err == nil {
		err = stopErr
	}
	return r.result, err
}

func (r *run) live(ctx context.Context) error {
	if err := r.people(ctx); err != nil {
		return fmt.Errorf("simulate: people: %w", err)
	}
	for day := range 7 * r.Weeks {
		if err := r.day(ctx, day); err != nil {
			return fmt.Errorf("simulate: day %d: %w", day+1, err)
		}
		r.Progress(day + 1)
	}
	r.clock.Set(r.at(7*r.Weeks+4, 0)) // what came in late counts
	effects, err := r.app.Reminders.Effects(ctx, r.therapist, r.start, r.start.AddDays(7*r.Weeks))
	r.result.Effects = effects.Practice
	for way, truth := range r.result.Truth {
		truth.Effect /= float64(truth.Decisions)
		r.result.Truth[way] = truth
	}
	return err
}

func (r *run) at(day, minute int) time.Time {
	return localtime.Resolve(r.start.AddDays(day), localtime.TimeOfDay(minute), r.zone)
}

func (r *run) weekOf(date localtime.Date) int { return date.DaysSince(r.start) / 7 }

func (r *run) newID() string { return r.ids.At(r.clock.Now()) }
