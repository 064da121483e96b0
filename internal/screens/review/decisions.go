package review

import (
	"fmt"
	"strconv"
	"strings"

	"cadans/internal/kernel/words"
	"cadans/internal/record/exercise"
	"cadans/internal/record/intake"
	"cadans/internal/record/questionnaire"
	"cadans/internal/record/rulebook"
	"cadans/internal/record/safety"
)

// togetherRow is what findings of the gate do together.
func togetherRow() Row {
	return Row{
		Part: Gate, Key: "gate/together", Source: "design choice; a combination raises the probability (IFOMPT 2020)",
		Rule: fmt.Sprintf("%d or more findings of level %s: a therapist must decide, today", safety.DecideFrom,
			safety.Review),
	}
}

// cautionRows are the exercises that are kept from somebody.
func cautionRows(book rulebook.Modules) (rows []Row) {
	for _, c := range book.Cautions {
		rows = append(rows, Row{
			Part: Modules, Key: "modules/caution/" + c.ID, Text: c.Text.Pair(), Source: c.Evidence.EN,
			Rule: fmt.Sprintf("%s: never %s", c.When, strings.Join(c.Exercises, ", ")),
		})
	}
	return rows
}

// Where the phases, the mood and the support come from.
const (
	phaseSource   = "KNGF low back pain 2021"
	moodSource    = "Arroll 2010, PHQ-2"
	supportSource = "e-Exercise LBP; the cut-offs of the risk are a design choice"
)

// ProfileRows are what the answers of an intake decide besides points, found by trying them.
func ProfileRows() (rows []Row) {
	add := func(key, rule, source string) {
		rows = append(rows, Row{Part: Modules, Key: "modules/" + key, Rule: rule, Source: source})
	}
	const years = 1040 // weeks, beyond which nothing changes
	for _, phase := range []intake.Phase{intake.Acute, intake.Subacute, intake.Chronic} {
		weeks := spanOf(years, func(weeks int) bool { return intake.PhaseOf(weeks, false) == phase })
		add("phase/"+string(phase), weeks+" weeks", phaseSource)
	}
	add("phase/"+string(intake.PhaseOf(0, true)), "recovered, after any number of weeks", phaseSource)
	for _, mood := range []string{"ok", "watch", "alert"} {
		score := spanOf(phq2Most, func(score int) bool { return moodOf(score) == mood })
		add("mood/"+mood, "PHQ-2 of "+score, moodSource)
	}
	for _, risk := range []intake.Risk{intake.Low, intake.Medium, intake.High} {
		s := risk.Support()
		add("support/"+string(risk), fmt.Sprintf("%d weeks, %d contacts", s.Weeks, s.Contacts), supportSource)
	}
	return append(rows, prognosisRows()...)
}

const phq2Most = 6

func moodOf(score int) string {
	nothing := 0
	return intake.Answers{PHQ2Interest: &score, PHQ2Mood: &nothing}.Mood()
}

// spanOf says for which numbers from 0 on something holds; highest is a number beyond which nothing changes.
func spanOf(highest int, holds func(int) bool) string {
	first, last := -1, -1
	for n := 0; n <= highest; n++ {
		if holds(n) {
			last = n
			if first < 0 {
				first = n
			}
		}
	}
	switch {
	case last == highest:
		return fmt.Sprintf("%d or more", first)
	case first == last:
		return strconv.Itoa(first)
	default:
		return fmt.Sprintf("%d to %d", first, last)
	}
}

// ladderRows are the chains of exercises, from easier to harder: steps up and down follow them.
func ladderRows(library *exercise.Library) (rows []Row) {
	for _, e := range library.All() {
		if e.Easier != "" || e.Harder == "" {
			continue
		}
		var rungs []string
		var names []words.Pair
		for _, rung := range library.Chain(e) {
			rungs, names = append(rungs, rung.Slug), append(names, rung.Name)
		}
		rows = append(rows, Row{
			Part: Ladders, Key: "ladder/" + e.Slug, Text: words.Join(names, " → "), Source: "design choice",
			Rule: fmt.Sprintf("%s, %s: %s", e.Module, e.Region, strings.Join(rungs, " → ")),
		})
	}
	return rows
}

// ruleOf says how an instrument is scored and which changes of it count, with the numbers that the program uses.
func ruleOf(d questionnaire.Definition) string {
	said := []string{string(d.Direction), scalesOf(d), "missing: " + d.Missing.Rule}
	add := func(name, number string, v questionnaire.Value) {
		if v.Source == "" {
			return
		}
		checked := ""
		if !v.Checked {
			checked = ", not checked"
		}
		said = append(said, fmt.Sprintf("%s: %s [%s%s]", name, number, v.Source, checked))
	}
	l := d.Limits
	add("important change", points(l.Important.Tenths), l.Important)
	add("important change by start", byStart(l.ByStart), l.ByStartSource)
	if l.Share > 0 {
		said = append(said, fmt.Sprintf("also important: %d ‰ of the start", l.Share))
	}
	add("measurement error", points(l.Error.Tenths), l.Error)
	add("measurement error of one activity", points(l.ErrorOfOne.Tenths), l.ErrorOfOne)
	return strings.Join(said, "; ")
}

func scalesOf(d questionnaire.Definition) string {
	var all []string
	for _, s := range d.Scales {
		all = append(all, points(s.Min)+" to "+points(s.Max))
	}
	return strings.Join(all, " or ")
}

func byStart(steps []questionnaire.Step) string {
	var all []string
	for _, s := range steps {
		all = append(all, fmt.Sprintf("%s from a start of %s on", points(s.Tenths), points(s.From)))
	}
	return strings.Join(all, ", ")
}

// points writes tenths of a point.
func points(tenths int) string {
	return strings.TrimSuffix(fmt.Sprintf("%d.%d", tenths/10, tenths%10), ".0")
}
