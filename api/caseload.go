package api

import (
	"context"
	"slices"

	"cadans/internal/record/people"
	"cadans/internal/rules/adherence"
	"cadans/internal/screens/caseload"
)

// GetCaseload implements StrictServerInterface.
func (s *Server) GetCaseload(ctx context.Context, r GetCaseloadRequestObject) (GetCaseloadResponseObject, error) {
	var after caseload.Position
	if err := readCursor(r.Params.Cursor, &after); err != nil {
		return nil, err
	}
	language := callerOf(ctx).language
	page, err := s.parts.Caseload.Caseload(ctx, viewerOf(ctx), caseload.Filter{
		States: mapped(r.Params.State, func(state State) caseload.State { return caseload.State(state) }),
		After:  after, Limit: limitOf(r.Params.Limit),
	}, language)
	if err != nil {
		return nil, err
	}
	body := CaseloadPage{
		AsOf:   page.AsOf,
		Counts: map[string]int{},
		Data:   mapped(page.Rows, func(r caseload.Row) CaseloadRow { return toCaseloadRow(r, language) }),
	}
	for state, n := range page.Counts {
		body.Counts[string(state)] = n
	}
	if page.Next != nil {
		body.NextCursor = cursorOf(page.Next)
	}
	return GetCaseload200JSONResponse{
		Body:    body,
		Headers: GetCaseload200ResponseHeaders{ContentLanguage: contentLanguage(language)},
	}, nil
}

func toCaseloadRow(r caseload.Row, l people.Language) CaseloadRow {
	reasons := []AlertReason{} // never null
	for _, a := range r.Alerts {
		reasons = append(
			reasons, slices.DeleteFunc(toAlertReasons(a, l), func(r AlertReason) bool { return !r.Holds })...,
		)
	}
	return CaseloadRow{
		PatientID: ID(r.Patient.ID), Name: r.Patient.Name, BirthYear: r.Patient.BirthYear,
		Complaint: Complaint(r.Patient.Complaint),
		State:     State(r.State), NeedsAttention: r.NeedsAttention(), Reason: optional(r.Reason),
		Reasons: reasons, Band: optional(Band(adherence.BandOf(r.Last7))), TrendPermille: r.Trend(),
		WeeksOnPlan: toWeeks(r.Weeks),
		Last7Days:   toRate(r.Last7), Last14Days: toRate(r.Last14), Last28Days: toRate(r.Last28),
		Series: toSeries(r.Status),
		Pain: PainTrend{
			NowTenths: r.Pain.Now, BeforeTenths: r.Pain.Before, ChangeTenths: r.Pain.Change, Scores: r.Pain.Scores,
		},
		LastSessionDate: optional(r.LastDay.String()), LastContactAt: r.LastContact,
		NextVisitOn: optional(r.NextVisit.String()), WeekOfProgram: optional(r.Week),
	}
}

var marks = map[adherence.Mark]Mark{
	adherence.MarkDone:        MarkDone,
	adherence.MarkPartly:      MarkPartly,
	adherence.MarkExtra:       MarkExtra,
	adherence.MarkOpen:        MarkOpen,
	adherence.MarkFree:        MarkFree,
	adherence.MarkPaused:      MarkPaused,
	adherence.MarkBeforeStart: MarkBeforeStart,
}

func toSeries(s adherence.Status) []DayMark {
	series := make([]DayMark, len(s.Marks))
	for i, mark := range []byte(s.Marks) {
		series[i] = DayMark{LocalDate: s.Date.AddDays(i - len(s.Marks) + 1).String(), Mark: marks[adherence.Mark(mark)]}
	}
	return series
}

func contentLanguage(l people.Language) *string {
	text := string(l)
	return &text
}
