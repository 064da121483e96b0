package dossier

import (
	"slices"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/safety"
	"cadans/internal/record/wish"
	"cadans/internal/rules/progression"
	"cadans/internal/rules/proposal"
)

// Waiting holds what awaits the therapist's decision, latest first.
type Waiting struct {
	Safety    []safety.Report
	Changes   []progression.Change // made by a rule, awaiting approval
	Wishes    []wish.Wish
	Proposals []proposal.Proposal
}

// Any reports whether anything is waiting.
func (w Waiting) Any() bool { return len(w.Safety)+len(w.Changes)+len(w.Wishes)+len(w.Proposals) > 0 }

func waitingOf(tx *database.Tx, patient id.Patient) (w Waiting, err error) {
	if w.Safety, err = safety.ReportsOf(tx, patient); err != nil {
		return w, err
	}
	w.Safety = slices.DeleteFunc(w.Safety, func(r safety.Report) bool {
		return !r.Awaits() && !r.Blocks()
	})
	if w.Changes, err = progression.ChangesOf(tx, patient); err != nil {
		return w, err
	}
	w.Changes = slices.DeleteFunc(w.Changes, func(c progression.Change) bool { return c.State != progression.Open })
	if w.Wishes, err = wish.Latest(tx, patient); err != nil {
		return w, err
	}
	w.Wishes = slices.DeleteFunc(w.Wishes, func(c wish.Wish) bool { return !c.Open })
	w.Proposals, err = proposal.ProposalsOf(tx, patient)
	w.Proposals = slices.DeleteFunc(w.Proposals, func(p proposal.Proposal) bool { return p.Decision != nil })
	return w, err
}
