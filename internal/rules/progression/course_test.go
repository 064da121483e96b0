package progression

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/words"
	"cadans/internal/record/exercise"
	"cadans/internal/record/intake"
	"cadans/internal/record/program"
	"cadans/internal/record/settings"
	"cadans/pkg/localtime"
)

// course is one exercise of somebody over twelve weeks: what was asked, how it went, and what the rules made of it.
type course struct {
	t         *testing.T
	library   *exercise.Library
	random    *rand.Rand
	facts     Facts
	item      program.Item
	regresses []localtime.Date
	tally     map[string]int // by rule, and for what is held by reason
}

// Every exercise with many doses, schedules and ways to answer, decided after each session of twelve weeks: over a
// million decisions, and none breaks a promise.
func TestAMillionDecisions(t *testing.T) {
	t.Parallel()
	library, err := exercise.Load()
	require.NoError(t, err)
	tally, decisions := map[string]int{}, 0
	random := rand.New(rand.NewPCG(2, 3))
	wanted := 1_000_000
	if testing.Short() {
		wanted = 200_000
	}
	for decisions < wanted {
		for _, e := range library.All() {
			c := begin(t, library, e, random)
			c.tally = tally
			decisions += c.run()
		}
	}
	t.Logf("%d decisions: %v", decisions, tally)
	for _, said := range []string{
		string(Progress), string(Regress), string(Task), "progression.hold.changed", "progression.hold.acute",
		"progression.hold.few_sessions", "progression.hold.pain_unknown", "progression.hold.settling_unknown",
		"progression.hold.pain_high", "progression.hold.unsettled", "progression.hold.settling",
		"progression.hold.core",
	} {
		require.NotZero(t, tally[said], "%s was never decided", said)
	}
}

func begin(t *testing.T, library *exercise.Library, e exercise.Exercise, random *rand.Rand) *course {
	dose := e.Default
	dose.Sets = 1 + random.IntN(4)
	if e.Default.IsTimed() {
		dose.Minutes = 1 + random.IntN(40)
	} else {
		dose.Reps = 1 + random.IntN(20)
	}
	c := &course{t: t, library: library, random: random, item: program.NewItem{
		ID: "i1", Exercise: e.Slug, Dose: dose,
		Schedule: program.Schedule{Kind: program.WeeklyQuota, Quota: 1 + random.IntN(7), TimesPerDay: 1},
	}.In(library)}
	phases := []intake.Phase{intake.Acute, intake.Subacute, intake.Chronic, intake.Chronic, intake.Recovered}
	c.facts = Facts{
		Module: e.Module, StepSince: day0, Phase: phases[random.IntN(len(phases))], Fear: random.IntN(11),
		Radicular: random.IntN(4) == 0, Settings: settings.Defaults(),
	}
	return c
}

// run lives through twelve weeks, and returns how many decisions were made.
func (c *course) run() (decisions int) {
	pain, careless := c.random.IntN(6), c.random.IntN(8) == 0
	for day := range 84 {
		c.facts.Today = day0.AddDays(day)
		if c.settle(func() *bool { return c.settled(careless) }) {
			c.decide()
			decisions++
		}
		if c.random.IntN(7) < c.item.Schedule.Quota {
			c.facts.Entries = append(c.facts.Entries, c.session(pain, careless))
			c.decide()
			decisions++
		}
	}
	return decisions
}

// settle tells in the morning whether the pain of the day before has settled; false where nothing was done.
func (c *course) settle(settled func() *bool) bool {
	n := len(c.facts.Entries)
	if n == 0 || !c.facts.Entries[n-1].Recent {
		return false
	}
	c.facts.Entries[n-1].Recent, c.facts.Entries[n-1].Settled = false, settled()
	return true
}

func (c *course) settled(careless bool) *bool {
	if careless && c.random.IntN(3) == 0 {
		return nil
	}
	return some(c.random.IntN(12) > 0)
}

