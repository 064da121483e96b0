package web

import (
	"slices"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/id"
	"cadans/internal/record/program"
	"cadans/internal/record/safety"
	"cadans/internal/record/visit"
	"cadans/internal/rules/progression"
)

// ProposedChange describes the change that a rule proposes.
func (p patientView) ProposedChange(c progression.Change) string {
	return program.DiffItem(c.Before, c.After, p.library, p.Language)
}

// Standings are how exercises stand with the rules. One whose change waits is shown there, unless the patient leaves a
// question out.
func (p patientView) Standings() []progression.Standing {
	return slices.DeleteFunc(slices.Clone(p.standing), func(s progression.Standing) bool {
		waits := slices.ContainsFunc(p.Waits.Changes, func(c progression.Change) bool {
			return c.Before.ID == s.Item.ID && c.Rule == s.Rule
		})
		return waits && s.LeftOut.EN == ""
	})
}

// Stands says what the rules make of an exercise.
func (p patientView) Stands(s progression.Standing) string {
	return p.Say("standing." + string(s.Rule))
}

// decideSafety records a therapist's decision about a safety report. Only such a decision reopens a stopped program.
func (s *site) decideSafety(r *request) error {
	d := safety.Decision{
		ID:      id.SafetyDecision(r.FormValue("id")),
		Outcome: safety.Outcome(r.FormValue("decision")),
		Note:    r.text("note"),
	}
	err := s.parts.Contract.Check(
		access.DecideSafetyReport, fields{"id": string(d.ID), "decision": string(d.Outcome), "note": d.Note},
	)
	if err == nil {
		_, _, err = s.parts.Safety.Decide(r.ctx, r.viewer, r.patient(), id.SafetyReport(r.Params("report_id")), d)
	}
	return r.answerForm(
		err, "safety-"+r.Params("report_id"), pathOf(r.patient())+"#safety", func() error { return s.patient(r) },
	)
}

func (s *site) decideProgression(r *request) error {
	outcome, reason := r.FormValue("outcome"), r.text("reason")
	err := s.parts.Contract.Check(access.DecideProgression, fields{"outcome": outcome}.text("reason", reason))
	if err == nil {
		_, err = s.parts.Progressions.Decide(
			r.ctx, r.viewer, r.patient(), id.Progression(r.Params("progression_id")), progression.State(outcome),
			reason,
		)
	}
	return r.answerForm(err, "progression", pathOf(r.patient())+"#waiting", func() error { return s.patient(r) })
}

func (s *site) closeWish(r *request) error {
	outcome := r.FormValue("outcome")
	err := s.parts.Contract.Check(access.CloseChangeRequest, fields{"outcome": outcome})
	if err == nil {
		_, err = s.parts.Wishes.Close(
			r.ctx, r.viewer, r.patient(), id.ChangeRequest(r.Params("request_id")), outcome,
		)
	}
	return r.answerForm(err, "wish", pathOf(r.patient())+"#waiting", func() error { return s.patient(r) })
}

// recordVisit records that the therapist saw or spoke to the patient.
func (s *site) recordVisit(r *request) error {
	kind, on, next := r.FormValue("kind"), r.FormValue("local_date"), r.FormValue("next_on")
	err := s.parts.Contract.Check(
		access.RecordVisit, fields{"id": r.FormValue("id"), "kind": kind, "local_date": on}.text("next_on", next),
	)
	if err == nil {
		n := visit.Visit{
			ID:        id.Visit(r.FormValue("id")),
			Kind:      visit.Kind(kind),
			LocalDate: dayIn(on),
			Next:      dayIn(next),
		}
		_, _, err = s.parts.Visits.Record(r.ctx, r.viewer, r.patient(), n)
	}
	return r.answerForm(err, "visit", pathOf(r.patient()), func() error { return s.patient(r) })
}
