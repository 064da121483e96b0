// Package settings holds the parameters of rules that are design choices rather than evidence, so that a practice can
// set them within safe bounds. Parameters that come from studies stand in the code, next to their source.
//
// A practice without settings has the defaults, and no setting can leave its bounds.
package settings

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/pkg/localtime"
)

// Settings are a practice's numbers.
type Settings struct {
	LowBelow         int   // motivation or confidence below this calls for the smallest program
	ShortMinutes     int   // a session of at most this many minutes holds two exercises
	ActiveThreshold  int   // points from which a physical module is chosen
	MindThreshold    int   // points from which a mental module is chosen
	LowDaysPercent   int   // share of the usual days for the smallest program
	FirstEpisodeAge  int   // a first episode above this age is reviewed; sources say 50 to 55
	DaysBetween      int   // days between two changes of one exercise
	HardEffort       int   // effort above this prevents a step up
	ContactWeeks     []int // of the walking plan, after the contact at its start
	SelfPauseMaxDays int   // days that a patient may pause without a therapist

	NeverStartedDays int // days after the start without a session
	MissedRun        int // planned sessions in a row without a log
	DropBelow        int // percent over 14 days below which a drop is reported
	DropPoints       int // points below the 14 days before that make a drop
	PainRise         int // points that mean pain has risen
	PainAfter        int // points by which pain rises during a session, twice in three sessions
	LowConfidence    int // confidence up to this, twice in a row
	NotSyncingDays   int // days without contact after which the state is unknown
	LapsedDays       int // days on which something was asked, without a session
	ReviewDays       int // additional days after which the treatment itself is in question
	QuietDays        int // days before a resolved reason that continues is raised again
	DigestAt         localtime.TimeOfDay
	Zone             string // of the practice

	CuesPerWeek      int  // at most
	RescuesPerWeek   int  // at most
	PushGapHours     int  // between any two pushes
	CueSend          int  // percent of cues that are sent after the first six weeks
	RescueSend       int  // percent of rescues that are sent
	HoldOutWeekly    int  // percent of weekly checks that are left out by chance
	HoldOutLapse     int  // percent of questions about a lapse
	HoldOutMilestone int  // percent of milestones
	Learn            bool // whether the learner chooses how reminders are said, for patients who consented
}

// Defaults returns the settings of a practice that has set none.
func Defaults() Settings {
	return Settings{
		LowBelow: 7, ShortMinutes: 10, ActiveThreshold: 30, MindThreshold: 35, LowDaysPercent: 60, FirstEpisodeAge: 50,
		DaysBetween: 7, HardEffort: 6, ContactWeeks: []int{2, 5, 9, 14, 24}, SelfPauseMaxDays: 21,
		NeverStartedDays: 4, MissedRun: 3, DropBelow: 60, DropPoints: 25, PainRise: 2, PainAfter: 2, LowConfidence: 4,
		NotSyncingDays: 5, LapsedDays: 14, ReviewDays: 28, QuietDays: 14,
		DigestAt: localtime.MustParseTimeOfDay("08:00"), Zone: "Europe/Amsterdam",
		CuesPerWeek: 5, RescuesPerWeek: 2, PushGapHours: 4, CueSend: 80, RescueSend: 50,
	}
}

// Location is the practice's time zone.
func (s Settings) Location() *time.Location {
	zone, err := localtime.LoadZone(s.Zone)
	if err != nil {
		return time.UTC // unreachable: unknown zones are never stored
	}
	return zone
}

// Etag identifies the content, for conditional writes.
func (s Settings) Etag() string { return database.BodyHash(hashed(s)) }

// Errors of this package.
var (
	ErrStale         = fault.New(fault.Stale, "stale-version", "changed since it was read")
	ErrUnconditional = fault.New(fault.Unconditional, "if-match-required", "If-Match is missing")
)

// Bound is the range of a number.
type Bound struct {
	Key      string
	Min, Max int
	at       func(*Settings) *int
}

// Value returns the number from settings.
func (b Bound) Value(s Settings) int { return *b.at(&s) }

// Set stores the number in settings. The bounds are checked when the settings are stored.
func (b Bound) Set(s *Settings, n int) { *b.at(s) = n }