// session is a session of today, with answers around a usual pain.
func (c *course) session(usual int, careless bool) Entry {
	before := min(max(usual+c.random.IntN(3)-1, 0), 10)
	e := Entry{
		Date: c.facts.Today, Before: some(before), Pain: some(min(max(before+c.random.IntN(6)-2, 0), 10)),
		After: some(min(max(before+c.random.IntN(4)-1, 0), 10)), Effort: some(2 + c.random.IntN(6)),
		CouldDoMore: some(c.random.IntN(4) > 0), Danger: some(c.random.IntN(8)), Recent: true,
	}
	for _, answer := range []**int{&e.Pain, &e.Effort, &e.Danger} {
		if careless && c.random.IntN(6) == 0 {
			*answer = nil
		}
	}
	return e
}

// decide decides, holds the decision against the promises, and takes the step. What was done before it was at
// another dose.
func (c *course) decide() {
	f := c.facts
	f.Expected7 = min(f.Today.DaysSince(f.StepSince), window) * c.item.Schedule.Quota
	for _, day := range c.regresses {
		if f.Today.DaysSince(day) < regressWindow {
			f.Regressed++
		}
	}
	v, after, taken := Judge(c.library, f, c.item)
	c.hold(f, v)
	c.tally[string(v.Rule)]++
	isSame := after.Exercise == c.item.Exercise && after.Dose == c.item.Dose
	if isStep := v.Rule == Progress || v.Rule == Regress; isStep != taken || taken == isSame {
		c.t.Fatalf("%s of %+v is %+v", v.Rule, c.item, after)
	}
	if v.Rule == Hold {
		c.tally[reasonOf(f)]++
	}
	if !taken {
		if e, _ := c.library.Find(c.item.Exercise); v.Rule == Hold && v.Because[0] == topReached && e.Harder != "" {
			c.t.Fatalf("%+v has a harder exercise", c.item)
		}
		return
	}
	if v.Rule == Regress {
		c.regresses = append(c.regresses, f.Today)
	}
	c.item, c.facts.StepSince, c.facts.Entries = after, f.Today, nil
}

var topReached = words.Keep("progression.hold.top")

// reasonOf is the key of why a dose is held, found anew in the order in which the package says it asks.
func reasonOf(f Facts) string {
	for _, key := range []string{
		"progression.hold.changed", "progression.hold.acute", "progression.hold.few_sessions",
		"progression.hold.missed", "progression.hold.pain_unknown", "progression.hold.settling_unknown",
		"progression.hold.pain_high", "progression.hold.unsettled", "progression.hold.settling",
		"progression.hold.core",
	} {
		said := verdict(Hold, key, "days", f.Settings.DaysBetween)
		if Decide(f).Because[0].EN == said.Because[0].EN {
			return key
		}
	}
	return "other"
}

// hold fails when a decision breaks a promise.
func (c *course) hold(f Facts, v Verdict) {
	c.t.Helper()
	broken := ""
	switch {
	case v.Rule == Progress && f.Today.DaysSince(f.StepSince) < 7:
		broken = "two changes within a week"
	case v.Rule == Progress:
		broken = c.tooSoon(f)
	case (v.Rule == Regress || v.Rule == Task) && !c.isReasonToStepDown(f):
		broken = "a step down without two bad sessions"
	}
	if broken != "" {
		c.t.Fatalf("%s: %s after %+v", broken, v.Rule, f)
	}
}

