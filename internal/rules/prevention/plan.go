package prevention

import (
	"context"
	"slices"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/queue"
	"cadans/internal/kernel/words"
	"cadans/internal/record/alert"
	"cadans/internal/record/exercise"
	"cadans/internal/record/intake"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/pkg/localtime"
)

// RuleVersion is the version of the rules in this package.
const RuleVersion = 3

// Errors of this package.
var (
	ErrNoPlan = fault.New(fault.NotFound, "not-found", "no walking plan")
	ErrFull   = fault.New(fault.Conflict, "program-full", "the program has four items and none of them is a walk")
)

// JobKind is the job that makes the weekly decision.
const JobKind queue.Kind = "walking_week"

// The kinds of alerts of this package.
const (
	ContactKind    alert.Kind = "walking_contact"
	RestartKind    alert.Kind = "walking_restart"
	LowerLimbKind  alert.Kind = "adverse_event"
	RecurrenceKind alert.Kind = "recurrence"
)

// decideAt is when a week is decided: the last minute of Sunday, and again two days later, because a late session
// of Sunday still counts as prompt until then.
var decideAt = localtime.MustParseTimeOfDay("23:59")

const lateDays = 2

// Stored is a plan with who started it and when.
type Stored struct {
	Plan
	ID        id.WalkingPlan
	Item      id.ProgramItem
	StartedBy id.Member
	StartedAt time.Time
}

// NewPlan is a plan to start. Nil takes a number from the last intake; an empty track leaves the choice to the rule.
type NewPlan struct {
	ID          id.WalkingPlan
	Track       Track
	WeekMinutes *int
	Comfortable *int
}

// Phases moves a patient to another phase.
type Phases interface {
	MoveTo(tx *database.Tx, patient id.Patient, phase people.Phase) error
}

// Service implements the use cases of this package.
type Service struct {
	guard    *access.Guard
	library  *exercise.Library
	programs *program.Service
	phases   Phases
}

// NewService returns the service.
func NewService(
	guard *access.Guard, library *exercise.Library, programs *program.Service, phases Phases,
) *Service {
	return &Service{guard: guard, library: library, programs: programs, phases: phases}
}

// Start begins a walking plan on the next Monday, or today if it is one, and moves the patient to prevention. It
// replaces an existing plan. Repeating it returns what is stored.
func (s *Service) Start(
	ctx context.Context, v access.Viewer, patient id.Patient, n NewPlan,
) (Stored, bool, error) {
	ask := v.Asks(access.StartWalkingPlan, patient).Alone()
	return access.Create(ctx, s.guard, ask, func(tx *database.Tx) (Stored, bool, error) {
		store := newStore(tx)
		if stored, err := store.repeated(patient, n); err != nil || stored.ID != "" {
			return stored, false, err
		}
		p, err := s.start(tx, v, patient, n)
		if err != nil {
			return Stored{}, false, err
		}
		return p, true, store.insert(patient, p, database.BodyHash(n.hashed()))
	})
}

func (s *Service) start(tx *database.Tx, v access.Viewer, patient id.Patient, n NewPlan) (Stored, error) {
	person, err := people.ByID(tx, patient)
	if err != nil {
		return Stored{}, err
	}
	begin, err := startOf(tx, person, n)
	if err != nil {
		return Stored{}, err
	}
	today := person.Today(tx.Now())
	p := Stored{
		Plan: Plan{
			StartOn: today.AddDays(6).Monday(), Track: n.Track, WeekOne: begin.WeekOne(), Rules: RuleVersion,
		},
		ID: n.ID, StartedBy: v.Member, StartedAt: tx.Now(),
	}
	if p.Track == "" {
		p.Track = begin.Track()
	}
	if err := s.phases.MoveTo(tx, patient, people.Prevention); err != nil {
		return Stored{}, err
	}
	if p.Item, err = itemFor(tx, patient, today); err != nil {
		return Stored{}, err
	}
	if err := raiseContact(tx, person, 0); err != nil {
		return Stored{}, err
	}
	c, err := courseOf(tx, patient, p)
	if err != nil {
		return Stored{}, err
	}
	if p.StartOn == today {
		if err := s.setMinutes(c, today, 1, p.WeekOne); err != nil {
			return Stored{}, err
		}
	}
	return p, queue.Schedule(tx, JobKind, string(patient), c.nextRun(tx.Now()))
}

