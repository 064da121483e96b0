// Package program keeps what a patient is asked to do: a series of immutable versions, and pauses in which nothing is
// asked.
//
// Publishing and pausing never change what was asked on a day that a version already governed: a version governs the
// days from its effective_from until the next one's, and that date is never in the past. A version has at most four
// items (home-exercise reviews advise two to four, Bachmann 2018, doi 10.1055/s-0043-120527). Above 20 minutes there is
// a warning.
package program

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/words"
	"cadans/internal/record/exercise"
	"cadans/pkg/localtime"
)

// Limits of a version.
const (
	MaxItems        = 4
	LongSession     = 20 * time.Minute
	maxPublishAhead = 365 // days
)

// Errors of this package.
var (
	ErrNoProgram     = fault.New(fault.NotFound, "no-active-program", "the patient has no program yet")
	ErrStale         = fault.New(fault.Stale, "stale-version", "another version was published since")
	ErrUnconditional = fault.New(fault.Unconditional, "if-match-required", "If-Match is missing")
	ErrOverlaps      = fault.New(fault.Conflict, "overlaps", "the days are paused already")
	ErrNoPause       = fault.New(fault.NotFound, "not-found", "no such pause")
	ErrBackwards     = fault.New(fault.Conflict, "before-latest-version", "a later version has been published")
)

// ScheduleKind is the way in which days are chosen.
type ScheduleKind string

// The kinds of schedule.
const (
	WeeklyQuota ScheduleKind = "weekly_quota" // a number of days a week, chosen by the patient
	FixedDays   ScheduleKind = "fixed_days"
)

// Schedule says when an item is asked. Quota is 1 to 7 days a week; Days apply to fixed days; TimesPerDay is 1 to 4.
type Schedule struct {
	Kind        ScheduleKind
	Quota       int
	Days        []time.Weekday
	TimesPerDay int
}

// Expected7 returns how often the item is expected on a day, in sevenths: a quota of q a week counts q on each day, a
// fixed day counts seven and any other day zero.
func (s Schedule) Expected7(day localtime.Date) int {
	switch {
	case s.Kind == WeeklyQuota:
		return s.Quota * s.TimesPerDay
	case slices.Contains(s.Days, day.Weekday()):
		return 7 * s.TimesPerDay
	default:
		return 0
	}
}

// PerWeek returns on how many days a week the item is asked.
func (s Schedule) PerWeek() int {
	if s.Kind == WeeklyQuota {
		return s.Quota
	}
	return len(s.Days)
}

// InWeek returns how often the item is asked for in a week.
func (s Schedule) InWeek() int { return s.PerWeek() * s.TimesPerDay }

// Item is one exercise with its dose and schedule. Module and SecondsPerSet are copied from the library, so that a
// later edition of the library changes no version.
type Item struct {
	ID            id.ProgramItem
	Exercise      string
	Module        exercise.Module
	Dose          exercise.Dose
	Minimum       *exercise.Dose
	Schedule      Schedule
	SecondsPerSet int
	Revision      int // of a practice's own exercise, as the patient sees it
}

// Work returns the prescribed seconds of effort in one session: the weight of the item in the session's credit.
func (i Item) Work() int {
	if i.Dose.IsTimed() {
		return i.Dose.Sets * i.Dose.Minutes * 60
	}
	return i.Dose.Sets * i.SecondsPerSet
}

// Rest between sets and preparation time (design choices).
const (
	restStrength = 45 // seconds
	restOther    = 15
	changeOver   = 20
)

// Seconds estimates how long the item takes: work, rests between sets, and 20 s to get ready.
func (i Item) Seconds() int {
	rest := restOther
	if i.Module == exercise.Strength {
		rest = restStrength
	}
	return i.Work() + (i.Dose.Sets-1)*rest + changeOver
}

// Version is what is asked from a day on. It never changes.
type Version struct {
	ID            id.ProgramVersion
	Patient       id.Patient
	Number        int
	EffectiveFrom localtime.Date
	Items         []Item
	PublishedAt   time.Time
	PublishedBy   id.Member // who published it, or the version that a rule changed
	Origin        Origin
	Reason        words.Pair
}

// Origin says how a version was made.
type Origin string

