package api

import (
	"context"

	"cadans/internal/kernel/id"
	"cadans/internal/record/barrier"
	"cadans/internal/record/people"
	"cadans/internal/rules/adherence"
	"cadans/internal/screens/caseload"
)

// GetPatientSummary implements StrictServerInterface.
func (s *Server) GetPatientSummary(
	ctx context.Context, r GetPatientSummaryRequestObject,
) (GetPatientSummaryResponseObject, error) {
	language := callerOf(ctx).language
	sum, err := s.parts.Caseload.Summary(ctx, viewerOf(ctx), id.Patient(r.PatientID), language)
	if err != nil {
		return nil, err
	}
	return GetPatientSummary200JSONResponse{
		Body:    s.toSummary(sum, language),
		Headers: GetPatientSummary200ResponseHeaders{ContentLanguage: contentLanguage(language)},
	}, nil
}

func (s *Server) toSummary(sum caseload.Summary, l people.Language) PatientSummary {
	summary := PatientSummary{
		Row: toCaseloadRow(sum.Row, l), MinimumImportantChangeTenths: adherence.MinimumImportantChange,
		MedianBeforePermille: sum.Row.Median, Complete: sum.Complete, TalkingPoint: sum.TalkingPoint,
		RecentBarriers: mapped(sum.Barriers, func(b barrier.Report) BarrierReport { return toBarrier(b) }),
		Barriers: mapped(sum.Named, func(n caseload.Named) NamedBarrier {
			return NamedBarrier{
				Barrier: Barrier(n.Barrier),
				Times:   n.Times,
				LastOn:  n.On.String(),
				Note:    optional(n.Note),
			}
		}),
	}
	w := sum.Waiting
	summary.Waiting.SessionsWithNote, summary.Waiting.FeedbackUnopened, summary.Waiting.ModulesUnanswered = w.Notes,
		w.Unopened, w.Modules
	summary.Waiting.ChangeRequests, summary.Waiting.Alerts = w.Wishes, w.Alerts
	if sum.Version != nil {
		version := s.toVersion(*sum.Version, l)
		summary.Program = &version
	}
	if sum.LastSession != nil {
		last := toSession(*sum.LastSession)
		summary.LastSession, summary.Confidence = &last, last.Confidence
	}
	if !sum.Since.From.IsZero() {
		summary.Since = toSince(sum.Since)
	}
	return summary
}

func toSince(s caseload.Since) *SummarySince {
	since := &SummarySince{
		From: s.From.String(), Until: s.Until.String(), Sessions: toRate(s.Rate), Before: toRate(s.Before),
		Confidence: s.Confidence, ConfidenceBefore: s.Earlier, Late: s.Late, NotCounted: s.Uncounted,
		Pain: SummaryPain{
			NowTenths: s.Pain.Now, BeforeTenths: s.Pain.Before, ChangeTenths: s.Pain.Change, Scores: s.Pain.Scores,
			BeyondError: s.BeyondError(), Rises: s.Rises, ScoredSessions: s.Scored,
		},
	}
	if s.Visit != nil {
		last := toVisit(*s.Visit)
		since.LastVisit = &last
	}
	return since
}
