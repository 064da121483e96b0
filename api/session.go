package api

import (
	"context"
	"time"

	"cadans/internal/kernel/id"
	"cadans/internal/record/barrier"
	"cadans/internal/record/safety"
	"cadans/internal/record/session"
	"cadans/internal/rules/coping"
)

// LogSession implements StrictServerInterface.
func (s *Server) LogSession(ctx context.Context, r LogSessionRequestObject) (LogSessionResponseObject, error) {
	b := r.Body
	logged, created, err := s.parts.Sessions.Log(ctx, viewerOf(ctx), id.Session(b.ID), fromContent(SessionContent{
		PerformedAt: b.PerformedAt, TimeZone: b.TimeZone, LocalDate: b.LocalDate, ProgramVersionID: b.ProgramVersionID,
		Status: b.Status, StoppedReason: (*SessionContentStoppedReason)(b.StoppedReason), DurationS: b.DurationS,
		Items: b.Items, PainBefore: b.PainBefore, PainAfter: b.PainAfter, Confidence: b.Confidence, Note: b.Note,
		NewSigns: b.NewSigns,
	}))
	switch {
	case err != nil:
		return nil, err
	case created:
		return LogSession201JSONResponse(toMySession(ctx, logged)), nil
	default:
		return LogSession200JSONResponse(toMySession(ctx, logged)), nil
	}
}

// CorrectSession implements StrictServerInterface.
func (s *Server) CorrectSession(
	ctx context.Context, r CorrectSessionRequestObject,
) (CorrectSessionResponseObject, error) {
	corrected, err := s.parts.Sessions.Correct(ctx, viewerOf(ctx), id.Session(r.SessionID), fromContent(*r.Body))
	if err != nil {
		return nil, err
	}
	return CorrectSession200JSONResponse{SessionJSONResponse(toMySession(ctx, corrected))}, nil
}

// DeleteSession implements StrictServerInterface.
func (s *Server) DeleteSession(ctx context.Context, r DeleteSessionRequestObject) (DeleteSessionResponseObject, error) {
	return DeleteSession204Response{}, s.parts.Sessions.Delete(ctx, viewerOf(ctx), id.Session(r.SessionID))
}

// SetAftermath implements StrictServerInterface.
func (s *Server) SetAftermath(ctx context.Context, r SetAftermathRequestObject) (SetAftermathResponseObject, error) {
	return SetAftermath204Response{}, s.parts.Sessions.Settle(
		ctx, viewerOf(ctx), id.Session(r.SessionID), r.Body.Settled,
	)
}

// AddCorrectionNote implements StrictServerInterface.
func (s *Server) AddCorrectionNote(
	ctx context.Context, r AddCorrectionNoteRequestObject,
) (AddCorrectionNoteResponseObject, error) {
	noted, created, err := s.parts.Sessions.AddNote(
		ctx, viewerOf(ctx), id.Session(r.SessionID), id.Note(r.Body.ID), r.Body.Text,
	)
	switch {
	case err != nil:
		return nil, err
	case created:
		return AddCorrectionNote201JSONResponse(toSession(noted)), nil
	default:
		return AddCorrectionNote200JSONResponse{SessionJSONResponse(toSession(noted))}, nil
	}
}

// GetMySession implements StrictServerInterface.
func (s *Server) GetMySession(ctx context.Context, r GetMySessionRequestObject) (GetMySessionResponseObject, error) {
	found, err := s.parts.Sessions.Mine(ctx, viewerOf(ctx), id.Session(r.SessionID))
	if err != nil {
		return nil, err
	}
	return GetMySession200JSONResponse{SessionJSONResponse(toMySession(ctx, found))}, nil
}

// ListMySessions implements StrictServerInterface.
func (s *Server) ListMySessions(
	ctx context.Context, r ListMySessionsRequestObject,
) (ListMySessionsResponseObject, error) {
	page, err := sessionPage(r.Params.Since, r.Params.Until, r.Params.Limit, r.Params.Cursor,
		func(f session.Filter) ([]session.Session, error) {
			return s.parts.Sessions.ListMine(ctx, viewerOf(ctx), f)
		})
	if err != nil {
		return nil, err
	}
	return ListMySessions200JSONResponse{SessionPageJSONResponse(page)}, nil
}

// ListPatientSessions implements StrictServerInterface.
func (s *Server) ListPatientSessions(
	ctx context.Context, r ListPatientSessionsRequestObject,
) (ListPatientSessionsResponseObject, error) {
	page, err := sessionPage(r.Params.Since, r.Params.Until, r.Params.Limit, r.Params.Cursor,
		func(f session.Filter) ([]session.Session, error) {
			return s.parts.Sessions.List(ctx, viewerOf(ctx), id.Patient(r.PatientID), f)
		})
	if err != nil {
		return nil, err
	}
	return ListPatientSessions200JSONResponse{SessionPageJSONResponse(page)}, nil
}

