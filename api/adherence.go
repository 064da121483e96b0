package api

import (
	"context"
	"fmt"

	"cadans/internal/adherence"
)

// GetProgress implements StrictServerInterface.
func (s *Server) GetProgress(ctx context.Context, _ GetProgressRequestObject) (GetProgressResponseObject, error) {
	p, err := s.parts.Adherence.Mine(ctx, viewerOf(ctx))
	if err != nil {
		return nil, err
	}
	progress := GetProgress200JSONResponse{
		ActiveDays28: p.ActiveDays28, Last7Days: toRate(p.Last7), Last28Days: toRate(p.Last28), Band: optional(Band(p.Band)),
	}
	progress.WeeksOnPlan.Met, progress.WeeksOnPlan.Of = p.WeeksMet, p.Weeks
	if p.Weeks > 0 {
		progress.Sentence = optional(fmt.Sprintf(p.Language.Pick("%d van de %d weken gingen volgens plan.", "%d of %d weeks went as planned."),
			p.WeeksMet, p.Weeks))
	}
	return progress, nil
}

func toRate(r adherence.Rate) Rate {
	return Rate{
		Days: r.Days, Done: r.Done, Expected: r.Expected(), Permille: r.Sessions, DosePermille: r.Dose, RawPermille: r.Raw,
	}
}
