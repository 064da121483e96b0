package reminder

import (
	"time"

	"cadans/internal/record/settings"
	"cadans/pkg/localtime"
)

// PolicyVersion is the version of the rules in this package. Increase it with every change of them.
const PolicyVersion = 2

// Policy holds the parameters of the rules. They are design choices unless a source is given. A practice can set some
// of them, within the bounds of its settings.
type Policy struct {
	Lead      time.Duration // how long before the planned moment a cue comes
	RescueAt  localtime.TimeOfDay
	RescueLag time.Duration // a rescue comes at least this long after the planned moment
	TalkAt    localtime.TimeOfDay

	CuesPerWeek    int
	RescuesPerWeek int
	PushesPerDay   int // all kinds together
	PushesPerWeek  int
	Gap            time.Duration // between any two pushes
	CueGap         time.Duration // between two cues, wherever the phone is
	AppRest        time.Duration // after the app was used
	UnknownAfter   time.Duration // time without contact after which it is unknown what was done
	MilestoneGap   int           // days

	// Spacing increases the days between reminders the longer a patient has been away (Morrison and others, PLoS One
	// 2017, sent twice a week after 2 days, weekly after 10, fortnightly after 30).
	Spacing []Spacing
	// StopAfter is the number of idle days after which reminders stop and the therapist takes over.
	StopAfter int

	HalveAfter   int // ignored in a row: half as many, and the app asks what would help
	SilenceAfter int // ignored in a row: no more reminders, and one alert for the therapist
	IgnoredAfter time.Duration

	LapseDays      []int // without a session
	MilestoneWeeks []int
	QuestionDays   []int // after questions became due: two attempts

	// Probabilities of sending, in percent. The rest is left out at random, to measure the effect of reminders.
	EarlyWeeks    int // weeks of the program in which every planned moment has a cue
	CueSend       int // after those weeks
	RescueSend    int
	HoldOut       map[Kind]int // percent of a kind that is left out at random; a kind without an entry never is
	HabitSessions int          // average sessions a week from which a habit has formed and cues fade
	Fading        []Fading
}

// Spacing is the number of days between two reminders from a number of idle days on.
type Spacing struct{ From, Days int }

// Fading is the percentage of cues sent once a habit has lasted a number of weeks. Four times a week for six weeks was
// the minimum to form a habit (Kaushal and Rhodes, J Behav Med 2015); automaticity takes a median of 66 days, from 18
// to 254 (Lally and others, Eur J Soc Psychol 2010).
type Fading struct{ Weeks, Send int }

// Durations, not days: they are the same in the night of a clock change.
const (
	unknownAfter = 5 * 24 * time.Hour
	ignoredAfter = 24 * time.Hour
)

// Default is the policy of a practice that has set nothing.
var Default = Policy{
	Lead: 10 * time.Minute, RescueAt: localtime.MustParseTimeOfDay("18:30"), RescueLag: 2 * time.Hour,
	TalkAt:      localtime.MustParseTimeOfDay("17:00"),
	CuesPerWeek: 5, RescuesPerWeek: 2, PushesPerDay: 2, PushesPerWeek: 7,
	Gap: 4 * time.Hour, CueGap: 20 * time.Hour, AppRest: time.Hour, UnknownAfter: unknownAfter, MilestoneGap: 14,
	Spacing:   []Spacing{{0, 1}, {2, 2}, {10, 7}, {30, 14}},
	StopAfter: 60, HalveAfter: 3, SilenceAfter: 6, IgnoredAfter: ignoredAfter,
	LapseDays: []int{4, 7, 14}, MilestoneWeeks: []int{4, 8, 12}, QuestionDays: []int{0, 2},
	EarlyWeeks: 6, CueSend: 80, RescueSend: 50, HabitSessions: 4,
	Fading: []Fading{{10, 25}, {6, 50}},
}

// For returns the policy of a practice.
func For(s settings.Settings) Policy {
	p := Default
	p.CuesPerWeek, p.RescuesPerWeek = s.CuesPerWeek, s.RescuesPerWeek
	p.Gap = time.Duration(s.PushGapHours) * time.Hour
	p.CueSend, p.RescueSend = s.CueSend, s.RescueSend
	p.HoldOut = map[Kind]int{Weekly: s.HoldOutWeekly, Lapse: s.HoldOutLapse, Milestone: s.HoldOutMilestone}
	return p
}

// otherSpacing is the number of days between two reminders other than cues while a patient is active.
const otherSpacing = 3

// usefulFor is how long today's reminder is useful, feedbackFor how long a push about feedback is.
const (
	usefulFor   = 2 * time.Hour
	feedbackFor = 48 * time.Hour
)
