// Package simulate runs the real reminders over patients that never were: a practice of them, weeks long, with a clock that
// hurries. It compares policies, shows whether the estimate of what reminders do finds what the model put in, and loads the
// program like a practice would.
//
// What people do comes from person; everything else is the program itself: the same services, the same database, the same
// decisions. The same seed gives the same run.
package simulate

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"time"

	"cadans/internal/access"
	"cadans/internal/app"
	"cadans/internal/auth"
	"cadans/internal/clock"
	"cadans/internal/config"
	"cadans/internal/database"
	"cadans/internal/id"
	"cadans/internal/people"
	"cadans/internal/program"
	"cadans/internal/reminder"
	"cadans/internal/session"
	"cadans/internal/settings"
	"cadans/pkg/localtime"
)

// Policy is who decides about pushes.
type Policy string

// The policies that can be compared.
const (
	None  Policy = "none"
	Daily Policy = "daily" // one every day at the same moment, whatever happens
	Ours  Policy = "ours"  // the program's own
	Learn Policy = "learn" // the program's own, with the learner on and everybody's consent
)

// Policies are all, in the order of a report.
var Policies = []Policy{None, Daily, Ours, Learn}

// Options says what to run. Directory must exist; the database is made in it.
type Options struct {
	Contract  []byte
	Directory string
	Patients  int
	Weeks     int
	Policy    Policy
	Seed      uint64
	Progress  func(day int)
}

// Week is what one week came to.
type Week struct{ Sessions, Asked, Pushes, Ignored int }

// Adherence is sessions of those asked for.
func (w Week) Adherence() float64 { return float64(w.Sessions) / float64(max(w.Asked, 1)) }

// Truth is what the model put in: the mean over decisions that chance made of what sending added.
type Truth struct {
	Decisions int
	Effect    float64
}

// Result is what a run came to.
type Result struct {
	Policy    Policy
	Weeks     []Week
	TurnedOff int
	Effects   []reminder.Estimated
	Truth     map[Way]Truth
}

// Way is a way of saying a kind of reminder.
type Way struct {
	Kind reminder.Kind
	Arm  reminder.Arm
}

// isOurs reports whether the program decides.
func (p Policy) isOurs() bool { return p == Ours || p == Learn }

// PushesPerWeek is how many pushes a patient got a week.
func (r Result) PushesPerWeek(patients int) float64 {
	pushes := 0
	for _, w := range r.Weeks {
		pushes += w.Pushes
	}
	return float64(pushes) / float64(patients*len(r.Weeks))
}

// run is a simulation under way.
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

// Send implements reminder.Sender: it is the phones.
func (r *run) Send(_ context.Context, m reminder.Message) error {
	r.inbox = append(r.inbox, m)
	return nil
}

// sendOne makes the phones safe for the sweeper, which sends side by side.
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

