package reminder

import (
	"time"

	"cadans/internal/adherence"
	"cadans/internal/database"
	"cadans/internal/id"
	"cadans/internal/people"
	"cadans/internal/program"
	"cadans/internal/session"
	"cadans/internal/settings"
	"cadans/pkg/localtime"
)

// Inbox knows how much feedback a patient has not opened.
type Inbox interface {
	Unopened(tx *database.Tx, patient id.Patient) (int, error)
}

// Questionnaires knows what waits to be answered.
type Questionnaires interface {
	Waiting(tx *database.Tx, patient id.Patient) (n int, dueOn localtime.Date, err error)
}

// folder is what was loaded about a patient; the facts of each of the patient's slots are made from it.
type folder struct {
	schedule
	phones   []people.PushTarget
	seen     time.Time
	history  program.History
	rows     []adherence.Day
	sent     []sentSlot
	answered time.Time

	experience map[Kind]Experience // nil where the learner is off
	hasPlan    bool
	barrier    session.Barrier
}

// lookback is how far facts reach: past adherence, and past what ends all reminders.
const lookback = adherence.Lookback

// loader loads folders, for many patients at once: what it costs is a handful of queries.
type loader struct {
	inbox     Inbox
	questions Questionnaires
	lot       Lot
	school    *school
}

func newLoader(inbox Inbox, questions Questionnaires, lot Lot) loader {
	return loader{inbox: inbox, questions: questions, lot: lot, school: newSchool()}
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
	return folders, loadCourse(tx, patients, folders)
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

func loadCourse(tx *database.Tx, patients []id.Patient, folders map[id.Patient]*folder) error {
	histories, err := program.HistoriesOf(tx, patients)
	if err != nil {
		return err
	}
	since := localtime.Today(tx.Now(), time.UTC).AddDays(-lookback - 1) // wherever the patient is
	rows, err := adherence.Rows(tx, patients, since)
	if err != nil {
		return err
	}
	sent, err := newStore(tx).sentSince(patients, since)
	if err != nil {
		return err
	}
	answered, err := newStore(tx).answered(patients)
	for patient, f := range folders {
		f.history, f.rows, f.sent, f.answered = histories[patient], rows[patient], sent[patient], answered[patient]
	}
	return err
}

// facts are what a decision about a slot rests on. The slot may lie ahead: then nothing more is done until it comes.
func (f *folder) facts(s slot, now time.Time) Facts {
	found := Facts{
		Kind: s.Kind, Policy: f.policy, Patient: f.patient, Zone: f.zone, Date: s.Date, Snoozed: s.Snoozes > 0,
		LastSeen: f.seen, Phones: len(f.phones), Sent: countsOf(f.sent, s),
	}
	series := adherence.Fill(f.history, f.rows, s.Date.AddDays(-lookback), s.Date)
	until := series.Until(s.Date)
	found.Day, _ = series.On(s.Date)
	found.Week, found.Four = series.Rate(until, 7), series.Rate(until, 28)
	found.Recent = adherence.BandOf(found.Four)
	found.Dropped = series.Dropped(until)
	found.HabitWeeks = f.policy.habitWeeks(series, until)
	found.DaysIn = max(s.Date.DaysSince(f.history.Start()), 0)
	found.Away = away(series)
	found.Idle = min(found.Away, max(s.Date.DaysSince(f.active()), 0))
	if version, inForce := f.history.On(s.Date); inForce {
		found.HasProgram, found.InFlare = len(version.Items) > 0, version.Origin == program.ByFlare
		found.WeekDone = weekDone(series, s.Date) >= version.SessionsPerWeek()
	}
	_, found.SafetyStop = f.history.StopOn(s.Date)
	found.Ignored = f.ignored(series, now)
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

// away counts the days without a session up to and including the last. Days of a pause or a safety stop do not count: nobody
// stayed away on them.
func away(s adherence.Series) (days int) {
	for i := len(s) - 1; i >= 0 && s[i].Sessions == 0; i-- {
		if !s[i].Paused {
			days++
		}
	}
	return days
}

// weekDone counts the sessions done in the ISO week of a day, up to that day.
func weekDone(s adherence.Series, day localtime.Date) int {
	return sessionsIn(s.Window(day, day.DaysSince(day.Monday())+1))
}

// ignored counts the latest reminders that nobody answered within a day: not opened, and no session that day or the next.
// One that is younger may still be answered. Choosing anew how to be reminded answers all before.
func (f *folder) ignored(s adherence.Series, now time.Time) (run int) {
	for _, sent := range f.sent { // the latest first
		switch {
		case sent.kind == Feedback || sent.at.IsZero() || now.Sub(sent.at) < f.policy.IgnoredAfter:
			continue
		case !sent.openedAt.IsZero() || !sent.at.After(f.answered) || trained(s, sent.date):
			return run
		}
		run++
	}
	return run
}

func trained(s adherence.Series, date localtime.Date) bool {
	day, _ := s.On(date)
	next, _ := s.On(date.AddDays(1))
	return day.Sessions > 0 || next.Sessions > 0
}
