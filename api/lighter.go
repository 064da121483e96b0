package api

import (
	"context"

	"cadans/internal/kernel/id"
	"cadans/internal/rules/lighter"
)

// ChooseLighterProgram implements StrictServerInterface.
func (s *Server) ChooseLighterProgram(
	ctx context.Context, r ChooseLighterProgramRequestObject,
) (ChooseLighterProgramResponseObject, error) {
	l, created, err := s.parts.Lighter.Choose(ctx, viewerOf(ctx), id.Lighter(r.Body.ID), lighter.Kind(r.Body.Kind))
	switch {
	case err != nil:
		return nil, err
	case created:
		return ChooseLighterProgram201JSONResponse(toLighter(l)), nil
	default:
		return ChooseLighterProgram200JSONResponse{LighterProgramJSONResponse(toLighter(l))}, nil
	}
}

// EndLighterProgram implements StrictServerInterface.
func (s *Server) EndLighterProgram(
	ctx context.Context, r EndLighterProgramRequestObject,
) (EndLighterProgramResponseObject, error) {
	return EndLighterProgram204Response{}, s.parts.Lighter.End(ctx, viewerOf(ctx), id.Lighter(r.LighterID))
}

// ListMyLighterPrograms implements StrictServerInterface.
func (s *Server) ListMyLighterPrograms(
	ctx context.Context, _ ListMyLighterProgramsRequestObject,
) (ListMyLighterProgramsResponseObject, error) {
	all, err := s.parts.Lighter.Mine(ctx, viewerOf(ctx))
	return ListMyLighterPrograms200JSONResponse{Data: mapped(all, toLighter)}, err
}

func toLighter(l lighter.Lighter) LighterProgramBody {
	return LighterProgramBody{
		ID:        ID(l.ID),
		Kind:      LighterKind(l.Kind),
		StartDate: l.Start.String(),
		EndDate:   l.End.String(),
		ChosenAt:  l.ChosenAt,
	}
}