// tooSoon says in its own words why a step up would be wrong; empty when it is right.
func (c *course) tooSoon(f Facts) string {
	recent := f.within(14)
	last := recent[max(0, len(recent)-2):]
	switch {
	case f.Phase == intake.Acute:
		return "in the first six weeks"
	case len(recent) < 3:
		return "fewer than three sessions"
	}
	for _, e := range recent {
		if e.Pain == nil || e.Settled == nil && !e.Recent {
			return "an answer is missing"
		}
		if e.Effort == nil && f.Module != exercise.Exposure {
			return "effort is missing"
		}
	}
	for _, e := range last {
		if e.Danger == nil && f.Module == exercise.Exposure {
			return "the rating is missing"
		}
		for _, score := range []*int{e.Before, e.Pain, e.After} {
			if *score > 5 {
				return "pain above five in the last two sessions"
			}
			if f.Module == exercise.Core && *score > *e.Before {
				return "core work with a rise of pain"
			}
		}
		if e.Settled != nil && !*e.Settled {
			return "the last two sessions did not both settle"
		}
		if rise := max(*e.Pain, *e.After) - *e.Before; e.Settled == nil && rise > 2 {
			return "a rise above two that may not settle"
		}
	}
	return ""
}

// isReasonToStepDown reports whether two of the last three sessions were bad, or one with pain of a nerve root. Above 5
// or unsettled is bad in any case that the rules know.
func (c *course) isReasonToStepDown(f Facts) bool {
	bad, unsettled := 0, 0
	for _, e := range f.Entries[max(0, len(f.Entries)-3):] {
		didNotSettle := e.Settled != nil && !*e.Settled
		if didNotSettle {
			unsettled++
		}
		if didNotSettle || e.Pain != nil && *e.Pain > 5 || *e.After > 5 {
			bad++
		}
	}
	return bad >= 2 || f.Radicular && unsettled > 0
}

// answers is how somebody answers in each session of a week.
var answers = map[rune]func(e *Entry, nth, of int){
	'g': func(*Entry, int, int) {},                                        // all well
	'p': func(e *Entry, _, _ int) { e.Pain = some(6) },                    // pain 6 during
	'7': func(e *Entry, _, _ int) { e.Pain = some(7) },                    // pain 7 during
	'b': func(e *Entry, _, _ int) { e.Before, e.Pain = some(6), some(6) }, // pain 6 before and during
	'c': func(e *Entry, _, _ int) { e.Pain = some(3) },                    // a rise of 1
	'r': func(e *Entry, _, _ int) { e.Pain = some(5) },                    // a rise of 3 that settles by next morning
	'h': func(e *Entry, _, _ int) { e.Effort = some(8) },                  // hard
	'k': func(e *Entry, _, _ int) { e.CouldDoMore = some(false) },         // no two repetitions more
	'd': func(e *Entry, _, _ int) { e.Danger = some(2) },                  // hardly dangerous
	'N': func(e *Entry, _, _ int) { e.Pain = nil },                        // pain never answered
	'n': func(e *Entry, nth, _ int) { // pain not answered on the first day
		if nth == 0 {
			e.Pain = nil
		}
	},
	'U': func(*Entry, int, int) {}, // pain of the last day does not settle
	'1': nil,                       // only the first day is done, and well
	'-': nil,                       // nothing is done
}

// days of a week on which a quota is done.
var days = map[int][]int{2: {0, 3}, 3: {0, 2, 4}, 5: {0, 1, 2, 3, 4}, 7: {0, 1, 2, 3, 4, 5, 6}}

