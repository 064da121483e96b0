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

// needed are the modules that a case needs and that have something to offer. What the strongest factor asks for is
// one of them, where the points alone would leave it out.
func needed(c Case, scores []Score, offers func(exercise.Module) bool) []exercise.Module {
	needs := slices.DeleteFunc(c.Needs(), func(m exercise.Module) bool { return !offers(m) })
	active, minds := choose(c, scores, needs, offers)
	asked := askedFor(scores)
	if slices.ContainsFunc(slices.Concat(active, minds), func(m exercise.Module) bool {
		return slices.Contains(asked, m)
	}) {
		return needs
	}
	i := slices.IndexFunc(asked, func(m exercise.Module) bool { return offers(m) && !c.dislikes(m) })
	if i < 0 {
		return needs
	}
	return append(needs, asked[i])
}

// lasting are the modules that stay whatever the time: those that are needed, and what the strongest factor asks for,
// unless one for the mind does it, which takes no time.
func lasting(needs, active, minds []exercise.Module, scores []Score) []exercise.Module {
	asked := askedFor(scores)
	isAsked := func(m exercise.Module) bool { return slices.Contains(asked, m) }
	if slices.ContainsFunc(slices.Concat(needs, minds), isAsked) {
		return needs
	}
	if i := slices.IndexFunc(active, isAsked); i >= 0 {
		return append(slices.Clone(needs), active[i])
	}
	return needs
}

// askedFor are the modules to which the strongest factor gives points, those with the most points first: the rule that
// gives a module the most, apart from where each begins and what the patient wishes. Of several equally strong ones it
// is each.
func askedFor(scores []Score) (modules []exercise.Module) {
	most, strongest := 0, map[string]bool{}
	factors(scores, func(_ exercise.Module, b Because) {
		if b.Points > most {
			most, strongest = b.Points, map[string]bool{}
		}
		if b.Points == most {
			strongest[b.Rule] = true
		}
	})
	factors(scores, func(m exercise.Module, b Because) {
		if strongest[b.Rule] && !slices.Contains(modules, m) {
			modules = append(modules, m)
		}
	})
	slices.SortStableFunc(modules, func(a, b exercise.Module) int {
		return cmp.Compare(pointsOf(scores, b), pointsOf(scores, a))
	})
	return modules
}

// factors visits what the intake's answers add to modules.
func factors(scores []Score, visit func(exercise.Module, Because)) {
	for _, s := range scores {
		for _, b := range s.Because {
			if b.Points > 0 && b.Rule != base && b.Rule != book.Preference.ID {
				visit(s.Module, b)
			}
		}
	}
}

// Choose picks modules by score: first the mental ones, whose places are reserved, then the physical ones: what the
// case needs, then the highest score first. A module without suitable exercises, for lack of equipment, yields its
// place to the next. What the case needs takes no place from the strongest of the others, nor from a mental module:
// then there are more items than the cap, but at most four. If nothing is left, it is walking. Rule M-12: walking makes
// other endurance training unnecessary, unless the patient likes that or walking is difficult.
func Choose(c Case, scores []Score, offers func(exercise.Module) bool) (active, minds []exercise.Module) {
	return choose(c, scores, needed(c, scores, offers), offers)
}

func choose(
	c Case, scores []Score, needs []exercise.Module, offers func(exercise.Module) bool,
) (active, minds []exercise.Module) {
	caps := CapsOf(c)
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
