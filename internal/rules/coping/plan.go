// Package coping keeps the plans that patients make for themselves, and answers barriers.
//
// An if-then plan ties the exercises to a moment that comes anyway: "Right after breakfast, I will do 2 exercises."
// Such plans raise activity a little (standardised mean difference 0.31, 95 % interval 0.11 to 0.51, and 0.24 at
// follow-up), more so in patients and if a second plan says what to do when something comes in between (Bélanger-Gravel
// and others, Health Psychol Rev 2013; Peng and others 2022). The text is the patient's own; it is shown in the app,
// never on a locked phone.
//
// A plan is one document that only the patient writes. Every barrier has an answer: a sentence without blame and at
// least one thing the patient can do at once.
package coping

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/barrier"
	"cadans/internal/record/people"
	"cadans/pkg/localtime"
)

// Errors of this package.
var (
	ErrNotFound      = fault.New(fault.NotFound, "not-found", "no plan yet")
	ErrStale         = fault.New(fault.Stale, "stale-version", "changed since it was read")
	ErrUnconditional = fault.New(fault.Unconditional, "if-match-required", "If-Match is missing")
)

// Plan is an if-then plan, with a smaller plan for when something comes in between. Either At or After says when.
type Plan struct {
	At        *localtime.TimeOfDay
	After     string // "breakfast"
	Place     string
	Exercises int
	Coping    *Coping
}

// Coping is the smaller plan for a day with a barrier.
type Coping struct {
	Barrier barrier.Barrier
	Then    string
}

// Etag identifies the content, for conditional writes.
func (p Plan) Etag() string { return database.BodyHash(p.document()) }

func (p Plan) check() error {
	switch {
	case p.At == nil && p.After == "":
		return fault.Input(fault.Violation{Pointer: "/after", Code: "time-or-after"})
	case p.At != nil && p.After != "":
		return fault.Input(fault.Violation{Pointer: "/at", Code: "time-or-after"})
	default:
		return nil
	}
}

// Sentence is the plan as displayed. Each kind is a sentence of its own, because languages order its parts differently.
func (p Plan) Sentence(l people.Language) string {
	what := strings.TrimRight(p.After, ". ") // in the middle of the sentence
	switch {
	case p.At != nil && p.Place != "":
		return l.Say("plan.at_place", "time", p.At.String(), "place", p.Place, "n", p.Exercises)
	case p.At != nil:
		return l.Say("plan.at", "time", p.At.String(), "n", p.Exercises)
	case p.Place != "":
		return l.Say("plan.after_place", "what", what, "place", p.Place, "n", p.Exercises)
	default:
		return l.Say("plan.after", "what", what, "n", p.Exercises)
	}
}

// Smaller is the smaller plan as displayed; empty if there is none.
func (p Plan) Smaller(l people.Language) string {
	if p.Coping == nil {
		return ""
	}
	return l.Say("plan.smaller", "barrier", p.Coping.Barrier.In(l), "then", p.Coping.Then)
}

// Moments changes the time of a patient's reminders.
type Moments interface {
	MoveAnchor(tx *database.Tx, patient id.Patient, at localtime.TimeOfDay) error
}

// Service implements the use cases of this package.
type Service struct {
	guard   *access.Guard
	moments Moments
}

// NewService returns the service.
func NewService(guard *access.Guard, moments Moments) *Service {
	return &Service{guard: guard, moments: moments}
}

// Mine returns the viewer's plan, or ErrNotFound.
func (s *Service) Mine(ctx context.Context, v access.Viewer) (Plan, error) {
	return access.Read(ctx, s.guard, v.AsksOwn(access.GetActionPlan), func(tx *database.Tx) (Plan, error) {
		return planOf(tx, v.Patient)
	})
}

// Save replaces the viewer's plan. A plan with a time moves the reminders to that time. Based is the last-read Etag,
// empty for the first plan. Saving the stored plan again changes nothing.
func (s *Service) Save(ctx context.Context, v access.Viewer, wanted Plan, based string) error {
	if err := wanted.check(); err != nil {
		return err
	}
	return access.Change(ctx, s.guard, v.AsksOwn(access.SaveActionPlan).Alone(), func(tx *database.Tx) error {
		stored, err := planOf(tx, v.Patient)
		switch isNew := fault.Is(err, fault.NotFound); {
		case err != nil && !isNew:
			return err
		case !isNew && stored.Etag() == wanted.Etag():
			return nil
		case !isNew && based == "":
			return ErrUnconditional
		case !isNew && based != stored.Etag(), isNew && based != "":
			return ErrStale
		}
		if wanted.At != nil {
			if err := s.moments.MoveAnchor(tx, v.Patient, *wanted.At); err != nil {
				return err
			}
		}
		return save(tx, v.Patient, wanted)
	})
}

// planDocument is a plan as stored, and the form from which its Etag is computed.
type planDocument struct {
	At        *localtime.TimeOfDay `json:"At,omitempty"`
	After     string               `json:"After,omitempty"`
	Place     string               `json:"Place,omitempty"`
	Exercises int                  `json:"Exercises"`
	Coping    *copingDocument      `json:"Coping,omitempty"`
}

type copingDocument struct {
	Barrier barrier.Barrier `json:"Barrier"`
	Then    string          `json:"Then"`
}

func (p Plan) document() planDocument {
	return planDocument{
		At: p.At, After: p.After, Place: p.Place, Exercises: p.Exercises, Coping: (*copingDocument)(p.Coping),
	}
}

func (d planDocument) toPlan() Plan {
	return Plan{At: d.At, After: d.After, Place: d.Place, Exercises: d.Exercises, Coping: (*Coping)(d.Coping)}
}

func planOf(tx *database.Tx, patient id.Patient) (Plan, error) {
	found := false
	var d planDocument
	err := tx.Rows("SELECT content FROM action_plans WHERE patient_id = ?", []any{patient}, func(rows *sql.Rows) error {
		var content []byte
		if err := rows.Scan(&content); err != nil {
			return err
		}
		found = true
		return json.Unmarshal(content, &d)
	})
	if err == nil && !found {
		err = ErrNotFound
	}
	return d.toPlan(), database.Wrap("coping: plan", err)
}

// Of returns a patient's plan, or nil. The caller checks whether the viewer may see it.
func Of(tx *database.Tx, patient id.Patient) (*Plan, error) {
	p, err := planOf(tx, patient)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return &p, err
}

// Planned returns which patients have a plan.
func Planned(tx *database.Tx, patients []id.Patient) (map[id.Patient]bool, error) {
	planned := make(map[id.Patient]bool, len(patients))
	found, err := database.Column[id.Patient](
		tx, "SELECT patient_id FROM action_plans WHERE patient_id IN ("+database.List(patients)+")",
		database.Args(patients)...,
	)
	for _, patient := range found {
		planned[patient] = true
	}
	return planned, database.Wrap("coping: planned", err)
}

func save(tx *database.Tx, patient id.Patient, p Plan) error {
	content, err := json.Marshal(p.document())
	if err != nil {
		return database.Wrap("coping: encode", err)
	}
	_, err = tx.Exec(`INSERT INTO action_plans (patient_id, content, saved_at) VALUES (?, ?, ?)
		ON CONFLICT (patient_id) DO UPDATE SET content = excluded.content, saved_at = excluded.saved_at`, patient,
		string(content), database.At(tx.Now()))
	return database.Wrap("coping: save", err)
}