// Twenty-two courses of twelve weeks, worked out by hand: what is asked on the last day of each week. Decisions are
// taken after each session and the next morning, and every step is allowed.
func TestCoursesByHand(t *testing.T) {
	t.Parallel()
	const allWell = "bridge-small 2x8, 2x9, 2x10, bridge 2x9, 2x10, 2x12, bridge-single-leg 2x6, 2x7, 2x8, 2x9, " +
		"2x10, 2x12"
	same := func(dose string) string { return dose + strings.Repeat(", "+dose[strings.Index(dose, " ")+1:], 11) }
	for name, tc := range map[string]struct {
		from   program.NewItem
		weeks  string
		change func(*Facts)
		want   string
	}{
		"all well": {asked("bridge-small", 2, 8, 3), "gggggggggggg", nil, allWell},
		"twice a week": {asked("bridge-small", 2, 8, 2), "gggggggggggg", nil,
			"bridge-small 2x8, 2x9, 2x10, 2x10, bridge 2x9, 2x10, 2x10, 2x12, bridge-single-leg 2x6, 2x6, 2x7, 2x8"},
		"pain rises and settles":  {asked("bridge-small", 2, 8, 3), "rrrrrrrrrrrr", nil, allWell},
		"the first six weeks":     {asked("bridge-small", 2, 8, 3), "gggggggggggg", acute, same("bridge-small 2x8")},
		"pain never answered":     {asked("bridge-small", 2, 8, 3), "NNNNNNNNNNNN", nil, same("bridge-small 2x8")},
		"pain seldom answered":    {asked("bridge-small", 2, 8, 3), "nnnnnnnnnnnn", nil, same("bridge-small 2x8")},
		"pain before":             {asked("bridge-small", 2, 8, 3), "bbbbbbbbbbbb", nil, same("bridge-small 2x8")},
		"much fear, pain 7":       {asked("bridge-small", 2, 8, 3), "777777777777", fear, same("bridge-small 2x8")},
		"no repetitions to spare": {asked("bridge-small", 2, 8, 3), "kkkkkkkkkkkk", nil, same("bridge-small 2x8")},
		"once a week of three":    {asked("bridge-small", 2, 8, 3), "111111111111", nil, same("bridge-small 2x8")},
		"six hard weeks": {asked("bridge-small", 2, 8, 3), "gghhhhhhgggg", nil,
			"bridge-small 2x8, 2x9, 2x10, 2x10, 2x10, 2x10, 2x10, 2x10, 2x10, bridge 2x9, 2x10, 2x12"},
		"a week of pain": {asked("bridge-small", 2, 8, 3), "ggpggggggggg", nil,
			"bridge-small 2x8, 2x9, 2x6, 2x7, 2x8, 2x9, 2x10, bridge 2x9, 2x10, 2x12, bridge-single-leg 2x6, 2x7"},
		"not settled once": {asked("bridge-small", 2, 8, 3), "ggUggggggggg", nil, allWell},
		"not settled once, nerve root": {asked("bridge-small", 2, 8, 3), "ggUggggggggg", radicular,
			"bridge-small 2x8, 2x9, 2x7, 2x8, 2x9, 2x10, bridge 2x9, 2x10, 2x12, bridge-single-leg 2x6, 2x7, 2x8"},
		"pain all the time": {asked("bridge", 3, 10, 3), "pppppppppppp", nil,
			"bridge 3x7, bridge-small 2x10, 2x10, 2x10, 2x7, 2x4, 2x4, 2x4, 2x3, 1x3, 1x3, 1x3"},
		"four weeks away": {asked("bridge-small", 2, 8, 3), "gg----gggggg", nil,
			"bridge-small 2x8, 2x9, 2x9, 2x9, 2x9, 2x9, 2x9, 2x10, bridge 2x9, 2x10, 2x12, bridge-single-leg 2x6"},
		"core work": {asked("heel-slide-brace", 2, 8, 3), "gggggggggggg", nil,
			"heel-slide-brace 2x8, 2x9, 2x10, dead-bug-legs 2x8, 2x9, 2x10, " +
				"dead-bug-full 2x6, 2x7, 2x8, 2x9, 2x10, 2x10"},
		"core work that hurts more": {asked("heel-slide-brace", 2, 8, 3), "cccccccccccc", nil,
			same("heel-slide-brace 2x8")},
		"walking": {asked("walk-easy", 1, 10, 3), "gggggggggggg", nil,
			"walk-easy 10, 12, 14, 16, 19, 20, walk-brisk 15, 18, 21, 25, 30, 30"},
		"neck and shoulders": {asked("side-arm-raise", 2, 12, 5), "gggggggggggg", nil,
			"side-arm-raise 2x12, 2x14, 2x15, band-side-raise 2x12, 2x14, 2x15, 2x15, 2x15, 2x15, 2x15, 2x15, 2x15"},
		"breathing": {asked("belly-breathing", 1, 5, 7), "gggggggggggg", nil,
			"belly-breathing 5, 6, 7, 8, 9, 10, slow-breathing 10, 12, 14, 15, 15, 15"},
		"bending that was feared": {asked("seated-forward-bend", 1, 8, 3), "ggdddddddddd", fear,
			"seated-forward-bend 1x8, 1x8, roll-down-standing 1x6, floor-pick-up-light 1x6, " +
				"floor-pick-up-loaded 1x3, 1x4, 1x5, 1x6, 1x6, 1x6, 1x6, 1x6"},
	} {
		if got := lived(t, tc.from, tc.weeks, tc.change); got != tc.want {
			t.Errorf("%s\nwant %s\ngot  %s", name, tc.want, got)
		}
	}
}