// The origins.
const (
	Published    Origin = "published"
	ByAdjustment Origin = "adjusted"
	ByCompletion Origin = "completed"
	BySwap       Origin = "swapped"    // by the patient, within module and level
	ByProgress   Origin = "progressed" // by a rule, or its proposal
	ByFlare      Origin = "flare"      // while a flare lasts
	ByRebuild    Origin = "rebuild"    // after a flare or a lighter program
	ByLighter    Origin = "lighter"    // smaller for a while, chosen by the patient
	ByWalking    Origin = "walking"    // by the walking plan
)

// IsPlanned reports whether a rule has made the version ahead of time. Whatever is published later replaces it.
func (o Origin) IsPlanned() bool { return o == ByFlare || o == ByRebuild || o == ByLighter }

// IsReplaceable reports whether members may publish for an earlier day although a rule has planned this version.
func (o Origin) IsReplaceable() bool { return o.IsPlanned() || o == ByWalking }

// Duration estimates the length of a session with all items.
func (v Version) Duration() time.Duration {
	seconds := 0
	for _, item := range v.Items {
		seconds += item.Seconds()
	}
	return time.Duration(seconds) * time.Second
}

// Item returns the item with an id.
func (v Version) Item(item id.ProgramItem) (Item, bool) {
	i := slices.IndexFunc(v.Items, func(it Item) bool { return it.ID == item })
	if i < 0 {
		return Item{}, false
	}
	return v.Items[i], true
}

// SessionsPerWeek returns the days a week of the most frequent item: what "5 times a week" means to a patient.
func (v Version) SessionsPerWeek() int {
	most := 0
	for _, item := range v.Items {
		most = max(most, item.Schedule.InWeek())
	}
	return most
}

// History is everything ever asked of a patient: versions by number, and pauses. Versions that were withdrawn before
// they started are kept apart, because nobody was asked to do them.
type History struct {
	Versions  []Version
	Pauses    []Pause
	Withdrawn []Withdrawal
}

// On returns the version that governs a day. Two versions may begin on the same day; the later one governs.
func (h History) On(day localtime.Date) (Version, bool) {
	for _, v := range slices.Backward(h.Versions) {
		if !day.Before(v.EffectiveFrom) {
			return v, true
		}
	}
	return Version{}, false
}

// Current returns the version of a day or, before the program starts, the first upcoming one.
func (h History) Current(day localtime.Date) (Version, error) {
	if len(h.Versions) == 0 {
		return Version{}, ErrNoProgram
	}
	if v, ok := h.On(day); ok {
		return v, nil
	}
	return slices.MinFunc(h.Versions, func(a, b Version) int {
		return cmp.Compare(a.EffectiveFrom.DaysSince(day), b.EffectiveFrom.DaysSince(day))
	}), nil
}

// Version returns the version with an id, also if it was withdrawn: a phone may not know that yet.
func (h History) Version(version id.ProgramVersion) (Version, bool) {
	if i := slices.IndexFunc(h.Versions, func(v Version) bool { return v.ID == version }); i >= 0 {
		return h.Versions[i], true
	}
	if i := slices.IndexFunc(h.Withdrawn, func(w Withdrawal) bool { return w.ID == version }); i >= 0 {
		return h.Withdrawn[i].Version, true
	}
	return Version{}, false
}

// Asked reports whether a version had started on a day and was not withdrawn.
func (h History) Asked(v Version, day localtime.Date) bool {
	return !v.IsAhead(day) && !h.isWithdrawn(v.ID)
}

// Start returns the first day of the program, or zero if there is none.
func (h History) Start() localtime.Date {
	var start localtime.Date
	for _, v := range h.Versions {
		if start.IsZero() || v.EffectiveFrom.Before(start) {
			start = v.EffectiveFrom
		}
	}
	return start
}

// NewVersion is a version to be published.
type NewVersion struct {
	ID            id.ProgramVersion
	EffectiveFrom localtime.Date
	Items         []NewItem
}

// NewItem is an item of a version to be published.
type NewItem struct {
	ID       id.ProgramItem
	Exercise string
	Dose     exercise.Dose
	Minimum  *exercise.Dose
	Schedule Schedule
}

