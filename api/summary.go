package api

import (
	"context"

	"cadans/api/door"
	"cadans/api/wire"
	"cadans/internal/kernel/id"
	"cadans/internal/record/barrier"
	"cadans/internal/record/people"
	"cadans/internal/rules/adherence"
	"cadans/internal/screens/caseload"
)

// GetPatientSummary implements StrictServerInterface.
func (s *Server) GetPatientSummary(
	ctx context.Context, r wire.GetPatientSummaryRequestObject,
) (wire.GetPatientSummaryResponseObject, error) {
	language := door.LanguageOf(ctx)
	sum, err := s.parts.Caseload.Summary(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID), language)
	if err != nil {
		return nil, err
	}
	return wire.GetPatientSummary200JSONResponse{
		Body:    s.toSummary(sum, language),
		Headers: wire.GetPatientSummary200ResponseHeaders{ContentLanguage: contentLanguage(language)},
	}, nil
}

func (s *Server) toSummary(sum caseload.Summary, l people.Language) wire.PatientSummary {
	summary := wire.PatientSummary{
		Row: toCaseloadRow(sum.Row, l), MinimumImportantChangeTenths: adherence.MinimumImportantChange,
		MedianBeforePermille: sum.Row.Median, Complete: sum.Complete, TalkingPoint: sum.TalkingPoint,
		RecentBarriers: mapped(sum.Barriers, func(b barrier.Report) wire.BarrierReport { return toBarrier(b) }),
		Barriers: mapped(sum.Named, func(n caseload.Named) wire.NamedBarrier {
			return wire.NamedBarrier{
				Barrier: wire.Barrier(n.Barrier),
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

func toSince(s caseload.Since) *wire.SummarySince {
	since := &wire.SummarySince{
		From: s.From.String(), Until: s.Until.String(), Sessions: toRate(s.Rate), Before: toRate(s.Before),
		Confidence: s.Confidence, ConfidenceBefore: s.Earlier, Late: s.Late, NotCounted: s.Uncounted,
		Pain: wire.SummaryPain{
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
