package api

import (
	"context"

	"cadans/api/door"
	"cadans/api/wire"
	"cadans/internal/kernel/id"
	"cadans/internal/record/activity"
	"cadans/internal/record/people"
	"cadans/internal/rules/prevention"
	"cadans/pkg/localtime"
)

// StoreActivity implements StrictServerInterface.
func (s *Server) StoreActivity(
	ctx context.Context, r wire.StoreActivityRequestObject,
) (wire.StoreActivityResponseObject, error) {
	stored, err := s.parts.Activities.Store(ctx, door.ViewerOf(ctx),
		mapped(r.Body.Items, func(a wire.ActivityRecord) activity.Record {
			return activity.Record{
				Source: string(a.Source), ExternalID: a.ExternalID, Version: a.Version, Kind: string(a.Kind),
				Start: a.StartAt, End: a.EndAt, Count: a.Count, Minutes: a.Minutes, DistanceM: a.DistanceM,
			}
		}), door.ToldOf(ctx))
	if err != nil {
		return nil, err
	}
	return wire.StoreActivity200JSONResponse{
		Warnings: door.Warnings(ctx, stored.Warnings),
		Results: mapped(stored.Results, func(r activity.Result) wire.ActivityResultsResults {
			return wire.ActivityResultsResults(r)
		}),
	}, nil
}

// ListMyActivity implements StrictServerInterface.
func (s *Server) ListMyActivity(
	ctx context.Context, r wire.ListMyActivityRequestObject,
) (wire.ListMyActivityResponseObject, error) {
	v := door.ViewerOf(ctx)
	days, err := s.activityDays(ctx, v.Patient, r.Params.Since, r.Params.Until)
	return wire.ListMyActivity200JSONResponse(days), err
}

// ListPatientActivity implements StrictServerInterface.
func (s *Server) ListPatientActivity(
	ctx context.Context, r wire.ListPatientActivityRequestObject,
) (wire.ListPatientActivityResponseObject, error) {
	days, err := s.activityDays(ctx, id.Patient(r.PatientID), r.Params.Since, r.Params.Until)
	return wire.ListPatientActivity200JSONResponse(days), err
}

func (s *Server) activityDays(
	ctx context.Context, patient id.Patient, since, until *wire.LocalDate,
) (wire.ActivityDays, error) {
	from, to := date(since), date(until)
	if from.IsZero() {
		from = localtime.FirstDay()
	}
	if to.IsZero() {
		to = localtime.LastDay()
	}
	totals, err := s.parts.Activities.Totals(ctx, door.ViewerOf(ctx), patient, from, to)
	return wire.ActivityDays{Data: mapped(totals, func(t activity.Total) wire.ActivityDay {
		return wire.ActivityDay{
			LocalDate: t.Date.String(), Steps: t.Steps, WalkMinutes: t.Minutes, CountedOnce: optional(t.Merged),
		}
	})}, err
}

// WithdrawActivity implements StrictServerInterface.
func (s *Server) WithdrawActivity(
	ctx context.Context, r wire.WithdrawActivityRequestObject,
) (wire.WithdrawActivityResponseObject, error) {
	return wire.WithdrawActivity204Response{}, s.parts.Activities.Withdraw(
		ctx, door.ViewerOf(ctx), string(r.Params.Source),
	)
}

// StartWalkingPlan implements StrictServerInterface.
func (s *Server) StartWalkingPlan(
	ctx context.Context, r wire.StartWalkingPlanRequestObject,
) (wire.StartWalkingPlanResponseObject, error) {
	b := r.Body
	v, patient := door.ViewerOf(ctx), id.Patient(r.PatientID)
	_, created, err := s.parts.Prevention.Start(ctx, v, patient, prevention.NewPlan{
		ID:          id.WalkingPlan(b.ID),
		Track:       prevention.Track(value(b.Track)),
		WeekMinutes: b.WeekMinutes,
		Comfortable: b.ComfortableMinutes,
	})
	if err != nil {
		return nil, err
	}
	view, err := s.parts.Prevention.View(ctx, v, patient)
	if err != nil {
		return nil, err
	}
	body := toWalkingPlan(view, door.LanguageOf(ctx))
	if created {
		return wire.StartWalkingPlan201JSONResponse(body), nil
	}
	return wire.StartWalkingPlan200JSONResponse{WalkingPlanJSONResponse: wire.WalkingPlanJSONResponse(body)}, nil
}

// GetWalkingPlan implements StrictServerInterface.
func (s *Server) GetWalkingPlan(
	ctx context.Context, r wire.GetWalkingPlanRequestObject,
) (wire.GetWalkingPlanResponseObject, error) {
	view, err := s.parts.Prevention.View(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID))
	return wire.GetWalkingPlan200JSONResponse(toWalkingPlan(view, door.LanguageOf(ctx))), err
}

// GetMyWalkingPlan implements StrictServerInterface.
func (s *Server) GetMyWalkingPlan(
	ctx context.Context, _ wire.GetMyWalkingPlanRequestObject,
) (wire.GetMyWalkingPlanResponseObject, error) {
	v := door.ViewerOf(ctx)
	view, err := s.parts.Prevention.View(ctx, v, v.Patient)
	return wire.GetMyWalkingPlan200JSONResponse(toWalkingPlan(view, door.LanguageOf(ctx))), err
}

