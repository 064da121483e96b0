package api

import (
	"context"
	"slices"
	"time"

	"cadans/api/door"
	"cadans/api/wire"
	"cadans/internal/kernel/id"
	"cadans/internal/record/alert"
	"cadans/internal/record/people"
)

// ListAlerts implements StrictServerInterface.
func (s *Server) ListAlerts(
	ctx context.Context, r wire.ListAlertsRequestObject,
) (wire.ListAlertsResponseObject, error) {
	page, err := s.parts.Alerts.List(
		ctx, door.ViewerOf(ctx),
		alert.Filter{States: alertStates(r.Params.State), Patient: id.Patient(value(r.Params.PatientID))},
	)
	if err != nil {
		return nil, err
	}
	return wire.ListAlerts200JSONResponse(toAlerts(page.Alerts, page.AsOf, door.LanguageOf(ctx))), nil
}

// alertStates converts the query to states. Without a value it means open alerts; "all" becomes none, which means every
// state.
func alertStates(asked []wire.AlertStateFilter) []alert.State {
	switch {
	case len(asked) == 0:
		return []alert.State{alert.Open}
	case slices.Contains(asked, wire.ListAll):
		return nil
	default:
		return mapped(asked, func(state wire.AlertStateFilter) alert.State { return alert.State(state) })
	}
}

// GetAlert implements StrictServerInterface.
func (s *Server) GetAlert(ctx context.Context, r wire.GetAlertRequestObject) (wire.GetAlertResponseObject, error) {
	a, happened, now, err := s.parts.Alerts.Get(ctx, door.ViewerOf(ctx), id.Alert(r.AlertID))
	if err != nil {
		return nil, err
	}
	return wire.GetAlert200JSONResponse{
		Alert:   toAlert(a, now, door.LanguageOf(ctx)),
		History: mapped(happened, toAlertEvent),
	}, nil
}

// AcknowledgeAlert implements StrictServerInterface.
func (s *Server) AcknowledgeAlert(
	ctx context.Context, r wire.AcknowledgeAlertRequestObject,
) (wire.AcknowledgeAlertResponseObject, error) {
	a, now, err := s.parts.Alerts.Acknowledge(ctx, door.ViewerOf(ctx), id.Alert(r.AlertID))
	if err != nil {
		return nil, err
	}
	return wire.AcknowledgeAlert200JSONResponse{
		AlertJSONResponse: wire.AlertJSONResponse(toAlert(a, now, door.LanguageOf(ctx))),
	}, nil
}

// AcknowledgeAlerts implements StrictServerInterface.
func (s *Server) AcknowledgeAlerts(
	ctx context.Context, r wire.AcknowledgeAlertsRequestObject,
) (wire.AcknowledgeAlertsResponseObject, error) {
	page, err := s.parts.Alerts.AcknowledgeAll(
		ctx, door.ViewerOf(ctx), mapped(r.Body.AlertIds, func(a wire.ID) id.Alert { return id.Alert(a) }),
	)
	if err != nil {
		return nil, err
	}
	return wire.AcknowledgeAlerts200JSONResponse(toAlerts(page.Alerts, page.AsOf, door.LanguageOf(ctx))), nil
}

// SnoozeAlert implements StrictServerInterface.
func (s *Server) SnoozeAlert(
	ctx context.Context, r wire.SnoozeAlertRequestObject,
) (wire.SnoozeAlertResponseObject, error) {
	a, now, err := s.parts.Alerts.Snooze(ctx, door.ViewerOf(ctx), id.Alert(r.AlertID), r.Body.Until)
	if err != nil {
		return nil, err
	}
	return wire.SnoozeAlert200JSONResponse{
		AlertJSONResponse: wire.AlertJSONResponse(toAlert(a, now, door.LanguageOf(ctx))),
	}, nil
}

