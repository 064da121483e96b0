package proposal

import (
	"cmp"
	"math"
	"slices"

	"cadans/internal/record/exercise"
	"cadans/internal/record/intake"
	"cadans/internal/record/program"
)

// Composition is the result of the rules for a case: scores with reasons, and items that fit into the patient's time.
type Composition struct {
	Scores []Score // education first, then in the order of Modules
	// StartsSmall calls for an if-then plan and contact within 7 days; see Case.Low.
	StartsSmall bool
	Caps        Caps
	Items       []program.NewItem // without ids
}

// Compose proposes a program. The result depends only on the arguments.
func Compose(library *exercise.Library, c Case) Composition {
	scores := Scores(c)
	active, minds := Choose(c, scores, func(m exercise.Module) bool { _, ok := nextFor(library, c, m, nil); return ok })
	chosen := map[exercise.Module]bool{}
	var wanted []exercise.Exercise
	for _, module := range slices.Concat(active, minds) {
		if e, ok := nextFor(library, c, module, wanted); ok {
			wanted = append(wanted, e)
		}
	}
	wanted = addSecondExercises(library, c, active, wanted)
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

// addSecondExercises fills the remaining places with a second exercise of the active modules, highest score first,
// before the mental modules.
func addSecondExercises(
	library *exercise.Library, c Case, active []exercise.Module, wanted []exercise.Exercise,
) []exercise.Exercise {
	for _, module := range active {
		if len(wanted) >= CapsOf(c).Items {
			break
		}
		if e, ok := nextFor(library, c, module, wanted); ok {
			wanted = append(wanted, e)
		}
	}
	return wanted
}

// preferred are the exercises with which a module starts, if they are suitable; then the library's order counts. Back
// and neck alternate, so that somebody with both complaints gets one of each.
var preferred = []string{
	"pelvic-tilt-lying", "neck-rotation-lying", "knee-rolls-lying", "side-arm-raise", "bridge-small", "band-row-seated",
	"sit-to-stand-raised", "hip-hinge-wall", "chin-nod-lying", "walk-easy",
}

// nextFor returns the next exercise of a module: from a chain not used yet, for the region, with the available
// equipment.
func nextFor(
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

// severePain is the NPRS from which everybody starts with the easiest exercise (design choice).
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

// suits reports whether an exercise is for the painful region, needs only the available equipment, and is not to be
// avoided.
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

// avoided applies the cautions of the library: standing and bending exercises need balance; brisk walks and loaded
// squats need healthy hips, knees and feet.
func avoided(c Case, slug string) bool {
	unsteady := []string{"march-standing", "roll-down-standing", "bird-dog"}
	lowerLimb := []string{"walk-brisk", "squat-backpack"}
	return c.Unsteady && slices.Contains(unsteady, slug) || c.LowerLimb && slices.Contains(lowerLimb, slug)
}

// dose returns the first or second level of a module's dose, and on how many days a week. Sources: KNGF hip and knee
// osteoarthritis as the Dutch substitute for strength and endurance; Andersen 2011 for the neck; the rest are design
// choices.
func dose(c Case, e exercise.Exercise) (exercise.Dose, int) {
	d, days := e.Default, 5
	switch e.Module {
	case exercise.Strength:
		if e.Region != "neck" {
			d.Sets, d.Reps, days = 2, 8, 2
			if e.Easier != "" {
				d.Reps = 10
			}
		}
	case exercise.Core:
		d.Sets, d.Reps, days = min(d.Sets, 2), min(d.Reps, 8), 2
	case exercise.Mobility:
		d.Sets, d.Reps = min(d.Sets, 2), min(d.Reps, 10)
	case exercise.Walking, exercise.Aerobic:
		d.Minutes, days = 10, 3
	case exercise.Exposure:
		d.Sets, d.Reps, days = 1, min(d.Reps, 8), 3
	case exercise.Sleep, exercise.Stress:
		days = 7
	}
	if c.Low() {
		days = int(math.Ceil(float64(days*c.Settings.LowDaysPercent) / 100))
	}
	return d, min(days, c.Days)
}

// minimumDose is the minimum that counts on a bad day: one set, or two minutes.
func minimumDose(d exercise.Dose) *exercise.Dose {
	least := d
	least.Sets = 1
	if d.IsTimed() {
		least.Minutes = min(2, d.Minutes)
	}
	if least == d {
		return nil
	}
	return &least
}

// shortest is the minimum in minutes to which timed exercises may be shortened.
const shortest = 5

// fit turns exercises into items and keeps the session within the patient's minutes: it first shortens timed exercises,
// then reduces sets to one, then drops exercises from the end. At least one item remains.
func fit(library *exercise.Library, c Case, wanted []exercise.Exercise) []program.NewItem {
	items := make([]program.NewItem, len(wanted))
	for i, e := range wanted {
		d, days := dose(c, e)
		items[i] = program.NewItem{
			Exercise: e.Slug, Dose: d,
			Schedule: program.Schedule{Kind: program.WeeklyQuota, Quota: days, TimesPerDay: 1},
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
		items[i].Minimum = minimumDose(items[i].Dose)
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
