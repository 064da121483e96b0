package reminder

import (
	"time"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/words"
	"cadans/internal/record/alert"
	"cadans/internal/record/inbox"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/pkg/localtime"
)

// Planner stores when patients are due next, and requests the push after feedback.
type Planner struct{}

var (
	_ people.Observer  = Planner{}
	_ program.Observer = Planner{}
)

// PatientChanged implements people.Observer. Changing reminder preferences counts as a response to the ignored
// reminders.
func (Planner) PatientChanged(tx *database.Tx, patient id.Patient) error {
	return lookSoon(tx, patient, tx.Now())
}

// ExpectationChanged implements program.Observer.
func (Planner) ExpectationChanged(tx *database.Tx, patient id.Patient, _, _ localtime.Date) error {
	return lookSoon(tx, patient, time.Time{})
}

func lookSoon(tx *database.Tx, patient id.Patient, answered time.Time) error {
	p, err := people.ByID(tx, patient)
	if err != nil {
		return err
	}
	zone, err := phoneZone(tx, p)
	if err != nil {
		return err
	}
	next := schedule{policy: Default, patient: p, zone: zone}.next(tx.Now())
	return newStore(tx).setNextCheck(patient, next, answered)
}

// phoneZone returns the zone of the patient's phone, or the home zone.
func phoneZone(tx *database.Tx, p people.Patient) (*time.Location, error) {
	f := &patientData{schedule: schedule{zone: p.HomeZone(tx.Now())}}
	err := loadPhones(tx, []id.Patient{p.ID}, map[id.Patient]*patientData{p.ID: f})
	return f.zone, err
}

// FeedbackSent requests one push, now or at the end of quiet hours. Later feedback of the same day shares a push that
// was not sent yet; after it was sent, the next push is for the next morning.
func (Planner) FeedbackSent(tx *database.Tx, patient id.Patient) error {
	p, err := people.ByID(tx, patient)
	if err != nil {
		return err
	}
	zone, err := phoneZone(tx, p)
	if err != nil {
		return err
	}
	store, day, due, reason := newStore(tx), localtime.Today(tx.Now(), zone), tx.Now(), Due
	existing, err := store.slotOf(patient, day, Feedback)
	if err != nil {
		return err
	}
	if existing != nil {
		if existing.State != stateSent {
			return nil
		}
		day = day.AddDays(1)
		due, reason = morning(p, day, zone), QuietHours
	}
	return store.open(slot{
		ID:        SlotID(patient, day, Feedback),
		Patient:   patient,
		Date:      day,
		Kind:      Feedback,
		State:     stateDue,
		Reason:    reason,
		DueAt:     due,
		ExpiresAt: due.Add(feedbackFor),
	})
}

// morning is the end of quiet hours on a day.
func morning(p people.Patient, day localtime.Date, zone *time.Location) time.Time {
	return localtime.Resolve(day, p.Reminders.Quiet.Until, zone)
}

// facts returns the facts of a slot, with data that only some kinds need.
func (l loader) facts(tx *database.Tx, f *patientData, s slot) (Facts, error) {
	day, err := f.statusOn(tx, s.Date)
	var found Facts
	if err != nil {
		return found, err
	}
	found = f.facts(s, day, tx.Now())
	switch s.Kind {
	case Feedback:
		found.Unread, err = inbox.Unopened(tx, s.Patient)
	case Questions:
		found.Questions.Waiting, found.Questions.DueOn, err = l.questions.Waiting(tx, s.Patient)
	}
	return found, err
}

// IgnoredKind is the alert about a patient whose reminders stopped because nobody opened them.
const IgnoredKind alert.Kind = "reminders_ignored"

// tellTherapist raises the alert once per run of ignored reminders.
func tellTherapist(tx *database.Tx, patient id.Patient, run id.Slot) error {
	told, err := newStore(tx).hasIgnoredAlert(patient, run)
	if err != nil || told {
		return err
	}
	return alert.Raise(tx, patient, alert.Raised{
		Kind: IgnoredKind, Subject: string(run), Urgency: alert.NextVisit, RuleVersion: PolicyVersion,
		Pair: words.Keep("attention.reminders_ignored"),
	})
}

// lastOfRun returns the latest reminder that was sent, which identifies the run. Pushes are given latest first.
func lastOfRun(sent []sentSlot) id.Slot {
	for _, one := range sent {
		if one.kind != Feedback && !one.at.IsZero() {
			return one.id
		}
	}
	return ""
}
