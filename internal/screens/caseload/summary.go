package caseload

import (
	"context"
	"errors"
	"slices"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/barrier"
	"cadans/internal/record/education"
	"cadans/internal/record/feedback"
	"cadans/internal/record/inbox"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/record/session"
	"cadans/internal/record/visit"
	"cadans/internal/record/wish"
	"cadans/internal/rules/adherence"
	"cadans/pkg/localtime"
)

// Summary is one patient in 30 seconds: did it happen, how did pain change, what is in the way, what does the therapist
// still owe, are the data complete, and one thing to talk about. It covers the days since the last visit.
type Summary struct {
	Row            Row
	Version        *program.Version
	LastSession    *session.Session
	Since          Since
	Barriers       []barrier.Report // of the last 28 days, latest first
	Named          []Named          // barriers since the visit, most often named first
	Waiting        Waiting
	Complete       bool // false if the phone is not in contact: sessions may be missing
	TalkingPoint   string
	ReaderLanguage people.Language
}

// Since compares the time since the last visit, or since the program began, with as many days before.
type Since struct {
	From       localtime.Date // the first day after the visit
	Until      localtime.Date
	Visit      *visit.Visit // nil when none was recorded
	Rate       adherence.Rate
	Before     adherence.Rate
	Pain       adherence.Comparison
	Rises      int  // sessions after which pain was 2 or more higher
	Scored     int  // sessions with a score before and after
	Confidence *int // the latest answer
	Earlier    *int // the latest answer before the visit
	Late       int  // sessions that arrived after 48 hours
	Uncounted  int  // sessions that arrived after 7 days
}

// Days is the length of that time in days: zero on the day of a visit, and on the first day of a program.
func (s Since) Days() int { return max(s.Until.DaysSince(s.From)+1, 0) }

// BeyondError reports whether pain changed by more than the measurement error.
func (s Since) BeyondError() bool {
	return s.Pain.Change != nil && max(*s.Pain.Change, -*s.Pain.Change) >= adherence.MinimumImportantChange
}

// Named is a barrier, how often the patient named it, and what they wrote last.
type Named struct {
	Barrier barrier.Barrier
	Times   int
	Note    string
	On      localtime.Date
}

// Waiting counts what the patient is waiting for.
type Waiting struct {
	Notes    int // sessions with a note since the last feedback
	Unopened int // feedback the patient has not opened
	Modules  int // module responses without an answer
	Wishes   int // open requests for a change
	Alerts   int
}

// Summary returns the summary of a patient, in the reader's language.
func (s *Service) Summary(
	ctx context.Context, v access.Viewer, patient id.Patient, l people.Language,
) (Summary, error) {
	return s.summary(ctx, v.Asks(access.GetPatientSummary, patient), patient, l)
}

// Brief is Summary for the letter to a colleague.
func (s *Service) Brief(
	ctx context.Context, v access.Viewer, patient id.Patient, l people.Language,
) (Summary, error) {
	return s.summary(ctx, v.Asks(access.GetPatientBrief, patient), patient, l)
}

func (s *Service) summary(
	ctx context.Context, ask access.Request, patient id.Patient, l people.Language,
) (Summary, error) {
	return access.Read(ctx, s.guard, ask, func(tx *database.Tx) (Summary, error) {
		p, err := people.ByID(tx, patient)
		if err != nil {
			return Summary{}, err
		}
		return SummaryOf(tx, p, l)
	})
}

// SummaryOf returns the summary of a patient in the reader's language.
func SummaryOf(tx *database.Tx, p people.Patient, l people.Language) (Summary, error) {
	rows, err := rowsOf(tx, p.Practice, []people.Patient{p}, l)
	if err != nil {
		return Summary{}, err
	}
	sum := Summary{Row: rows[0], ReaderLanguage: l}
	err = sum.load(tx, p)
	return sum, err
}

