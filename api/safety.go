package api

import (
	"context"

	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/internal/record/safety"
)

// ListSafetyReports implements StrictServerInterface.
func (s *Server) ListSafetyReports(
	ctx context.Context, r ListSafetyReportsRequestObject,
) (ListSafetyReportsResponseObject, error) {
	reports, err := s.parts.Safety.Reports(ctx, viewerOf(ctx), id.Patient(r.PatientID))
	if err != nil {
		return nil, err
	}
	return ListSafetyReports200JSONResponse{Data: mapped(reports, func(r safety.Report) SafetyReportBody {
		return toSafetyReport(r, callerOf(ctx).language)
	})}, nil
}

// DecideSafetyReport implements StrictServerInterface.
func (s *Server) DecideSafetyReport(
	ctx context.Context, r DecideSafetyReportRequestObject,
) (DecideSafetyReportResponseObject, error) {
	report, created, err := s.parts.Safety.Decide(ctx, viewerOf(ctx), id.Patient(r.PatientID),
		id.SafetyReport(r.ReportID), safety.Decision{
			ID: id.SafetyDecision(r.Body.ID), Outcome: safety.Outcome(r.Body.Decision), Note: r.Body.Note,
		})
	if err != nil {
		return nil, err
	}
	body := toSafetyReport(report, callerOf(ctx).language)
	if created {
		return DecideSafetyReport201JSONResponse(body), nil
	}
	return DecideSafetyReport200JSONResponse{SafetyReportJSONResponse(body)}, nil
}

func toSafetyReport(r safety.Report, l people.Language) SafetyReportBody {
	return SafetyReportBody{
		ID: ID(r.ID), Source: SafetyReportBodySource(r.Source), SourceID: r.SourceID, Level: SafetyLevel(r.Level),
		Urgency: Urgency(r.Urgency),
		Findings: mapped(r.Findings, func(f safety.Finding) SafetyFinding {
			return SafetyFinding{Rule: f.Rule, Level: SafetyLevel(f.Level), Text: f.In(l)}
		}),
		RuleVersion: r.RuleVersion, RaisedAt: r.RaisedAt, Status: SafetyReportBodyStatus(r.Status()),
		MustDecide: r.MustDecide(),
		Decisions: mapped(r.Decisions, func(d safety.Decision) SafetyDecision {
			return SafetyDecision{
				ID:        ID(d.ID),
				Decision:  SafetyDecisionDecision(d.Outcome),
				Note:      d.Note,
				DecidedBy: ID(d.DecidedBy),
				DecidedAt: d.DecidedAt,
			}
		}),
	}
}
