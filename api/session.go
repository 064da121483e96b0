package api

import (
	"context"
	"time"

	"cadans/api/door"
	"cadans/api/wire"
	"cadans/internal/kernel/id"
	"cadans/internal/record/barrier"
	"cadans/internal/record/safety"
	"cadans/internal/record/session"
	"cadans/internal/rules/coping"
)

// LogSession implements StrictServerInterface.
func (s *Server) LogSession(
	ctx context.Context, r wire.LogSessionRequestObject,
) (wire.LogSessionResponseObject, error) {
	b := r.Body
	said := fromContent(ctx, wire.SessionContent{
		PerformedAt: b.PerformedAt, TimeZone: b.TimeZone, LocalDate: b.LocalDate, ProgramVersionID: b.ProgramVersionID,
		Status: b.Status, StoppedReason: (*wire.SessionContentStoppedReason)(b.StoppedReason), DurationS: b.DurationS,
		Items: b.Items, PainBefore: b.PainBefore, PainAfter: b.PainAfter, Confidence: b.Confidence, Note: b.Note,
		NewSigns: b.NewSigns, ClientTime: b.ClientTime,
	})
	logged, created, err := s.parts.Sessions.Log(ctx, door.ViewerOf(ctx), id.Session(b.ID), said)
	switch {
	case err != nil:
		return nil, err
	case created:
		return wire.LogSession201JSONResponse(toMySession(ctx, logged)), nil
	default:
		return wire.LogSession200JSONResponse(toMySession(ctx, logged)), nil
	}
}

// CorrectSession implements StrictServerInterface.
func (s *Server) CorrectSession(
	ctx context.Context, r wire.CorrectSessionRequestObject,
) (wire.CorrectSessionResponseObject, error) {
	said := fromContent(ctx, *r.Body)
	corrected, err := s.parts.Sessions.Correct(ctx, door.ViewerOf(ctx), id.Session(r.SessionID), said)
	if err != nil {
		return nil, err
	}
	return wire.CorrectSession200JSONResponse{
		SessionJSONResponse: wire.SessionJSONResponse(toMySession(ctx, corrected)),
	}, nil
}

// DeleteSession implements StrictServerInterface.
func (s *Server) DeleteSession(
	ctx context.Context, r wire.DeleteSessionRequestObject,
) (wire.DeleteSessionResponseObject, error) {
	return wire.DeleteSession204Response{}, s.parts.Sessions.Delete(ctx, door.ViewerOf(ctx), id.Session(r.SessionID))
}

// SetAftermath implements StrictServerInterface.
func (s *Server) SetAftermath(
	ctx context.Context, r wire.SetAftermathRequestObject,
) (wire.SetAftermathResponseObject, error) {
	return wire.SetAftermath204Response{}, s.parts.Sessions.Settle(
		ctx, door.ViewerOf(ctx), id.Session(r.SessionID), r.Body.Settled,
	)
}

// AddCorrectionNote implements StrictServerInterface.
func (s *Server) AddCorrectionNote(
	ctx context.Context, r wire.AddCorrectionNoteRequestObject,
) (wire.AddCorrectionNoteResponseObject, error) {
	noted, created, err := s.parts.Sessions.AddNote(
		ctx, door.ViewerOf(ctx), id.Session(r.SessionID), id.Note(r.Body.ID), r.Body.Text,
	)
	switch {
	case err != nil:
		return nil, err
	case created:
		return wire.AddCorrectionNote201JSONResponse(toSession(noted)), nil
	default:
		return wire.AddCorrectionNote200JSONResponse{
			SessionJSONResponse: wire.SessionJSONResponse(toSession(noted)),
		}, nil
	}
}