func toWalkingPlan(v prevention.View, l people.Language) wire.WalkingPlanBody {
	body := wire.WalkingPlanBody{
		ID: wire.ID(v.ID), Track: wire.WalkingTrack(v.Track), StartOn: v.StartOn.String(), Week: v.Week,
		Minutes: v.Minutes,
		Days:    prevention.Days(v.Minutes), MinutesPerWalk: prevention.PerWalk(v.Minutes),
		BriskWalks: prevention.BriskWalks(v.Week), Done: v.Done,
		Weeks: mapped(v.Decisions, func(d prevention.Decision) wire.WalkingWeek {
			return wire.WalkingWeek{
				Week:    d.Number,
				Monday:  d.Monday.String(),
				Minutes: d.Minutes,
				Done:    d.Done,
				Outcome: wire.WalkingWeekOutcome(d.Outcome),
			}
		}),
	}
	if n := len(v.Decisions); n > 0 && v.Decisions[n-1].Overshoot {
		body.Message = optional(l.Say("walking.overshoot"))
	}
	return body
}

// ReportRecurrence implements StrictServerInterface.
func (s *Server) ReportRecurrence(
	ctx context.Context, r wire.ReportRecurrenceRequestObject,
) (wire.ReportRecurrenceResponseObject, error) {
	b := r.Body
	stored, created, err := s.parts.Prevention.Report(ctx, door.ViewerOf(ctx), prevention.Check{
		ID: id.RecurrenceCheck(b.ID), LocalDate: date(&b.LocalDate), NewEpisode: b.NewEpisode,
		OnsetOn: datePtr(b.OnsetOn), OverOn: datePtr(b.OverOn), PainAverage: b.NprsAvg, PainWorst: b.NprsWorst,
		Limited: b.Limited, CareSought: b.CareSought, HoursOff: b.HoursOff,
	})
	switch {
	case err != nil:
		return nil, err
	case created:
		return wire.ReportRecurrence201JSONResponse(toRecurrence(stored)), nil
	default:
		return wire.ReportRecurrence200JSONResponse{
			RecurrenceJSONResponse: wire.RecurrenceJSONResponse(toRecurrence(stored)),
		}, nil
	}
}

// ListMyRecurrences implements StrictServerInterface.
func (s *Server) ListMyRecurrences(
	ctx context.Context, _ wire.ListMyRecurrencesRequestObject,
) (wire.ListMyRecurrencesResponseObject, error) {
	v := door.ViewerOf(ctx)
	checks, err := s.parts.Prevention.Checks(ctx, v, v.Patient)
	return wire.ListMyRecurrences200JSONResponse(toRecurrences(checks)), err
}

// ListRecurrences implements StrictServerInterface.
func (s *Server) ListRecurrences(
	ctx context.Context, r wire.ListRecurrencesRequestObject,
) (wire.ListRecurrencesResponseObject, error) {
	checks, err := s.parts.Prevention.Checks(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID))
	return wire.ListRecurrences200JSONResponse(toRecurrences(checks)), err
}

// ReportAdverseEvent implements StrictServerInterface.
func (s *Server) ReportAdverseEvent(
	ctx context.Context, r wire.ReportAdverseEventRequestObject,
) (wire.ReportAdverseEventResponseObject, error) {
	b := r.Body
	created, err := s.parts.Prevention.ReportEvent(ctx, door.ViewerOf(ctx), prevention.Event{
		ID:           id.AdverseEvent(b.ID),
		LocalDate:    date(&b.LocalDate),
		Site:         string(b.Site),
		DaysAffected: b.DaysAffected,
		Related:      string(b.Related),
	})
	if created {
		return wire.ReportAdverseEvent201Response{}, err
	}
	return wire.ReportAdverseEvent200Response{}, err
}

func toRecurrences(c prevention.Checks) wire.RecurrenceList {
	list := wire.RecurrenceList{Data: mapped(c.Checks, toRecurrence)}
	if !c.DueOn.IsZero() {
		list.DueOn = optional(c.DueOn.String())
	}
	return list
}

func toRecurrence(c prevention.Check) wire.RecurrenceCheck {
	return wire.RecurrenceCheck{
		ID: wire.ID(c.ID), LocalDate: c.LocalDate.String(), NewEpisode: c.NewEpisode, OnsetOn: dateText(c.OnsetOn),
		OverOn: dateText(c.OverOn), NprsAvg: c.PainAverage, NprsWorst: c.PainWorst, Limited: c.Limited,
		CareSought: c.CareSought, HoursOff: c.HoursOff,
		Events: mapped(
			c.Events(), func(e string) wire.RecurrenceCheckEvents { return wire.RecurrenceCheckEvents(e) },
		),
		ReceivedAt: c.ReceivedAt,
	}
}

// datePtr parses an optional local date.
func datePtr(text *wire.LocalDate) *localtime.Date {
	if text == nil {
		return nil
	}
	d := date(text)
	return &d
}

func dateText(d *localtime.Date) *wire.LocalDate {
	if d == nil {
		return nil
	}
	text := d.String()
	return &text
}