// Bounds are the ranges of the numbers.
var Bounds = []Bound{
	{"low_below", 1, 10, func(s *Settings) *int { return &s.LowBelow }},
	{"short_minutes", 5, 20, func(s *Settings) *int { return &s.ShortMinutes }},
	{"active_threshold", 0, 100, func(s *Settings) *int { return &s.ActiveThreshold }},
	{"mind_threshold", 0, 100, func(s *Settings) *int { return &s.MindThreshold }},
	{"low_days_percent", 30, 100, func(s *Settings) *int { return &s.LowDaysPercent }},
	{"first_episode_age", 50, 55, func(s *Settings) *int { return &s.FirstEpisodeAge }},
	{"days_between", 3, 28, func(s *Settings) *int { return &s.DaysBetween }},
	{"hard_effort", 3, 8, func(s *Settings) *int { return &s.HardEffort }},
	{"self_pause_max_days", 7, 42, func(s *Settings) *int { return &s.SelfPauseMaxDays }},
	{"never_started_days", 2, 14, func(s *Settings) *int { return &s.NeverStartedDays }},
	{"missed_run", 2, 7, func(s *Settings) *int { return &s.MissedRun }},
	{"drop_below_percent", 40, 80, func(s *Settings) *int { return &s.DropBelow }},
	{"drop_points", 15, 50, func(s *Settings) *int { return &s.DropPoints }},
	// 2 is the measurement error (Childs 2005)
	{"pain_rise_points", 2, 4, func(s *Settings) *int { return &s.PainRise }},
	{"pain_after_points", 2, 4, func(s *Settings) *int { return &s.PainAfter }},
	{"low_confidence", 2, 6, func(s *Settings) *int { return &s.LowConfidence }},
	{"not_syncing_days", 3, 14, func(s *Settings) *int { return &s.NotSyncingDays }},
	{"lapsed_days", 7, 21, func(s *Settings) *int { return &s.LapsedDays }},
	{"review_days", 22, 56, func(s *Settings) *int { return &s.ReviewDays }},
	{"alert_quiet_days", 7, 28, func(s *Settings) *int { return &s.QuietDays }},
	{"cues_per_week", 0, 5, func(s *Settings) *int { return &s.CuesPerWeek }},
	{"rescues_per_week", 0, 2, func(s *Settings) *int { return &s.RescuesPerWeek }},
	{"push_gap_hours", 4, 24, func(s *Settings) *int { return &s.PushGapHours }},
	{"cue_send_percent", 50, 100, func(s *Settings) *int { return &s.CueSend }},
	{"rescue_send_percent", 20, 100, func(s *Settings) *int { return &s.RescueSend }},
	{"hold_out_weekly_percent", 0, 50, func(s *Settings) *int { return &s.HoldOutWeekly }},
	{"hold_out_lapse_percent", 0, 50, func(s *Settings) *int { return &s.HoldOutLapse }},
	{"hold_out_milestone_percent", 0, 50, func(s *Settings) *int { return &s.HoldOutMilestone }},
}

// contacts is how many contacts follow the one at the start of a walking plan, as in WalkBack.
const contacts = 5

func (s Settings) check() error {
	var wrong []fault.Violation
	for _, b := range Bounds {
		if n := b.Value(s); n < b.Min || n > b.Max {
			wrong = append(wrong, fault.Violation{Pointer: "/" + b.Key, Code: "out-of-range"})
		}
	}
	rising := slices.IsSorted(s.ContactWeeks) && len(slices.Compact(slices.Clone(s.ContactWeeks))) == contacts
	if len(s.ContactWeeks) != contacts || !rising || s.ContactWeeks[0] < 1 || s.ContactWeeks[contacts-1] > 52 {
		wrong = append(wrong, fault.Violation{Pointer: "/contact_weeks", Code: "not-five-weeks"})
	}
	if _, err := localtime.LoadZone(s.Zone); err != nil {
		wrong = append(wrong, fault.Violation{Pointer: "/time_zone", Code: "unknown-time-zone"})
	}
	return fault.Input(wrong...)
}

