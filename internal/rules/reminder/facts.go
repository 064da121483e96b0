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

// Questionnaires knows what waits to be answered.
type Questionnaires interface {
	Waiting(tx *database.Tx, patient id.Patient) (n int, dueOn localtime.Date, err error)
}

// folder is what was loaded about a patient; the facts of each of the patient's slots are made from it.
type folder struct {
	schedule
	phones   []people.PushTarget
	seen     time.Time
	status   adherence.Status // of the patient's own today
	history  *program.History // loaded where a slot is on another day
	rows     []adherence.Day
	sent     []sentSlot
	answered time.Time

	experience map[Kind]Experience // nil where the learner is off
	hasPlan    bool
	barrier    barrier.Barrier
}

// lookback is how far facts reach: past adherence, and past what ends all reminders.
const lookback = adherence.Lookback

// loader loads folders, for many patients at once: what it costs is a handful of queries.
type loader struct {
	questions Questionnaires
	lot       Lot
	school    *school
}

func newLoader(questions Questionnaires, lot Lot) loader {
	return loader{questions: questions, lot: lot, school: newSchool()}
}

func (l loader) load(tx *database.Tx, patients []id.Patient) (map[id.Patient]*folder, error) {
	found, err := people.ByIDs(tx, patients)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	folders, practices := make(map[id.Patient]*folder, len(found)), map[id.Practice]settings.Settings{}
	var pupils []id.Patient
	for _, p := range found {
		s, known := practices[p.Practice]
		if !known {
			if s, err = settings.Of(tx, p.Practice); err != nil {
				return nil, err
			}
			practices[p.Practice] = s
		}
		folders[p.ID] = &folder{schedule: schedule{patient: p, policy: For(s), zone: p.HomeZone(tx.Now()), lot: l.lot}}
		if s.Learn && p.Research {
			pupils = append(pupils, p.ID)
		}
	}
	if err := l.school.teach(tx, pupils, folders); err != nil {
		return nil, err
	}
	if err := loadPhones(tx, patients, folders); err != nil {
		return nil, err
	}
	return folders, loadCourse(tx, found, folders)
}

func loadPhones(tx *database.Tx, patients []id.Patient, folders map[id.Patient]*folder) error {
	targets, err := people.PushTargets(tx, patients)
	if err != nil {
		return err
	}
	contacts, err := people.LastContact(tx, patients)
	if err != nil {
		return err
	}
	for patient, f := range folders {
		f.phones, f.seen = targets[patient], contacts[patient]
		if len(f.phones) > 0 && f.phones[0].Zone != "" {
			if zone, err := localtime.LoadZone(f.phones[0].Zone); err == nil {
				f.zone = zone
			}
		}
	}
	return nil
}

func loadCourse(tx *database.Tx, patients []people.Patient, folders map[id.Patient]*folder) error {
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
	for patient, f := range folders {
		f.status, f.sent, f.answered = statuses[patient], sent[patient], answered[patient]
	}
	return err
}

// since is the first day that facts reach back to, wherever the patient is.
func since(tx *database.Tx) localtime.Date {
	return localtime.Today(tx.Now(), time.UTC).AddDays(-lookback - 1)
}

// statusOn returns the status of the day of a slot. It is kept for the patient's today at home; a day ahead, or that of
// a phone far away, is made from the days.
func (f *folder) statusOn(tx *database.Tx, date localtime.Date) (adherence.Status, error) {
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

// facts are what a decision about a slot rests on. The slot may lie ahead: then nothing more is done until it comes.
func (f *folder) facts(s slot, day adherence.Status, now time.Time) Facts {
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
		found.Tried = f.try(s.Date)
	}
	return found
}

// active is the day on which the patient last started the app, chose how to be reminded or opened a reminder.
func (f *folder) active() localtime.Date {
	last := f.answered
	for _, sent := range f.sent {
		if sent.openedAt.After(last) {
			last = sent.openedAt
		}
	}
	return localtime.Today(last, f.zone)
}

// ignored counts the latest reminders that nobody answered within a day: not opened, and no session that day or the
// next. One that is younger may still be answered. Choosing anew how to be reminded answers all before.
func (f *folder) ignored(day adherence.Status, now time.Time) (run int) {
	for _, sent := range f.sent { // the latest first
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
