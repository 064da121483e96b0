package safety

import (
	"fmt"
	"slices"
	"strings"
)

// complaint is somebody in whom each rule is tried; what has no limit stands in their answers.
type complaint struct {
	name string
	Answers
}

var complaints = []complaint{
	{"", Answers{}},
	{"with neck pain", Answers{Neck: true}},
	{"in a first episode", Answers{FirstEpisode: true}},
	{"with numbness below knee or elbow", Answers{NumbLeg: true}},
	{"with weakness where the pain spreads", Answers{WeakLimb: true}},
}

// tried are an age, weeks of an episode, and falls, near which limits are sought.
var tried = []struct{ age, weeks, falls int }{
	{44, 2, 0}, {44, 20, 0}, {80, 2, 0}, {18, 2, 0}, {12, 2, 0}, {44, 2, 2}, {46, 104, 0},
}

// practiceAge is an age that a practice may set. Where another changes the limits, they are the practice's.
const practiceAge = 50

// enough is a group of signs for which a rule applies, in whom and within which limits.
type enough struct {
	whom, limits string // empty for everybody
	signs        []Sign
	but          []Sign // each of them leaves it to another rule
}

// when says for which signs a rule applies, and within which limits, by trying it: a reviewer reads what the program
// does. Each line is somebody, with the signs that are enough alone and the pairs that are enough together; what was
// said of more people before is left out.
func (r rule) when() string {
	var found []enough
	for _, of := range complaints {
		for _, at := range tried {
			a := of.Answers
			a.AgeMin, a.AgeMax, a.Weeks, a.Falls, a.OldAge = at.age, at.age, at.weeks, at.falls, practiceAge
			for _, signs := range r.enoughIn(a) {
				a.Yes = signs
				e := enough{of.name, r.limits(a), signs, r.leftTo(a)}
				if !slices.ContainsFunc(found, e.isSaidBy) {
					found = append(found, e)
				}
			}
		}
	}
	return linesOf(found)
}

func isEmpty(text string) bool { return text == "" }

// isSaidBy reports whether fewer signs are enough in the same people, or in more of them.
func (e enough) isSaidBy(before enough) bool {
	holds := func(of, than string) bool { return of == "" || of == than }
	all := !slices.ContainsFunc(before.signs, func(s Sign) bool { return !slices.Contains(e.signs, s) })
	return all && holds(before.whom, e.whom) && holds(before.limits, e.limits)
}

func (e enough) who() string {
	if e.whom == "" && e.limits == "" {
		return "everybody"
	}
	return strings.Join(slices.DeleteFunc([]string{e.whom, e.limits}, isEmpty), ", ")
}

// linesOf puts what is enough in the same people on one line.
func linesOf(found []enough) string {
	var order []string
	said := map[string][]string{}
	for _, e := range found {
		who := e.who()
		if said[who] == nil {
			order = append(order, who)
		}
		said[who] = append(said[who], e.name())
	}
	for i, who := range order {
		order[i] = who + ": " + strings.Join(said[who], ", ")
	}
	return strings.Join(order, ". ")
}

func (e enough) name() string {
	name := strings.ReplaceAll(JoinSigns(e.signs), ",", " with ")
	if name == "" {
		name = "without any sign"
	}
	if len(e.but) > 0 {
		name += " (not with " + strings.ReplaceAll(JoinSigns(e.but), ",", ", ") + ")"
	}
	return name
}

// leftTo returns the signs with which a rule no longer applies to somebody.
func (r rule) leftTo(a Answers) (signs []Sign) {
	yes := a.Yes
	for _, sign := range allSigns() {
		if a.Yes = append(slices.Clone(yes), sign); !r.applies(a) {
			signs = append(signs, sign)
		}
	}
	return signs
}

// enoughIn returns the signs that are enough in somebody: none, one, or two of which neither is enough alone.
func (r rule) enoughIn(a Answers) (found [][]Sign) {
	applies := func(signs ...Sign) bool {
		a.Yes = signs
		return r.applies(a)
	}
	if applies() {
		return [][]Sign{nil}
	}
	var rest []Sign
	for _, sign := range allSigns() {
		if applies(sign) {
			found = append(found, []Sign{sign})
		} else {
			rest = append(rest, sign)
		}
	}
	for i, one := range rest {
		for _, other := range rest[i+1:] {
			if applies(one, other) {
				found = append(found, []Sign{one, other})
			}
		}
	}
	return found
}

// limits says at which ages, in which weeks and from how many falls on a rule applies to somebody to whom it does.
func (r rule) limits(a Answers) string {
	ages := r.ages(a)
	if a.OldAge++; ages != r.ages(a) {
		ages += fmt.Sprintf(" (the practice may set another age than %d)", practiceAge)
	}
	a.OldAge = practiceAge
	limits := []string{
		ages,
		r.within(a, 0, 520, "%d weeks", func(a *Answers, n int) { a.Weeks = n }),
		r.within(a, 0, 20, "%d falls", func(a *Answers, n int) { a.Falls = n }),
	}
	return strings.Join(slices.DeleteFunc(limits, isEmpty), ", ")
}

func (r rule) ages(a Answers) string {
	ages := r.within(a, 1, 125, "the age of %d", func(a *Answers, n int) { a.AgeMin, a.AgeMax = n, n })
	if a.AgeMin, a.AgeMax = 0, 0; ages != "" && isAskedLater(a.Yes) && r.applies(a) {
		ages += " or where no age is asked"
	}
	return ages
}

// isAskedLater reports whether all signs belong to "anything new?".
func isAskedLater(signs []Sign) bool {
	return len(signs) > 0 && !slices.ContainsFunc(signs, func(s Sign) bool {
		return !slices.ContainsFunc(NewSignQuestions, func(q Question) bool { return q.Sign == s })
	})
}

// within says between which values of something a rule applies; empty where it always does.
func (r rule) within(a Answers, lowest, highest int, unit string, set func(*Answers, int)) string {
	applies := func(n int) bool {
		set(&a, n)
		return lowest <= n && n <= highest && r.applies(a)
	}
	var runs []string
	begin := lowest
	for n := lowest; n <= highest; n++ {
		if applies(n) && !applies(n-1) {
			begin = n
		}
		if applies(n) && !applies(n+1) {
			runs = append(runs, run(begin, n, lowest, highest, unit))
		}
	}
	return strings.Join(slices.DeleteFunc(runs, isEmpty), " or ")
}

func run(begin, end, lowest, highest int, unit string) string {
	switch {
	case begin == lowest && end == highest:
		return ""
	case begin == lowest:
		return fmt.Sprintf("under "+unit, end+1)
	case end == highest:
		return fmt.Sprintf("from "+unit+" on", begin)
	default:
		return fmt.Sprintf("from "+unit, begin) + fmt.Sprintf(" to "+unit, end)
	}
}

// allSigns are the signs that are asked, each once.
func allSigns() (signs []Sign) {
	for _, q := range slices.Concat(IntakeQuestions, NewSignQuestions) {
		if !slices.Contains(signs, q.Sign) {
			signs = append(signs, q.Sign)
		}
	}
	return signs
}