func acute(f *Facts)     { f.Phase = intake.Acute }
func fear(f *Facts)      { f.Fear = 8 }
func radicular(f *Facts) { f.Radicular = true }

// asked is an exercise with sets of an amount, repetitions or minutes, so many days a week.
func asked(slug string, sets, amount, quota int) program.NewItem {
	return program.NewItem{
		ID: "i1", Exercise: slug, Dose: exercise.Dose{Sets: sets, Reps: amount},
		Schedule: program.Schedule{Kind: program.WeeklyQuota, Quota: quota, TimesPerDay: 1},
	}
}

// lived returns what is asked at the end of each week of a course.
func lived(t *testing.T, from program.NewItem, weeks string, change func(*Facts)) string {
	library, err := exercise.Load()
	require.NoError(t, err)
	e, err := library.Find(from.Exercise)
	require.NoError(t, err)
	if e.Default.IsTimed() {
		from.Dose.Minutes, from.Dose.Reps = from.Dose.Reps, 0
	}
	c := &course{t: t, library: library, item: from.In(library), tally: map[string]int{}}
	c.facts = Facts{Module: e.Module, StepSince: day0, Phase: intake.Chronic, Fear: 2, Settings: settings.Defaults()}
	if change != nil {
		change(&c.facts)
	}
	var asked []string
	slug := ""
	for week, code := range weeks {
		c.week(day0.AddDays(7*week), code)
		if c.item.Exercise != slug {
			slug = c.item.Exercise
			asked = append(asked, slug+" "+amount(c.item.Dose))
		} else {
			asked = append(asked, amount(c.item.Dose))
		}
	}
	return strings.Join(asked, ", ")
}

// week lives through a week of a course.
func (c *course) week(monday localtime.Date, code rune) {
	on := days[c.item.Schedule.Quota]
	for i := range 7 {
		c.facts.Today = monday.AddDays(i)
		unsettled := code == 'U' && i == on[len(on)-1]+1
		if c.settle(func() *bool { return some(!unsettled) }) {
			c.decide()
		}
		nth := slices.Index(on, i)
		if nth < 0 || code == '-' || code == '1' && nth > 0 {
			continue
		}
		c.facts.Entries = append(c.facts.Entries, Entry{
			Date:        c.facts.Today,
			Before:      some(2),
			Pain:        some(2),
			After:       some(2),
			Effort:      some(5),
			CouldDoMore: some(true),
			Danger:      some(8),
			Recent:      true,
		})
		c.told(code, nth, len(on))
		c.decide()
	}
}

// told changes the last session by what its week says.
func (c *course) told(code rune, nth, of int) {
	if change := answers[code]; change != nil {
		change(&c.facts.Entries[len(c.facts.Entries)-1], nth, of)
	}
}

func amount(d exercise.Dose) string {
	if d.IsTimed() {
		return fmt.Sprint(d.Minutes)
	}
	return fmt.Sprintf("%dx%d", d.Sets, d.Reps)
}