// document is the settings as stored.
type document struct {
	LowBelow         int   `json:"low_below"`
	ShortMinutes     int   `json:"short_minutes"`
	ActiveThreshold  int   `json:"active_threshold"`
	MindThreshold    int   `json:"mind_threshold"`
	LowDaysPercent   int   `json:"low_days_percent"`
	FirstEpisodeAge  int   `json:"first_episode_age"`
	DaysBetween      int   `json:"days_between"`
	HardEffort       int   `json:"hard_effort"`
	ContactWeeks     []int `json:"contact_weeks"`
	SelfPauseMaxDays int   `json:"self_pause_max_days"`

	NeverStartedDays int                 `json:"never_started_days"`
	MissedRun        int                 `json:"missed_run"`
	DropBelow        int                 `json:"drop_below_percent"`
	DropPoints       int                 `json:"drop_points"`
	PainRise         int                 `json:"pain_rise_points"`
	PainAfter        int                 `json:"pain_after_points"`
	LowConfidence    int                 `json:"low_confidence"`
	NotSyncingDays   int                 `json:"not_syncing_days"`
	LapsedDays       int                 `json:"lapsed_days"`
	ReviewDays       int                 `json:"review_days"`
	QuietDays        int                 `json:"alert_quiet_days"`
	DigestAt         localtime.TimeOfDay `json:"digest_at"`
	Zone             string              `json:"time_zone"`

	CuesPerWeek      int  `json:"cues_per_week"`
	RescuesPerWeek   int  `json:"rescues_per_week"`
	PushGapHours     int  `json:"push_gap_hours"`
	CueSend          int  `json:"cue_send_percent"`
	RescueSend       int  `json:"rescue_send_percent"`
	HoldOutWeekly    int  `json:"hold_out_weekly_percent"`
	HoldOutLapse     int  `json:"hold_out_lapse_percent"`
	HoldOutMilestone int  `json:"hold_out_milestone_percent"`
	Learn            bool `json:"learn_reminders"`
}

// Of returns the settings of a practice. A parameter added since they were stored has its default.
func Of(tx *database.Tx, practice id.Practice) (Settings, error) {
	d := document(Defaults())
	err := tx.Rows("SELECT content FROM practice_settings WHERE practice_id = ?", []any{practice},
		func(rows *sql.Rows) error {
			var content []byte
			if err := rows.Scan(&content); err != nil {
				return err
			}
			return json.Unmarshal(content, &d)
		})
	return Settings(d), database.Wrap("settings: read", err)
}

// Service implements the use cases of this package.
type Service struct{ guard *access.Guard }

// NewService returns the service.
func NewService(guard *access.Guard) *Service { return &Service{guard: guard} }

// Get returns the settings of the viewer's practice.
func (s *Service) Get(ctx context.Context, v access.Viewer) (Settings, error) {
	return access.Read(ctx, s.guard, v.Enters(access.GetPracticeSettings), func(tx *database.Tx) (Settings, error) {
		return Of(tx, v.Practice)
	})
}

// Set replaces the settings of the viewer's practice. Based is the last-read Etag. Rules use the new settings from then
// on; earlier decisions stay.
func (s *Service) Set(ctx context.Context, v access.Viewer, wanted Settings, based string) error {
	if err := wanted.check(); err != nil {
		return err
	}
	return access.Change(ctx, s.guard, v.Enters(access.PutPracticeSettings), func(tx *database.Tx) error {
		stored, err := Of(tx, v.Practice)
		switch {
		case err != nil:
			return err
		case stored.Etag() == wanted.Etag():
			return nil
		case based == "":
			return ErrUnconditional
		case based != stored.Etag():
			return ErrStale
		}
		content, err := json.Marshal(document(wanted))
		if err != nil {
			return database.Wrap("settings: encode", err)
		}
		_, err = tx.Exec(`INSERT INTO practice_settings (practice_id, content, saved_at, saved_by) VALUES (?, ?, ?, ?)
			ON CONFLICT (practice_id) DO UPDATE SET content = excluded.content, saved_at = excluded.saved_at,
			saved_by = excluded.saved_by`,
			v.Practice, string(content), database.At(tx.Now()), v.Member)
		return database.Wrap("settings: save", err)
	})
}
