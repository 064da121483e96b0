package reminder

import (
	"time"

	"cadans/internal/adherence"
	"cadans/internal/database"
	"cadans/internal/id"
	"cadans/internal/people"
	"cadans/internal/program"
	"cadans/pkg/localtime"
)

// Planner keeps the narrow table of when to look at a patient next, and asks for the push after feedback.
type Planner struct{}

var (
	_ people.Observer  = Planner{}
	_ program.Observer = Planner{}
)

// PatientChanged implements people.Observer.
func (Planner) PatientChanged(tx *database.Tx, patient id.Patient) error {
	p, err := people.ByID(tx, patient)
	if err != nil {
		return err
	}
	return newStore(tx).lookAgain(patient, nextMoment(p, tx.Now()))
}

// ExpectationChanged implements program.Observer.
func (p Planner) ExpectationChanged(tx *database.Tx, patient id.Patient, _, _ localtime.Date) error {
	return p.PatientChanged(tx, patient)
}

// FeedbackSent asks for one push, now or when quiet hours end. Feedback that follows on the same day before the push
// went out shares it; after it went out, the next push is for the next morning.
func (Planner) FeedbackSent(tx *database.Tx, patient id.Patient) error {
	p, err := people.ByID(tx, patient)
	if err != nil {
		return err
	}
	store, day, due := newStore(tx), p.Today(tx.Now()), tx.Now()
	existing, err := store.slotOf(patient, day, Feedback)
	if err != nil {
		return err
	}
	if existing != nil {
		if existing.State != stateSent {
			return nil
		}
		day = day.AddDays(1)
		due = morning(p, day, p.HomeZone(tx.Now()))
	}
	return store.open(slot{
		ID: id.Slot(id.New()), Patient: patient, Date: day, Kind: Feedback, State: stateDue, Reason: Due,
		DueAt: due, ExpiresAt: due.Add(feedbackFor),
	})
}

// morning is when quiet hours end on a day.
func morning(p people.Patient, day localtime.Date, zone *time.Location) time.Time {
	return localtime.Resolve(day, p.Reminders.Quiet.Until, zone)
}

// plan decides the slots of one patient whose moment has come and says when to look again.
func plan(tx *database.Tx, patient id.Patient) ([]slot, error) {
	p, err := people.ByID(tx, patient)
	if err != nil {
		return nil, err
	}
	zone := p.HomeZone(tx.Now())
	day := localtime.Today(tx.Now(), zone)
	store := newStore(tx)
	again := nextMoment(p, tx.Now())
	var decided []slot
	for _, kind := range []Kind{Cue, Rescue} {
		due, expires := kind.moment(p, day, zone)
		if tx.Now().Before(due) || !tx.Now().Before(expires) {
			continue
		}
		if known, err := store.slotOf(patient, day, kind); known != nil || err != nil {
			if err != nil {
				return nil, err
			}
			continue
		}
		s := slot{ID: id.Slot(id.New()), Patient: patient, Date: day, Kind: kind, DueAt: tx.Now(), ExpiresAt: expires}
		f, err := factsFor(tx, nil, s)
		if err != nil {
			return nil, err
		}
		verdict := Decide(f, tx.Now())
		if verdict.Outcome == Hold && verdict.Until.Before(expires) {
			again = earlier(again, verdict.Until)
			continue
		}
		s.State, s.Reason = stateSkipped, verdict.Reason
		if verdict.Outcome == Send {
			s.State = stateDue
		}
		if err := store.open(s); err != nil {
			return nil, err
		}
		decided = append(decided, s)
	}
	return decided, store.lookAgain(patient, again)
}

// Inbox knows how much feedback a patient has not opened.
type Inbox interface {
	Unopened(tx *database.Tx, patient id.Patient) (int, error)
}

// factsFor loads what a decision about a slot rests on; the inbox is asked for feedback only.
func factsFor(tx *database.Tx, inbox Inbox, s slot) (Facts, error) {
	f := Facts{Kind: s.Kind}
	var err error
	if f.Patient, err = people.ByID(tx, s.Patient); err != nil {
		return f, err
	}
	f.Zone = f.Patient.HomeZone(tx.Now())
	targets, err := people.PushTargets(tx, s.Patient)
	if err != nil {
		return f, err
	}
	f.Phones = len(targets)
	store := newStore(tx)
	if f.Sent, err = store.counts(s); err != nil {
		return f, err
	}
	if s.Kind == Feedback {
		f.Unread, err = inbox.Unopened(tx, s.Patient)
		return f, err
	}
	return f, f.loadAdherence(tx, s)
}

func (f *Facts) loadAdherence(tx *database.Tx, s slot) error {
	history, err := program.HistoryOf(tx, s.Patient)
	if err != nil {
		return err
	}
	series, err := adherence.SeriesOf(tx, s.Patient, history, s.Date)
	if err != nil {
		return err
	}
	version, inForce := history.On(s.Date)
	f.HasProgram = inForce
	f.Day, _ = series.On(s.Date)
	f.Dropped = series.Dropped(series.Until(s.Date))
	if inForce {
		f.InFlare = version.Origin == program.ByFlare
		f.WeekDone = weekDone(series, s.Date) >= version.SessionsPerWeek()
	}
	contacts, err := people.LastContact(tx, []id.Patient{s.Patient})
	f.LastSeen = contacts[s.Patient]
	return err
}

// weekDone counts the sessions done in the ISO week of a day, up to that day.
func weekDone(s adherence.Series, day localtime.Date) int {
	done := 0
	for _, d := range s.Window(day, day.DaysSince(day.Monday())+1) {
		done += d.Done + d.PauseDone
	}
	return done
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
