package api

import (
	"context"

	"cadans/internal/kernel/id"
	"cadans/internal/record/visit"
)

// RecordVisit implements StrictServerInterface.
func (s *Server) RecordVisit(ctx context.Context, r RecordVisitRequestObject) (RecordVisitResponseObject, error) {
	stored, created, err := s.parts.Visits.Record(ctx, viewerOf(ctx), id.Patient(r.PatientID), visit.Visit{
		ID:        id.Visit(r.Body.ID),
		Kind:      visit.Kind(r.Body.Kind),
		LocalDate: date(&r.Body.LocalDate),
		Next:      date(r.Body.NextOn),
	})
	if err != nil {
		return nil, err
	}
	if created {
		return RecordVisit201JSONResponse(toVisit(stored)), nil
	}
	return RecordVisit200JSONResponse{VisitJSONResponse(toVisit(stored))}, nil
}

// ListVisits implements StrictServerInterface.
func (s *Server) ListVisits(ctx context.Context, r ListVisitsRequestObject) (ListVisitsResponseObject, error) {
	found, err := s.parts.Visits.List(ctx, viewerOf(ctx), id.Patient(r.PatientID))
	return ListVisits200JSONResponse{Data: mapped(found, toVisit)}, err
}

func toVisit(v visit.Visit) VisitBody {
	return VisitBody{
		ID:         ID(v.ID),
		Kind:       VisitKind(v.Kind),
		LocalDate:  v.LocalDate.String(),
		NextOn:     optional(v.Next.String()),
		RecordedAt: v.RecordedAt,
	}
}
