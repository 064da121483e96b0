package reminder

import (
	"slices"
	"time"

	"cadans/internal/record/people"
	"cadans/pkg/localtime"
)

// Kind is the occasion of a push.
type Kind string

// The kinds of push.
const (
	Cue       Kind = "cue"       // shortly before the moment the patient plans to exercise
	Rescue    Kind = "rescue"    // in the evening, when today was planned and nothing was logged
	Weekly    Kind = "weekly"    // on Sunday: how the week went
	Lapse     Kind = "lapse"     // after days without a session: what is in the way
	Milestone Kind = "milestone" // after 4, 8 and 12 weeks: what has changed
	Questions Kind = "questions" // a questionnaire is due
	Feedback  Kind = "feedback"  // the therapist wrote
)

// occasion is when a kind is due on a day; applies says whether it is due on that day at all.
type occasion struct {
	at      func(p Policy, w people.ReminderWishes, day localtime.Date, zone *time.Location) time.Time
	applies func(f Facts) bool
}

// trigger is what decides about a kind, and its words.
type trigger struct {
	// pointless lists the stages that also apply to a snoozed push, limits the others.
	pointless, limits []stage
	chance            func(f Facts) int // percent
	words             text
}

// text is the key of a text for a locked phone: no pain, no exercise, no name, no number.
type text string

const (
	planText     text = "push.plan"
	momentText   text = "push.moment"
	messageText  text = "push.message"
	questionText text = "push.question"
)

// scheduled are the kinds that can be due on a day, in order of precedence when two are due at once. Feedback is not
// scheduled.
var scheduled = []Kind{Cue, Questions, Lapse, Weekly, Milestone, Rescue}

// occasions are a table of their own, because the stages of triggers ask when another kind is due.
var occasions = map[Kind]occasion{
	Cue:       {beforeTheMoment, always},
	Rescue:    {inTheEvening, beforeMidnight},
	Weekly:    {toTalk, onSunday},
	Lapse:     {toTalk, Facts.lapses},
	Milestone: {toTalk, onMilestone},
	Questions: {toTalk, onQuestionDay},
}

// Stages that several kinds share.
var (
	polite  = []stage{wantedDay, quietHours, wantedTime, appRest}
	counted = []stage{isResponsive, spaced}
	bounds  = []stage{gap, caps}
)

var triggers = map[Kind]trigger{
	Cue: {
		chance: cueChance, words: planText,
		pointless: []stage{hasActiveProgram, asked, notDone, inContact},
		limits:    slices.Concat(counted, polite, bounds, []stage{lapseInstead, rescueInstead}),
	},
	Rescue: {
		chance: rescueChance, words: momentText,
		pointless: []stage{hasActiveProgram, asked, notDone, inContact},
		limits:    slices.Concat(counted, polite, bounds, []stage{lapseInstead}),
	},
	Weekly: {
		chance: held, words: messageText,
		pointless: []stage{hasActiveProgram, inContact},
		limits:    slices.Concat(counted, polite, bounds),
	},
	Lapse: {
		chance: held, words: messageText,
		pointless: []stage{hasActiveProgram, notDone, inContact},
		limits:    slices.Concat([]stage{isResponsive}, polite, bounds),
	},
	Milestone: {
		chance: held, words: messageText,
		pointless: []stage{hasActiveProgram, inContact},
		limits:    slices.Concat(counted, []stage{milestoneGap}, polite, bounds),
	},
	Questions: {
		chance: certain, words: questionText,
		pointless: []stage{hasActiveProgram, waiting},
		limits:    slices.Concat([]stage{isResponsive}, polite, bounds),
	},
	Feedback: {
		chance: certain, words: messageText,
		pointless: []stage{unread},
		limits:    []stage{quietHours, dayTotal},
	},
}

// isReminder reports whether a kind asks for a session. The patient's own limits count only those.
func (k Kind) isReminder() bool { return k == Cue || k == Rescue || k == Lapse }

// text is the text of a kind on the phone, in one phrasing.
func (k Kind) text(arm Arm, l people.Language) string {
	words, own := armTexts[arm]
	if !own {
		words = triggers[k].words
	}
	return l.Say(string(words))
}

// moment returns when a kind is due on a day and when it expires.
func (k Kind) moment(
	p Policy, w people.ReminderWishes, day localtime.Date, zone *time.Location,
) (due, expires time.Time) {
	due = occasions[k].at(p, w, day, zone)
	return due, due.Add(usefulFor)
}

func beforeTheMoment(p Policy, w people.ReminderWishes, day localtime.Date, zone *time.Location) time.Time {
	return localtime.Resolve(day, w.Anchor, zone).Add(-p.Lead)
}

func inTheEvening(p Policy, w people.ReminderWishes, day localtime.Date, zone *time.Location) time.Time {
	evening, later := localtime.Resolve(day, p.RescueAt, zone), localtime.Resolve(day, w.Anchor, zone).Add(p.RescueLag)
	if later.After(evening) {
		return later
	}
	return evening
}

func toTalk(p Policy, _ people.ReminderWishes, day localtime.Date, zone *time.Location) time.Time {
	return localtime.Resolve(day, p.TalkAt, zone)
}

func always(Facts) bool { return true }

// beforeMidnight excludes patients who plan to exercise so late that asking two hours later would be after midnight.
func beforeMidnight(f Facts) bool {
	return f.Patient.Reminders.Anchor < localtime.MustParseTimeOfDay("22:00")
}

func onSunday(f Facts) bool { return f.Date.Weekday() == time.Sunday }

func onMilestone(f Facts) bool {
	return slices.ContainsFunc(f.Policy.MilestoneWeeks, func(weeks int) bool { return f.DaysIn == 7*weeks })
}

func onQuestionDay(f Facts) bool {
	return f.Questions.Waiting > 0 && slices.Contains(f.Policy.QuestionDays, f.Date.DaysSince(f.Questions.DueOn))
}
