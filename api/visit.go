package api

import (
	"context"

	"cadans/api/door"
	"cadans/api/wire"
	"cadans/internal/kernel/id"
	"cadans/internal/record/visit"
)

// RecordVisit implements StrictServerInterface.
func (s *Server) RecordVisit(
	ctx context.Context, r wire.RecordVisitRequestObject,
) (wire.RecordVisitResponseObject, error) {
	stored, created, err := s.parts.Visits.Record(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID), visit.Visit{
		ID:        id.Visit(r.Body.ID),
		Kind:      visit.Kind(r.Body.Kind),
		LocalDate: date(&r.Body.LocalDate),
		Next:      date(r.Body.NextOn),
	})
	if err != nil {
		return nil, err
	}
	if created {
		return wire.RecordVisit201JSONResponse(toVisit(stored)), nil
	}
	return wire.RecordVisit200JSONResponse{VisitJSONResponse: wire.VisitJSONResponse(toVisit(stored))}, nil
}

// ListVisits implements StrictServerInterface.
func (s *Server) ListVisits(
	ctx context.Context, r wire.ListVisitsRequestObject,
) (wire.ListVisitsResponseObject, error) {
	found, err := s.parts.Visits.List(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID))
	return wire.ListVisits200JSONResponse{Data: mapped(found, toVisit)}, err
}

func toVisit(v visit.Visit) wire.VisitBody {
	return wire.VisitBody{
		ID:         wire.ID(v.ID),
		Kind:       wire.VisitKind(v.Kind),
		LocalDate:  v.LocalDate.String(),
		NextOn:     optional(v.Next.String()),
		RecordedAt: v.RecordedAt,
	}
}
