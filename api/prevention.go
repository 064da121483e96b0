package api

import (
	"context"

	"cadans/internal/kernel/id"
	"cadans/internal/record/activity"
	"cadans/internal/record/people"
	"cadans/internal/rules/prevention"
	"cadans/pkg/localtime"
)

// StoreActivity implements StrictServerInterface.
func (s *Server) StoreActivity(ctx context.Context, r StoreActivityRequestObject) (StoreActivityResponseObject, error) {
	results, err := s.parts.Activities.Store(ctx, viewerOf(ctx),
		mapped(r.Body.Items, func(a ActivityRecord) activity.Record {
			return activity.Record{
				Source: string(a.Source), ExternalID: a.ExternalID, Version: a.Version, Kind: string(a.Kind),
				Start: a.StartAt, End: a.EndAt, Count: a.Count, Minutes: a.Minutes, DistanceM: a.DistanceM,
			}
		}))
	if err != nil {
		return nil, err
	}
	return StoreActivity200JSONResponse{Results: mapped(results, func(r activity.Result) ActivityResultsResults {
		return ActivityResultsResults(r)
	})}, nil
}

// ListMyActivity implements StrictServerInterface.
func (s *Server) ListMyActivity(
	ctx context.Context, r ListMyActivityRequestObject,
) (ListMyActivityResponseObject, error) {
	v := viewerOf(ctx)
	days, err := s.activityDays(ctx, v.Patient, r.Params.Since, r.Params.Until)
	return ListMyActivity200JSONResponse(days), err
}

// ListPatientActivity implements StrictServerInterface.
func (s *Server) ListPatientActivity(
	ctx context.Context, r ListPatientActivityRequestObject,
) (ListPatientActivityResponseObject, error) {
	days, err := s.activityDays(ctx, id.Patient(r.PatientID), r.Params.Since, r.Params.Until)
	return ListPatientActivity200JSONResponse(days), err
}

func (s *Server) activityDays(
	ctx context.Context, patient id.Patient, since, until *LocalDate,
) (ActivityDays, error) {
	from, to := date(since), date(until)
	if from.IsZero() {
		from = localtime.FirstDay()
	}
	if to.IsZero() {
		to = localtime.LastDay()
	}
	totals, err := s.parts.Activities.Totals(ctx, viewerOf(ctx), patient, from, to)
	return ActivityDays{Data: mapped(totals, func(t activity.Total) ActivityDay {
		return ActivityDay{LocalDate: t.Date.String(), Steps: t.Steps, WalkMinutes: t.Minutes}
	})}, err
}

// WithdrawActivity implements StrictServerInterface.
func (s *Server) WithdrawActivity(
	ctx context.Context, r WithdrawActivityRequestObject,
) (WithdrawActivityResponseObject, error) {
	return WithdrawActivity204Response{}, s.parts.Activities.Withdraw(ctx, viewerOf(ctx), string(r.Params.Source))
}

// StartWalkingPlan implements StrictServerInterface.
func (s *Server) StartWalkingPlan(
	ctx context.Context, r StartWalkingPlanRequestObject,
) (StartWalkingPlanResponseObject, error) {
	b := r.Body
	v, patient := viewerOf(ctx), id.Patient(r.PatientID)
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
	body := toWalkingPlan(view, callerOf(ctx).language)
	if created {
		return StartWalkingPlan201JSONResponse(body), nil
	}
	return StartWalkingPlan200JSONResponse{WalkingPlanJSONResponse(body)}, nil
}

// GetWalkingPlan implements StrictServerInterface.
func (s *Server) GetWalkingPlan(
	ctx context.Context, r GetWalkingPlanRequestObject,
) (GetWalkingPlanResponseObject, error) {
	view, err := s.parts.Prevention.View(ctx, viewerOf(ctx), id.Patient(r.PatientID))
	return GetWalkingPlan200JSONResponse(toWalkingPlan(view, callerOf(ctx).language)), err
}

// GetMyWalkingPlan implements StrictServerInterface.
func (s *Server) GetMyWalkingPlan(
	ctx context.Context, _ GetMyWalkingPlanRequestObject,
) (GetMyWalkingPlanResponseObject, error) {
	v := viewerOf(ctx)
	view, err := s.parts.Prevention.View(ctx, v, v.Patient)
	return GetMyWalkingPlan200JSONResponse(toWalkingPlan(view, callerOf(ctx).language)), err
}

