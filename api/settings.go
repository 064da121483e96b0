package api

import (
	"context"

	"cadans/internal/settings"
)

// GetPracticeSettings implements StrictServerInterface.
func (s *Server) GetPracticeSettings(ctx context.Context, _ GetPracticeSettingsRequestObject) (GetPracticeSettingsResponseObject, error) {
	found, err := s.parts.Settings.Get(ctx, viewerOf(ctx))
	return GetPracticeSettings200JSONResponse{
		Body: toSettings(found), Headers: GetPracticeSettings200ResponseHeaders{ETag: etag(found.Etag())},
	}, err
}

// PutPracticeSettings implements StrictServerInterface.
func (s *Server) PutPracticeSettings(ctx context.Context, r PutPracticeSettingsRequestObject) (PutPracticeSettingsResponseObject, error) {
	b := r.Body
	wanted := settings.Settings{
		LowBelow: b.LowBelow, ShortMinutes: b.ShortMinutes, ActiveThreshold: b.ActiveThreshold, MindThreshold: b.MindThreshold,
		LowDaysPercent: b.LowDaysPercent, FirstEpisodeAge: b.FirstEpisodeAge, DaysBetween: b.DaysBetween, HardEffort: b.HardEffort,
		ContactWeeks: b.ContactWeeks, SelfPauseMaxDays: b.SelfPauseMaxDays,
	}
	err := s.parts.Settings.Set(ctx, viewerOf(ctx), wanted, ifMatch(r.Params.IfMatch))
	return PutPracticeSettings200JSONResponse{
		Body: toSettings(wanted), Headers: PutPracticeSettings200ResponseHeaders{ETag: etag(wanted.Etag())},
	}, err
}

func toSettings(s settings.Settings) PracticeSettings {
	return PracticeSettings{
		LowBelow: s.LowBelow, ShortMinutes: s.ShortMinutes, ActiveThreshold: s.ActiveThreshold, MindThreshold: s.MindThreshold,
		LowDaysPercent: s.LowDaysPercent, FirstEpisodeAge: s.FirstEpisodeAge, DaysBetween: s.DaysBetween, HardEffort: s.HardEffort,
		ContactWeeks: s.ContactWeeks, SelfPauseMaxDays: s.SelfPauseMaxDays,
	}
}
