// Package proposal turns an intake into a proposed program by transparent rules: points for each module with every
// reason and its evidence, exercises, and a dose to start with.
//
// The same intake gives the same proposal. A patient never sees a proposal before a therapist has published it. What
// happened to it is stored: accepted, changed or refused, with the reason. Nothing is promised about outcome: cut-offs
// and points are clinically plausible but not validated, which is why a physiotherapist decides.
package proposal

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/exercise"
	"cadans/internal/record/intake"
	"cadans/internal/record/pain"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/record/safety"
	"cadans/internal/record/settings"
)

// Errors of this package.
var (
	ErrNotFound = fault.New(fault.NotFound, "not-found", "no such proposal")
	ErrDecided  = fault.New(fault.Conflict, "already-decided", "the proposal was decided already")
)

// Outcome is a therapist's decision about a proposal.
type Outcome string

// The outcomes.
const (
	Accepted Outcome = "accepted"
	Changed  Outcome = "changed"
	Refused  Outcome = "refused"
)

// Decision records what happened to a proposal. Version is empty if it was refused.
type Decision struct {
	Outcome Outcome
	Reason  string
	Version id.ProgramVersion
	At      time.Time
	By      id.Member
}

// Proposal is a composition for a patient. Propensity is the probability with which it was chosen: always 1, because
// nothing is randomised.
type Proposal struct {
	ID      id.Proposal
	Patient id.Patient
	Intake  id.Intake
	Composition
	RuleVersion int
	Propensity  float64
	ProposedAt  time.Time
	ProposedBy  id.Member
	Decision    *Decision
	// NeedsReview means that an answer of the intake awaits a safety decision, before which nothing may be published.
	NeedsReview bool
}

// Service implements the use cases of this package.
type Service struct {
	guard    *access.Guard
	library  *exercise.Library
	programs *program.Service
}

// NewService returns the service.
func NewService(guard *access.Guard, library *exercise.Library, programs *program.Service) *Service {
	return &Service{guard: guard, library: library, programs: programs}
}

// Propose makes a proposal from the patient's last intake, or returns intake.ErrNone. During a safety stop it returns
// safety.ErrStopped. Repeating it with the same id returns what is stored.
func (s *Service) Propose(
	ctx context.Context, v access.Viewer, patient id.Patient, proposal id.Proposal,
) (Proposal, bool, error) {
	ask := v.Asks(access.ProposeProgram, patient).Alone()
	return access.Create(ctx, s.guard, ask, func(tx *database.Tx) (Proposal, bool, error) {
		store := newStore(tx)
		if p, err := store.find(patient, proposal); !fault.Is(err, fault.NotFound) {
			return p, false, err
		}
		p, err := s.compose(tx, v.Practice, v.Member, patient, proposal)
		if err != nil {
			return Proposal{}, false, err
		}
		return p, true, store.insert(p)
	})
}

// compose proposes from the last intake, in the name of a member.
func (s *Service) compose(
	tx *database.Tx, practice id.Practice, by id.Member, patient id.Patient, proposal id.Proposal,
) (Proposal, error) {
	review, err := reviewOf(tx, patient)
	if err != nil {
		return Proposal{}, err
	}
	last, err := intake.LatestOf(tx, patient)
	if err != nil {
		return Proposal{}, err
	}
	c, err := caseToday(tx, practice, last)
	if err != nil {
		return Proposal{}, err
	}
	return Proposal{
		ID: proposal, Patient: patient, Intake: last.ID, Composition: Compose(s.library, c),
		RuleVersion: RuleVersion, Propensity: 1, ProposedAt: tx.Now(), ProposedBy: by, NeedsReview: review,
	}, nil
}

// painDays is the week whose pain counts. Without any score in it, that of the intake does.
const painDays = 7

// caseToday reads an intake, with the phase that the episode has come to by today and the pain of the last week.
func caseToday(tx *database.Tx, practice id.Practice, last intake.Intake) (Case, error) {
	set, err := settings.Of(tx, practice)
	if err != nil {
		return Case{}, err
	}
	p, err := people.ByID(tx, last.Patient)
	if err != nil {
		return Case{}, err
	}
	c, today := CaseOf(last.Answers, set), p.Today(tx.Now())
	c.Phase = last.PhaseOn(today)
	told, err := pain.Of(tx, p.ID, today.AddDays(1-painDays), today)
	if level := pain.LevelOf(told).Mean(); level != nil {
		c.Pain = (*level + 5) / 10
	}
	return c, err
}