// After returns the item with the minimum dose that its previous form had, if it is the same exercise and that minimum
// does not exceed the new dose.
func (n NewItem) After(old NewItem) NewItem {
	if n.ID == old.ID && n.Exercise == old.Exercise && old.Minimum != nil && !less(n.Dose, *old.Minimum) {
		n.Minimum = old.Minimum
	}
	return n
}

// build checks a new version and completes its items from the library. Today is the patient's.
func (n NewVersion) build(library *exercise.Library, today localtime.Date) ([]Item, error) {
	var wrong []fault.Violation
	if n.EffectiveFrom.Before(today) {
		wrong = append(wrong, fault.Violation{Pointer: "/effective_from", Code: "in-the-past"})
	}
	if n.EffectiveFrom.DaysSince(today) > maxPublishAhead {
		wrong = append(wrong, fault.Violation{Pointer: "/effective_from", Code: "too-far-ahead"})
	}
	items := make([]Item, len(n.Items))
	seen := map[id.ProgramItem]bool{}
	for i, item := range n.Items {
		at := "/items/" + strconv.Itoa(i)
		if seen[item.ID] {
			wrong = append(wrong, fault.Violation{Pointer: at + "/id", Code: "duplicate"})
		}
		seen[item.ID] = true
		found, err := library.Find(item.Exercise)
		if err != nil {
			wrong = append(wrong, fault.Violation{Pointer: at + "/exercise", Code: "unknown-exercise"})
			continue
		}
		wrong = append(wrong, item.check(at, found)...)
		if item.Dose.IsTimed() && item.Dose.Sets == 0 {
			item.Dose.Sets = 1 // "10 minutes" is one set of 10 minutes
		}
		items[i] = item.from(found)
	}
	return items, fault.Input(wrong...)
}

// In completes the item from the library. Module and seconds stay empty if the exercise is not there.
func (n NewItem) In(library *exercise.Library) Item {
	found, err := library.Find(n.Exercise)
	if err != nil {
		found = exercise.Exercise{}
	}
	return n.from(found)
}

func (n NewItem) from(e exercise.Exercise) Item {
	return Item{
		ID: n.ID, Exercise: n.Exercise, Module: e.Module, Dose: n.Dose, Minimum: n.Minimum, Schedule: n.Schedule,
		SecondsPerSet: e.SecondsPerSet, Revision: e.Revision,
	}
}

// check refuses a dose in other units than the exercise has, and an incomplete schedule.
func (n NewItem) check(at string, e exercise.Exercise) (wrong []fault.Violation) {
	doses := map[string]*exercise.Dose{"/dose": &n.Dose, "/minimum_dose": n.Minimum}
	for _, name := range []string{"/dose", "/minimum_dose"} {
		dose := doses[name]
		if dose == nil {
			continue
		}
		if timed := e.Default.IsTimed(); timed != dose.IsTimed() || !timed && (dose.Reps == 0 || dose.Sets == 0) ||
			dose.IsTimed() && dose.Reps > 0 {
			wrong = append(wrong, fault.Violation{Pointer: at + name, Code: "wrong-dose"})
		}
	}
	if len(wrong) == 0 && n.Minimum != nil && less(n.Dose, *n.Minimum) {
		wrong = append(wrong, fault.Violation{Pointer: at + "/minimum_dose", Code: "above-dose"})
	}
	switch {
	case n.Schedule.Kind == WeeklyQuota && n.Schedule.Quota == 0:
		wrong = append(wrong, fault.Violation{Pointer: at + "/schedule/sessions_per_week", Code: "required"})
	case n.Schedule.Kind == WeeklyQuota && len(n.Schedule.Days) > 0:
		wrong = append(wrong, fault.Violation{Pointer: at + "/schedule/days", Code: "not-with-quota"})
	case n.Schedule.Kind == FixedDays && len(n.Schedule.Days) == 0:
		wrong = append(wrong, fault.Violation{Pointer: at + "/schedule/days", Code: "required"})
	case n.Schedule.Kind == FixedDays && n.Schedule.Quota != 0:
		wrong = append(wrong, fault.Violation{Pointer: at + "/schedule/sessions_per_week", Code: "not-with-days"})
	}
	return wrong
}

func less(a, b exercise.Dose) bool {
	return a.Sets*a.Reps+a.Minutes*a.Sets < b.Sets*b.Reps+b.Minutes*b.Sets
}