// GetMySession implements StrictServerInterface.
func (s *Server) GetMySession(
	ctx context.Context, r wire.GetMySessionRequestObject,
) (wire.GetMySessionResponseObject, error) {
	found, err := s.parts.Sessions.Mine(ctx, door.ViewerOf(ctx), id.Session(r.SessionID))
	if err != nil {
		return nil, err
	}
	return wire.GetMySession200JSONResponse{SessionJSONResponse: wire.SessionJSONResponse(toMySession(ctx, found))}, nil
}

// ListMySessions implements StrictServerInterface.
func (s *Server) ListMySessions(
	ctx context.Context, r wire.ListMySessionsRequestObject,
) (wire.ListMySessionsResponseObject, error) {
	page, err := sessionPage(r.Params.Since, r.Params.Until, r.Params.Limit, r.Params.Cursor,
		func(f session.Filter) ([]session.Session, error) {
			return s.parts.Sessions.ListMine(ctx, door.ViewerOf(ctx), f)
		})
	if err != nil {
		return nil, err
	}
	return wire.ListMySessions200JSONResponse{SessionPageJSONResponse: wire.SessionPageJSONResponse(page)}, nil
}

// ListPatientSessions implements StrictServerInterface.
func (s *Server) ListPatientSessions(
	ctx context.Context, r wire.ListPatientSessionsRequestObject,
) (wire.ListPatientSessionsResponseObject, error) {
	page, err := sessionPage(r.Params.Since, r.Params.Until, r.Params.Limit, r.Params.Cursor,
		func(f session.Filter) ([]session.Session, error) {
			return s.parts.Sessions.List(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID), f)
		})
	if err != nil {
		return nil, err
	}
	return wire.ListPatientSessions200JSONResponse{SessionPageJSONResponse: wire.SessionPageJSONResponse(page)}, nil
}

// ReportBarrier implements StrictServerInterface.
func (s *Server) ReportBarrier(
	ctx context.Context, r wire.ReportBarrierRequestObject,
) (wire.ReportBarrierResponseObject, error) {
	stored, created, err := s.parts.Barriers.Report(ctx, door.ViewerOf(ctx), barrier.Report{
		ID:        id.Barrier(r.Body.ID),
		LocalDate: date(&r.Body.LocalDate),
		Barrier:   barrier.Barrier(r.Body.Barrier),
		Note:      value(r.Body.Note),
	})
	switch {
	case err != nil:
		return nil, err
	case created:
		return wire.ReportBarrier201JSONResponse(toBarrier(stored)), nil
	default:
		return wire.ReportBarrier200JSONResponse{
			BarrierReportJSONResponse: wire.BarrierReportJSONResponse(toBarrier(stored)),
		}, nil
	}
}

// sessionPage reads one row more than requested, to know whether there is a next page.
func sessionPage(
	since, until *wire.LocalDate, limit *wire.Limit, cursor *wire.Cursor,
	list func(session.Filter) ([]session.Session, error),
) (wire.SessionPage, error) {
	f := session.Filter{Since: date(since), Until: date(until), Limit: limitOf(limit) + 1}
	if err := readCursor(cursor, &f.Before); err != nil {
		return wire.SessionPage{}, err
	}
	found, err := list(f)
	if err != nil {
		return wire.SessionPage{}, err
	}
	var page wire.SessionPage
	if len(found) == f.Limit {
		found = found[:f.Limit-1]
		page.NextCursor = cursorOf(found[len(found)-1].At())
	}
	page.Data = mapped(found, toSession)
	return page, nil
}

func fromContent(ctx context.Context, c wire.SessionContent) session.Told {
	return session.Told{Words: door.ToldOf(ctx), ClientTime: value(c.ClientTime), Content: session.Content{
		PerformedAt: c.PerformedAt, Zone: c.TimeZone, LocalDate: date(&c.LocalDate),
		Version: id.ProgramVersion(c.ProgramVersionID), Status: session.Status(c.Status),
		StoppedReason: string(value(c.StoppedReason)), DurationS: c.DurationS,
		Items: mapped(c.Items, fromSessionItem), PainBefore: c.PainBefore, PainAfter: c.PainAfter,
		Confidence: c.Confidence, Note: value(c.Note), NewSigns: fromNewSigns(c.NewSigns),
	}}
}

