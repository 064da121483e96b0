package proposal

import (
	"cmp"
	"slices"

	"cadans/internal/record/exercise"
	"cadans/internal/record/intake"
	"cadans/internal/record/rulebook"
)

// Caps limit a program, so that it stays small enough to be done.
type Caps struct {
	Items  int
	Active int // physical modules
	Mind   int // mental modules
}

// CapsOf returns the limits of a program.
func CapsOf(c Case) Caps {
	facts := c.facts()
	most := book.Caps[slices.IndexFunc(book.Caps, func(r rulebook.Cap) bool { return r.When.Holds(facts) })]
	minds := book.Minds[slices.IndexFunc(book.Minds, func(r rulebook.Mind) bool { return r.When.Holds(facts) })]
	return Caps{Items: most.Items, Active: most.Active, Mind: minds.Most}
}

// Needs are the modules that a case asks for whatever else it says, even if the patient dislikes them: exercises
// against fear for much fear of movement (M-1), and walking after recovery (WalkBack).
func (c Case) Needs() (needs []exercise.Module) {
	if c.Fear >= muchFear {
		needs = append(needs, exercise.Exposure)
	}
	if c.Phase == intake.Recovered {
		needs = append(needs, exercise.Walking)
	}
	return needs
}

// Choose picks modules by score: first the mental ones, whose places are reserved, then the physical ones: what the
// case needs, then the highest score first. A module without suitable exercises, for lack of equipment, yields its
// place to the next. What the case needs takes no place from the strongest of the others, nor from a mental module:
// then there are more items than the cap, but at most four. If nothing is left, it is walking. Rule M-12: walking makes
// other endurance training unnecessary, unless the patient likes that or walking is difficult.
func Choose(c Case, scores []Score, offers func(exercise.Module) bool) (active, minds []exercise.Module) {
	caps := CapsOf(c)
	needs := slices.DeleteFunc(c.Needs(), func(m exercise.Module) bool { return !offers(m) })
	scores = slices.DeleteFunc(slices.Clone(scores), func(s Score) bool { return !offers(s.Module) })
	moves := func(m exercise.Module) bool { return !slices.Contains(mind, m) && !slices.Contains(needs, m) }
	calms := func(m exercise.Module) bool { return slices.Contains(mind, m) }
	minds = best(c, scores, c.Settings.MindThreshold, caps.Mind, calms)
	kept := max(len(needs)+strongest(c, scores, moves, minds), 1)
	minds = minds[:min(len(minds), max(caps.Items-kept, 1))]
	room := max(min(caps.Active, caps.Items-len(minds)), kept) - len(needs)
	walks := func(m exercise.Module) bool { return m == exercise.Walking }
	if !c.likes(exercise.Aerobic) && !c.WalkLimited {
		others := best(
			c, scores, c.Settings.ActiveThreshold, room,
			func(m exercise.Module) bool { return moves(m) && m != exercise.Aerobic },
		)
		if active = slices.Concat(needs, others); slices.ContainsFunc(active, walks) {
			return active, minds
		}
	}
	active = slices.Concat(needs, best(c, scores, c.Settings.ActiveThreshold, room, moves))
	if len(active) == 0 {
		active = []exercise.Module{exercise.Walking}
	}
	return active, minds
}

// strongest is 1 where a module that moves the body, and is not needed anyway, has as many points as those for the
// mind: then its place is kept as well.
func strongest(c Case, scores []Score, moves func(exercise.Module) bool, minds []exercise.Module) int {
	top := best(c, scores, c.Settings.ActiveThreshold, 1, moves)
	if len(top) == 0 || len(minds) > 0 && pointsOf(scores, top[0]) < pointsOf(scores, minds[0]) {
		return 0
	}
	return 1
}

func pointsOf(scores []Score, m exercise.Module) int {
	return scores[slices.IndexFunc(scores, func(s Score) bool { return s.Module == m })].Points
}

// best returns up to n modules of a group with at least a given score. It never includes what the patient dislikes.
func best(c Case, scores []Score, from, n int, in func(exercise.Module) bool) []exercise.Module {
	candidates := slices.DeleteFunc(slices.Clone(scores), func(s Score) bool {
		return s.Points < from || !in(s.Module) || c.dislikes(s.Module)
	})
	slices.SortStableFunc(candidates, func(a, b Score) int { return cmp.Compare(b.Points, a.Points) })
	var modules []exercise.Module
	for _, s := range candidates[:min(n, len(candidates))] {
		modules = append(modules, s.Module)
	}
	return modules
}
