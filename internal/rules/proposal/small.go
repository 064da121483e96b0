package proposal

import (
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/queue"
	"cadans/internal/kernel/words"
	"cadans/internal/record/alert"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/rules/adherence"
	"cadans/pkg/localtime"
)

// SmallJob checks whether a program that started small may grow.
const SmallJob queue.Kind = "small_start"

// The kinds of alerts about programs that started small.
const (
	ContactKind alert.Kind = "small_start_contact"
	StepUpKind  alert.Kind = "step_up"
)

// A small start is checked after two weeks and then every week, for at most twelve weeks (design choices).
const (
	smallDays  = 14
	lookAgain  = 7
	smallWeeks = 12
	stepUpFrom = 800 // permille of the expected sessions
)

// startSmall asks for contact within a week and schedules the first check.
func startSmall(tx *database.Tx, patient id.Patient) error {
	if err := alert.Raise(tx, patient, alert.Raised{
		Kind: ContactKind, Urgency: alert.ThisWeek, RuleVersion: RuleVersion,
		Pair: words.Keep("proposal.small.start"),
	}); err != nil {
		return err
	}
	return queue.Schedule(tx, SmallJob, string(patient), tx.Now().AddDate(0, 0, smallDays))
}

// Grow alerts the therapist when two weeks went well, and otherwise checks again in a week. It handles SmallJob.
func (s *Service) Grow(tx *database.Tx, key string) error {
	patient := id.Patient(key)
	proposals, err := newStore(tx).list(patient)
	if err != nil {
		return err
	}
	last := lastPublished(proposals)
	if last == nil || !last.StartsSmall {
		return nil
	}
	p, err := people.ByID(tx, patient)
	if err != nil {
		return err
	}
	today := p.Today(tx.Now())
	if today.DaysSince(p.Today(last.Decision.At)) > smallWeeks*7 {
		return nil
	}
	history, err := program.HistoryOf(tx, patient)
	if err != nil {
		return err
	}
	series, err := adherence.SeriesOf(tx, patient, history, today)
	if err != nil {
		return err
	}
	until := series.Until(today)
	rate := series.Rate(until, smallDays)
	if rate.Sessions == nil || *rate.Sessions < stepUpFrom {
		return queue.Schedule(tx, SmallJob, key, tx.Now().AddDate(0, 0, lookAgain))
	}
	return alert.Raise(tx, patient, stepUp(rate, until))
}

func lastPublished(proposals []Proposal) *Proposal {
	for i, p := range proposals { // latest first
		if p.Decision != nil && p.Decision.Outcome != Refused {
			return &proposals[i]
		}
	}
	return nil
}

func stepUp(r adherence.Rate, until localtime.Date) alert.Raised {
	percent := (*r.Sessions + 5) / 10
	return alert.Raised{
		Kind: StepUpKind, Urgency: alert.NextVisit, RuleVersion: RuleVersion,
		Pair: words.KeepAs(func(l words.Language) string {
			return l.Say("proposal.small.step_up",
				"until", l.Date(until), "percent", percent, "done", r.Done, "asked", l.Decimal(r.Expected()))
		}),
	}
}
