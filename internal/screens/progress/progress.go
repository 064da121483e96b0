// Package progress is what a patient sees of the way so far, and the days behind it.
//
// It promises that nothing in it shames or breaks: weeks that went as planned are counted and none is lost by another,
// a day without a record is a gap and never a zero, and a change in pain is told only when it is larger than the
// measurement error. It writes nothing.
package progress

import (
	"context"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/intake"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/rules/adherence"
	"cadans/pkg/localtime"
)

// Progress is one screen.
type Progress struct {
	adherence.Status
	Weeks    string // in a sentence; empty before a week can be judged
	PainSays string // in a sentence; empty unless pain changed by more than the measurement error
	Goals    []Goal
}

// Goal is an activity that matters to the patient, how well it went at first, and how well it went last: 0 not at all,
// 10 without trouble. Last is nil until it was asked again.
type Goal struct {
	Activity string
	First    int
	Last     *int
}

// Service is the use cases of this package.
type Service struct {
	db     *database.DB
	policy *access.Policy
}

// NewService returns the service.
func NewService(db *database.DB, policy *access.Policy) *Service {
	return &Service{db: db, policy: policy}
}

// Mine returns the viewer's own progress, in their language.
func (s *Service) Mine(ctx context.Context, v access.Viewer) (p Progress, err error) {
	err = s.db.Read(ctx, func(tx *database.Tx) error {
		if err := s.policy.Check(tx, v, access.GetProgress, v.Patient); err != nil {
			return err
		}
		patient, err := people.ByID(tx, v.Patient)
		if err != nil {
			return err
		}
		if p.Status, err = adherence.StatusOf(tx, patient); err != nil {
			return err
		}
		intakes, err := intake.Of(tx, v.Patient)
		if err != nil {
			return err
		}
		w := adherence.Words{Language: patient.Language}
		p.Weeks, p.PainSays, p.Goals = weeks(w, p.Status.Weeks), pain(w, p.Pain), goals(intakes)
		return nil
	})
	return p, err
}

func weeks(w adherence.Words, n adherence.Weeks) string {
	if n.Of == 0 {
		return ""
	}
	return w.Say("progress.weeks", "met", n.Met, "of", n.Of)
}

// pain speaks only of a change beyond the measurement error, and leaves what it means to the therapist.
func pain(w adherence.Words, p adherence.Pain) string {
	switch {
	case p.Change == nil:
		return ""
	case *p.Change <= -adherence.MinimumImportantChange:
		return w.Say("progress.pain.less", "now", w.Tenths(*p.Now), "before", w.Tenths(*p.Before))
	case *p.Change >= adherence.MinimumImportantChange:
		return w.Say("progress.pain.more", "now", w.Tenths(*p.Now), "before", w.Tenths(*p.Before))
	default:
		return ""
	}
}

// goals follows the activities of the first intake through the later ones.
func goals(intakes []intake.Intake) (list []Goal) {
	if len(intakes) == 0 {
		return nil
	}
	for _, first := range intakes[0].Answers.Goals {
		g := Goal{Activity: first.Activity, First: first.Score}
		for _, later := range intakes[1:] {
			for _, again := range later.Answers.Goals {
				if again.Activity == first.Activity {
					score := again.Score
					g.Last = &score
				}
			}
		}
		list = append(list, g)
	}
	return list
}

// Days is a range of a patient's days with nothing left out, and the weeks in it.
type Days struct {
	Days     adherence.Series
	Marks    []adherence.Mark // of the days
	Weeks    []Week
	Versions []program.Version // that begin in the range
}

// Week is one ISO week of the range; its first and last may be cut short by it.
type Week struct {
	Monday localtime.Date
	adherence.Rate
}

// The range of days: so many when nobody says, and at most.
const (
	usual   = 28
	longest = 366
)

// Days returns a patient's days from since to until, both included; zero dates mean the last 28 days up to today. Days
// before the program and after today are left out.
func (s *Service) Days(
	ctx context.Context, v access.Viewer, op access.Operation, patient id.Patient, since, until localtime.Date,
) (d Days, err error) {
	err = s.db.Read(ctx, func(tx *database.Tx) error {
		if err := s.policy.Check(tx, v, op, patient); err != nil {
			return err
		}
		p, err := people.ByID(tx, patient)
		if err != nil {
			return err
		}
		since, until, err := span(since, until, p.Today(tx.Now()))
		if err != nil || until.Before(since) { // days to come have no record
			return err
		}
		h, err := program.HistoryOf(tx, patient)
		if err != nil {
			return err
		}
		rows, err := adherence.DaysOf(tx, patient, since, until)
		if err == nil {
			d = daysOf(h, rows, since, until)
		}
		return err
	})
	return d, err
}

// span returns the range that was asked for, up to today.
func span(since, until, today localtime.Date) (localtime.Date, localtime.Date, error) {
	if until.IsZero() || until.After(today) {
		until = today
	}
	if since.IsZero() {
		since = until.AddDays(1 - usual).Clamp()
	}
	if until.DaysSince(since) >= longest {
		return since, until, fault.Input(fault.Violation{Pointer: "/since", Code: "period-too-long"})
	}
	return since, until, nil
}

func daysOf(h program.History, rows []adherence.Day, since, until localtime.Date) (d Days) {
	d.Days = adherence.Fill(h, rows, since, until)
	for _, day := range d.Days {
		d.Marks = append(d.Marks, adherence.MarkOf(h, day))
		monday := day.Date.Monday()
		if len(d.Weeks) == 0 || d.Weeks[len(d.Weeks)-1].Monday != monday {
			d.Weeks = append(d.Weeks, Week{Monday: monday, Rate: d.Days.Rate(monday.AddDays(6), 7)})
		}
	}
	for _, v := range h.Versions {
		if !v.EffectiveFrom.Before(since) && !v.EffectiveFrom.After(until) {
			d.Versions = append(d.Versions, v)
		}
	}
	return d
}
