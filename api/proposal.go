package api

import (
	"context"

	"cadans/api/door"
	"cadans/api/wire"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/rules/proposal"
)

// ProposeProgram implements StrictServerInterface.
func (s *Server) ProposeProgram(
	ctx context.Context, r wire.ProposeProgramRequestObject,
) (wire.ProposeProgramResponseObject, error) {
	p, created, err := s.parts.Proposals.Propose(
		ctx, door.ViewerOf(ctx), id.Patient(r.PatientID), id.Proposal(r.Body.ID),
	)
	if err != nil {
		return nil, err
	}
	body := s.toProposal(p, door.LanguageOf(ctx))
	if created {
		return wire.ProposeProgram201JSONResponse(body), nil
	}
	return wire.ProposeProgram200JSONResponse{ProposalJSONResponse: wire.ProposalJSONResponse(body)}, nil
}

// ListProposals implements StrictServerInterface.
func (s *Server) ListProposals(
	ctx context.Context, r wire.ListProposalsRequestObject,
) (wire.ListProposalsResponseObject, error) {
	proposals, err := s.parts.Proposals.List(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID))
	if err != nil {
		return nil, err
	}
	return wire.ListProposals200JSONResponse{Data: mapped(proposals, func(p proposal.Proposal) wire.ProposalBody {
		return s.toProposal(p, door.LanguageOf(ctx))
	})}, nil
}

// DecideProposal implements StrictServerInterface.
func (s *Server) DecideProposal(
	ctx context.Context, r wire.DecideProposalRequestObject,
) (wire.DecideProposalResponseObject, error) {
	choice := proposal.Choice{
		Outcome: proposal.Outcome(r.Body.Outcome), Reason: value(r.Body.Reason), Based: ifMatch(r.Params.IfMatch),
	}
	if r.Body.Version != nil {
		version := fromNewVersion(*r.Body.Version)
		choice.Version = &version
	}
	p, err := s.parts.Proposals.Decide(
		ctx, door.ViewerOf(ctx), id.Patient(r.PatientID), id.Proposal(r.ProposalID), choice,
	)
	if err != nil {
		return nil, err
	}
	return wire.DecideProposal200JSONResponse{
		ProposalJSONResponse: wire.ProposalJSONResponse(s.toProposal(p, door.LanguageOf(ctx))),
	}, nil
}

func (s *Server) toProposal(p proposal.Proposal, l people.Language) wire.ProposalBody {
	body := wire.ProposalBody{
		ID: wire.ID(p.ID), IntakeID: wire.ID(p.Intake), RuleVersion: p.RuleVersion, Propensity: p.Propensity,
		NeedsClinicalReview: p.NeedsReview, StartsSmall: p.StartsSmall, ItemCap: p.Caps.Items,
		Minutes: (proposal.Seconds(s.parts.Library, p.Items) + 59) / 60, ProposedAt: p.ProposedAt,
		ProposedBy: wire.ID(p.ProposedBy),
		Modules:    mapped(p.Scores, func(score proposal.Score) wire.ModuleScore { return toModuleScore(score, l) }),
		Items:      mapped(p.Items, func(i program.NewItem) wire.ProposedItem { return s.toProposedItem(i, l) }),
	}
	if d := p.Decision; d != nil {
		body.Decision = &wire.ProposalDecision{
			Outcome:   wire.ProposalOutcome(d.Outcome),
			Reason:    optional(d.Reason),
			VersionID: optional(wire.ID(d.Version)),
			DecidedAt: d.At,
			DecidedBy: wire.ID(d.By),
		}
	}
	return body
}

func toModuleScore(s proposal.Score, l people.Language) wire.ModuleScore {
	return wire.ModuleScore{
		Module: wire.Module(s.Module), Points: s.Points, Chosen: s.Chosen,
		Because: mapped(s.Because, func(b proposal.Because) wire.Because {
			return wire.Because{Rule: b.Rule, Points: b.Points, Evidence: b.EvidenceIn(l), Text: l.Pick(b.NL, b.EN)}
		}),
	}
}

func (s *Server) toProposedItem(i program.NewItem, l people.Language) wire.ProposedItem {
	item := s.toItem(i.In(s.parts.Library), l)
	return wire.ProposedItem{
		Exercise: item.Exercise, Name: item.Name, Module: item.Module, Dose: item.Dose, MinimumDose: item.MinimumDose,
		Schedule: item.Schedule, Seconds: item.Seconds,
	}
}
