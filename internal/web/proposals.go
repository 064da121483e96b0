package web

import (
	"slices"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/id"
	"cadans/internal/record/program"
	"cadans/internal/record/safety"
	"cadans/internal/rules/proposal"
)

// proposalsView shows the program that the rules propose from the intake, with every reason.
type proposalsView struct {
	head
	Proposals []proposal.Proposal
	NotAsked  []safety.Question // in the last intake
	Writes    bool
}

func (s *site) proposals(r *request) error {
	h, err := s.headOf(r, "/program")
	if err != nil {
		return err
	}
	v := proposalsView{head: h, Writes: access.Enter(r.viewer, access.DecideProposal) == nil}
	if v.Proposals, err = s.parts.Proposals.List(r.ctx, r.viewer, r.patient()); err != nil {
		return err
	}
	last, err := s.parts.Intakes.Draft(r.ctx, r.viewer, r.patient())
	if err != nil {
		return err
	}
	if last.Last != nil {
		v.NotAsked = safety.Questions(last.Last.Answers.NotAsked())
	}
	return r.show("proposals", h.Person.Name, v)
}

// propose asks the rules for a proposal from the patient's last intake.
func (s *site) propose(r *request) error {
	err := s.parts.Contract.Check(access.ProposeProgram, fields{"id": r.FormValue("id")})
	if err == nil {
		_, _, err = s.parts.Proposals.Propose(r.ctx, r.viewer, r.patient(), id.Proposal(r.FormValue("id")))
	}
	return r.answerForm(err, "propose", pathOf(r.patient())+"/proposals", func() error { return s.proposals(r) })
}

// decideProposal publishes a proposal unchanged, opens it in the editor, or refuses it with a reason.
func (s *site) decideProposal(r *request) error {
	page := pathOf(r.patient()) + "/proposals"
	if r.FormValue("outcome") == "edit" {
		page = pathOf(r.patient()) + "/program/draft"
	}
	return r.answerForm(s.decideOn(r), "decide-"+r.Params("proposal_id"), page, func() error { return s.proposals(r) })
}

func (s *site) decideOn(r *request) error {
	proposals, err := s.parts.Proposals.List(r.ctx, r.viewer, r.patient())
	if err != nil {
		return err
	}
	i := slices.IndexFunc(proposals, func(p proposal.Proposal) bool { return string(p.ID) == r.Params("proposal_id") })
	if i < 0 {
		return proposal.ErrNotFound
	}
	switch items := withIDs(proposals[i].Items); r.FormValue("outcome") {
	case "edit":
		return s.takeIntoEditor(r, items)
	case string(proposal.Accepted):
		return s.accept(r, proposals[i].ID, items)
	default:
		choice := proposal.Choice{Outcome: proposal.Refused, Reason: r.text("reason")}
		err := s.parts.Contract.Check(
			access.DecideProposal, fields{"outcome": r.FormValue("outcome")}.text("reason", choice.Reason),
		)
		if err == nil {
			_, err = s.parts.Proposals.Decide(r.ctx, r.viewer, r.patient(), proposals[i].ID, choice)
		}
		return err
	}
}

// withIDs assigns ids to the items of a proposal.
func withIDs(items []program.NewItem) []program.NewItem {
	items = slices.Clone(items)
	for i := range items {
		items[i].ID = id.ProgramItem(id.New())
	}
	return items
}

func (s *site) takeIntoEditor(r *request, items []program.NewItem) error {
	if err := s.parts.Programs.DiscardDraft(r.ctx, r.viewer, r.patient()); err != nil {
		return err
	}
	_, err := s.parts.Programs.SaveDraft(r.ctx, r.viewer, r.patient(), program.Draft{Items: items}, "")
	return err
}

func (s *site) accept(r *request, p id.Proposal, items []program.NewItem) error {
	h, err := s.headOf(r, "")
	if err != nil {
		return err
	}
	history, _, err := s.parts.Programs.Versions(r.ctx, r.viewer, r.patient())
	if err != nil {
		return err
	}
	version := program.NewVersion{ID: id.ProgramVersion(id.New()), EffectiveFrom: h.Today, Items: items}
	_, err = s.parts.Proposals.Decide(
		r.ctx, r.viewer, r.patient(), p,
		proposal.Choice{Outcome: proposal.Accepted, Version: &version, Based: history.Etag()},
	)
	return err
}

// ItemSays describes what a proposed item asks.
func (v proposalsView) ItemSays(i program.NewItem) string { return v.Asks(i.In(v.library)) }

// Decided describes the decision about a proposal.
func (v proposalsView) Decided(d proposal.Decision) string {
	name := map[proposal.Outcome]string{
		proposal.Accepted: v.Say("proposals.decided.accepted"),
		proposal.Changed:  v.Say("proposals.decided.changed"),
		proposal.Refused:  v.Say("proposals.decided.refused"),
	}[d.Outcome]
	if d.Reason != "" {
		name += ": " + d.Reason
	}
	return name + " (" + v.Day(d.At) + ")"
}

// Chosen lists the modules that were chosen.
func (v proposalsView) Chosen(p proposal.Proposal) []proposal.Score {
	return slices.DeleteFunc(slices.Clone(p.Scores), func(s proposal.Score) bool { return !s.Chosen })
}
