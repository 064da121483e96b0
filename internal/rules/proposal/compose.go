package proposal

import (
	"cmp"
	"math"
	"slices"

	"cadans/internal/record/exercise"
	"cadans/internal/record/intake"
	"cadans/internal/record/program"
	"cadans/internal/record/rulebook"
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
	offers := func(m exercise.Module) bool { _, ok := first(library, c, m, nil); return ok }
	needs := needed(c, scores, offers)
	active, minds := choose(c, scores, needs, offers)
	plan := session{library: library, c: c}
	for _, module := range slices.Concat(active, minds) {
		if e, ok := first(library, c, module, plan.exercises); ok {
			plan.add(e)
		}
	}
	plan.needs = lasting(needs, active, minds, scores)
	plan.keep = kept(plan.needs, active)
	plan.fit()
	plan.fill(active)
	chosen := map[exercise.Module]bool{}
	for _, e := range plan.exercises {
		chosen[e.Module] = true
	}
	for i := range scores {
		scores[i].Chosen = chosen[scores[i].Module]
		scores[i].Because = append(scores[i].Because, withheld(library, c, scores[i].Module)...)
	}
	education := Score{Module: Education, Chosen: true}
	education.add(because("always", 0, book.Always.Evidence, book.Always.Text))
	return Composition{
		Scores:      append([]Score{education}, scores...),
		Caps:        CapsOf(c),
		StartsSmall: c.Low(),
		Items:       plan.done(),
	}
}

// kept are the modules that want of time never takes: those that are needed, and the one with the most points.
func kept(needs, active []exercise.Module) []exercise.Module {
	keep := slices.Clone(needs)
	for _, module := range active {
		if !slices.Contains(keep, module) {
			return append(keep, module) // the highest of the others
		}
	}
	return keep
}

// preferred are the exercises with which a module starts, if they are suitable; then the library's order counts. Back
// and neck alternate, so that somebody with both complaints gets one of each.
var preferred = []string{
	"pelvic-tilt-lying", "neck-rotation-lying", "knee-rolls-lying", "side-arm-raise", "bridge-small", "band-row-seated",
	"sit-to-stand-raised", "hip-hinge-wall", "chin-nod-lying", "walk-easy",
}

// first returns the exercise a module would add to what is wanted already: another chain, in the region, with equipment
// that is there.
func first(
	library *exercise.Library, c Case, module exercise.Module, wanted []exercise.Exercise,
) (exercise.Exercise, bool) {
	for _, start := range startsOf(library, module) {
		chain := library.Chain(start)
		isTaken := slices.ContainsFunc(wanted, func(e exercise.Exercise) bool {
			return slices.ContainsFunc(chain, func(member exercise.Exercise) bool { return member.Slug == e.Slug })
		})
		if e, ok := startLevel(library, c, chain); ok && !isTaken {
			return e, true
		}
	}
	return exercise.Exercise{}, false
}

// startsOf returns the first members of the chains of a module, the preferred ones first.
func startsOf(library *exercise.Library, module exercise.Module) []exercise.Exercise {
	starts := slices.DeleteFunc(library.Filter(module, ""), func(e exercise.Exercise) bool { return e.Easier != "" })
	rank := func(e exercise.Exercise) int {
		if i := slices.Index(preferred, e.Slug); i >= 0 {
			return i
		}
		return len(preferred)
	}
	slices.SortStableFunc(starts, func(a, b exercise.Exercise) int { return cmp.Compare(rank(a), rank(b)) })
	return starts
}

// startLevel returns the member of a chain to start with: the easiest that is there, or the second for somebody whose
// goals are not limited and who trains twice a week. Nobody starts above the second, and with severe pain nobody above
// the first. What is harder than an exercise to avoid is avoided as well.
func startLevel(library *exercise.Library, c Case, chain []exercise.Exercise) (exercise.Exercise, bool) {
	most := 2
	if c.Pain >= severePain {
		most = 1
	}
	chain = chain[:min(most, len(chain))]
	if i := slices.IndexFunc(chain, func(e exercise.Exercise) bool { return avoided(library, c, e.Slug) }); i >= 0 {
		chain = chain[:i]
	}
	chain = slices.DeleteFunc(slices.Clone(chain), func(e exercise.Exercise) bool { return !suits(c, e) })
	if len(chain) == 0 {
		return exercise.Exercise{}, false
	}
	if c.Able && c.StrengthDays >= 2 && !c.Low() {
		return chain[len(chain)-1], true
	}
	return chain[0], true
}

const shoes = "shoes" // everybody has them: walking needs nothing

// suits reports whether an exercise is for the painful region, and needs only the available equipment.
func suits(c Case, e exercise.Exercise) bool {
	return inRegion(c.Region, e.Region) && !slices.ContainsFunc(e.Equipment, func(needed string) bool {
		return needed != shoes && !slices.Contains(c.Equipment, needed)
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

// avoided reports whether a caution of the rulebook keeps the exercise from the case.
func avoided(library *exercise.Library, c Case, slug string) bool {
	_, is := c.cautious().Against(library, slug)
	return is
}

// withheld tells why a module has no exercise left: the cautions that keep those for the region from it.
func withheld(library *exercise.Library, c Case, module exercise.Module) (reasons []Because) {
	if _, ok := first(library, c, module, nil); ok {
		return nil
	}
	for _, r := range book.Cautions {
		keeps := slices.ContainsFunc(library.Filter(module, ""), func(e exercise.Exercise) bool {
			return inRegion(c.Region, e.Region) && slices.Contains(r.Exercises, e.Slug)
		})
		if keeps && r.When.Holds(c.cautious().Facts()) {
			reasons = append(reasons, because(r.ID, 0, r.Evidence, r.Text))
		}
	}
	return reasons
}

// daysOf returns on how many days a week an exercise begins, of those that the patient has.
func daysOf(c Case, e exercise.Exercise) int {
	days := book.Days[slices.IndexFunc(book.Days, func(d rulebook.Days) bool {
		return d.Module == string(e.Module) && (d.Region == "" || d.Region == e.Region)
	})].Days
	if c.Low() {
		days = int(math.Ceil(float64(days*c.Settings.LowDaysPercent) / 100))
	}
	return min(days, c.Days)
}
