package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/barrier"
	"cadans/internal/record/exercise"
	"cadans/internal/record/feedback"
	"cadans/internal/record/inbox"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/record/session"
	"cadans/pkg/localtime"
)

// person is one patient being generated.
type person struct {
	seeder    *seeder
	course    course
	number    int
	id        id.Patient
	name      string
	birthYear int
	language  people.Language
	complaint people.Complaint
	zone      *time.Location
	today     localtime.Date
	start     localtime.Date
	viewer    access.Viewer
	therapist access.Viewer
	versions  []program.Version
	last      id.Session // that nobody asked about yet
	lastOn    int        // the day of it
}

func newPerson(s *seeder, i int) *person {
	p := &person{
		seeder: s, course: courses[i%len(courses)], number: i + 1, therapist: s.therapists[i%len(s.therapists)],
		name:      fmt.Sprintf("%c. %s", initials[i*7%len(initials)], surnames[i%len(surnames)]),
		birthYear: 1945 + (i*37)%58, language: people.Dutch, complaint: people.LowBack,
	}
	zone := "Europe/Amsterdam"
	if i%6 == 5 {
		p.language, zone = people.English, "Europe/London"
	}
	if i%3 == 1 {
		p.complaint = people.Neck
	}
	p.zone, _ = localtime.LoadZone(zone)
	p.today = localtime.Today(s.Now, p.zone)
	p.start = p.today.AddDays(-p.course.startAgo)
	p.id = id.Patient(s.ids.At(s.Now.AddDate(0, 0, -p.course.startAgo-3)))
	p.viewer = access.Viewer{Role: access.Patient, Practice: s.practice, Patient: p.id}
	return p
}

// at sets the clock to a minute of a day, counted from the start of the program, but never beyond now.
func (p *person) at(day, minute int) time.Time {
	t := localtime.Resolve(p.start.AddDays(day), localtime.TimeOfDay(minute), p.zone)
	if t.After(p.seeder.Now) {
		t = p.seeder.Now
	}
	p.seeder.clock.Set(t)
	return t
}

func (p *person) newID() string { return p.seeder.ids.At(p.seeder.clock.Now()) }

func (p *person) register(ctx context.Context) error {
	p.at(-3, 14*60)
	_, _, err := p.seeder.app.People.CreatePatient(ctx, p.therapist, people.NewPatient{
		ID:        p.id,
		Name:      p.name,
		BirthYear: p.birthYear,
		Complaint: p.complaint,
		Language:  p.language,
		Zone:      p.zone.String(),
	})
	return err
}

var exercisesFor = map[people.Complaint][]string{
	people.LowBack: {"bridge", "bird-dog-leg", "knee-rolls-lying"},
	people.Neck:    {"chin-nod-lying", "side-arm-raise", "neck-rotation-lying"},
}

// publish puts the first version in force at the start and, after five weeks, a second one with a set more.
func (p *person) publish(ctx context.Context) error {
	p.at(-2, 18*60)
	if err := p.tells(ctx, 0); err != nil {
		return err
	}
	p.at(-1, 10*60)
	if err := p.publishVersion(ctx, p.start, 0); err != nil {
		return err
	}
	if p.course.startAgo <= 42 {
		return nil
	}
	p.at(34, 10*60)
	return p.publishVersion(ctx, p.start.AddDays(35), 1)
}

func (p *person) publishVersion(ctx context.Context, from localtime.Date, moreSets int) error {
	n := program.NewVersion{ID: id.ProgramVersion(p.newID()), EffectiveFrom: from}
	for _, slug := range exercisesFor[p.complaint] {
		e, err := p.seeder.app.Library.Find(slug)
		if err != nil {
			return err
		}
		dose := e.Default
		if e.Module == exercise.Strength {
			dose.Sets += moreSets
		}
		n.Items = append(n.Items, program.NewItem{
			ID: id.ProgramItem(p.newID()), Exercise: slug, Dose: dose,
			Schedule: program.Schedule{Kind: program.WeeklyQuota, Quota: 5, TimesPerDay: 1},
		})
	}
	before, _, err := p.seeder.app.Programs.Versions(ctx, p.therapist, p.id)
	if err != nil {
		return err
	}
	if len(before.Versions) == 0 {
		err = p.proposed(ctx, n)
	} else {
		_, _, err = p.seeder.app.Programs.Publish(ctx, p.therapist, p.id, n, before.Etag())
	}
	if err != nil {
		return err
	}
	after, _, err := p.seeder.app.Programs.Versions(ctx, p.therapist, p.id)
	p.versions = after.Versions
	return err
}

// live goes through the days.
func (p *person) live(ctx context.Context) error {
	days := p.today.DaysSince(p.start)
	for day := 0; day <= days; day++ {
		if err := p.day(ctx, day, days-day); err != nil {
			return fmt.Errorf("%s, day %d: %w", p.course.name, day, err)
		}
	}
	return p.contact(ctx)
}

// day lives one day; left is how many follow until today.
func (p *person) day(ctx context.Context, day, left int) error {
	if err := p.care(ctx, day, left); err != nil {
		return err
	}
	if err := p.pauses(ctx, day, left); err != nil || p.isPaused(left, day) {
		return err
	}
	lately := left < p.course.latelyIs
	days := p.course.before
	if lately {
		days = p.course.lately
	}
	planned := slices.Contains(days, p.start.AddDays(day).Weekday())
	slips := !lately && p.seeder.random.IntN(12) == 0
	switch {
	case planned && !slips:
		if err := p.exercise(ctx, day, left); err != nil {
			return err
		}
	case slips || !planned && p.seeder.random.IntN(25) == 0 && left > p.course.silent:
		if err := p.barrier(ctx, day); err != nil {
			return err
		}
	}
	if day%19 == 12 {
		return p.hearsBack(ctx, day, left)
	}
	return nil
}

