// Package education offers six short modules of pain education and behavioural activation, one a week. Each has an
// assignment and room for the therapist's reply. Cards can be read at any time. The form follows Back2Action (Bijker,
// BMJ Open 2022); the texts are our own, in Dutch and English.
//
// A module opens a week after the previous one and never closes. Patients can change a response until the therapist has
// answered it. Nothing is graded: patients choose what to read and do.
//
//	open ── draft ── submitted ── feedback given
package education

import (
	"context"
	"embed"
	"fmt"
	"strings"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/words"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/pkg/localtime"
)

//go:embed content/*.md content/sources.yaml
var content embed.FS

// Modules is the number of modules.
const Modules = 6

// FlareCard is the card about flares.
const FlareCard = "what-a-flare-is"

// Cards can be read at any time.
var Cards = []string{
	"pain-is-not-damage", FlareCard, "walking-dose-and-shoes", "pacing", "sleep-and-stress", "restart-after-a-break",
}

// Errors of this package.
var (
	ErrNotFound = fault.New(fault.NotFound, "not-found", "no such module")
	ErrNotOpen  = fault.New(fault.Conflict, "not-open-yet", "the module opens later")
	// ErrOtherResponse means that the module has a response under another id.
	ErrOtherResponse = fault.New(fault.Conflict, "response-exists", "the module has a response with another id")
	ErrLocked        = fault.New(fault.Conflict, "locked-by-feedback", "the therapist has answered already")
	ErrNoAnswer      = fault.New(fault.Conflict, "nothing-submitted", "there is no response to answer")
)

// Text is a module or card. Body is Markdown; a card has no assignment. Claims are what Body says as a fact.
type Text struct {
	Slug       string
	Title      words.Pair
	Body       words.Pair
	Assignment words.Pair
	Claims     []Claim
}

// Content holds all texts.
type Content struct {
	Modules []Text
	Cards   []Text
}

// Load reads and checks the embedded texts.
func Load() (Content, error) {
	var c Content
	claims, err := readClaims()
	if err != nil {
		return c, err
	}
	for n := 1; n <= Modules; n++ {
		t, err := read(fmt.Sprintf("module-%d", n), claims)
		if err == nil && (t.Assignment.NL == "" || t.Assignment.EN == "") {
			err = fmt.Errorf("education: module %d has no assignment", n)
		}
		if err != nil {
			return c, err
		}
		c.Modules = append(c.Modules, t)
	}
	for _, slug := range Cards {
		t, err := read("card-"+slug, claims)
		if err != nil {
			return c, err
		}
		t.Slug = slug
		c.Cards = append(c.Cards, t)
	}
	return c, nil
}

func read(name string, claims map[string][]Claim) (Text, error) {
	t := Text{Slug: name, Claims: claims[name]}
	for _, l := range []struct {
		suffix, heading         string
		title, body, assignment *string
	}{
		{"nl", "\n## Opdracht\n", &t.Title.NL, &t.Body.NL, &t.Assignment.NL},
		{"en", "\n## Assignment\n", &t.Title.EN, &t.Body.EN, &t.Assignment.EN},
	} {
		file, err := content.ReadFile("content/" + name + "." + l.suffix + ".md")
		if err != nil {
			return t, fmt.Errorf("education: %w", err)
		}
		title, rest, _ := strings.Cut(strings.TrimPrefix(string(file), "# "), "\n")
		body, assignment, _ := strings.Cut(rest, l.heading)
		*l.title, *l.body, *l.assignment = title, strings.TrimSpace(body), strings.TrimSpace(assignment)
		if *l.title == "" || *l.body == "" {
			return t, fmt.Errorf("education: %s.%s is empty", name, l.suffix)
		}
	}
	return t, nil
}

// Response is what a patient wrote for a module, and what the therapist wrote back.
type Response struct {
	ID          id.ModuleResponse
	Text        string
	SavedAt     time.Time
	SubmittedAt *time.Time
	Feedback    string
	FeedbackAt  *time.Time
}

// Module is the state of a module for a patient. OpensOn is zero while there is no program.
type Module struct {
	Text
	Number   int
	OpensOn  localtime.Date
	Open     bool
	Response *Response
}

// State returns the state of a module.
func (m Module) State() string {
	switch {
	case !m.Open:
		return "later"
	case m.Response == nil:
		return "open"
	case m.Response.FeedbackAt != nil:
		return "feedback_given"
	case m.Response.SubmittedAt != nil:
		return "submitted"
	default:
		return "draft"
	}
}

// What patients read about themselves, and what members read about a patient.
var (
	listing           = access.Operations{Own: access.ListMyModules, Others: access.ListPatientModules}
	listingActivities = access.Operations{Own: access.ListMyActivities, Others: access.ListPatientActivities}
)

