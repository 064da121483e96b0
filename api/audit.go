package api

import (
	"context"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/audit"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
)

// ListPatientAccess implements StrictServerInterface.
func (s *Server) ListPatientAccess(
	ctx context.Context, r ListPatientAccessRequestObject,
) (ListPatientAccessResponseObject, error) {
	page, err := auditPage(ctx, r.Params.Limit, r.Params.Cursor, toAuditEvent,
		func(p audit.Page) ([]audit.Entry, error) {
			return s.parts.Audit.OfPatient(ctx, viewerOf(ctx), access.ListPatientAccess, id.Patient(r.PatientID), p)
		})
	if err != nil {
		return nil, err
	}
	return ListPatientAccess200JSONResponse{AuditPageJSONResponse(page)}, nil
}

// ListMyAccess implements StrictServerInterface. A patient reads in which role somebody looked, not who.
func (s *Server) ListMyAccess(ctx context.Context, r ListMyAccessRequestObject) (ListMyAccessResponseObject, error) {
	v := viewerOf(ctx)
	page, err := auditPage(ctx, r.Params.Limit, r.Params.Cursor, withoutIDs, func(p audit.Page) ([]audit.Entry, error) {
		return s.parts.Audit.OfPatient(ctx, v, access.ListMyAccess, v.Patient, p)
	})
	if err != nil {
		return nil, err
	}
	return ListMyAccess200JSONResponse{AuditPageJSONResponse(page)}, nil
}

// ListAuditEvents implements StrictServerInterface.
func (s *Server) ListAuditEvents(
	ctx context.Context, r ListAuditEventsRequestObject,
) (ListAuditEventsResponseObject, error) {
	page, err := auditPage(ctx, r.Params.Limit, r.Params.Cursor, toAuditEvent,
		func(p audit.Page) ([]audit.Entry, error) {
			return s.parts.Audit.OfPractice(ctx, viewerOf(ctx), p)
		})
	if err != nil {
		return nil, err
	}
	return ListAuditEvents200JSONResponse{AuditPageJSONResponse(page)}, nil
}

func auditPage(
	ctx context.Context, limit *Limit, cursor *Cursor, write func(audit.Entry, people.Language) AuditEvent,
	list func(audit.Page) ([]audit.Entry, error),
) (AuditPage, error) {
	p := audit.Page{Limit: limitOf(limit) + 1}
	if err := readCursor(cursor, &p.Before); err != nil {
		return AuditPage{}, err
	}
	found, err := list(p)
	if err != nil {
		return AuditPage{}, err
	}
	page := AuditPage{}
	if len(found) == p.Limit {
		found = found[:p.Limit-1]
		page.NextCursor = cursorOf(audit.Position{Seq: found[len(found)-1].Seq})
	}
	page.Data = mapped(found, func(e audit.Entry) AuditEvent { return write(e, callerOf(ctx).language) })
	return page, nil
}

func toAuditEvent(e audit.Entry, l people.Language) AuditEvent {
	event := withoutIDs(e, l)
	event.MemberID, event.PatientID = optional(ID(e.Member)), optional(ID(e.Patient))
	event.Operation, event.RequestID = optional(string(e.Operation)), optional(e.Request)
	return event
}

func withoutIDs(e audit.Entry, l people.Language) AuditEvent {
	return AuditEvent{
		At:      e.At,
		Role:    AuditEventRole(e.Role),
		What:    audit.What(e.Operation, l),
		Outcome: AuditEventOutcome(e.Outcome),
	}
}
