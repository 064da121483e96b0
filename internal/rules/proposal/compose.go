package proposal

import (
	"cmp"
	"math"
	"slices"

	"cadans/internal/record/dose"
	"cadans/internal/record/exercise"
	"cadans/internal/record/intake"
	"cadans/internal/record/program"
)

// Composition is what the rules make of a case: scores with reasons, and items that fit into the patient's time.
type Composition struct {
	Scores []Score // education first, then as Modules
	// StartsSmall asks for an if-then plan and contact within 7 days; see Case.Low.
	StartsSmall bool
	Caps        Caps
	Items       []program.NewItem // without ids
}

// Compose proposes a program. It depends on nothing but its arguments: the same case gives the same items.
func Compose(library *exercise.Library, c Case) Composition {
	scores := Scores(c)
	active, minds := Choose(c, scores, func(m exercise.Module) bool { _, ok := first(library, c, m, nil); return ok })
	chosen := map[exercise.Module]bool{}
	var wanted []exercise.Exercise
	for _, module := range slices.Concat(active, minds) {
		if e, ok := first(library, c, module, wanted); ok {
			wanted = append(wanted, e)
		}
	}
	wanted = seconds(library, c, active, wanted)
	items := fit(library, c, wanted)
	for _, item := range items {
		chosen[item.In(library).Module] = true
	}
	for i := range scores {
		scores[i].Chosen = chosen[scores[i].Module]
	}
	education := Score{Module: Education, Chosen: true, Because: []Because{{
		Rule: "always", Evidence: "KNGF low back pain 2021; Back2Action",
		NL: "Uitleg en in beweging blijven horen bij elk programma.",
		EN: "Explanation and staying active belong to every program.",
	}}}
	return Composition{
		Scores:      append([]Score{education}, scores...),
		Caps:        CapsOf(c),
		StartsSmall: c.Low(),
		Items:       items,
	}
}

// seconds fills places that are left with a second exercise of the active modules, the highest first, before the ones
// for the mind.
func seconds(
	library *exercise.Library, c Case, active []exercise.Module, wanted []exercise.Exercise,
) []exercise.Exercise {
	for _, module := range active {
		if len(wanted) >= CapsOf(c).Items {
			break
		}
		if e, ok := first(library, c, module, wanted); ok {
			wanted = append(wanted, e)
		}
	}
	return wanted
}

// preferred are the exercises that a module starts with, where they suit; then the library's order counts. Back and
// neck take turns, so that somebody with both gets one of each.
var preferred = []string{
	"pelvic-tilt-lying", "neck-rotation-lying", "knee-rolls-lying", "side-arm-raise", "bridge-small", "band-row-seated",
	"sit-to-stand-raised", "hip-hinge-wall", "chin-nod-lying", "walk-easy",
}

// first returns the exercise a module would add to what is wanted already: another chain, in the region, with equipment
// that is there.
func first(
	library *exercise.Library, c Case, module exercise.Module, wanted []exercise.Exercise,
) (exercise.Exercise, bool) {
	starts := slices.DeleteFunc(library.Filter(module, ""), func(e exercise.Exercise) bool { return e.Easier != "" })
	rank := func(e exercise.Exercise) int {
		if i := slices.Index(preferred, e.Slug); i >= 0 {
			return i
		}
		return len(preferred)
	}
	slices.SortStableFunc(starts, func(a, b exercise.Exercise) int { return cmp.Compare(rank(a), rank(b)) })
	for _, start := range starts {
		taken := slices.ContainsFunc(
			wanted, func(e exercise.Exercise) bool { return e.Slug == start.Slug || e.Easier == start.Slug },
		)
		if taken {
			continue
		}
		if e, ok := startLevel(library, c, start); ok {
			return e, true
		}
	}
	return exercise.Exercise{}, false
}

// severePain is the NPRS from which everybody starts with the easiest (design choice).
const severePain = 7

// startLevel returns the member of a chain to start with: the easiest, or the second for somebody whose goals are not
// limited and who trains twice a week. Nobody starts above the second.
func startLevel(library *exercise.Library, c Case, start exercise.Exercise) (exercise.Exercise, bool) {
	if c.Able && c.StrengthDays >= 2 && c.Pain < severePain && !c.Low() && start.Harder != "" {
		if second, err := library.Find(start.Harder); err == nil && suits(c, second) {
			return second, true
		}
	}
	return start, suits(c, start)
}

// suits reports whether an exercise is for the region that hurts, needs only what is there, and is not to be avoided.
func suits(c Case, e exercise.Exercise) bool {
	return inRegion(c.Region, e.Region) && !avoided(c, e.Slug) &&
		!slices.ContainsFunc(e.Equipment, func(needed string) bool {
			return !slices.Contains(c.Equipment, needed)
		})
}

func inRegion(hurts intake.Region, region string) bool {
	switch region {
	case "general":
		return true
	case "neck", "upper_back":
		return hurts.HasNeck()
	default:
		return hurts != intake.Neck
	}
}

// avoided reads the cautions of the library: standing or bending work needs balance, brisk walks and loaded squats need
// hips, knees and feet that can take it.
func avoided(c Case, slug string) bool {
	unsteady := []string{"march-standing", "roll-down-standing", "bird-dog"}
	lowerLimb := []string{"walk-brisk", "squat-backpack"}
	return c.Unsteady && slices.Contains(unsteady, slug) || c.LowerLimb && slices.Contains(lowerLimb, slug)
}

// daysOf returns on how many days a week an exercise begins, of those that the patient has. Sources: as for the dose;
// see package dose.
func daysOf(c Case, e exercise.Exercise) int {
	days := 5
	switch e.Module {
	case exercise.Strength:
		if e.Region != "neck" {
			days = 2
		}
	case exercise.Core:
		days = 2
	case exercise.Walking, exercise.Aerobic, exercise.Exposure:
		days = 3
	case exercise.Sleep, exercise.Stress:
		days = 7
	}
	if c.Low() {
		days = int(math.Ceil(float64(days*c.Settings.LowDaysPercent) / 100))
	}
	return min(days, c.Days)
}

// shortest is what minutes may shrink to when time is short.
const shortest = 5

// fit makes items of exercises and keeps the session within the patient's minutes: first what is timed gets shorter,
// then sets become one, then the last exercise goes. One item always stays.
func fit(library *exercise.Library, c Case, wanted []exercise.Exercise) []program.NewItem {
	items := make([]program.NewItem, len(wanted))
	for i, e := range wanted {
		items[i] = program.NewItem{
			Exercise: e.Slug, Dose: dose.Start(e),
			Schedule: program.Schedule{Kind: program.WeeklyQuota, Quota: daysOf(c, e), TimesPerDay: 1},
		}
	}
	for _, shrink := range []func(*exercise.Dose){
		func(d *exercise.Dose) { d.Minutes = min(d.Minutes, shortest) },
		func(d *exercise.Dose) { d.Sets = 1 },
	} {
		for i := len(items) - 1; i >= 0 && Seconds(library, items) > c.Minutes*60; i-- {
			shrink(&items[i].Dose)
		}
	}
	for len(items) > 1 && Seconds(library, items) > c.Minutes*60 {
		items = items[:len(items)-1]
	}
	for i := range items {
		items[i].Minimum = dose.Least(items[i].Dose)
	}
	return items
}

// Seconds estimates a session with all items in it.
func Seconds(library *exercise.Library, items []program.NewItem) int {
	total := 0
	for _, item := range items {
		total += item.In(library).Seconds()
	}
	return total
}
