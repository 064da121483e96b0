package api

import (
	"context"

	"cadans/api/door"
	"cadans/api/wire"
	"cadans/internal/record/settings"
	"cadans/pkg/localtime"
)

// GetPracticeSettings implements StrictServerInterface.
func (s *Server) GetPracticeSettings(
	ctx context.Context, _ wire.GetPracticeSettingsRequestObject,
) (wire.GetPracticeSettingsResponseObject, error) {
	found, err := s.parts.Settings.Get(ctx, door.ViewerOf(ctx))
	return wire.GetPracticeSettings200JSONResponse{
		Body: toSettings(found), Headers: wire.GetPracticeSettings200ResponseHeaders{ETag: etag(found.Etag())},
	}, err
}

// PutPracticeSettings implements StrictServerInterface.
func (s *Server) PutPracticeSettings(
	ctx context.Context, r wire.PutPracticeSettingsRequestObject,
) (wire.PutPracticeSettingsResponseObject, error) {
	b := r.Body
	wanted := settings.Settings{
		LowBelow: b.LowBelow, ShortMinutes: b.ShortMinutes, ActiveThreshold: b.ActiveThreshold,
		MindThreshold: b.MindThreshold, LowDaysPercent: b.LowDaysPercent, FirstEpisodeAge: b.FirstEpisodeAge,
		DaysBetween: b.DaysBetween, HardEffort: b.HardEffort, ContactWeeks: b.ContactWeeks,
		SelfPauseMaxDays: b.SelfPauseMaxDays, NeverStartedDays: b.NeverStartedDays, MissedRun: b.MissedRun,
		DropBelow: b.DropBelowPercent, DropPoints: b.DropPoints, PainRise: b.PainRisePoints,
		PainAfter: b.PainAfterPoints, LowConfidence: b.LowConfidence, NotSyncingDays: b.NotSyncingDays,
		LapsedDays: b.LapsedDays, ReviewDays: b.ReviewDays, QuietDays: b.AlertQuietDays,
		DigestAt: localtime.MustParseTimeOfDay(b.DigestAt), Zone: b.TimeZone, CuesPerWeek: b.CuesPerWeek,
		RescuesPerWeek: b.RescuesPerWeek, PushGapHours: b.PushGapHours, CueSend: b.CueSendPercent,
		RescueSend: b.RescueSendPercent, HoldOutWeekly: b.HoldOutWeeklyPercent, HoldOutLapse: b.HoldOutLapsePercent,
		HoldOutMilestone: b.HoldOutMilestonePercent, Learn: b.LearnReminders,
	}
	err := s.parts.Settings.Set(ctx, door.ViewerOf(ctx), wanted, ifMatch(r.Params.IfMatch))
	return wire.PutPracticeSettings200JSONResponse{
		Body: toSettings(wanted), Headers: wire.PutPracticeSettings200ResponseHeaders{ETag: etag(wanted.Etag())},
	}, err
}

func toSettings(s settings.Settings) wire.PracticeSettings {
	return wire.PracticeSettings{
		LowBelow: s.LowBelow, ShortMinutes: s.ShortMinutes, ActiveThreshold: s.ActiveThreshold,
		MindThreshold: s.MindThreshold, LowDaysPercent: s.LowDaysPercent, FirstEpisodeAge: s.FirstEpisodeAge,
		DaysBetween: s.DaysBetween, HardEffort: s.HardEffort, ContactWeeks: s.ContactWeeks,
		SelfPauseMaxDays: s.SelfPauseMaxDays, NeverStartedDays: s.NeverStartedDays, MissedRun: s.MissedRun,
		DropBelowPercent: s.DropBelow, DropPoints: s.DropPoints, PainRisePoints: s.PainRise,
		PainAfterPoints: s.PainAfter, LowConfidence: s.LowConfidence, NotSyncingDays: s.NotSyncingDays,
		LapsedDays: s.LapsedDays, ReviewDays: s.ReviewDays, AlertQuietDays: s.QuietDays, DigestAt: s.DigestAt.String(),
		TimeZone: s.Zone, CuesPerWeek: s.CuesPerWeek, RescuesPerWeek: s.RescuesPerWeek, PushGapHours: s.PushGapHours,
		CueSendPercent: s.CueSend, RescueSendPercent: s.RescueSend, HoldOutWeeklyPercent: s.HoldOutWeekly,
		HoldOutLapsePercent: s.HoldOutLapse, HoldOutMilestonePercent: s.HoldOutMilestone, LearnReminders: s.Learn,
	}
}