// reviewOf reports whether a review awaits a decision; during a stop it returns safety.ErrStopped.
func reviewOf(tx *database.Tx, patient id.Patient) (bool, error) {
	err := safety.MayPublish(tx, patient)
	if errors.Is(err, safety.ErrUndecided) {
		return true, nil
	}
	return false, err
}

// List returns every proposal for a patient, latest first.
func (s *Service) List(ctx context.Context, v access.Viewer, patient id.Patient) ([]Proposal, error) {
	return access.Read(ctx, s.guard, v.Asks(access.ListProposals, patient), func(tx *database.Tx) ([]Proposal, error) {
		return ProposalsOf(tx, patient)
	})
}

// ProposalsOf returns the proposals for a patient, latest first.
func ProposalsOf(tx *database.Tx, patient id.Patient) ([]Proposal, error) {
	return newStore(tx).list(patient)
}

// Choice is a therapist's decision with the version to publish; Version is nil to refuse the proposal.
type Choice struct {
	Outcome Outcome
	Reason  string
	Version *program.NewVersion
	Based   string // the last-read Etag of the program
}

// Decide records the decision about a proposal and publishes the version in the same transaction. Repeating the
// decision changes nothing; another decision returns ErrDecided.
func (s *Service) Decide(
	ctx context.Context, v access.Viewer, patient id.Patient, proposal id.Proposal, c Choice,
) (Proposal, error) {
	ask := v.Asks(access.DecideProposal, patient).Alone()
	return access.Write(ctx, s.guard, ask, func(tx *database.Tx) (Proposal, error) {
		p, err := newStore(tx).find(patient, proposal)
		if err != nil {
			return Proposal{}, err
		}
		err = s.decide(tx, v, &p, c)
		return p, err
	})
}

func (s *Service) decide(tx *database.Tx, v access.Viewer, p *Proposal, c Choice) error {
	decision := Decision{Outcome: c.Outcome, Reason: c.Reason, At: tx.Now(), By: v.Member}
	if c.Version != nil {
		decision.Version = c.Version.ID
	}
	if p.Decision != nil {
		if p.Decision.Outcome == decision.Outcome && p.Decision.Version == decision.Version &&
			p.Decision.Reason == decision.Reason {
			return nil
		}
		return ErrDecided
	}
	if err := c.check(*p); err != nil {
		return err
	}
	if c.Version != nil {
		if err := safety.MayPublish(tx, p.Patient); err != nil {
			return err
		}
		if err := s.programs.PublishIn(tx, v, p.Patient, *c.Version, c.Based); err != nil {
			return fault.Within("/version", err)
		}
		if p.StartsSmall {
			if err := startSmall(tx, p.Patient); err != nil {
				return err
			}
		}
	}
	p.Decision = &decision
	return newStore(tx).decide(*p)
}

func (c Choice) check(p Proposal) error {
	var wrong []fault.Violation
	if c.Outcome != Accepted && c.Reason == "" {
		wrong = append(wrong, fault.Violation{Pointer: "/reason", Code: "required"})
	}
	switch {
	case c.Outcome == Refused && c.Version != nil:
		wrong = append(wrong, fault.Violation{Pointer: "/version", Code: "not-when-refused"})
	case c.Outcome != Refused && c.Version == nil:
		wrong = append(wrong, fault.Violation{Pointer: "/version", Code: "required"})
	case c.Outcome == Accepted && !same(p.Items, c.Version.Items):
		wrong = append(wrong, fault.Violation{Pointer: "/version/items", Code: "not-as-proposed"})
	case c.Outcome == Changed && same(p.Items, c.Version.Items):
		wrong = append(wrong, fault.Violation{Pointer: "/version/items", Code: "as-proposed"})
	}
	return fault.Input(wrong...)
}

// same compares items without their ids, which the publisher chooses.
func same(proposed, published []program.NewItem) bool {
	return slices.EqualFunc(proposed, published, func(a, b program.NewItem) bool {
		a.ID, b.ID = "", ""
		return reflect.DeepEqual(a, b)
	})
}
