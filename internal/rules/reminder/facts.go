package reminder

import (
	"time"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/barrier"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/record/settings"
	"cadans/internal/rules/adherence"
	"cadans/pkg/localtime"
)

// Questionnaires counts the questionnaires that await an answer.
type Questionnaires interface {
	Waiting(tx *database.Tx, patient id.Patient) (n int, dueOn localtime.Date, err error)
}

// patientData is the data loaded about a patient, from which the facts of each of the patient's slots are made.
type patientData struct {
	schedule
	phones   []people.PushTarget
	seen     time.Time
	status   adherence.Status // of the patient's current day
	history  *program.History // loaded only for a slot on another day
	rows     []adherence.Day
	sent     []sentSlot
	answered time.Time

	experience map[Kind]Experience // nil where the learner is off
	hasPlan    bool
	barrier    barrier.Barrier
}

// lookback is how many days of history facts need: past adherence, and the last reminders before they stopped.
const lookback = adherence.Lookback

// loader loads the data of many patients at once, in a handful of queries.
type loader struct {
	questions Questionnaires
	seedOf    SeedOf
	knowledge *knowledgeCache
}

func newLoader(questions Questionnaires, seedOf SeedOf) loader {
	return loader{questions: questions, seedOf: seedOf, knowledge: newKnowledgeCache()}
}

func (l loader) load(tx *database.Tx, patients []id.Patient) (map[id.Patient]*patientData, error) {
	found, err := people.ByIDs(tx, patients)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	loaded, practices := make(map[id.Patient]*patientData, len(found)), map[id.Practice]settings.Settings{}
	var learning []id.Patient
	for _, p := range found {
		s, known := practices[p.Practice]
		if !known {
			if s, err = settings.Of(tx, p.Practice); err != nil {
				return nil, err
			}
			practices[p.Practice] = s
		}
		loaded[p.ID] = &patientData{
			schedule: schedule{patient: p, policy: For(s), zone: p.HomeZone(tx.Now()), seedOf: l.seedOf},
		}
		if s.Learn && p.Research {
			learning = append(learning, p.ID)
		}
	}
	if err := l.knowledge.addTo(tx, learning, loaded); err != nil {
		return nil, err
	}
	if err := loadPhones(tx, patients, loaded); err != nil {
		return nil, err
	}
	return loaded, loadCourse(tx, found, loaded)
}

func loadPhones(tx *database.Tx, patients []id.Patient, loaded map[id.Patient]*patientData) error {
	targets, err := people.PushTargets(tx, patients)
	if err != nil {
		return err
	}
	contacts, err := people.LastContact(tx, patients)
	if err != nil {
		return err
	}
	for patient, f := range loaded {
		f.phones, f.seen = targets[patient], contacts[patient]
		if len(f.phones) > 0 && f.phones[0].Zone != "" {
			if zone, err := localtime.LoadZone(f.phones[0].Zone); err == nil {
				f.zone = zone
			}
		}
	}
	return nil
}

func loadCourse(tx *database.Tx, patients []people.Patient, loaded map[id.Patient]*patientData) error {
	statuses, err := adherence.StatusesOf(tx, patients)
	if err != nil {
		return err
	}
	ids := people.IDs(patients)
	sent, err := newStore(tx).sentSince(ids, since(tx))
	if err != nil {
		return err
	}
	answered, err := newStore(tx).answered(ids)
	for patient, f := range loaded {
		f.status, f.sent, f.answered = statuses[patient], sent[patient], answered[patient]
	}
	return err
}

// since is the first day of history that facts need, in any time zone.
func since(tx *database.Tx) localtime.Date {
	return localtime.Today(tx.Now(), time.UTC).AddDays(-lookback - 1)
}

// statusOn returns the status of the day of a slot. The stored status is for the patient's today at home; for a later
// day, or the day of a phone far away, it is computed.
func (f *patientData) statusOn(tx *database.Tx, date localtime.Date) (adherence.Status, error) {
	if f.status.Date == date {
		return f.status, nil
	}
	if f.history == nil {
		history, err := program.HistoryOf(tx, f.patient.ID)
		if err != nil {
			return adherence.Status{}, err
		}
		rows, err := adherence.Rows(tx, []id.Patient{f.patient.ID}, since(tx))
		if err != nil {
			return adherence.Status{}, err
		}
		f.history, f.rows = &history, rows[f.patient.ID]
	}
	return adherence.StatusOn(*f.history, f.rows, date), nil
}

// facts returns the input of a decision about a slot. For a future slot it assumes that nothing more is done until
// then.
func (f *patientData) facts(s slot, day adherence.Status, now time.Time) Facts {
	found := Facts{
		Kind: s.Kind, Policy: f.policy, Patient: f.patient, Zone: f.zone, Date: s.Date, Snoozed: s.Snoozes > 0,
		LastSeen: f.seen, Phones: len(f.phones), Sent: countsOf(f.sent, s),
		Day: day.Course, Week: day.Last7, Four: day.Last28, Recent: adherence.BandOf(day.Last28), Dropped: day.Dropped,
		HasProgram: day.Asked, SafetyStop: !day.Stop.IsZero(), Away: day.Course.Away,
	}
	found.HabitWeeks = f.policy.habitWeeks(day.Course)
	found.DaysIn = max(s.Date.DaysSince(day.Start), 0)
	found.Idle = min(found.Away, max(s.Date.DaysSince(f.active()), 0))
	found.WeekDone = day.Course.WeekDone >= day.Course.PerWeek
	found.Ignored = f.ignored(day, now)
	found.Experience, found.HasPlan, found.Barrier = f.experience[s.Kind], f.hasPlan, f.barrier
	if s.Kind == Cue {
		found.Tried = f.chooseWindow(s.Date)
	}
	return found
}

// active is the last day on which the patient started the app, chose reminder settings or opened a reminder.
func (f *patientData) active() localtime.Date {
	last := f.answered
	for _, sent := range f.sent {
		if sent.openedAt.After(last) {
			last = sent.openedAt
		}
	}
	return localtime.Today(last, f.zone)
}

// ignored counts the latest reminders without a response within a day: not opened, and no session that day or the next.
// Recent reminders do not count, because they may still get one. Changing reminder preferences counts as a response to
// all earlier reminders.
func (f *patientData) ignored(day adherence.Status, now time.Time) (run int) {
	for _, sent := range f.sent { // latest first
		switch {
		case sent.kind == Feedback || sent.at.IsZero() || now.Sub(sent.at) < f.policy.IgnoredAfter:
			continue
		case !sent.openedAt.IsZero() || !sent.at.After(f.answered) || day.TrainedOn(sent.date) ||
			day.TrainedOn(sent.date.AddDays(1)):
			return run
		}
		run++
	}
	return run
}
