package api

import (
	"context"

	"cadans/api/door"
	"cadans/api/wire"
	"cadans/internal/kernel/id"
	"cadans/internal/record/wish"
)

// RequestChange implements StrictServerInterface.
func (s *Server) RequestChange(
	ctx context.Context, r wire.RequestChangeRequestObject,
) (wire.RequestChangeResponseObject, error) {
	stored, created, err := s.parts.Wishes.Ask(ctx, door.ViewerOf(ctx), wish.Wish{
		ID:     id.ChangeRequest(r.Body.ID),
		Reason: wish.Reason(r.Body.Reason),
		Item:   id.ProgramItem(value(r.Body.ItemID)),
		Note:   value(r.Body.Note),
	})
	if err != nil {
		return nil, err
	}
	if created {
		return wire.RequestChange201JSONResponse(toChangeRequest(stored)), nil
	}
	return wire.RequestChange200JSONResponse{
		ChangeRequestJSONResponse: wire.ChangeRequestJSONResponse(toChangeRequest(stored)),
	}, nil
}

// ListMyChangeRequests implements StrictServerInterface.
func (s *Server) ListMyChangeRequests(
	ctx context.Context, _ wire.ListMyChangeRequestsRequestObject,
) (wire.ListMyChangeRequestsResponseObject, error) {
	found, err := s.parts.Wishes.Mine(ctx, door.ViewerOf(ctx))
	return wire.ListMyChangeRequests200JSONResponse{Data: mapped(found, toChangeRequest)}, err
}

// ListChangeRequests implements StrictServerInterface.
func (s *Server) ListChangeRequests(
	ctx context.Context, r wire.ListChangeRequestsRequestObject,
) (wire.ListChangeRequestsResponseObject, error) {
	found, err := s.parts.Wishes.List(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID))
	return wire.ListChangeRequests200JSONResponse{Data: mapped(found, toChangeRequest)}, err
}

// CloseChangeRequest implements StrictServerInterface.
func (s *Server) CloseChangeRequest(
	ctx context.Context, r wire.CloseChangeRequestRequestObject,
) (wire.CloseChangeRequestResponseObject, error) {
	closed, err := s.parts.Wishes.Close(
		ctx, door.ViewerOf(ctx), id.Patient(r.PatientID), id.ChangeRequest(r.RequestID), string(r.Body.Outcome),
	)
	if err != nil {
		return nil, err
	}
	return wire.CloseChangeRequest200JSONResponse{
		ChangeRequestJSONResponse: wire.ChangeRequestJSONResponse(toChangeRequest(closed)),
	}, nil
}

func toChangeRequest(r wish.Wish) wire.ChangeRequestBody {
	return wire.ChangeRequestBody{
		ID: wire.ID(r.ID), LocalDate: r.LocalDate.String(), Reason: wire.ChangeReason(r.Reason),
		ItemID: optional(wire.ID(r.Item)), Note: optional(r.Note), ReceivedAt: r.ReceivedAt, Open: r.Open,
		ClosedAt: r.ClosedAt, Outcome: optional(wire.ChangeOutcome(r.Outcome)),
	}
}
