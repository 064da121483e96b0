package api

import (
	"context"

	"cadans/internal/kernel/id"
	"cadans/internal/kernel/words"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/rules/flare"
	"cadans/internal/rules/progression"
)

// ListProgressions implements StrictServerInterface.
func (s *Server) ListProgressions(
	ctx context.Context, r ListProgressionsRequestObject,
) (ListProgressionsResponseObject, error) {
	changes, err := s.parts.Progressions.List(ctx, viewerOf(ctx), id.Patient(r.PatientID))
	if err != nil {
		return nil, err
	}
	return ListProgressions200JSONResponse(s.toProgressions(ctx, changes)), nil
}

// ListMyProgressions implements StrictServerInterface.
func (s *Server) ListMyProgressions(
	ctx context.Context, _ ListMyProgressionsRequestObject,
) (ListMyProgressionsResponseObject, error) {
	changes, err := s.parts.Progressions.Mine(ctx, viewerOf(ctx))
	if err != nil {
		return nil, err
	}
	return ListMyProgressions200JSONResponse(s.toProgressions(ctx, changes)), nil
}

// DecideProgression implements StrictServerInterface.
func (s *Server) DecideProgression(
	ctx context.Context, r DecideProgressionRequestObject,
) (DecideProgressionResponseObject, error) {
	change, err := s.parts.Progressions.Decide(ctx, viewerOf(ctx), id.Patient(r.PatientID),
		id.Progression(r.ProgressionID), progression.State(r.Body.Outcome), value(r.Body.Reason))
	if err != nil {
		return nil, err
	}
	return DecideProgression200JSONResponse{
		ProgressionJSONResponse(s.toProgression(change, callerOf(ctx).language)),
	}, nil
}

// UndoProgression implements StrictServerInterface.
func (s *Server) UndoProgression(
	ctx context.Context, r UndoProgressionRequestObject,
) (UndoProgressionResponseObject, error) {
	change, err := s.parts.Progressions.Undo(ctx, viewerOf(ctx), id.Progression(r.ProgressionID))
	if err != nil {
		return nil, err
	}
	return UndoProgression200JSONResponse{ProgressionJSONResponse(s.toProgression(change, callerOf(ctx).language))}, nil
}

// GetProgressionSettings implements StrictServerInterface.
func (s *Server) GetProgressionSettings(
	ctx context.Context, r GetProgressionSettingsRequestObject,
) (GetProgressionSettingsResponseObject, error) {
	auto, err := s.parts.Progressions.Auto(ctx, viewerOf(ctx), id.Patient(r.PatientID))
	return GetProgressionSettings200JSONResponse{AutoProgress: auto}, err
}

// SetProgressionSettings implements StrictServerInterface.
func (s *Server) SetProgressionSettings(
	ctx context.Context, r SetProgressionSettingsRequestObject,
) (SetProgressionSettingsResponseObject, error) {
	err := s.parts.Progressions.SetAuto(ctx, viewerOf(ctx), id.Patient(r.PatientID), r.Body.AutoProgress)
	return SetProgressionSettings200JSONResponse{AutoProgress: r.Body.AutoProgress}, err
}

// DeclareFlare implements StrictServerInterface.
func (s *Server) DeclareFlare(ctx context.Context, r DeclareFlareRequestObject) (DeclareFlareResponseObject, error) {
	f, verdict, created, err := s.parts.Flares.Declare(ctx, viewerOf(ctx), flare.New{
		ID: id.Flare(r.Body.ID), Days: r.Body.Days, NewSigns: fromNewSigns(r.Body.NewSigns),
	})
	if err != nil {
		return nil, err
	}
	body := FlareResult{
		Flare:        toFlare(f),
		SafetyLevel:  SafetyLevel(verdict.Level),
		SafetyAdvice: optional(verdict.Advice(callerOf(ctx).language)),
	}
	if created {
		return DeclareFlare201JSONResponse(body), nil
	}
	return DeclareFlare200JSONResponse{FlareDeclaredJSONResponse(body)}, nil
}

// EndFlare implements StrictServerInterface.
func (s *Server) EndFlare(ctx context.Context, r EndFlareRequestObject) (EndFlareResponseObject, error) {
	return EndFlare204Response{}, s.parts.Flares.End(ctx, viewerOf(ctx), id.Flare(r.FlareID))
}

// ListMyFlares implements StrictServerInterface.
func (s *Server) ListMyFlares(ctx context.Context, _ ListMyFlaresRequestObject) (ListMyFlaresResponseObject, error) {
	v := viewerOf(ctx)
	flares, err := s.parts.Flares.List(ctx, v, v.Patient)
	return ListMyFlares200JSONResponse{Data: mapped(flares, toFlare)}, err
}

// ListPatientFlares implements StrictServerInterface.
func (s *Server) ListPatientFlares(
	ctx context.Context, r ListPatientFlaresRequestObject,
) (ListPatientFlaresResponseObject, error) {
	flares, err := s.parts.Flares.List(ctx, viewerOf(ctx), id.Patient(r.PatientID))
	return ListPatientFlares200JSONResponse{Data: mapped(flares, toFlare)}, err
}

func toFlare(f flare.Flare) FlareBody {
	return FlareBody{ID: ID(f.ID), StartDate: f.Start.String(), EndDate: f.End.String(), DeclaredAt: f.DeclaredAt}
}

func (s *Server) toProgressions(ctx context.Context, changes []progression.Change) ProgressionList {
	return ProgressionList{Data: mapped(changes, func(c progression.Change) ProgressionBody {
		return s.toProgression(c, callerOf(ctx).language)
	})}
}

func (s *Server) toProgression(c progression.Change, l people.Language) ProgressionBody {
	return ProgressionBody{
		ID: ID(c.ID), ItemID: ID(c.Before.ID), Rule: ProgressionBodyRule(c.Rule), State: ProgressionBodyState(c.State),
		Change:  program.DiffItem(c.Before, c.After, s.parts.Library, l),
		Because: mapped(c.Because, func(b words.Pair) string { return b.In(l) }),
		MadeAt:  c.MadeAt, DecidedAt: c.DecidedAt, Reason: optional(c.Reason),
	}
}
