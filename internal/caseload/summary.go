package caseload

import (
	"context"
	"fmt"

	"cadans/internal/access"
	"cadans/internal/adherence"
	"cadans/internal/database"
	"cadans/internal/feedback"
	"cadans/internal/id"
	"cadans/internal/people"
	"cadans/internal/program"
	"cadans/internal/session"
)

// Summary is one patient in 30 seconds: did it happen, what did it do to the pain, what is in the way, what do I owe,
// are the data complete, and one thing to talk about.
type Summary struct {
	Row            Row
	Version        *program.Version
	LastSession    *session.Session
	Barriers       []session.BarrierReport // of the last 28 days, latest first
	Notes          int                     // by the patient since the last feedback
	Unopened       int                     // feedback the patient has not opened
	Complete       bool                    // false when the phone is silent: sessions may be missing
	TalkingPoint   string
	ReaderLanguage people.Language
}

// Summary returns one patient in 30 seconds, in the reader's language.
func (s *Service) Summary(ctx context.Context, v access.Viewer, patient id.Patient, l people.Language) (sum Summary, err error) {
	err = s.db.Read(ctx, func(tx *database.Tx) error {
		if err := s.policy.Check(tx, v, access.GetPatientSummary, patient); err != nil {
			return err
		}
		p, err := people.ByID(tx, patient)
		if err != nil {
			return err
		}
		rows, err := rowsOf(tx, p.Practice, []people.Patient{p}, l)
		if err != nil {
			return err
		}
		sum = Summary{Row: rows[0], ReaderLanguage: l}
		return sum.load(tx, p)
	})
	return sum, err
}

func (s *Summary) load(tx *database.Tx, p people.Patient) error {
	today := p.Today(tx.Now())
	history, err := program.HistoryOf(tx, p.ID)
	if err != nil {
		return err
	}
	if version, err := history.Current(today); err == nil {
		s.Version = &version
	}
	if s.LastSession, err = session.Last(tx, p.ID); err != nil {
		return err
	}
	if s.Barriers, err = session.BarriersSince(tx, p.ID, today.AddDays(-adherence.SeriesDays)); err != nil {
		return err
	}
	since, err := feedback.LastSent(tx, p.ID)
	if err != nil {
		return err
	}
	if s.Notes, err = session.NotesSince(tx, p.ID, since); err != nil {
		return err
	}
	if s.Unopened, err = (feedback.Inbox{}).Unopened(tx, p.ID); err != nil {
		return err
	}
	s.Complete = s.Row.State != NotSyncing && s.Row.State != NotPaired
	s.TalkingPoint = s.talkingPoint(words{adherence.Words{Language: s.ReaderLanguage}})
	return nil
}

// talkingPoint suggests one thing to open with: the barrier in the patient's own choice of words goes before numbers.
func (s *Summary) talkingPoint(w words) string {
	switch {
	case s.Row.State == PainUp:
		return w.Pick("Vraag wat de pijn deed toenemen en of de oefeningen lichter mogen.",
			"Ask what made the pain rise and whether the exercises may be lighter.")
	case len(s.Barriers) > 0 && s.Row.State != OnTrack:
		return fmt.Sprintf(w.Pick("Op %s gemeld: %s. Vraag wat dit makkelijker zou maken.",
			"Reported on %s: %s. Ask what would make this easier."), w.Date(s.Barriers[0].LocalDate), s.Barriers[0].Barrier.In(w.Language))
	case s.Row.State == NotSyncing, s.Row.State == NotPaired:
		return w.Pick("Vraag of de app nog werkt, en open hem samen.", "Ask whether the app still works, and open it together.")
	case s.Row.State == NeverStarted:
		return w.Pick("Kies samen een vast moment voor de eerste keer.", "Choose a fixed moment for the first time together.")
	case s.Row.State == Dropped, s.Row.State == Low, s.Row.State == Partial:
		return w.Pick("Vraag wat er veranderde, zonder oordeel.", "Ask what changed, without judging.")
	default:
		return w.Pick("Vraag wat goed werkt, en houd dat vast.", "Ask what works well, and keep it.")
	}
}
