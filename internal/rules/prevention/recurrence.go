package prevention

import (
	"context"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/words"
	"cadans/internal/record/alert"
	"cadans/internal/record/people"
	"cadans/internal/rules/adherence"
	"cadans/pkg/localtime"
)

// months is for how many months at least the monthly question is asked, and the interval in days.
const (
	everyDays = 30
	months    = 12
)

// Check is the monthly answer to whether pain came back. Nil means not answered. It keeps three meanings of
// "recurrence" apart, which occur in 69, 40 and 41 of 100 people within a year: any, activity-limiting, care-seeking
// (da Silva 2019).
type Check struct {
	ID          id.RecurrenceCheck
	LocalDate   localtime.Date
	NewEpisode  bool
	OnsetOn     *localtime.Date
	OverOn      *localtime.Date
	PainAverage *int
	PainWorst   *int
	Limited     *bool
	CareSought  *bool
	HoursOff    *int
	ReceivedAt  time.Time
}

// Events returns the kinds of recurrence that a check reports.
func (c Check) Events() (events []string) {
	if !c.NewEpisode {
		return nil
	}
	events = append(events, "any")
	if c.Limited != nil && *c.Limited {
		events = append(events, "activity_limiting")
	}
	if c.CareSought != nil && *c.CareSought {
		events = append(events, "care_seeking")
	}
	return events
}

func (c Check) validate(today localtime.Date) error {
	wrong := checkDay(c.LocalDate, today)
	if c.NewEpisode && c.OnsetOn == nil {
		wrong = append(wrong, fault.Violation{Pointer: "/onset_on", Code: "required"})
	}
	if c.OnsetOn != nil && c.OnsetOn.After(today.AddDays(1)) {
		wrong = append(wrong, fault.Violation{Pointer: "/onset_on", Code: "in-the-future"})
	}
	if c.OnsetOn != nil && c.OverOn != nil && c.OverOn.Before(*c.OnsetOn) {
		wrong = append(wrong, fault.Violation{Pointer: "/over_on", Code: "before-start"})
	}
	if !c.NewEpisode && (c.OnsetOn != nil || c.Limited != nil || c.CareSought != nil) {
		wrong = append(wrong, fault.Violation{Pointer: "/new_episode", Code: "only-with-episode"})
	}
	return fault.Input(wrong...)
}

// oldestDays is how old a report may be. A phone reports much sooner; what is older was not meant.
const oldestDays = 366

func checkDay(day, today localtime.Date) []fault.Violation {
	switch {
	case day.After(today.AddDays(1)): // a phone may be ahead of the patient's zone
		return []fault.Violation{{Pointer: "/local_date", Code: "in-the-future"}}
	case today.DaysSince(day) > oldestDays:
		return []fault.Violation{{Pointer: "/local_date", Code: "over-a-year-ago"}}
	default:
		return nil
	}
}

// Checks holds the answers so far and when the next one is due; zero when the year is over.
type Checks struct {
	Checks []Check // latest first
	DueOn  localtime.Date
}

// Report stores a check of the viewer. Repeating it returns what is stored.
func (s *Service) Report(ctx context.Context, v access.Viewer, c Check) (Check, bool, error) {
	return access.Create(ctx, s.guard, v.AsksOwn(access.ReportRecurrence), func(tx *database.Tx) (Check, bool, error) {
		p, err := people.ByID(tx, v.Patient)
		if err != nil {
			return Check{}, false, err
		}
		store := newStore(tx)
		c.ReceivedAt = tx.Now()
		if stored, err := store.repeatedCheck(v.Patient, c); err != nil || stored.ID != "" {
			return stored, false, err
		}
		if err := c.validate(p.Today(tx.Now())); err != nil {
			return Check{}, false, err
		}
		if err := store.insertCheck(v.Patient, c); err != nil {
			return Check{}, false, err
		}
		if err := adherence.PainReported(tx, v.Patient, c.LocalDate); err != nil || !c.NewEpisode {
			return c, true, err
		}
		return c, true, alert.Raise(tx, v.Patient, alert.Raised{
			Kind:        RecurrenceKind,
			Subject:     c.OnsetOn.String(),
			Urgency:     alert.ThisWeek,
			RuleVersion: RuleVersion,
			Pair:        since("recurrence.reported", *c.OnsetOn),
		})
	})
}

var listing = access.Operations{Own: access.ListMyRecurrences, Others: access.ListRecurrences}

// Checks returns the answers about a patient.
func (s *Service) Checks(ctx context.Context, v access.Viewer, patient id.Patient) (Checks, error) {
	return access.Read(ctx, s.guard, v.Asks(listing.For(v), patient), func(tx *database.Tx) (Checks, error) {
		store := newStore(tx)
		found, err := store.checks(patient)
		if err != nil {
			return Checks{}, err
		}
		plan, err := store.current(patient)
		if fault.Is(err, fault.NotFound) {
			return Checks{Checks: found}, nil
		}
		return Checks{Checks: found, DueOn: dueOn(plan.StartOn, found)}, err
	})
}

// dueOn returns when the next monthly answer is due, counted from the start of the plan.
func dueOn(start localtime.Date, checks []Check) localtime.Date {
	for month := 1; month <= months; month++ {
		due := start.AddDays(month * everyDays)
		if len(checks) == 0 || due.AddDays(-everyDays/2).After(checks[0].LocalDate) {
			return due
		}
	}
	return localtime.Date{}
}

// Event is a new complaint of a patient who walks. Walking makes complaints of the lower limb more frequent (100
// against 54 in WalkBack).
type Event struct {
	ID           id.AdverseEvent
	LocalDate    localtime.Date
	Site         string // foot, knee, hip, other
	DaysAffected *int
	Related      string // yes, no, unknown, in the patient's opinion
}

// complaints maps each site to the key of what the therapist reads.
var complaints = map[string]string{
	"foot": "recurrence.complaint.foot", "knee": "recurrence.complaint.knee", "hip": "recurrence.complaint.hip",
	"other": "recurrence.complaint.other",
}

// complaintAt is the key of a site; one that this version does not know is another.
func complaintAt(site string) string {
	if key, known := complaints[site]; known {
		return key
	}
	return complaints["other"]
}

// since stores a text that names a day.
func since(key string, day localtime.Date) words.Pair {
	return words.KeepAs(func(l words.Language) string { return l.Say(key, "day", l.Date(day)) })
}

// ReportEvent stores an adverse event of the viewer and alerts the therapist.
func (s *Service) ReportEvent(ctx context.Context, v access.Viewer, e Event) (bool, error) {
	return access.Write(ctx, s.guard, v.AsksOwn(access.ReportAdverseEvent), func(tx *database.Tx) (bool, error) {
		p, err := people.ByID(tx, v.Patient)
		if err != nil {
			return false, err
		}
		if err := fault.Input(checkDay(e.LocalDate, p.Today(tx.Now()))...); err != nil {
			return false, err
		}
		created, err := newStore(tx).insertEvent(v.Patient, e)
		if err != nil || !created {
			return false, err
		}
		return true, alert.Raise(tx, v.Patient, alert.Raised{
			Kind: LowerLimbKind, Subject: string(e.ID), Urgency: alert.Today, RuleVersion: RuleVersion,
			Pair: since(complaintAt(e.Site), e.LocalDate),
		})
	})
}
