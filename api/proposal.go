package api

import (
	"context"

	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/rules/proposal"
)

// ProposeProgram implements StrictServerInterface.
func (s *Server) ProposeProgram(
	ctx context.Context, r ProposeProgramRequestObject,
) (ProposeProgramResponseObject, error) {
	p, created, err := s.parts.Proposals.Propose(ctx, viewerOf(ctx), id.Patient(r.PatientID), id.Proposal(r.Body.ID))
	if err != nil {
		return nil, err
	}
	body := s.toProposal(p, callerOf(ctx).language)
	if created {
		return ProposeProgram201JSONResponse(body), nil
	}
	return ProposeProgram200JSONResponse{ProposalJSONResponse(body)}, nil
}

// ListProposals implements StrictServerInterface.
func (s *Server) ListProposals(ctx context.Context, r ListProposalsRequestObject) (ListProposalsResponseObject, error) {
	proposals, err := s.parts.Proposals.List(ctx, viewerOf(ctx), id.Patient(r.PatientID))
	if err != nil {
		return nil, err
	}
	return ListProposals200JSONResponse{Data: mapped(proposals, func(p proposal.Proposal) ProposalBody {
		return s.toProposal(p, callerOf(ctx).language)
	})}, nil
}

// DecideProposal implements StrictServerInterface.
func (s *Server) DecideProposal(
	ctx context.Context, r DecideProposalRequestObject,
) (DecideProposalResponseObject, error) {
	choice := proposal.Choice{
		Outcome: proposal.Outcome(r.Body.Outcome), Reason: value(r.Body.Reason), Based: ifMatch(r.Params.IfMatch),
	}
	if r.Body.Version != nil {
		version := fromNewVersion(*r.Body.Version)
		choice.Version = &version
	}
	p, err := s.parts.Proposals.Decide(ctx, viewerOf(ctx), id.Patient(r.PatientID), id.Proposal(r.ProposalID), choice)
	if err != nil {
		return nil, err
	}
	return DecideProposal200JSONResponse{ProposalJSONResponse(s.toProposal(p, callerOf(ctx).language))}, nil
}

func (s *Server) toProposal(p proposal.Proposal, l people.Language) ProposalBody {
	body := ProposalBody{
		ID: ID(p.ID), IntakeID: ID(p.Intake), RuleVersion: p.RuleVersion, Propensity: p.Propensity,
		NeedsClinicalReview: p.NeedsReview, StartsSmall: p.StartsSmall, ItemCap: p.Caps.Items,
		Minutes: (proposal.Seconds(s.parts.Library, p.Items) + 59) / 60, ProposedAt: p.ProposedAt,
		ProposedBy: ID(p.ProposedBy),
		Modules:    mapped(p.Scores, func(score proposal.Score) ModuleScore { return toModuleScore(score, l) }),
		Items:      mapped(p.Items, func(i program.NewItem) ProposedItem { return s.toProposedItem(i, l) }),
	}
	if d := p.Decision; d != nil {
		body.Decision = &ProposalDecision{
			Outcome: ProposalOutcome(d.Outcome), Reason: optional(d.Reason), VersionID: optional(ID(d.Version)),
			DecidedAt: d.At, DecidedBy: ID(d.By),
		}
	}
	return body
}

func toModuleScore(s proposal.Score, l people.Language) ModuleScore {
	return ModuleScore{
		Module: Module(s.Module), Points: s.Points, Chosen: s.Chosen,
		Because: mapped(s.Because, func(b proposal.Because) Because {
			return Because{Rule: b.Rule, Points: b.Points, Evidence: b.Evidence, Text: l.Pick(b.NL, b.EN)}
		}),
	}
}

func (s *Server) toProposedItem(i program.NewItem, l people.Language) ProposedItem {
	item := s.toItem(i.In(s.parts.Library), l)
	return ProposedItem{
		Exercise: item.Exercise, Name: item.Name, Module: item.Module, Dose: item.Dose, MinimumDose: item.MinimumDose,
		Schedule: item.Schedule, Seconds: item.Seconds,
	}
}
