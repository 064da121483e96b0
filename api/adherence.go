package api

import (
	"context"
	"fmt"

	"cadans/internal/adherence"
)

// GetProgress implements StrictServerInterface.
func (s *Server) GetProgress(ctx context.Context, _ GetProgressRequestObject) (GetProgressResponseObject, error) {
	status, language, err := s.parts.Adherence.Mine(ctx, viewerOf(ctx))
	if err != nil {
		return nil, err
	}
	weeks := status.Weeks
	progress := GetProgress200JSONResponse{
		ActiveDays28: status.DaysDone, Last7Days: toRate(status.Last7), Last28Days: toRate(status.Last28),
		Band: optional(Band(adherence.BandOf(status.Last7))),
	}
	progress.WeeksOnPlan = toWeeks(weeks)
	if weeks.Of > 0 {
		progress.Sentence = optional(fmt.Sprintf(language.Pick("%d van de %d weken gingen volgens plan.", "%d of %d weeks went as planned."),
			weeks.Met, weeks.Of))
	}
	return progress, nil
}

func toWeeks(w adherence.Weeks) WeeksOnPlan { return WeeksOnPlan{Met: w.Met, Of: w.Of} }

func toRate(r adherence.Rate) Rate {
	return Rate{
		Days: r.Days, Done: r.Done, Expected: r.Expected(), Permille: r.Sessions, DosePermille: r.Dose, RawPermille: r.Raw,
	}
}