// itemFor returns the item for the walk: the walk already in the program, or a new item if there is room.
func itemFor(tx *database.Tx, patient id.Patient, today localtime.Date) (id.ProgramItem, error) {
	history, err := program.HistoryOf(tx, patient)
	if err != nil {
		return "", err
	}
	version, _ := history.On(today)
	i := slices.IndexFunc(version.Items, func(it program.Item) bool { return it.Module == exercise.Walking })
	if i >= 0 {
		return version.Items[i].ID, nil
	}
	if len(version.Items) >= program.MaxItems {
		return "", ErrFull
	}
	return id.ProgramItem(id.New()), nil
}

// startOf prefers the therapist's numbers to those of the last intake.
func startOf(tx *database.Tx, p people.Patient, n NewPlan) (Start, error) {
	year, _, _ := p.Today(tx.Now()).Date()
	begin := Start{Age: year - p.BirthYear}
	last, err := intake.LatestOf(tx, p.ID)
	switch {
	case err == nil:
		a := last.Answers
		begin.WeekMinutes, begin.Comfortable, begin.LowerLimb, begin.LowConfid = *a.WalkWeekMinutes, *a.WalkMinutes,
			*a.LowerLimb, *a.Confidence < 7
	case n.WeekMinutes == nil || n.Comfortable == nil:
		return begin, err // ErrNone, or another error
	case !fault.Is(err, fault.Conflict):
		return begin, err
	}
	if n.WeekMinutes != nil {
		begin.WeekMinutes = *n.WeekMinutes
	}
	if n.Comfortable != nil {
		begin.Comfortable = *n.Comfortable
	}
	return begin, nil
}

// reason says why a version asks for the walks of a week.
func reason(week, minutes int) words.Pair {
	return words.Keep("walking.week",
		"week", week, "minutes", minutes, "times", Days(minutes), "each", PerWalk(minutes))
}

func (s *Service) walk(item id.ProgramItem, minutes int) program.Item {
	return program.NewItem{
		ID: item, Exercise: "walk-easy", Dose: exercise.Dose{Sets: 1, Minutes: PerWalk(minutes)},
		Schedule: program.Schedule{Kind: program.WeeklyQuota, Quota: Days(minutes), TimesPerDay: 1},
	}.In(s.library)
}

// View is a plan as patient and therapist see it.
type View struct {
	Stored
	Decisions []Decision
	Week      int // of today, 0 before the start
	Minutes   int // of this week
	Done      int // in this week
}

var viewing = access.Operations{Own: access.GetMyWalkingPlan, Others: access.GetWalkingPlan}

// View returns the current plan, or ErrNoPlan.
func (s *Service) View(ctx context.Context, v access.Viewer, patient id.Patient) (View, error) {
	return access.Read(ctx, s.guard, v.Asks(viewing.For(v), patient), func(tx *database.Tx) (View, error) {
		c, err := load(tx, patient)
		if err != nil {
			return View{}, err
		}
		return c.view()
	})
}

func (c course) view() (view View, err error) {
	view.Stored = c.plan
	today := c.today()
	if view.Decisions, view.Minutes, err = c.decisionsUntil(today); err != nil || today.Before(c.plan.StartOn) {
		return view, err
	}
	f, err := c.facts(today)
	view.Week, view.Done = len(view.Decisions)+1, f.week(today.Monday(), today).Done
	return view, err
}