// Service implements the use cases of this package.
type Service struct {
	guard   *access.Guard
	Content Content
}

// NewService returns the service.
func NewService(guard *access.Guard, content Content) *Service {
	return &Service{guard: guard, Content: content}
}

// List returns every module of a patient.
func (s *Service) List(ctx context.Context, v access.Viewer, patient id.Patient) ([]Module, error) {
	return access.Read(ctx, s.guard, v.Asks(listing.For(v), patient), func(tx *database.Tx) ([]Module, error) {
		return s.of(tx, patient)
	})
}

// of opens the first module when the program starts, and one more each week.
func (s *Service) of(tx *database.Tx, patient id.Patient) ([]Module, error) {
	p, err := people.ByID(tx, patient)
	if err != nil {
		return nil, err
	}
	history, err := program.HistoryOf(tx, patient)
	if err != nil {
		return nil, err
	}
	responses, err := newStore(tx).responses(patient)
	if err != nil {
		return nil, err
	}
	start, today := history.Start(), p.Today(tx.Now())
	modules := make([]Module, Modules)
	for i, text := range s.Content.Modules {
		modules[i] = Module{Text: text, Number: i + 1}
		if !start.IsZero() {
			modules[i].OpensOn = start.AddDays(7 * i)
			modules[i].Open = !today.Before(modules[i].OpensOn)
		}
		if r, written := responses[i+1]; written {
			modules[i].Response = &r
		}
	}
	return modules, nil
}

// Respond saves the viewer's response to a module, as a draft or for the therapist to read. Repeating it changes
// nothing. After the therapist's answer it returns ErrLocked.
func (s *Service) Respond(
	ctx context.Context, v access.Viewer, number int, response id.ModuleResponse, text string, submit bool,
) (Module, error) {
	return access.Write(ctx, s.guard, v.AsksOwn(access.RespondToModule), func(tx *database.Tx) (Module, error) {
		m, err := s.module(tx, v.Patient, number)
		switch {
		case err != nil:
			return Module{}, err
		case !m.Open:
			return Module{}, ErrNotOpen
		case m.Response != nil && m.Response.ID != response:
			return Module{}, ErrOtherResponse
		case m.Response != nil && m.Response.FeedbackAt != nil:
			if m.Response.Text == text && submit {
				return m, nil
			}
			return Module{}, ErrLocked
		}
		if err := newStore(tx).save(v.Patient, number, response, text, submit); err != nil {
			return Module{}, err
		}
		return s.module(tx, v.Patient, number)
	})
}

// Answer stores a therapist's answer to a submitted response. Repeating it changes nothing.
func (s *Service) Answer(
	ctx context.Context, v access.Viewer, patient id.Patient, number int, text string,
) (Module, error) {
	return access.Write(ctx, s.guard, v.Asks(access.AnswerModule, patient), func(tx *database.Tx) (Module, error) {
		m, err := s.module(tx, patient, number)
		if err != nil {
			return Module{}, err
		}
		if m.Response == nil || m.Response.SubmittedAt == nil {
			return Module{}, ErrNoAnswer
		}
		if m.Response.FeedbackAt != nil && m.Response.Feedback == text {
			return m, nil
		}
		if err := newStore(tx).answer(patient, number, v.Member, text); err != nil {
			return Module{}, err
		}
		return s.module(tx, patient, number)
	})
}

func (s *Service) module(tx *database.Tx, patient id.Patient, number int) (Module, error) {
	if number < 1 || number > Modules {
		return Module{}, ErrNotFound
	}
	modules, err := s.of(tx, patient)
	if err != nil {
		return Module{}, err
	}
	return modules[number-1], nil
}

// Activity is something that matters to the patient, planned for a day (behavioural activation). Done is nil until the
// patient says whether it was done.
type Activity struct {
	ID        id.ValuedActivity
	Activity  string
	PlannedOn localtime.Date
	Done      *bool
}

// Activities returns what a patient planned, latest day first.
func (s *Service) Activities(ctx context.Context, v access.Viewer, patient id.Patient) ([]Activity, error) {
	ask := v.Asks(listingActivities.For(v), patient)
	return access.Read(ctx, s.guard, ask, func(tx *database.Tx) ([]Activity, error) {
		return newStore(tx).activities(patient)
	})
}

// SaveActivity plans an activity of the viewer, moves it, or records whether it was done.
func (s *Service) SaveActivity(ctx context.Context, v access.Viewer, a Activity) error {
	return access.Change(ctx, s.guard, v.AsksOwn(access.SaveValuedActivity), func(tx *database.Tx) error {
		return newStore(tx).saveActivity(v.Patient, a)
	})
}