func toWalkingPlan(v prevention.View, l people.Language) WalkingPlanBody {
	body := WalkingPlanBody{
		ID: ID(v.ID), Track: WalkingTrack(v.Track), StartOn: v.StartOn.String(), Week: v.Week, Minutes: v.Minutes,
		Days: prevention.Days(v.Minutes), MinutesPerWalk: prevention.PerWalk(v.Minutes),
		BriskWalks: prevention.BriskWalks(v.Week), Done: v.Done,
		Weeks: mapped(v.Decisions, func(d prevention.Decision) WalkingWeek {
			return WalkingWeek{
				Week:    d.Number,
				Monday:  d.Monday.String(),
				Minutes: d.Minutes,
				Done:    d.Done,
				Outcome: WalkingWeekOutcome(d.Outcome),
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
	ctx context.Context, r ReportRecurrenceRequestObject,
) (ReportRecurrenceResponseObject, error) {
	b := r.Body
	stored, created, err := s.parts.Prevention.Report(ctx, viewerOf(ctx), prevention.Check{
		ID: id.RecurrenceCheck(b.ID), LocalDate: date(&b.LocalDate), NewEpisode: b.NewEpisode,
		OnsetOn: datePtr(b.OnsetOn), OverOn: datePtr(b.OverOn), PainAverage: b.NprsAvg, PainWorst: b.NprsWorst,
		Limited: b.Limited, CareSought: b.CareSought, HoursOff: b.HoursOff,
	})
	switch {
	case err != nil:
		return nil, err
	case created:
		return ReportRecurrence201JSONResponse(toRecurrence(stored)), nil
	default:
		return ReportRecurrence200JSONResponse{RecurrenceJSONResponse(toRecurrence(stored))}, nil
	}
}

// ListMyRecurrences implements StrictServerInterface.
func (s *Server) ListMyRecurrences(
	ctx context.Context, _ ListMyRecurrencesRequestObject,
) (ListMyRecurrencesResponseObject, error) {
	v := viewerOf(ctx)
	checks, err := s.parts.Prevention.Checks(ctx, v, v.Patient)
	return ListMyRecurrences200JSONResponse(toRecurrences(checks)), err
}

// ListRecurrences implements StrictServerInterface.
func (s *Server) ListRecurrences(
	ctx context.Context, r ListRecurrencesRequestObject,
) (ListRecurrencesResponseObject, error) {
	checks, err := s.parts.Prevention.Checks(ctx, viewerOf(ctx), id.Patient(r.PatientID))
	return ListRecurrences200JSONResponse(toRecurrences(checks)), err
}

// ReportAdverseEvent implements StrictServerInterface.
func (s *Server) ReportAdverseEvent(
	ctx context.Context, r ReportAdverseEventRequestObject,
) (ReportAdverseEventResponseObject, error) {
	b := r.Body
	created, err := s.parts.Prevention.ReportEvent(ctx, viewerOf(ctx), prevention.Event{
		ID:           id.AdverseEvent(b.ID),
		LocalDate:    date(&b.LocalDate),
		Site:         string(b.Site),
		DaysAffected: b.DaysAffected,
		Related:      string(b.Related),
	})
	if created {
		return ReportAdverseEvent201Response{}, err
	}
	return ReportAdverseEvent200Response{}, err
}

func toRecurrences(c prevention.Checks) RecurrenceList {
	list := RecurrenceList{Data: mapped(c.Checks, toRecurrence)}
	if !c.DueOn.IsZero() {
		list.DueOn = optional(c.DueOn.String())
	}
	return list
}

func toRecurrence(c prevention.Check) RecurrenceCheck {
	return RecurrenceCheck{
		ID: ID(c.ID), LocalDate: c.LocalDate.String(), NewEpisode: c.NewEpisode, OnsetOn: dateText(c.OnsetOn),
		OverOn: dateText(c.OverOn), NprsAvg: c.PainAverage, NprsWorst: c.PainWorst, Limited: c.Limited,
		CareSought: c.CareSought, HoursOff: c.HoursOff,
		Events:     mapped(c.Events(), func(e string) RecurrenceCheckEvents { return RecurrenceCheckEvents(e) }),
		ReceivedAt: c.ReceivedAt,
	}
}

// datePtr reads a local date that may be absent.
func datePtr(text *LocalDate) *localtime.Date {
	if text == nil {
		return nil
	}
	d := date(text)
	return &d
}

func dateText(d *localtime.Date) *LocalDate {
	if d == nil {
		return nil
	}
	text := d.String()
	return &text
}