func (s *Summary) load(tx *database.Tx, p people.Patient) error {
	history, err := program.HistoryOf(tx, p.ID)
	if err != nil {
		return err
	}
	if version, err := history.Current(s.Row.Date); err == nil {
		s.Version = &version
	}
	if s.LastSession, err = session.Last(tx, p.ID); err != nil {
		return err
	}
	if s.Barriers, err = barrier.Since(tx, p.ID, s.Row.Date.AddDays(-adherence.SeriesDays)); err != nil {
		return err
	}
	if err := s.loadSince(tx, p.ID, history); err != nil {
		return err
	}
	if err := s.loadWaiting(tx, p.ID); err != nil {
		return err
	}
	s.Complete = s.Row.State != NotSyncing && s.Row.State != NotPaired
	s.TalkingPoint = s.talkingPoint(words{adherence.Words{Language: s.ReaderLanguage}})
	return nil
}

// longest is the maximum length of a summary in days: twelve weeks, compared with the previous twelve.
const longest = 84

func (s *Summary) loadSince(tx *database.Tx, patient id.Patient, h program.History) error {
	last, err := visit.LastOf(tx, patient)
	if err != nil || s.Row.Start.IsZero() {
		return err
	}
	since := Since{Visit: last, From: s.Row.Start, Until: s.Row.Until}
	if last != nil {
		since.From = last.LocalDate.AddDays(1)
	}
	switch before := since.From.AddDays(-1); {
	case since.Until.Before(before):
		since.Until = before // no day has passed yet
	case since.Days() > longest:
		since.From = since.Until.AddDays(1 - longest)
	}
	days := since.Days()
	first := since.From.AddDays(-days)
	rows, err := adherence.DaysOf(tx, patient, first, since.Until)
	if err != nil {
		return err
	}
	sessions, err := session.Between(tx, patient, first, since.Until)
	if err != nil {
		return err
	}
	series := adherence.Fill(h, rows, first, since.Until)
	since.Rate, since.Before = series.Rate(since.Until, days), series.Rate(since.From.AddDays(-1), days)
	since.Pain = series.Compare(since.From, since.Until)
	for _, day := range series.Window(since.Until, days) {
		since.Rises, since.Late, since.Uncounted = since.Rises+day.Rises, since.Late+day.Late,
			since.Uncounted+day.Uncounted
	}
	since.addConfidence(sessions)
	reports, err := barrier.Since(tx, patient, since.From)
	s.Since, s.Named = since, named(reports)
	return err
}

// addConfidence finds the latest answers about confidence, and counts the sessions with both scores.
func (s *Since) addConfidence(sessions []session.Session) {
	for _, done := range sessions {
		before := done.LocalDate.Before(s.From)
		if _, both := done.PainRise(); both && !before {
			s.Scored++
		}
		switch {
		case done.Confidence == nil:
		case before:
			s.Earlier = done.Confidence
		default:
			s.Confidence = done.Confidence
		}
	}
}

// named counts barriers. Reports come latest first.
func named(reports []barrier.Report) (list []Named) {
	for _, r := range reports {
		i := slices.IndexFunc(list, func(n Named) bool { return n.Barrier == r.Barrier })
		if i < 0 {
			list = append(list, Named{Barrier: r.Barrier, On: r.LocalDate})
			i = len(list) - 1
		}
		list[i].Times++
		if list[i].Note == "" {
			list[i].Note = r.Note
		}
	}
	slices.SortStableFunc(list, func(a, b Named) int { return b.Times - a.Times })
	return list
}

func (s *Summary) loadWaiting(tx *database.Tx, patient id.Patient) error {
	since, err := feedback.LastSent(tx, patient)
	if err != nil {
		return err
	}
	var errNotes, errUnopened, errModules, errWishes error
	s.Waiting.Notes, errNotes = session.NotesSince(tx, patient, since)
	s.Waiting.Unopened, errUnopened = inbox.Unopened(tx, patient)
	s.Waiting.Modules, errModules = education.Unanswered(tx, patient)
	s.Waiting.Wishes, errWishes = wish.CountOpen(tx, patient)
	s.Waiting.Alerts = len(s.Row.Alerts)
	return errors.Join(errNotes, errUnopened, errModules, errWishes)
}
