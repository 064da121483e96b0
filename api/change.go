package api

import (
	"context"

	"cadans/internal/kernel/id"
	"cadans/internal/record/wish"
)

// RequestChange implements StrictServerInterface.
func (s *Server) RequestChange(ctx context.Context, r RequestChangeRequestObject) (RequestChangeResponseObject, error) {
	stored, created, err := s.parts.Wishes.Ask(ctx, viewerOf(ctx), wish.Wish{
		ID:     id.ChangeRequest(r.Body.ID),
		Reason: wish.Reason(r.Body.Reason),
		Item:   id.ProgramItem(value(r.Body.ItemID)),
		Note:   value(r.Body.Note),
	})
	if err != nil {
		return nil, err
	}
	if created {
		return RequestChange201JSONResponse(toChangeRequest(stored)), nil
	}
	return RequestChange200JSONResponse{ChangeRequestJSONResponse(toChangeRequest(stored))}, nil
}

// ListMyChangeRequests implements StrictServerInterface.
func (s *Server) ListMyChangeRequests(
	ctx context.Context, _ ListMyChangeRequestsRequestObject,
) (ListMyChangeRequestsResponseObject, error) {
	found, err := s.parts.Wishes.Mine(ctx, viewerOf(ctx))
	return ListMyChangeRequests200JSONResponse{Data: mapped(found, toChangeRequest)}, err
}

// ListChangeRequests implements StrictServerInterface.
func (s *Server) ListChangeRequests(
	ctx context.Context, r ListChangeRequestsRequestObject,
) (ListChangeRequestsResponseObject, error) {
	found, err := s.parts.Wishes.List(ctx, viewerOf(ctx), id.Patient(r.PatientID))
	return ListChangeRequests200JSONResponse{Data: mapped(found, toChangeRequest)}, err
}

// CloseChangeRequest implements StrictServerInterface.
func (s *Server) CloseChangeRequest(
	ctx context.Context, r CloseChangeRequestRequestObject,
) (CloseChangeRequestResponseObject, error) {
	closed, err := s.parts.Wishes.Close(
		ctx, viewerOf(ctx), id.Patient(r.PatientID), id.ChangeRequest(r.RequestID), string(r.Body.Outcome),
	)
	if err != nil {
		return nil, err
	}
	return CloseChangeRequest200JSONResponse{ChangeRequestJSONResponse(toChangeRequest(closed))}, nil
}

func toChangeRequest(r wish.Wish) ChangeRequestBody {
	return ChangeRequestBody{
		ID: ID(r.ID), LocalDate: r.LocalDate.String(), Reason: ChangeReason(r.Reason), ItemID: optional(ID(r.Item)),
		Note: optional(r.Note), ReceivedAt: r.ReceivedAt, Open: r.Open, ClosedAt: r.ClosedAt,
		Outcome: optional(ChangeOutcome(r.Outcome)),
	}
}
