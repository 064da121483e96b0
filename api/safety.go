package api

import (
	"context"

	"cadans/api/door"
	"cadans/api/wire"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/internal/record/safety"
)

// ListSafetyReports implements StrictServerInterface.
func (s *Server) ListSafetyReports(
	ctx context.Context, r wire.ListSafetyReportsRequestObject,
) (wire.ListSafetyReportsResponseObject, error) {
	reports, err := s.parts.Safety.Reports(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID))
	if err != nil {
		return nil, err
	}
	return wire.ListSafetyReports200JSONResponse{Data: mapped(reports, func(r safety.Report) wire.SafetyReportBody {
		return toSafetyReport(r, door.LanguageOf(ctx))
	})}, nil
}

// DecideSafetyReport implements StrictServerInterface.
func (s *Server) DecideSafetyReport(
	ctx context.Context, r wire.DecideSafetyReportRequestObject,
) (wire.DecideSafetyReportResponseObject, error) {
	report, created, err := s.parts.Safety.Decide(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID),
		id.SafetyReport(r.ReportID), safety.Decision{
			ID: id.SafetyDecision(r.Body.ID), Outcome: safety.Outcome(r.Body.Decision), Note: r.Body.Note,
		})
	if err != nil {
		return nil, err
	}
	body := toSafetyReport(report, door.LanguageOf(ctx))
	if created {
		return wire.DecideSafetyReport201JSONResponse(body), nil
	}
	return wire.DecideSafetyReport200JSONResponse{SafetyReportJSONResponse: wire.SafetyReportJSONResponse(body)}, nil
}

func toSafetyReport(r safety.Report, l people.Language) wire.SafetyReportBody {
	return wire.SafetyReportBody{
		ID: wire.ID(r.ID), Source: wire.SafetyReportBodySource(r.Source), SourceID: r.SourceID,
		Level:   wire.SafetyLevel(r.Level),
		Urgency: wire.Urgency(r.Urgency),
		Findings: mapped(r.Findings, func(f safety.Finding) wire.SafetyFinding {
			return wire.SafetyFinding{Rule: f.Rule, Level: wire.SafetyLevel(f.Level), Text: f.In(l)}
		}),
		RuleVersion: r.RuleVersion, RaisedAt: r.RaisedAt, Status: wire.SafetyReportBodyStatus(r.Status()),
		MustDecide: r.MustDecide(),
		Decisions: mapped(r.Decisions, func(d safety.Decision) wire.SafetyDecision {
			return wire.SafetyDecision{
				ID:        wire.ID(d.ID),
				Decision:  wire.SafetyDecisionDecision(d.Outcome),
				Note:      d.Note,
				DecidedBy: wire.ID(d.DecidedBy),
				DecidedAt: d.DecidedAt,
			}
		}),
	}
}