func fromSessionItem(i wire.SessionItem) session.ItemDone {
	return session.ItemDone{
		Item: id.ProgramItem(i.ItemID), Sets: i.Sets, Reps: i.Reps, Minutes: i.Minutes, Difficulty: i.Difficulty,
		Pain: i.Pain, CouldDoMore: i.CouldDoMore, DangerBefore: i.DangerBefore, DangerAfter: i.DangerAfter,
		Skipped: string(value(i.SkippedReason)),
	}
}

func toSession(s session.Session) wire.Session {
	return wire.Session{
		ID: wire.ID(s.ID), PerformedAt: s.PerformedAt.UTC(), UtcOffset: offsetText(s.PerformedAt), TimeZone: s.Zone,
		LocalDate: s.LocalDate.String(), ProgramVersionID: wire.ID(s.Version), Status: wire.SessionStatus(s.Status),
		StoppedReason: optional(wire.SessionStoppedReason(s.StoppedReason)), DurationS: s.DurationS,
		Items:      mapped(s.Items, toSessionItem),
		PainBefore: s.PainBefore, PainAfter: s.PainAfter, Confidence: s.Confidence, Note: optional(s.Note),
		ReceivedAt: s.ReceivedAt.UTC(), Revision: s.Revision, Counted: wire.SessionCounted(s.Counting()),
		CreditPermille: s.Credit,
		NewSigns:       toNewSigns(s.NewSigns),
		Corrections: mapped(s.Corrections, func(n session.Note) wire.CorrectionNote {
			return wire.CorrectionNote{ID: wire.ID(n.ID), Text: n.Text, WrittenAt: n.WrittenAt}
		}),
	}
}

// toMySession adds the advice that the patient needs about new signs, and what was mended in what was just told.
func toMySession(ctx context.Context, s session.Session) wire.Session {
	mine := toSession(s)
	mine.SafetyAdvice = optional(s.Verdict.Advice(door.LanguageOf(ctx)))
	mine.Warnings = door.Warnings(ctx, door.ToldOf(ctx).With(s.Warnings).Warnings)
	return mine
}

// fromNewSigns treats "nothing new" and "not asked" alike: neither is a sign.
func fromNewSigns(signs []wire.NewSign) []safety.Sign {
	if len(signs) == 0 {
		return nil
	}
	return mapped(signs, func(n wire.NewSign) safety.Sign { return safety.Sign(n) })
}

func toNewSigns(signs []safety.Sign) []wire.NewSign {
	if len(signs) == 0 {
		return nil
	}
	return mapped(signs, func(s safety.Sign) wire.NewSign { return wire.NewSign(s) })
}

func toSessionItem(d session.ItemDone) wire.SessionItem {
	return wire.SessionItem{
		ItemID: wire.ID(d.Item), Sets: d.Sets, Reps: d.Reps, Minutes: d.Minutes, Difficulty: d.Difficulty, Pain: d.Pain,
		CouldDoMore: d.CouldDoMore, DangerBefore: d.DangerBefore, DangerAfter: d.DangerAfter,
		SkippedReason: optional(wire.SessionItemSkippedReason(d.Skipped)),
	}
}

func toBarrier(r barrier.Report) wire.BarrierReport {
	answer := coping.AnswerTo(r.Barrier)
	return wire.BarrierReport{
		ID:         wire.ID(r.ID),
		LocalDate:  r.LocalDate.String(),
		Barrier:    wire.Barrier(r.Barrier),
		Note:       optional(r.Note),
		ReceivedAt: r.ReceivedAt.Truncate(time.Millisecond),
		Answer:     inBoth(answer.In),
		Actions:    mapped(answer.Actions, toAction),
	}
}
