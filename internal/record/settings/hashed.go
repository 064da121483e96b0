package settings

import "cadans/pkg/localtime"

// hashed is the form from which the Etag of settings is computed. Never change it: open pages hold Etags that an older
// release computed.
type hashed struct {
	LowBelow         int   `json:"LowBelow"`
	ShortMinutes     int   `json:"ShortMinutes"`
	ActiveThreshold  int   `json:"ActiveThreshold"`
	MindThreshold    int   `json:"MindThreshold"`
	LowDaysPercent   int   `json:"LowDaysPercent"`
	FirstEpisodeAge  int   `json:"FirstEpisodeAge"`
	DaysBetween      int   `json:"DaysBetween"`
	HardEffort       int   `json:"HardEffort"`
	ContactWeeks     []int `json:"ContactWeeks"`
	SelfPauseMaxDays int   `json:"SelfPauseMaxDays"`

	NeverStartedDays int                 `json:"NeverStartedDays"`
	MissedRun        int                 `json:"MissedRun"`
	DropBelow        int                 `json:"DropBelow"`
	DropPoints       int                 `json:"DropPoints"`
	PainRise         int                 `json:"PainRise"`
	PainAfter        int                 `json:"PainAfter"`
	LowConfidence    int                 `json:"LowConfidence"`
	NotSyncingDays   int                 `json:"NotSyncingDays"`
	LapsedDays       int                 `json:"LapsedDays"`
	ReviewDays       int                 `json:"ReviewDays"`
	QuietDays        int                 `json:"QuietDays"`
	DigestAt         localtime.TimeOfDay `json:"DigestAt"`
	Zone             string              `json:"Zone"`

	CuesPerWeek      int  `json:"CuesPerWeek"`
	RescuesPerWeek   int  `json:"RescuesPerWeek"`
	PushGapHours     int  `json:"PushGapHours"`
	CueSend          int  `json:"CueSend"`
	RescueSend       int  `json:"RescueSend"`
	HoldOutWeekly    int  `json:"HoldOutWeekly"`
	HoldOutLapse     int  `json:"HoldOutLapse"`
	HoldOutMilestone int  `json:"HoldOutMilestone"`
	Learn            bool `json:"Learn"`
}
