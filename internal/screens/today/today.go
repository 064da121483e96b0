// Package today makes the patient's main screen: what is expected on a day, what was done, and how long it takes. It
// writes nothing, and its sentences never judge.
package today

import (
	"context"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/inbox"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/record/safety"
	"cadans/internal/record/session"
	"cadans/internal/rules/adherence"
	"cadans/internal/rules/progression"
	"cadans/pkg/localtime"
)

// State is the kind of day.
type State string

// The kinds of day.
const (
	Planned   State = "planned"
	Optional  State = "optional" // this week's quota is met
	Done      State = "done"
	RestDay   State = "rest_day"
	Paused    State = "paused"
	NoProgram State = "no_program"
	Completed State = "completed" // the program has ended
)

// Item is one exercise of the day: how often it is expected and how often it was done.
type Item struct {
	program.Item
	Expected int
	Done     int
}

// Screen is what the app shows first.
type Screen struct {
	Date     localtime.Date
	Zone     string
	Language people.Language
	State    State
	Headline string
	Note     string // a kind sentence beside the headline, if there is one
	Minutes  int    // for what remains to be done
	Version  *program.Version
	WeekDone int
	WeekPlan int
	Items    []Item
	Sessions []session.Session
	Pause    *program.Pause
	Unread   int
	Flare    bool            // a flare program is in force
	Stop     *safety.Verdict // a safety stop, with what to do
}

// Service implements the use case of this package.
type Service struct {
	guard *access.Guard
}

// NewService returns the service.
func NewService(guard *access.Guard) *Service {
	return &Service{guard: guard}
}

// Of returns the viewer's screen for a day; the zero Date means today in the home zone.
func (s *Service) Of(ctx context.Context, v access.Viewer, date localtime.Date) (Screen, error) {
	return access.Read(ctx, s.guard, v.AsksOwn(access.GetToday), func(tx *database.Tx) (Screen, error) {
		patient, err := people.ByID(tx, v.Patient)
		if err != nil {
			return Screen{}, err
		}
		zone := patient.HomeZone(tx.Now())
		screen := Screen{Date: date, Zone: zone.String(), Language: patient.Language}
		if date.IsZero() {
			screen.Date = localtime.Today(tx.Now(), zone)
		}
		err = screen.load(tx, v.Patient)
		return screen, err
	})
}

func (s *Screen) load(tx *database.Tx, patient id.Patient) error {
	history, err := program.HistoryOf(tx, patient)
	if err != nil {
		return err
	}
	if s.Sessions, err = session.Between(tx, patient, s.Date, s.Date); err != nil {
		return err
	}
	rows, err := adherence.Rows(tx, []id.Patient{patient}, s.Date.Monday())
	if err != nil {
		return err
	}
	for _, day := range rows[patient] {
		if !day.Date.After(s.Date) {
			s.WeekDone += day.Done + day.PauseDone
		}
	}
	if s.Unread, err = inbox.Unopened(tx, patient); err != nil {
		return err
	}
	s.fill(history)
	if err := s.addNote(tx, patient); err != nil {
		return err
	}
	return s.loadStop(tx, patient)
}

// addNote asks for the answer without which exercises get no harder, on a day with something to do, of who leaves it
// out.
func (s *Screen) addNote(tx *database.Tx, patient id.Patient) error {
	if s.State != Planned || s.Flare {
		return nil
	}
	leavesOut, err := progression.LeavesOut(tx, patient, s.Version.Items, s.Date)
	if leavesOut {
		s.Note = s.Language.Say("today.note.left_out")
	}
	return err
}

// loadStop loads the reason for a pause of the safety gate.
func (s *Screen) loadStop(tx *database.Tx, patient id.Patient) error {
	if s.Pause == nil || s.Pause.Reason != program.SafetyPause {
		return nil
	}
	block, blocked, err := safety.BlockOf(tx, patient)
	if err != nil || !blocked {
		return err
	}
	s.Stop, s.Headline = &block.Verdict, block.Advice(s.Language)
	s.Items, s.Minutes = nil, 0 // nothing that could be mistaken for advice to exercise
	return nil
}

// fill completes the screen from the loaded data.
func (s *Screen) fill(h program.History) {
	if pause, is := h.PauseOn(s.Date); is {
		s.Pause = &pause
	}
	if stop, is := h.StopOn(s.Date); is {
		s.Pause = &stop
	}
	if version, inForce := h.On(s.Date); inForce {
		s.Flare = version.Origin == program.ByFlare
		s.Version, s.WeekPlan = &version, version.SessionsPerWeek()
		for _, item := range version.Items {
			s.Items = append(s.Items, s.item(item))
		}
	}
	s.State = s.state()
	s.Headline = s.headline()
	remaining := 0
	for _, item := range s.Items {
		if item.Expected > item.Done {
			remaining += item.Seconds()
		}
	}
	s.Minutes = int((time.Duration(remaining)*time.Second + time.Minute - 1) / time.Minute)
}

func (s *Screen) item(item program.Item) Item {
	it := Item{Item: item}
	for _, done := range s.Sessions {
		for _, d := range done.Items {
			if d.Item == item.ID && session.Share(item, d) > 0 {
				it.Done++
			}
		}
	}
	expectedToday := item.Schedule.Expected7(s.Date) > 0
	weekOpen := item.Schedule.Kind == program.FixedDays || s.WeekDone < s.WeekPlan
	if s.Pause == nil && expectedToday && (weekOpen || it.Done > 0) {
		it.Expected = item.Schedule.TimesPerDay
	}
	return it
}

func (s *Screen) state() State {
	expected, open := 0, 0
	for _, item := range s.Items {
		expected += item.Expected
		open += max(item.Expected-item.Done, 0)
	}
	scheduled := false
	for _, item := range s.Items {
		scheduled = scheduled || item.Schedule.Expected7(s.Date) > 0
	}
	switch {
	case s.Version == nil:
		return NoProgram
	case s.Pause != nil:
		return Paused
	case len(s.Version.Items) == 0:
		return Completed
	case len(s.Sessions) > 0 && open == 0:
		return Done
	case expected > 0:
		return Planned
	case scheduled:
		return Optional
	default:
		return RestDay
	}
}

func (s *Screen) headline() string {
	switch s.State {
	case NoProgram:
		return s.Language.Say("today.headline.no_program")
	case Paused:
		return s.Language.Say("today.headline.paused")
	case Done:
		return s.Language.Say("today.headline.done")
	case Optional:
		return s.Language.Say("today.headline.optional", "done", s.WeekDone, "planned", s.WeekPlan)
	case Completed:
		return s.Language.Say("today.headline.completed")
	case RestDay:
		return s.Language.Say("today.headline.rest_day")
	default:
		return s.Language.Say("today.headline.ready")
	}
}