// ReportBarrier implements StrictServerInterface.
func (s *Server) ReportBarrier(ctx context.Context, r ReportBarrierRequestObject) (ReportBarrierResponseObject, error) {
	stored, created, err := s.parts.Barriers.Report(ctx, viewerOf(ctx), barrier.Report{
		ID:        id.Barrier(r.Body.ID),
		LocalDate: date(&r.Body.LocalDate),
		Barrier:   barrier.Barrier(r.Body.Barrier),
		Note:      value(r.Body.Note),
	})
	switch {
	case err != nil:
		return nil, err
	case created:
		return ReportBarrier201JSONResponse(toBarrier(stored)), nil
	default:
		return ReportBarrier200JSONResponse{BarrierReportJSONResponse(toBarrier(stored))}, nil
	}
}

// sessionPage reads one row more than asked, to know whether there is a next page.
func sessionPage(
	since, until *LocalDate, limit *Limit, cursor *Cursor, list func(session.Filter) ([]session.Session, error),
) (SessionPage, error) {
	f := session.Filter{Since: date(since), Until: date(until), Limit: limitOf(limit) + 1}
	if err := readCursor(cursor, &f.Before); err != nil {
		return SessionPage{}, err
	}
	found, err := list(f)
	if err != nil {
		return SessionPage{}, err
	}
	var page SessionPage
	if len(found) == f.Limit {
		found = found[:f.Limit-1]
		page.NextCursor = cursorOf(found[len(found)-1].At())
	}
	page.Data = mapped(found, toSession)
	return page, nil
}

func fromContent(c SessionContent) session.Content {
	return session.Content{
		PerformedAt: c.PerformedAt, Zone: c.TimeZone, LocalDate: date(&c.LocalDate),
		Version: id.ProgramVersion(c.ProgramVersionID), Status: session.Status(c.Status),
		StoppedReason: string(value(c.StoppedReason)), DurationS: c.DurationS,
		Items: mapped(c.Items, fromSessionItem), PainBefore: c.PainBefore, PainAfter: c.PainAfter,
		Confidence: c.Confidence, Note: value(c.Note), NewSigns: fromNewSigns(c.NewSigns),
	}
}

func fromSessionItem(i SessionItem) session.ItemDone {
	return session.ItemDone{
		Item: id.ProgramItem(i.ItemID), Sets: i.Sets, Reps: i.Reps, Minutes: i.Minutes, Difficulty: i.Difficulty,
		Pain: i.Pain, CouldDoMore: i.CouldDoMore, DangerBefore: i.DangerBefore, DangerAfter: i.DangerAfter,
		Skipped: string(value(i.SkippedReason)),
	}
}

func toSession(s session.Session) Session {
	return Session{
		ID: ID(s.ID), PerformedAt: s.PerformedAt.UTC(), UtcOffset: offsetText(s.PerformedAt), TimeZone: s.Zone,
		LocalDate: s.LocalDate.String(), ProgramVersionID: ID(s.Version), Status: SessionStatus(s.Status),
		StoppedReason: optional(SessionStoppedReason(s.StoppedReason)), DurationS: s.DurationS,
		Items:      mapped(s.Items, toSessionItem),
		PainBefore: s.PainBefore, PainAfter: s.PainAfter, Confidence: s.Confidence, Note: optional(s.Note),
		ReceivedAt: s.ReceivedAt.UTC(), Revision: s.Revision, Counted: SessionCounted(s.Counting()),
		CreditPermille: s.Credit,
		NewSigns:       toNewSigns(s.NewSigns),
		Corrections: mapped(s.Corrections, func(n session.Note) CorrectionNote {
			return CorrectionNote{ID: ID(n.ID), Text: n.Text, WrittenAt: n.WrittenAt}
		}),
	}
}

// toMySession adds what the patient has to know about what is new.
func toMySession(ctx context.Context, s session.Session) Session {
	mine := toSession(s)
	mine.SafetyAdvice = optional(s.Advice(callerOf(ctx).language))
	return mine
}

// fromNewSigns keeps "nothing new" and "not asked" alike: neither is a sign.
func fromNewSigns(signs []NewSign) []safety.Sign {
	if len(signs) == 0 {
		return nil
	}
	return mapped(signs, func(n NewSign) safety.Sign { return safety.Sign(n) })
}

func toNewSigns(signs []safety.Sign) []NewSign {
	if len(signs) == 0 {
		return nil
	}
	return mapped(signs, func(s safety.Sign) NewSign { return NewSign(s) })
}

func toSessionItem(d session.ItemDone) SessionItem {
	return SessionItem{
		ItemID: ID(d.Item), Sets: d.Sets, Reps: d.Reps, Minutes: d.Minutes, Difficulty: d.Difficulty, Pain: d.Pain,
		CouldDoMore: d.CouldDoMore, DangerBefore: d.DangerBefore, DangerAfter: d.DangerAfter,
		SkippedReason: optional(SessionItemSkippedReason(d.Skipped)),
	}
}

func toBarrier(r barrier.Report) BarrierReport {
	answer := coping.AnswerTo(r.Barrier)
	return BarrierReport{
		ID:         ID(r.ID),
		LocalDate:  r.LocalDate.String(),
		Barrier:    Barrier(r.Barrier),
		Note:       optional(r.Note),
		ReceivedAt: r.ReceivedAt.Truncate(time.Millisecond),
		Answer:     inBoth(answer.In),
		Actions:    mapped(answer.Actions, toAction),
	}
}
