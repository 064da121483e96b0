package api

import (
	"context"

	"cadans/api/door"
	"cadans/api/wire"
	"cadans/internal/kernel/id"
	"cadans/internal/record/feedback"
	"cadans/internal/record/inbox"
)

// SendFeedback implements StrictServerInterface.
func (s *Server) SendFeedback(
	ctx context.Context, r wire.SendFeedbackRequestObject,
) (wire.SendFeedbackResponseObject, error) {
	sent, created, err := s.parts.Feedback.Send(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID), feedback.New{
		ID:      id.Feedback(r.Body.ID),
		About:   feedback.About(r.Body.About),
		Session: id.Session(value(r.Body.SessionID)),
		Text:    r.Body.Text,
	})
	switch {
	case err != nil:
		return nil, err
	case created:
		return wire.SendFeedback201JSONResponse(toFeedback(sent)), nil
	default:
		return wire.SendFeedback200JSONResponse{FeedbackJSONResponse: wire.FeedbackJSONResponse(toFeedback(sent))}, nil
	}
}

// ListPatientFeedback implements StrictServerInterface.
func (s *Server) ListPatientFeedback(
	ctx context.Context, r wire.ListPatientFeedbackRequestObject,
) (wire.ListPatientFeedbackResponseObject, error) {
	page, err := feedbackPage(r.Params.Limit, r.Params.Cursor, func(p feedback.Page) ([]feedback.Feedback, error) {
		return s.parts.Feedback.List(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID), p)
	})
	if err != nil {
		return nil, err
	}
	return wire.ListPatientFeedback200JSONResponse{FeedbackPageJSONResponse: wire.FeedbackPageJSONResponse(page)}, nil
}

// ListMyFeedback implements StrictServerInterface.
func (s *Server) ListMyFeedback(
	ctx context.Context, r wire.ListMyFeedbackRequestObject,
) (wire.ListMyFeedbackResponseObject, error) {
	page, err := feedbackPage(r.Params.Limit, r.Params.Cursor, func(p feedback.Page) ([]feedback.Feedback, error) {
		return s.parts.Inbox.Mine(ctx, door.ViewerOf(ctx), p)
	})
	if err != nil {
		return nil, err
	}
	return wire.ListMyFeedback200JSONResponse{FeedbackPageJSONResponse: wire.FeedbackPageJSONResponse(page)}, nil
}

// RecordFeedbackReceipt implements StrictServerInterface.
func (s *Server) RecordFeedbackReceipt(
	ctx context.Context, r wire.RecordFeedbackReceiptRequestObject,
) (wire.RecordFeedbackReceiptResponseObject, error) {
	f, err := s.parts.Inbox.Receipt(
		ctx, door.ViewerOf(ctx), id.Feedback(r.FeedbackID), inbox.Event(r.Body.Event), r.Body.At,
	)
	if err != nil {
		return nil, err
	}
	return wire.RecordFeedbackReceipt200JSONResponse{
		FeedbackJSONResponse: wire.FeedbackJSONResponse(toFeedback(f)),
	}, nil
}

func feedbackPage(
	limit *wire.Limit, cursor *wire.Cursor, list func(feedback.Page) ([]feedback.Feedback, error),
) (wire.FeedbackPage, error) {
	p := feedback.Page{Limit: limitOf(limit) + 1}
	if err := readCursor(cursor, &p.Before); err != nil {
		return wire.FeedbackPage{}, err
	}
	found, err := list(p)
	if err != nil {
		return wire.FeedbackPage{}, err
	}
	var page wire.FeedbackPage
	if len(found) == p.Limit {
		found = found[:p.Limit-1]
		page.NextCursor = cursorOf(found[len(found)-1].At())
	}
	page.Data = mapped(found, toFeedback)
	return page, nil
}

func toFeedback(f feedback.Feedback) wire.Feedback {
	return wire.Feedback{
		ID:          wire.ID(f.ID),
		Text:        f.Text,
		About:       wire.FeedbackAbout(f.About),
		SessionID:   optional(wire.ID(f.Session)),
		WrittenBy:   f.WrittenBy,
		SentAt:      f.SentAt,
		DeliveredAt: f.DeliveredAt,
		OpenedAt:    f.OpenedAt,
	}
}
