package reminder

import (
	"time"

	"cadans/internal/record/settings"
	"cadans/pkg/localtime"
)

// PolicyVersion is the number of the rules in this package; it changes with every change of them.
const PolicyVersion = 2

// Policy is the numbers of the rules. They are design choices unless a source stands beside them. A practice can set
// some, within the bounds of its settings.
type Policy struct {
	Lead      time.Duration // a cue comes this long before the moment the patient plans
	RescueAt  localtime.TimeOfDay
	RescueLag time.Duration // a rescue comes no sooner after the planned moment
	TalkAt    localtime.TimeOfDay

	CuesPerWeek    int
	RescuesPerWeek int
	PushesPerDay   int // all kinds together
	PushesPerWeek  int
	Gap            time.Duration // between any two pushes
	CueGap         time.Duration // between two cues, wherever the phone has travelled
	AppRest        time.Duration // after the app was used
	UnknownAfter   time.Duration // without contact nobody knows what was done
	MilestoneGap   int           // days

	// Spacing keeps reminders further apart the longer a patient has been away (Morrison and others, PLoS One 2017,
	// sent twice a week after 2 days, weekly after 10, fortnightly after 30).
	Spacing []Spacing
	// StopAfter is how many idle days end all reminders: then it is the therapist's turn.
	StopAfter int

	HalveAfter   int // ignored in a row: half as often, and the app asks what would help
	SilenceAfter int // ignored in a row: no more, and the therapist is told once
	IgnoredAfter time.Duration

	LapseDays      []int // without a session
	MilestoneWeeks []int
	QuestionDays   []int // after questions became due: two attempts

	// Chances to send, in percent. What is not 100 is left out at random, so that it can be seen what a reminder does.
	EarlyWeeks    int // weeks of the program in which every planned moment gets its cue
	CueSend       int // after them
	RescueSend    int
	HoldOut       map[Kind]int // percent of a kind that is left out by chance; what has no row is never left out
	HabitSessions int          // a week on average, from which a habit has formed and cues fade
	Fading        []Fading
}

// Spacing is how many days lie between two reminders from so many idle days on.
type Spacing struct{ From, Days int }

// Fading is how often a cue still comes once a habit has lasted so many weeks. Four times a week for six weeks was the
// least in which a habit formed (Kaushal and Rhodes, J Behav Med 2015); automaticity takes 66 days in the middle, 18 to
// 254 (Lally and others, Eur J Soc Psychol 2010).
type Fading struct{ Weeks, Send int }

// Spans of time, not of days: they are the same in the night of a clock change.
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

// otherSpacing is how many days lie between two reminders other than cues while a patient is active.
const otherSpacing = 3

// usefulFor is how long a reminder of today helps, feedbackFor how long it is worth telling that somebody wrote.
const (
	usefulFor   = 2 * time.Hour
	feedbackFor = 48 * time.Hour
)
