package api

import (
	"context"
	"slices"
	"time"

	"cadans/internal/kernel/id"
	"cadans/internal/record/alert"
	"cadans/internal/record/people"
)

// ListAlerts implements StrictServerInterface.
func (s *Server) ListAlerts(ctx context.Context, r ListAlertsRequestObject) (ListAlertsResponseObject, error) {
	page, err := s.parts.Alerts.List(
		ctx, viewerOf(ctx),
		alert.Filter{States: alertStates(r.Params.State), Patient: id.Patient(value(r.Params.PatientID))},
	)
	if err != nil {
		return nil, err
	}
	return ListAlerts200JSONResponse(toAlerts(page.Alerts, page.AsOf, callerOf(ctx).language)), nil
}

// alertStates turns the query into states: open when it asks for none, and none, which means every, for all.
func alertStates(asked []AlertStateFilter) []alert.State {
	switch {
	case len(asked) == 0:
		return []alert.State{alert.Open}
	case slices.Contains(asked, ListAll):
		return nil
	default:
		return mapped(asked, func(state AlertStateFilter) alert.State { return alert.State(state) })
	}
}

// GetAlert implements StrictServerInterface.
func (s *Server) GetAlert(ctx context.Context, r GetAlertRequestObject) (GetAlertResponseObject, error) {
	a, happened, now, err := s.parts.Alerts.Get(ctx, viewerOf(ctx), id.Alert(r.AlertID))
	if err != nil {
		return nil, err
	}
	return GetAlert200JSONResponse{
		Alert:   toAlert(a, now, callerOf(ctx).language),
		History: mapped(happened, toAlertEvent),
	}, nil
}

// AcknowledgeAlert implements StrictServerInterface.
func (s *Server) AcknowledgeAlert(
	ctx context.Context, r AcknowledgeAlertRequestObject,
) (AcknowledgeAlertResponseObject, error) {
	a, now, err := s.parts.Alerts.Acknowledge(ctx, viewerOf(ctx), id.Alert(r.AlertID))
	if err != nil {
		return nil, err
	}
	return AcknowledgeAlert200JSONResponse{AlertJSONResponse(toAlert(a, now, callerOf(ctx).language))}, nil
}

// AcknowledgeAlerts implements StrictServerInterface.
func (s *Server) AcknowledgeAlerts(
	ctx context.Context, r AcknowledgeAlertsRequestObject,
) (AcknowledgeAlertsResponseObject, error) {
	page, err := s.parts.Alerts.AcknowledgeAll(
		ctx, viewerOf(ctx), mapped(r.Body.AlertIds, func(a ID) id.Alert { return id.Alert(a) }),
	)
	if err != nil {
		return nil, err
	}
	return AcknowledgeAlerts200JSONResponse(toAlerts(page.Alerts, page.AsOf, callerOf(ctx).language)), nil
}

// SnoozeAlert implements StrictServerInterface.
func (s *Server) SnoozeAlert(ctx context.Context, r SnoozeAlertRequestObject) (SnoozeAlertResponseObject, error) {
	a, now, err := s.parts.Alerts.Snooze(ctx, viewerOf(ctx), id.Alert(r.AlertID), r.Body.Until)
	if err != nil {
		return nil, err
	}
	return SnoozeAlert200JSONResponse{AlertJSONResponse(toAlert(a, now, callerOf(ctx).language))}, nil
}

// ReopenAlert implements StrictServerInterface.
func (s *Server) ReopenAlert(ctx context.Context, r ReopenAlertRequestObject) (ReopenAlertResponseObject, error) {
	a, now, err := s.parts.Alerts.Reopen(ctx, viewerOf(ctx), id.Alert(r.AlertID))
	if err != nil {
		return nil, err
	}
	return ReopenAlert200JSONResponse{AlertJSONResponse(toAlert(a, now, callerOf(ctx).language))}, nil
}

// ResolveAlert implements StrictServerInterface.
func (s *Server) ResolveAlert(ctx context.Context, r ResolveAlertRequestObject) (ResolveAlertResponseObject, error) {
	a, now, err := s.parts.Alerts.Resolve(ctx, viewerOf(ctx), id.Alert(r.AlertID), alert.Resolution{
		Outcome: string(r.Body.Outcome), Note: value(r.Body.Note),
	})
	if err != nil {
		return nil, err
	}
	return ResolveAlert200JSONResponse{AlertJSONResponse(toAlert(a, now, callerOf(ctx).language))}, nil
}

// GetAlertDigest implements StrictServerInterface.
func (s *Server) GetAlertDigest(
	ctx context.Context, _ GetAlertDigestRequestObject,
) (GetAlertDigestResponseObject, error) {
	d, err := s.parts.Alerts.Digest(ctx, viewerOf(ctx))
	if err != nil {
		return nil, err
	}
	digest := GetAlertDigest200JSONResponse{
		LocalDate: d.Date.String(),
		Since:     d.Since,
		Until:     d.Until,
		Data:      toAlerts(d.New, d.AsOf, callerOf(ctx).language).Data,
	}
	digest.Open.Now, digest.Open.Today = d.Open[alert.Now], d.Open[alert.Today]
	digest.Open.ThisWeek, digest.Open.NextVisit = d.Open[alert.ThisWeek], d.Open[alert.NextVisit]
	return digest, nil
}

func toAlerts(alerts []alert.Alert, now time.Time, l people.Language) AlertList {
	return AlertList{Data: mapped(alerts, func(a alert.Alert) AlertBody { return toAlert(a, now, l) })}
}

func toAlert(a alert.Alert, now time.Time, l people.Language) AlertBody {
	return AlertBody{
		ID: ID(a.ID), PatientID: ID(a.Patient), Kind: string(a.Kind), State: AlertState(a.State(now)),
		Urgency: Urgency(a.Urgency), Reason: a.Reason(l), Reasons: toAlertReasons(a, l), OpenedAt: a.OpenedAt,
		UpdatedAt: a.UpdatedAt, RuleVersion: a.RuleVersion, AcknowledgedAt: a.AcknowledgedAt,
		AcknowledgedBy: optional(ID(a.AcknowledgedBy)), SnoozedUntil: a.SnoozedUntil, ResolvedAt: a.ResolvedAt,
		ResolvedBy: optional(ID(a.ResolvedBy)), Outcome: optional(a.Outcome), Note: optional(a.Note),
	}
}

// toAlertReasons lists what an alert has collected, or its one sentence.
func toAlertReasons(a alert.Alert, l people.Language) []AlertReason {
	if len(a.Reasons) == 0 {
		return []AlertReason{{Rule: string(a.Kind), Text: a.Reason(l), Since: a.OpenedAt, Holds: a.ResolvedAt == nil}}
	}
	return mapped(a.Reasons, func(r alert.Reason) AlertReason {
		return AlertReason{Rule: string(r.Rule), Text: r.In(l), Since: r.Since, Holds: !r.Ended}
	})
}

func toAlertEvent(e alert.Event) AlertEvent {
	return AlertEvent{
		What:   AlertEventWhat(e.What),
		At:     e.At,
		By:     optional(ID(e.By)),
		Until:  e.Until,
		Detail: optional(e.Detail),
		Note:   optional(e.Note),
	}
}
