package api

import (
	"context"

	"cadans/api/door"
	"cadans/api/wire"
	"cadans/internal/kernel/audit"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
)

// ListPatientAccess implements StrictServerInterface.
func (s *Server) ListPatientAccess(
	ctx context.Context, r wire.ListPatientAccessRequestObject,
) (wire.ListPatientAccessResponseObject, error) {
	page, err := auditPage(ctx, r.Params.Limit, r.Params.Cursor, toAuditEvent,
		func(p audit.Page) ([]audit.Entry, error) {
			return s.parts.Audit.OfPatient(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID), p)
		})
	if err != nil {
		return nil, err
	}
	return wire.ListPatientAccess200JSONResponse{AuditPageJSONResponse: wire.AuditPageJSONResponse(page)}, nil
}

// ListMyAccess implements StrictServerInterface. A patient sees the role of whoever looked, not the name.
func (s *Server) ListMyAccess(
	ctx context.Context, r wire.ListMyAccessRequestObject,
) (wire.ListMyAccessResponseObject, error) {
	v := door.ViewerOf(ctx)
	page, err := auditPage(ctx, r.Params.Limit, r.Params.Cursor, withoutIDs, func(p audit.Page) ([]audit.Entry, error) {
		return s.parts.Audit.OfPatient(ctx, v, v.Patient, p)
	})
	if err != nil {
		return nil, err
	}
	return wire.ListMyAccess200JSONResponse{AuditPageJSONResponse: wire.AuditPageJSONResponse(page)}, nil
}

// ListAuditEvents implements StrictServerInterface.
func (s *Server) ListAuditEvents(
	ctx context.Context, r wire.ListAuditEventsRequestObject,
) (wire.ListAuditEventsResponseObject, error) {
	page, err := auditPage(ctx, r.Params.Limit, r.Params.Cursor, toAuditEvent,
		func(p audit.Page) ([]audit.Entry, error) {
			return s.parts.Audit.OfPractice(ctx, door.ViewerOf(ctx), p)
		})
	if err != nil {
		return nil, err
	}
	return wire.ListAuditEvents200JSONResponse{AuditPageJSONResponse: wire.AuditPageJSONResponse(page)}, nil
}

func auditPage(
	ctx context.Context, limit *wire.Limit, cursor *wire.Cursor,
	write func(audit.Entry, people.Language) wire.AuditEvent,
	list func(audit.Page) ([]audit.Entry, error),
) (wire.AuditPage, error) {
	p := audit.Page{Limit: limitOf(limit) + 1}
	if err := readCursor(cursor, &p.Before); err != nil {
		return wire.AuditPage{}, err
	}
	found, err := list(p)
	if err != nil {
		return wire.AuditPage{}, err
	}
	page := wire.AuditPage{}
	if len(found) == p.Limit {
		found = found[:p.Limit-1]
		page.NextCursor = cursorOf(audit.Position{Seq: found[len(found)-1].Seq})
	}
	page.Data = mapped(found, func(e audit.Entry) wire.AuditEvent { return write(e, door.LanguageOf(ctx)) })
	return page, nil
}

func toAuditEvent(e audit.Entry, l people.Language) wire.AuditEvent {
	event := withoutIDs(e, l)
	event.MemberID, event.PatientID = optional(wire.ID(e.Member)), optional(wire.ID(e.Patient))
	event.Operation, event.RequestID = optional(string(e.Operation)), optional(e.Request)
	return event
}

func withoutIDs(e audit.Entry, l people.Language) wire.AuditEvent {
	return wire.AuditEvent{
		At:      e.At,
		Role:    wire.AuditEventRole(e.Role),
		What:    audit.What(e.Operation, l),
		Outcome: wire.AuditEventOutcome(e.Outcome),
	}
}