const (
	pauseDay    = 30 // some take a week off then
	pauseLength = 6
)

func (p *person) isPaused(left, day int) bool {
	return p.course.paused && left <= 3 || p.takesHoliday() && day >= pauseDay && day < pauseDay+pauseLength
}

func (p *person) takesHoliday() bool { return p.number%4 == 0 && p.course.startAgo > 60 }

func (p *person) pauses(ctx context.Context, day, left int) error {
	if !p.course.paired {
		return nil
	}
	n := program.NewPause{Start: p.start.AddDays(day)}
	switch {
	case p.course.paused && left == 3:
		n.Reason, n.End = program.PauseIllness, p.today.AddDays(5)
	case p.takesHoliday() && day == pauseDay:
		n.Reason, n.End = program.PauseHoliday, n.Start.AddDays(pauseLength-1)
	default:
		return nil
	}
	p.at(day, 8*60)
	n.ID = id.Pause(p.newID())
	_, _, err := p.seeder.app.Programs.PauseMine(ctx, p.viewer, n)
	return err
}

// exercise logs a session, unless its time today has not come yet.
func (p *person) exercise(ctx context.Context, day, left int) error {
	minute := 9*60 + p.seeder.random.IntN(90)
	performed := localtime.Resolve(p.start.AddDays(day), localtime.TimeOfDay(minute), p.zone)
	if performed.After(p.seeder.Now) {
		return nil
	}
	received := performed.Add(15 * time.Minute)
	if p.seeder.random.IntN(15) == 0 { // the phone had no network
		received = performed.Add(30 * time.Hour)
	}
	if received.After(p.seeder.Now) {
		received = p.seeder.Now
	}
	p.seeder.clock.Set(received)
	p.last, p.lastOn = id.Session(p.newID()), day
	_, _, err := p.seeder.app.Sessions.Log(ctx, p.viewer, p.last,
		session.Told{Content: p.content(performed, day, left)})
	return err
}

func (p *person) content(performed time.Time, day, left int) session.Content {
	version := p.versions[0]
	if len(p.versions) > 1 && day >= 35 {
		version = p.versions[1]
	}
	pain := p.course.pain
	if left < 7 {
		pain = p.course.painNow
	}
	before := min(10, pain+p.seeder.random.IntN(2))
	after := min(10, max(0, before+p.seeder.random.IntN(3)-1))
	confidence, duration := 5+p.seeder.random.IntN(5), 500+p.seeder.random.IntN(400)
	c := session.Content{
		PerformedAt: performed.In(p.zone), Zone: p.zone.String(), LocalDate: p.start.AddDays(day), Version: version.ID,
		Status: session.Completed, PainBefore: &before, PainAfter: &after, Confidence: &confidence,
		DurationS: &duration,
	}
	for _, item := range version.Items {
		sets, reps, effort := item.Dose.Sets, item.Dose.Reps, 3+p.seeder.random.IntN(4)
		during := max(0, before-p.seeder.random.IntN(2))
		c.Items = append(
			c.Items, session.ItemDone{Item: item.ID, Sets: &sets, Reps: &reps, Difficulty: &effort, Pain: &during},
		)
	}
	if p.seeder.random.IntN(14) == 0 {
		c.Note = p.language.Pick("Ging beter dan vorige keer.", "Went better than last time.")
	}
	if rises := p.course.painNow > p.course.pain; p.seeder.random.IntN(7) == 0 && !rises {
		c.PainBefore, c.PainAfter = nil, nil // not everybody answers every time
	}
	if p.course.stopped && left < 7 {
		c.Status, c.StoppedReason = session.Stopped, session.StoppedByPain
		half := 1
		c.Items = c.Items[:1]
		c.Items[0].Sets = &half
	}
	return c
}

// barriers are all there are; the usual ones come more often.
var barriers = slices.Concat(barrier.All(), []barrier.Barrier{barrier.Time, barrier.Forgot})

func (p *person) barrier(ctx context.Context, day int) error {
	if !p.course.paired {
		return nil
	}
	p.at(day, 20*60)
	_, _, err := p.seeder.app.Barriers.Report(ctx, p.viewer, barrier.Report{
		ID:        id.Barrier(p.newID()),
		LocalDate: p.start.AddDays(day),
		Barrier:   barriers[p.seeder.random.IntN(len(barriers))],
	})
	return err
}

// hearsBack writes feedback; most open it the next day.
func (p *person) hearsBack(ctx context.Context, day, left int) error {
	p.at(day, 16*60)
	sent, _, err := p.seeder.app.Feedback.Send(ctx, p.therapist, p.id, feedback.New{
		ID: id.Feedback(p.newID()), About: feedback.AboutProgram, Text: p.language.Pick(
			"Ik zie dat u bezig bent met uw oefeningen. Dat past bij ons plan. Wat hielp u deze week?",
			"I see you are working on your exercises. That fits our plan. What helped you this week?"),
	})
	if err != nil || left < 2 || p.seeder.random.IntN(5) == 0 {
		return err
	}
	opened := p.at(day+1, 9*60)
	_, err = p.seeder.app.Inbox.Receipt(ctx, p.viewer, sent.ID, inbox.Opened, opened)
	return err
}

// contact records when the phone was last in contact.
func (p *person) contact(ctx context.Context) error {
	if !p.course.paired {
		return nil
	}
	p.seeder.clock.Set(p.seeder.Now.AddDate(0, 0, -p.course.silent).Add(-40 * time.Minute))
	return p.seeder.app.DB.Write(ctx, func(tx *database.Tx) error {
		return people.Directory{}.DeviceSeen(tx, p.viewer.Device)
	})
}