// Run simulates.
func Run(ctx context.Context, o Options) (Result, error) {
	zone, err := localtime.LoadZone("Europe/Amsterdam")
	if err != nil {
		return Result{}, err
	}
	r := &run{
		Options: o, zone: zone, start: localtime.NewDate(2026, 1, 5), random: rand.New(rand.NewPCG(o.Seed, 0x73696d)), ids: id.NewSequence(o.Seed),
		byAddress: map[string]*person{}, byID: map[id.Patient]*person{}, said: map[id.Slot]reminder.Arm{},
		result: Result{Policy: o.Policy, Weeks: make([]Week, o.Weeks), Truth: map[Way]Truth{}},
	}
	r.clock = clock.NewManual(r.at(-1, 12*60))
	r.app, err = app.New(ctx, config.Config{
		PublicURL: "http://simulation", DatabasePath: filepath.Join(o.Directory, "cadans.db"), SweepInterval: time.Minute,
	}, app.Deps{
		Contract: o.Contract, Clock: r.clock, Log: slog.New(slog.DiscardHandler), Sender: sendOne{make(chan struct{}, 1), r}, Unsafe: true,
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
	effects, err := r.app.MyReminders.Effects(ctx, r.therapist, r.start, r.start.AddDays(7*r.Weeks))
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

// people makes the practice.
func (r *run) people(ctx context.Context) error {
	practice := id.Practice(r.newID())
	admin := people.NewMember{ID: id.Member(r.newID()), Name: "A.", Email: "a@simulation.example", Password: "een-lang-geheim-woord", Role: access.Admin}
	if err := r.app.People.CreatePractice(ctx, practice, "Simulation", admin); err != nil {
		return err
	}
	r.admin = access.Viewer{Role: access.Admin, Practice: practice, Member: admin.ID}
	therapist := people.NewMember{ID: id.Member(r.newID()), Name: "T.", Email: "t@simulation.example", Password: "een-lang-geheim-woord", Role: access.Therapist}
	if _, _, err := r.app.People.CreateMember(ctx, r.admin, therapist); err != nil {
		return err
	}
	if r.Policy == Learn {
		wanted := settings.Defaults()
		wanted.Learn = true
		if err := settings.NewService(r.app.DB).Set(ctx, r.admin, wanted, settings.Defaults().Etag()); err != nil {
			return err
		}
	}
	r.therapist = access.Viewer{Role: access.Therapist, Practice: practice, Member: therapist.ID}
	for range r.Patients {
		p, err := r.join(ctx)
		if err != nil {
			return err
		}
		r.persons = append(r.persons, p)
		r.byAddress[p.address], r.byID[p.id] = p, p
	}
	return nil
}

// join registers somebody, gives them a program and pairs a phone.
func (r *run) join(ctx context.Context) (*person, error) {
	p := newPerson(rand.New(rand.NewPCG(r.Seed, r.random.Uint64())))
	p.id = id.Patient(r.newID())
	p.viewer = access.Viewer{Role: access.Patient, Practice: r.therapist.Practice, Patient: p.id}
	if _, _, err := r.app.People.CreatePatient(ctx, r.therapist, people.NewPatient{
		ID: p.id, Name: "P.", BirthYear: 1970, Complaint: "low_back", Language: people.Dutch, Zone: r.zone.String(),
	}); err != nil {
		return nil, err
	}
	exercise, err := r.app.Library.Find("bridge")
	if err != nil {
		return nil, err
	}
	history, _, err := r.app.Programs.Publish(ctx, r.therapist, p.id, program.NewVersion{
		ID: id.ProgramVersion(r.newID()), EffectiveFrom: r.start, Items: []program.NewItem{{
			ID: id.ProgramItem(r.newID()), Exercise: exercise.Slug, Dose: exercise.Default,
			Schedule: program.Schedule{Kind: program.WeeklyQuota, Quota: quota, TimesPerDay: 1},
		}},
	}, program.History{}.Etag())
	if err != nil {
		return nil, err
	}
	p.version = history.Versions[0]
	return p, r.pair(ctx, p)
}

func (r *run) pair(ctx context.Context, p *person) error {
	invite, _, err := r.app.Auth.Invite(ctx, r.therapist, id.Pairing(r.newID()), p.id)
	if err != nil {
		return err
	}
	tokens, err := r.app.Auth.Redeem(ctx, auth.Redemption{
		Code: invite.Code, BirthYear: 1970, Address: "simulation", Device: auth.NewDevice{Name: "Phone", Platform: "android"},
	})
	if err != nil {
		return err
	}
	p.viewer.Device, p.address = tokens.Device, "phone-of-"+string(p.id)
	if err := r.app.People.RegisterPush(ctx, p.viewer, people.PushTarget{Device: tokens.Device, Kind: "fcm", Address: p.address}); err != nil {
		return err
	}
	switch r.Policy {
	case Ours:
		return nil
	case Learn:
		return r.set(ctx, p, func(w *people.Preferences) { w.Research = true })
	default:
		return r.set(ctx, p, turnOff)
	}
}

func turnOff(w *people.Preferences) { w.Reminders.Consent = false }

func (r *run) set(ctx context.Context, p *person, change func(*people.Preferences)) error {
	wanted, err := r.app.People.Preferences(ctx, p.viewer)
	if err != nil {
		return err
	}
	before := wanted.Version()
	change(&wanted)
	return r.app.People.SetPreferences(ctx, p.viewer, wanted, before)
}

// day lives one day.
func (r *run) day(ctx context.Context, day int) error {
	week, date := &r.result.Weeks[day/7], r.start.AddDays(day)
	r.clock.Set(r.at(day, 6*60))
	if err := r.contact(ctx); err != nil {
		return err
	}
	if day%7 == 0 {
		week.Asked = quota * len(r.persons)
	}
	for minute := 7 * 60; minute <= 22*60+30; minute += tick {
		r.clock.Set(r.at(day, minute))
		if err := r.exercise(ctx, date, minute, week); err != nil {
			return err
		}
		if err := r.remind(ctx, date, minute, week); err != nil {
			return err
		}
	}
	return nil
}

// contact: most phones sync in the night.
func (r *run) contact(ctx context.Context) error {
	return r.app.DB.Write(ctx, func(tx *database.Tx) error {
		for _, p := range r.persons {
			if r.random.IntN(10) == 0 {
				continue
			}
			if err := (people.Directory{}).DeviceSeen(tx, p.viewer.Device); err != nil {
				return err
			}
		}
		return nil
	})
}

// exercise logs what was done since the last tick.
func (r *run) exercise(ctx context.Context, date localtime.Date, minute int, week *Week) error {
	for _, p := range r.persons {
		today := p.on(date, r.weekOf(date))
		if !today.does || today.done || today.minute > minute {
			continue
		}
		if err := r.log(ctx, p, date, localtime.Resolve(date, localtime.TimeOfDay(today.minute), r.zone), week); err != nil {
			return err
		}
	}
	now := r.clock.Now()
	for _, f := range r.later {
		if f.at.After(now) {
			continue
		}
		if err := r.log(ctx, f.person, date, f.at, week); err != nil {
			return err
		}
	}
	r.later = slices.DeleteFunc(r.later, func(f follow) bool { return !f.at.After(now) })
	return nil
}

func (r *run) log(ctx context.Context, p *person, date localtime.Date, performed time.Time, week *Week) error {
	today := p.plans[date]
	if today.done {
		return nil
	}
	today.done = true
	p.plans[date] = today
	week.Sessions++
	c := session.Content{PerformedAt: performed, Zone: r.zone.String(), LocalDate: date, Version: p.version.ID, Status: session.Completed}
	for _, item := range p.version.Items {
		c.Items = append(c.Items, session.ItemDone{Item: item.ID, Sets: &item.Dose.Sets, Reps: &item.Dose.Reps})
	}
	_, _, err := r.app.Sessions.Log(ctx, p.viewer, id.Session(r.newID()), c)
	return err
}

// dailyAt is when the fixed policy pushes.
const dailyAt = 9 * 60

// remind lets the policy push, and people answer.
func (r *run) remind(ctx context.Context, date localtime.Date, minute int, week *Week) error {
	r.inbox = nil
	switch r.Policy {
	case Ours, Learn:
		if err := r.app.Reminders.Sweep(ctx); err != nil {
			return err
		}
		if err := r.note(ctx); err != nil {
			return err
		}
	case Daily:
		for _, p := range r.persons {
			if minute == dailyAt && !p.gone {
				r.inbox = append(r.inbox, reminder.Message{Kind: reminder.Cue, Target: people.PushTarget{Address: p.address}})
			}
		}
	}
	slices.SortFunc(r.inbox, func(a, b reminder.Message) int { // phones do not answer in the order of goroutines
		return slices.Compare([]byte(a.Target.Address), []byte(b.Target.Address))
	})
	for _, m := range r.inbox {
		if err := r.receive(ctx, m, date, week); err != nil {
			return err
		}
	}
	return nil
}

// receive is what somebody does with a push.
func (r *run) receive(ctx context.Context, m reminder.Message, date localtime.Date, week *Week) error {
	p := r.byAddress[m.Target.Address]
	opened := p.random.Float64() < p.openChance(date)
	acts := opened && p.random.Float64() < p.acts*fading(r.weekOf(date))*persuades[r.said[m.Slot]]
	p.pushes = append(p.pushes, date)
	week.Pushes++
	if !opened {
		week.Ignored++
		return r.tire(ctx, p, date)
	}
	if today := p.plans[date]; acts && !today.done && !today.does {
		r.later = append(r.later, follow{p, r.clock.Now().Add(time.Duration(10+p.random.IntN(100)) * time.Minute)})
	}
	if !r.Policy.isOurs() {
		return nil
	}
	return r.app.MyReminders.Receive(ctx, p.viewer, m.Slot, reminder.Opened, r.clock.Now())
}

// tire: who gets more than enough turns pushes off one day.
func (r *run) tire(ctx context.Context, p *person, date localtime.Date) error {
	if p.recent(date) <= tiring || p.random.IntN(50) > 0 {
		return nil
	}
	p.gone = true
	r.result.TurnedOff++
	if r.Policy.isOurs() {
		return r.set(ctx, p, turnOff)
	}
	return nil
}

// note adds what the model knows about the decisions of this tick to the truth.
func (r *run) note(ctx context.Context) error {
	return r.app.DB.Read(ctx, func(tx *database.Tx) error {
		now := r.clock.Now()
		return tx.Rows("SELECT id, patient_id, kind, arms, arm FROM reminder_decisions WHERE decided_at = ? AND arm <> ''", []any{database.At(now)},
			func(rows *sql.Rows) error {
				var slot id.Slot
				var patient id.Patient
				var kind reminder.Kind
				var arm reminder.Arm
				var arms []byte
				if err := rows.Scan(&slot, &patient, &kind, &arms, &arm); err != nil {
					return err
				}
				r.said[slot] = arm
				var chances []reminder.Chance
				if err := json.Unmarshal(arms, &chances); err != nil || chances[0].Permille == 0 {
					return err
				}
				r.result.add(kind, chances, arm, r.adds(r.byID[patient], now))
				return nil
			})
	})
}

// add counts a decision for every arm it tells something about, as the estimate does.
func (r Result) add(kind reminder.Kind, chances []reminder.Chance, chosen reminder.Arm, effect float64) {
	for _, c := range chances[1:] {
		if c.Permille == 0 || chosen != c.Arm && chosen != reminder.Nothing {
			continue
		}
		way := Way{kind, c.Arm}
		truth := r.Truth[way]
		truth.Decisions++
		truth.Effect += effect * persuades[c.Arm]
		r.Truth[way] = truth
	}
}

// adds is by how much sending now, plainly, raises the chance of a session within a day.
func (r *run) adds(p *person, now time.Time) float64 {
	date := localtime.Today(now, r.zone)
	if p.anyway(now, r.zone, r.weekOf) {
		return 0
	}
	today := p.on(date, r.weekOf(date))
	if today.done {
		return 0
	}
	return p.openChance(date) * p.acts * fading(r.weekOf(date))
}
