package prompt

import (
	"context"
	"slices"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/alert"
	"cadans/internal/record/barrier"
	"cadans/internal/record/intake"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/record/session"
	"cadans/internal/rules/adherence"
	"cadans/internal/rules/attention"
	"cadans/internal/rules/coping"
	"cadans/internal/rules/detour"
	"cadans/internal/rules/proposal"
	"cadans/internal/rules/reminder"
)

// barrierDays is for how many days after it was named a barrier is mentioned.
const barrierDays = 14

// painDays is for how many days sessions without scores of pain are looked at.
const painDays = 14

// phaseDays is for how many days a change of phase is told.
const phaseDays = 7

// Service implements the use case of this package.
type Service struct {
	guard *access.Guard
}

// NewService returns the service.
func NewService(guard *access.Guard) *Service {
	return &Service{guard: guard}
}

// Mine returns the current sentences for the viewer. Kind is that of the opened reminder, or empty.
func (s *Service) Mine(ctx context.Context, v access.Viewer, kind reminder.Kind) ([]Prompt, error) {
	return access.Read(ctx, s.guard, v.AsksOwn(access.ListMyPrompts), func(tx *database.Tx) ([]Prompt, error) {
		f, err := factsOf(tx, v.Patient)
		f.Kind = kind
		return Choose(f), err
	})
}

func factsOf(tx *database.Tx, patient id.Patient) (Facts, error) {
	p, err := people.ByID(tx, patient)
	var f Facts
	if err != nil {
		return f, err
	}
	f.Date = p.Today(tx.Now())
	if f.Status, err = adherence.StatusOf(tx, p); err != nil {
		return f, err
	}
	if f.Plan, err = coping.Of(tx, patient); err != nil {
		return f, err
	}
	if err := f.loadAnswers(tx, patient); err != nil {
		return f, err
	}
	moved, err := proposal.LastMoved(tx, patient, f.Date.AddDays(1-phaseDays))
	if err != nil {
		return f, err
	}
	if moved != nil {
		f.Phase = moved.Phase
	}
	if f.PainAlert, err = alert.HasReason(tx, patient, attention.AboutPain...); err != nil {
		return f, err
	}
	recent, err := session.Between(tx, patient, f.Date.AddDays(1-painDays), f.Date)
	if err != nil {
		return f, err
	}
	f.Unanswered = unanswered(recent)
	return f, f.loadProgram(tx, patient)
}

// loadAnswers loads what the patient said last: what was in the way, and the goal.
func (f *Facts) loadAnswers(tx *database.Tx, patient id.Patient) error {
	named, err := barrier.Latest(tx, []id.Patient{patient}, f.Date.AddDays(1-barrierDays))
	if err != nil {
		return err
	}
	f.Barrier = named[patient]
	intakes, err := intake.Of(tx, patient)
	if n := len(intakes); n > 0 && len(intakes[n-1].Answers.Goals) > 0 {
		f.Goal = intakes[n-1].Answers.Goals[0].Activity
	}
	return err
}

// unanswered counts the sessions that lack pain before, during or after: they hold the dose.
func unanswered(sessions []session.Session) (n int) {
	for _, s := range sessions {
		lacks := func(d session.ItemDone) bool { return d.Skipped == "" && d.Pain == nil }
		if s.PainBefore == nil || s.PainAfter == nil || slices.ContainsFunc(s.Items, lacks) {
			n++
		}
	}
	return n
}

// loadProgram loads what the program asks today and how the latest session went.
func (f *Facts) loadProgram(tx *database.Tx, patient id.Patient) error {
	history, err := program.HistoryOf(tx, patient)
	if err != nil {
		return err
	}
	if version, inForce := history.On(f.Date); inForce {
		f.InFlare = version.Origin == program.ByFlare
		f.Minutes = detour.ShortMinutes(version.Items)
	}
	last, err := session.Last(tx, patient)
	if err != nil || last == nil {
		return err
	}
	f.Confidence = last.Confidence
	rise, known := last.PainRise()
	f.MorePain = last.LocalDate == f.Date && (known && rise >= 2 || last.StoppedReason == session.StoppedByPain)
	return nil
}
