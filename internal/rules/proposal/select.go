package proposal

import (
	"cmp"
	"slices"

	"cadans/internal/record/exercise"
	"cadans/internal/record/intake"
)

// Caps limit a program, so that it stays small enough to be done (design choices; home-exercise reviews advise two to
// four exercises, Bachmann 2018).
type Caps struct {
	Items  int
	Active int // physical modules
	Mind   int // mental modules
}

// CapsOf returns the limits of a program.
func CapsOf(c Case) Caps {
	caps := Caps{Items: 4, Active: 3, Mind: 1}
	if c.Phase == intake.Acute || c.Low() {
		caps.Items, caps.Active = 3, 2
	}
	if c.Minutes <= c.Settings.ShortMinutes {
		caps.Items, caps.Active = 2, 2
	}
	sleepless := c.BadNights >= 3 && c.Stress >= 6
	if c.Phase == intake.Chronic && !c.Low() && c.Minutes > c.Settings.ShortMinutes && (sleepless || c.Stress >= 8) {
		caps.Mind = 2
	}
	return caps
}

// Choose picks modules by score: first the mental ones, whose places are reserved, then the physical ones, highest
// score first. A module without suitable exercises, for lack of equipment, yields its place to the next. Rule M-12:
// walking makes other endurance training unnecessary, unless the patient likes that or walking is difficult.
func Choose(c Case, scores []Score, offers func(exercise.Module) bool) (active, minds []exercise.Module) {
	caps := CapsOf(c)
	scores = slices.DeleteFunc(slices.Clone(scores), func(s Score) bool { return !offers(s.Module) })
	minds = best(
		c, scores, c.Settings.MindThreshold, min(caps.Mind, caps.Items),
		func(m exercise.Module) bool { return slices.Contains(mind, m) },
	)
	room := min(caps.Active, caps.Items-len(minds))
	moves := func(m exercise.Module) bool { return !slices.Contains(mind, m) }
	if !c.likes(exercise.Aerobic) && !c.WalkLimited {
		active = best(
			c, scores, c.Settings.ActiveThreshold, room,
			func(m exercise.Module) bool { return moves(m) && m != exercise.Aerobic },
		)
		if slices.Contains(active, exercise.Walking) {
			return active, minds
		}
	}
	return best(c, scores, c.Settings.ActiveThreshold, room, moves), minds
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
