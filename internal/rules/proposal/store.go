package proposal

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/exercise"
	"cadans/internal/record/program"
	"cadans/internal/record/safety"
)

type store struct{ tx *database.Tx }

func newStore(tx *database.Tx) store { return store{tx} }

// compositionDocument is a composition as stored, including the texts of its reasons, because the rules may change.
type compositionDocument struct {
	Scores      []scoreDocument `json:"scores"`
	StartsSmall bool            `json:"starts_small"`
	Caps        capsDocument    `json:"caps"`
	Items       []itemDocument  `json:"items"`
}

type capsDocument struct {
	Items  int `json:"items"`
	Active int `json:"active"`
	Mind   int `json:"mind"`
}

type scoreDocument struct {
	Module  exercise.Module   `json:"module"`
	Points  int               `json:"points"`
	Because []becauseDocument `json:"because"`
	Chosen  bool              `json:"chosen"`
}

type becauseDocument struct {
	Rule     string `json:"rule"`
	Points   int    `json:"points"`
	Evidence string `json:"evidence"`
	NL       string `json:"nl"`
	EN       string `json:"en"`
}

type itemDocument struct {
	Exercise string        `json:"exercise"`
	Dose     doseDocument  `json:"dose"`
	Minimum  *doseDocument `json:"minimum,omitempty"`
	Quota    int           `json:"quota"`
}

type doseDocument struct {
	Sets    int `json:"sets,omitempty"`
	Reps    int `json:"reps,omitempty"`
	HoldS   int `json:"hold_s,omitempty"`
	Minutes int `json:"minutes,omitempty"`
}

func encode(c Composition) (string, error) {
	d := compositionDocument{Caps: capsDocument(c.Caps), StartsSmall: c.StartsSmall}
	for _, s := range c.Scores {
		score := scoreDocument{Module: s.Module, Points: s.Points, Chosen: s.Chosen}
		for _, b := range s.Because {
			score.Because = append(score.Because, becauseDocument(b))
		}
		d.Scores = append(d.Scores, score)
	}
	for _, i := range c.Items {
		d.Items = append(d.Items, itemDocument{
			Exercise: i.Exercise,
			Dose:     doseDocument(i.Dose),
			Minimum:  (*doseDocument)(i.Minimum),
			Quota:    i.Schedule.Quota,
		})
	}
	text, err := json.Marshal(d)
	if err != nil {
		return "", fmt.Errorf("proposal: encode: %w", err)
	}
	return string(text), nil
}

func decode(stored []byte) (Composition, error) {
	var d compositionDocument
	var c Composition
	if err := json.Unmarshal(stored, &d); err != nil {
		return c, fmt.Errorf("proposal: decode: %w", err)
	}
	c.Caps, c.StartsSmall = Caps(d.Caps), d.StartsSmall
	for _, s := range d.Scores {
		score := Score{Module: s.Module, Points: s.Points, Chosen: s.Chosen}
		for _, b := range s.Because {
			score.Because = append(score.Because, Because(b))
		}
		c.Scores = append(c.Scores, score)
	}
	for _, i := range d.Items {
		c.Items = append(c.Items, program.NewItem{
			Exercise: i.Exercise, Dose: exercise.Dose(i.Dose), Minimum: (*exercise.Dose)(i.Minimum),
			Schedule: program.Schedule{Kind: program.WeeklyQuota, Quota: i.Quota, TimesPerDay: 1},
		})
	}
	return c, nil
}

func (s store) insert(p Proposal) error {
	composition, err := encode(p.Composition)
	if err != nil {
		return err
	}
	_, err = s.tx.Exec(`INSERT INTO program_proposals (patient_id, id, intake_id, rule_version, composition, propensity,
		proposed_at, proposed_by)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, p.Patient, p.ID, p.Intake, p.RuleVersion, composition, p.Propensity,
		database.At(p.ProposedAt), p.ProposedBy)
	return database.Wrap("proposal: insert", err)
}

func (s store) decide(p Proposal) error {
	d := p.Decision
	return database.Wrap("proposal: decide",
		database.MustAffect(s.tx.Exec(`UPDATE program_proposals SET outcome = ?, reason = ?, version_id = ?,
		decided_at = ?, decided_by = ? WHERE patient_id = ? AND id = ? AND outcome = ''`, d.Outcome, d.Reason,
			d.Version, database.At(d.At), d.By, p.Patient, p.ID)))
}

const selectProposals = `SELECT id, intake_id, rule_version, composition, propensity, proposed_at, proposed_by,
	outcome, reason, version_id, decided_at, COALESCE(decided_by, '') FROM program_proposals`

// proposals runs a query about a patient that starts with selectProposals.
func (s store) proposals(patient id.Patient, query string, args ...any) ([]Proposal, error) {
	review, err := reviewOf(s.tx, patient)
	if errors.Is(err, safety.ErrStopped) {
		review, err = true, nil
	}
	if err != nil {
		return nil, err
	}
	var proposals []Proposal
	err = s.tx.Rows(query, args, func(rows *sql.Rows) error {
		p, err := scan(rows)
		p.Patient, p.NeedsReview = patient, review
		proposals = append(proposals, p)
		return err
	})
	return proposals, database.Wrap("proposal: query", err)
}

func scan(rows *sql.Rows) (Proposal, error) {
	var p Proposal
	var composition []byte
	var proposed database.Instant
	var decided *database.Instant
	var d Decision
	err := rows.Scan(&p.ID, &p.Intake, &p.RuleVersion, &composition, &p.Propensity, &proposed, &p.ProposedBy,
		&d.Outcome, &d.Reason, &d.Version, &decided, &d.By)
	if err != nil {
		return p, err
	}
	p.ProposedAt = proposed.Time()
	if decided != nil {
		d.At = decided.Time()
		p.Decision = &d
	}
	p.Composition, err = decode(composition)
	return p, err
}

func (s store) list(patient id.Patient) ([]Proposal, error) {
	return s.proposals(patient, selectProposals+" WHERE patient_id = ? ORDER BY proposed_at DESC, id DESC", patient)
}

func (s store) find(patient id.Patient, proposal id.Proposal) (Proposal, error) {
	found, err := s.proposals(patient, selectProposals+" WHERE patient_id = ? AND id = ?", patient, proposal)
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Proposal{}, err
	}
	return found[0], nil
}
