// Package progress shows patients their progress, and the days behind it.
//
// Nothing in it shames the patient: weeks that went as planned are counted and never lost again, a day without a record
// is a gap and never a zero, and a change in pain is mentioned only if it matters and exceeds the
// measurement error. The package writes nothing.
package progress

import (
	"context"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/alert"
	"cadans/internal/record/intake"
	"cadans/internal/record/pain"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/record/questionnaire"
	"cadans/internal/rules/adherence"
	"cadans/internal/rules/attention"
	"cadans/pkg/localtime"
)

// Progress is the content of the screen.
type Progress struct {
	adherence.Status
	Weeks    string // a sentence; empty before a week can be judged
	PainSays string // a sentence; empty unless the change in pain matters
	Goals    []Goal
}

// Goal is an activity that matters to the patient, with its first and its latest score: from 0 (not at all) to 10
// (without trouble). Last is nil until it was asked again.
type Goal struct {
	Activity string
	First    int
	Last     *int
}

// Service implements the use cases of this package.
type Service struct {
	guard *access.Guard
}

// NewService returns the service.
func NewService(guard *access.Guard) *Service {
	return &Service{guard: guard}
}

// Mine returns the viewer's own progress, in their language.
func (s *Service) Mine(ctx context.Context, v access.Viewer) (Progress, error) {
	return access.Read(ctx, s.guard, v.AsksOwn(access.GetProgress), func(tx *database.Tx) (Progress, error) {
		patient, err := people.ByID(tx, v.Patient)
		if err != nil {
			return Progress{}, err
		}
		status, err := adherence.StatusOf(tx, patient)
		if err != nil {
			return Progress{}, err
		}
		painAlert, err := alert.HasReason(tx, v.Patient, attention.AboutPain...)
		if err != nil {
			return Progress{}, err
		}
		intakes, err := intake.Of(tx, v.Patient)
		w := adherence.Words{Language: patient.Language}
		return Progress{
			Status: status, Weeks: weeks(w, status.Weeks, painAlert), PainSays: painSays(w, status.Pain),
			Goals: goals(intakes),
		}, err
	})
}

// weeks praises weeks, but not while an alert about pain is open.
func weeks(w adherence.Words, n adherence.Weeks, painAlert bool) string {
	if n.Of == 0 || painAlert {
		return ""
	}
	return w.Say("progress.weeks", "met", n.Met, "n", n.Of)
}

// painSays mentions only a change that matters and is beyond the measurement error, and
// leaves its interpretation to the therapist.
func painSays(w adherence.Words, p adherence.Pain) string {
	switch p.Means() {
	case questionnaire.Improved:
		return w.Say("progress.pain.less", "now", w.Tenths(*p.Now), "before", w.Tenths(*p.Before))
	case questionnaire.Worse:
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

// Days is a range of a patient's days without gaps, and the weeks in it.
type Days struct {
	Days     adherence.Series
	Marks    []adherence.Mark // of each day
	Weeks    []Week
	Versions []program.Version // that begin in the range
	Points   []pain.Point      // every pain score of the range, oldest first
}

// Week is one ISO week of the range; the first and last may be incomplete.
type Week struct {
	Monday localtime.Date
	adherence.Rate
}

// The range of days: the default and the maximum.
const (
	usual   = 28
	longest = 366
)

// What patients see of themselves, and what members see of a patient.
var (
	adherenceOf = access.Operations{Own: access.GetMyAdherence, Others: access.GetPatientAdherence}
	painOf      = access.Operations{Own: access.GetMyPain, Others: access.GetPatientPain}
)

// Adherence returns a patient's days from since to until, both included; zero dates mean the last 28 days up to today.
// Days before the program and after today are left out.
func (s *Service) Adherence(
	ctx context.Context, v access.Viewer, patient id.Patient, since, until localtime.Date,
) (Days, error) {
	return s.days(ctx, v.Asks(adherenceOf.For(v), patient), patient, since, until)
}

// Pain returns the same days as Adherence, to viewers who may see a patient's pain.
func (s *Service) Pain(
	ctx context.Context, v access.Viewer, patient id.Patient, since, until localtime.Date,
) (Days, error) {
	return s.days(ctx, v.Asks(painOf.For(v), patient), patient, since, until)
}

func (s *Service) days(
	ctx context.Context, ask access.Request, patient id.Patient, since, until localtime.Date,
) (Days, error) {
	return access.Read(ctx, s.guard, ask, func(tx *database.Tx) (Days, error) {
		p, err := people.ByID(tx, patient)
		if err != nil {
			return Days{}, err
		}
		return DaysOf(tx, p, since, until)
	})
}

// DaysOf returns the days of a patient in a range, as Adherence does.
func DaysOf(tx *database.Tx, p people.Patient, since, until localtime.Date) (Days, error) {
	since, until, err := span(since, until, p.Today(tx.Now()))
	if err != nil || until.Before(since) { // future days have no record
		return Days{}, err
	}
	h, err := program.HistoryOf(tx, p.ID)
	if err != nil {
		return Days{}, err
	}
	rows, err := adherence.DaysOf(tx, p.ID, since, until)
	if err != nil {
		return Days{}, err
	}
	days := daysOf(h, rows, since, until)
	days.Points, err = pain.Of(tx, p.ID, since, until)
	return days, err
}

// span returns the requested range, up to today.
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
