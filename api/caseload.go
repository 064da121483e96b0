package api

import (
	"context"
	"slices"

	"cadans/api/door"
	"cadans/api/wire"
	"cadans/internal/record/people"
	"cadans/internal/rules/adherence"
	"cadans/internal/screens/caseload"
)

// GetCaseload implements StrictServerInterface.
func (s *Server) GetCaseload(
	ctx context.Context, r wire.GetCaseloadRequestObject,
) (wire.GetCaseloadResponseObject, error) {
	var after caseload.Position
	if err := readCursor(r.Params.Cursor, &after); err != nil {
		return nil, err
	}
	language := door.LanguageOf(ctx)
	page, err := s.parts.Caseload.Caseload(ctx, door.ViewerOf(ctx), caseload.Filter{
		States: mapped(r.Params.State, func(state wire.State) caseload.State { return caseload.State(state) }),
		After:  after, Limit: limitOf(r.Params.Limit),
	}, language)
	if err != nil {
		return nil, err
	}
	body := wire.CaseloadPage{
		AsOf:   page.AsOf,
		Counts: map[string]int{},
		Data:   mapped(page.Rows, func(r caseload.Row) wire.CaseloadRow { return toCaseloadRow(r, language) }),
	}
	for state, n := range page.Counts {
		body.Counts[string(state)] = n
	}
	if page.Next != nil {
		body.NextCursor = cursorOf(page.Next)
	}
	return wire.GetCaseload200JSONResponse{
		Body:    body,
		Headers: wire.GetCaseload200ResponseHeaders{ContentLanguage: contentLanguage(language)},
	}, nil
}

func toCaseloadRow(r caseload.Row, l people.Language) wire.CaseloadRow {
	reasons := []wire.AlertReason{} // never null
	for _, a := range r.Alerts {
		reasons = append(
			reasons, slices.DeleteFunc(toAlertReasons(a, l), func(r wire.AlertReason) bool { return !r.Holds })...,
		)
	}
	return wire.CaseloadRow{
		PatientID: wire.ID(r.Patient.ID), Name: r.Patient.Name, BirthYear: r.Patient.BirthYear,
		Complaint: wire.Complaint(r.Patient.Complaint),
		State:     wire.State(r.State), NeedsAttention: r.NeedsAttention(), Reason: optional(r.Reason),
		Reasons: reasons, Band: optional(wire.Band(adherence.BandOf(r.Last7))), TrendPermille: r.Trend(),
		WeeksOnPlan: toWeeks(r.Weeks),
		Last7Days:   toRate(r.Last7), Last14Days: toRate(r.Last14), Last28Days: toRate(r.Last28),
		Series: toSeries(r.Status),
		Pain: wire.PainTrend{
			NowTenths: r.Pain.Now, BeforeTenths: r.Pain.Before, ChangeTenths: r.Pain.Change, Scores: r.Pain.Scores,
		},
		LastSessionDate: optional(r.LastDay.String()), LastContactAt: r.LastContact,
		NextVisitOn: optional(r.NextVisit.String()), WeekOfProgram: optional(r.Week),
	}
}

var marks = map[adherence.Mark]wire.Mark{
	adherence.MarkDone:        wire.MarkDone,
	adherence.MarkPartly:      wire.MarkPartly,
	adherence.MarkExtra:       wire.MarkExtra,
	adherence.MarkOpen:        wire.MarkOpen,
	adherence.MarkFree:        wire.MarkFree,
	adherence.MarkPaused:      wire.MarkPaused,
	adherence.MarkBeforeStart: wire.MarkBeforeStart,
}

func toSeries(s adherence.Status) []wire.DayMark {
	series := make([]wire.DayMark, len(s.Marks))
	for i, mark := range []byte(s.Marks) {
		series[i] = wire.DayMark{
			LocalDate: s.Date.AddDays(i - len(s.Marks) + 1).String(),
			Mark:      marks[adherence.Mark(mark)],
		}
	}
	return series
}

func contentLanguage(l people.Language) *string {
	text := string(l)
	return &text
}
