package api

import (
	"context"

	"cadans/api/door"
	"cadans/api/wire"
	"cadans/internal/kernel/id"
	"cadans/internal/rules/detour"
)

// ChooseLighterProgram implements StrictServerInterface.
func (s *Server) ChooseLighterProgram(
	ctx context.Context, r wire.ChooseLighterProgramRequestObject,
) (wire.ChooseLighterProgramResponseObject, error) {
	l, created, err := s.parts.Detours.ChooseLighter(
		ctx, door.ViewerOf(ctx), id.Detour(r.Body.ID), detour.Kind(r.Body.Kind),
	)
	switch {
	case err != nil:
		return nil, err
	case created:
		return wire.ChooseLighterProgram201JSONResponse(toLighter(l)), nil
	default:
		return wire.ChooseLighterProgram200JSONResponse{
			LighterProgramJSONResponse: wire.LighterProgramJSONResponse(toLighter(l)),
		}, nil
	}
}

// EndLighterProgram implements StrictServerInterface.
func (s *Server) EndLighterProgram(
	ctx context.Context, r wire.EndLighterProgramRequestObject,
) (wire.EndLighterProgramResponseObject, error) {
	err := s.parts.Detours.EndLighter(ctx, door.ViewerOf(ctx), id.Detour(r.LighterID))
	return wire.EndLighterProgram204Response{}, err
}

// ListMyLighterPrograms implements StrictServerInterface.
func (s *Server) ListMyLighterPrograms(
	ctx context.Context, _ wire.ListMyLighterProgramsRequestObject,
) (wire.ListMyLighterProgramsResponseObject, error) {
	all, err := s.parts.Detours.MyLighter(ctx, door.ViewerOf(ctx))
	return wire.ListMyLighterPrograms200JSONResponse{Data: mapped(all, toLighter)}, err
}

func toLighter(l detour.Detour) wire.LighterProgramBody {
	return wire.LighterProgramBody{
		ID:        wire.ID(l.ID),
		Kind:      wire.LighterKind(l.Kind()),
		StartDate: l.Start.String(),
		EndDate:   l.End.String(),
		ChosenAt:  l.BegunAt,
	}
}
