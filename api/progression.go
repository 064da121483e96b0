package api

import (
	"context"

	"cadans/api/door"
	"cadans/api/wire"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/words"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/rules/detour"
	"cadans/internal/rules/progression"
)

// ListProgressions implements StrictServerInterface.
func (s *Server) ListProgressions(
	ctx context.Context, r wire.ListProgressionsRequestObject,
) (wire.ListProgressionsResponseObject, error) {
	found, err := s.parts.Progressions.List(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID))
	if err != nil {
		return nil, err
	}
	list, l := s.toProgressions(ctx, found.Changes), door.LanguageOf(ctx)
	list.Standings = mapped(found.Standings, func(standing progression.Standing) wire.ItemStanding {
		return toStanding(standing, l)
	})
	return wire.ListProgressions200JSONResponse(list), nil
}

// ListMyProgressions implements StrictServerInterface.
func (s *Server) ListMyProgressions(
	ctx context.Context, _ wire.ListMyProgressionsRequestObject,
) (wire.ListMyProgressionsResponseObject, error) {
	changes, err := s.parts.Progressions.Mine(ctx, door.ViewerOf(ctx))
	if err != nil {
		return nil, err
	}
	return wire.ListMyProgressions200JSONResponse(s.toProgressions(ctx, changes)), nil
}

// DecideProgression implements StrictServerInterface.
func (s *Server) DecideProgression(
	ctx context.Context, r wire.DecideProgressionRequestObject,
) (wire.DecideProgressionResponseObject, error) {
	change, err := s.parts.Progressions.Decide(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID),
		id.Progression(r.ProgressionID), progression.State(r.Body.Outcome), value(r.Body.Reason))
	if err != nil {
		return nil, err
	}
	return wire.DecideProgression200JSONResponse{
		ProgressionJSONResponse: wire.ProgressionJSONResponse(s.toProgression(change, door.LanguageOf(ctx))),
	}, nil
}

// UndoProgression implements StrictServerInterface.
func (s *Server) UndoProgression(
	ctx context.Context, r wire.UndoProgressionRequestObject,
) (wire.UndoProgressionResponseObject, error) {
	change, err := s.parts.Progressions.Undo(ctx, door.ViewerOf(ctx), id.Progression(r.ProgressionID))
	if err != nil {
		return nil, err
	}
	return wire.UndoProgression200JSONResponse{
		ProgressionJSONResponse: wire.ProgressionJSONResponse(s.toProgression(change, door.LanguageOf(ctx))),
	}, nil
}

// GetProgressionSettings implements StrictServerInterface.
func (s *Server) GetProgressionSettings(
	ctx context.Context, r wire.GetProgressionSettingsRequestObject,
) (wire.GetProgressionSettingsResponseObject, error) {
	auto, err := s.parts.Progressions.Auto(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID))
	return wire.GetProgressionSettings200JSONResponse{AutoProgress: auto}, err
}

// SetProgressionSettings implements StrictServerInterface.
func (s *Server) SetProgressionSettings(
	ctx context.Context, r wire.SetProgressionSettingsRequestObject,
) (wire.SetProgressionSettingsResponseObject, error) {
	err := s.parts.Progressions.SetAuto(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID), r.Body.AutoProgress)
	return wire.SetProgressionSettings200JSONResponse{AutoProgress: r.Body.AutoProgress}, err
}

// DeclareFlare implements StrictServerInterface.
func (s *Server) DeclareFlare(
	ctx context.Context, r wire.DeclareFlareRequestObject,
) (wire.DeclareFlareResponseObject, error) {
	f, created, err := s.parts.Detours.DeclareFlare(ctx, door.ViewerOf(ctx), detour.Flare{
		ID: id.Detour(r.Body.ID), Days: r.Body.Days, NewSigns: fromNewSigns(r.Body.NewSigns),
	})
	if err != nil {
		return nil, err
	}
	body := wire.FlareResult{
		Flare:        toFlare(f.Detour),
		SafetyLevel:  wire.SafetyLevel(f.Verdict.Level),
		SafetyAdvice: optional(f.Verdict.Advice(door.LanguageOf(ctx))),
	}
	if created {
		return wire.DeclareFlare201JSONResponse(body), nil
	}
	return wire.DeclareFlare200JSONResponse{FlareDeclaredJSONResponse: wire.FlareDeclaredJSONResponse(body)}, nil
}

// EndFlare implements StrictServerInterface.
func (s *Server) EndFlare(ctx context.Context, r wire.EndFlareRequestObject) (wire.EndFlareResponseObject, error) {
	return wire.EndFlare204Response{}, s.parts.Detours.EndFlare(ctx, door.ViewerOf(ctx), id.Detour(r.FlareID))
}

// ListMyFlares implements StrictServerInterface.
func (s *Server) ListMyFlares(
	ctx context.Context, _ wire.ListMyFlaresRequestObject,
) (wire.ListMyFlaresResponseObject, error) {
	v := door.ViewerOf(ctx)
	flares, err := s.parts.Detours.Flares(ctx, v, v.Patient)
	return wire.ListMyFlares200JSONResponse{Data: mapped(flares, toFlare)}, err
}

// ListPatientFlares implements StrictServerInterface.
func (s *Server) ListPatientFlares(
	ctx context.Context, r wire.ListPatientFlaresRequestObject,
) (wire.ListPatientFlaresResponseObject, error) {
	flares, err := s.parts.Detours.Flares(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID))
	return wire.ListPatientFlares200JSONResponse{Data: mapped(flares, toFlare)}, err
}

func toFlare(f detour.Detour) wire.FlareBody {
	return wire.FlareBody{
		ID:         wire.ID(f.ID),
		StartDate:  f.Start.String(),
		EndDate:    f.End.String(),
		DeclaredAt: f.BegunAt,
	}
}

func (s *Server) toProgressions(ctx context.Context, changes []progression.Change) wire.ProgressionList {
	return wire.ProgressionList{Data: mapped(changes, func(c progression.Change) wire.ProgressionBody {
		return s.toProgression(c, door.LanguageOf(ctx))
	})}
}

func toStanding(s progression.Standing, l people.Language) wire.ItemStanding {
	return wire.ItemStanding{
		ItemID: wire.ID(s.Item.ID), Rule: wire.ItemStandingRule(s.Rule),
		Because: mapped(s.Because, func(b words.Pair) string { return b.In(l) }),
		LeftOut: optional(s.LeftOut.In(l)),
	}
}

func (s *Server) toProgression(c progression.Change, l people.Language) wire.ProgressionBody {
	return wire.ProgressionBody{
		ID: wire.ID(c.ID), ItemID: wire.ID(c.Before.ID), Rule: wire.ProgressionBodyRule(c.Rule),
		State: wire.ProgressionBodyState(c.State), Change: program.DiffItem(c.Before, c.After, s.parts.Library, l),
		Because: mapped(c.Because, func(b words.Pair) string { return b.In(l) }),
		MadeAt:  c.MadeAt, DecidedAt: c.DecidedAt, Reason: optional(c.Reason),
	}
}