// ReopenAlert implements StrictServerInterface.
func (s *Server) ReopenAlert(
	ctx context.Context, r wire.ReopenAlertRequestObject,
) (wire.ReopenAlertResponseObject, error) {
	a, now, err := s.parts.Alerts.Reopen(ctx, door.ViewerOf(ctx), id.Alert(r.AlertID))
	if err != nil {
		return nil, err
	}
	return wire.ReopenAlert200JSONResponse{
		AlertJSONResponse: wire.AlertJSONResponse(toAlert(a, now, door.LanguageOf(ctx))),
	}, nil
}

// ResolveAlert implements StrictServerInterface.
func (s *Server) ResolveAlert(
	ctx context.Context, r wire.ResolveAlertRequestObject,
) (wire.ResolveAlertResponseObject, error) {
	a, now, err := s.parts.Alerts.Resolve(ctx, door.ViewerOf(ctx), id.Alert(r.AlertID), alert.Resolution{
		Outcome: string(r.Body.Outcome), Note: value(r.Body.Note),
	})
	if err != nil {
		return nil, err
	}
	return wire.ResolveAlert200JSONResponse{
		AlertJSONResponse: wire.AlertJSONResponse(toAlert(a, now, door.LanguageOf(ctx))),
	}, nil
}

// GetAlertDigest implements StrictServerInterface.
func (s *Server) GetAlertDigest(
	ctx context.Context, _ wire.GetAlertDigestRequestObject,
) (wire.GetAlertDigestResponseObject, error) {
	d, err := s.parts.Alerts.Digest(ctx, door.ViewerOf(ctx))
	if err != nil {
		return nil, err
	}
	digest := wire.GetAlertDigest200JSONResponse{
		LocalDate: d.Date.String(),
		Since:     d.Since,
		Until:     d.Until,
		Data:      toAlerts(d.New, d.AsOf, door.LanguageOf(ctx)).Data,
	}
	digest.Open.Now, digest.Open.Today = d.Open[alert.Now], d.Open[alert.Today]
	digest.Open.ThisWeek, digest.Open.NextVisit = d.Open[alert.ThisWeek], d.Open[alert.NextVisit]
	return digest, nil
}

func toAlerts(alerts []alert.Alert, now time.Time, l people.Language) wire.AlertList {
	return wire.AlertList{Data: mapped(alerts, func(a alert.Alert) wire.AlertBody { return toAlert(a, now, l) })}
}

func toAlert(a alert.Alert, now time.Time, l people.Language) wire.AlertBody {
	return wire.AlertBody{
		ID: wire.ID(a.ID), PatientID: wire.ID(a.Patient), Kind: string(a.Kind), State: wire.AlertState(a.State(now)),
		Urgency: wire.Urgency(a.Urgency), Reason: a.Reason(l), Reasons: toAlertReasons(a, l), OpenedAt: a.OpenedAt,
		UpdatedAt: a.UpdatedAt, RuleVersion: a.RuleVersion, AcknowledgedAt: a.AcknowledgedAt,
		AcknowledgedBy: optional(wire.ID(a.AcknowledgedBy)), SnoozedUntil: a.SnoozedUntil, ResolvedAt: a.ResolvedAt,
		ResolvedBy: optional(wire.ID(a.ResolvedBy)), Outcome: optional(a.Outcome), Note: optional(a.Note),
	}
}

// toAlertReasons lists the reasons that an alert has collected, or else its one sentence.
func toAlertReasons(a alert.Alert, l people.Language) []wire.AlertReason {
	if len(a.Reasons) == 0 {
		return []wire.AlertReason{
			{Rule: string(a.Kind), Text: a.Reason(l), Since: a.OpenedAt, Holds: a.ResolvedAt == nil},
		}
	}
	return mapped(a.Reasons, func(r alert.Reason) wire.AlertReason {
		return wire.AlertReason{Rule: string(r.Rule), Text: r.In(l), Since: r.Since, Holds: !r.Ended}
	})
}

func toAlertEvent(e alert.Event) wire.AlertEvent {
	return wire.AlertEvent{
		What:   wire.AlertEventWhat(e.What),
		At:     e.At,
		By:     optional(wire.ID(e.By)),
		Until:  e.Until,
		Detail: optional(e.Detail),
		Note:   optional(e.Note),
	}
}
