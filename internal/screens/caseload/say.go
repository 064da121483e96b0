package caseload

import (
	"strconv"

	"cadans/internal/record/people"
	"cadans/internal/rules/adherence"
)

// PainChange formats how pain changed, with its sign and whether that is 2 points or more; empty if there are too few
// scores to compare.
func (s Summary) PainChange(w adherence.Words) string {
	if s.Since.Pain.Change == nil {
		return ""
	}
	meaning := w.Say("summary.pain.within_error")
	if s.Since.BeyondError() {
		meaning = w.Say("summary.pain.beyond_error")
	}
	return w.Signed(*s.Since.Pain.Change) + ", " + meaning
}

// InTheWay lists the barriers with how often each was named, and what the patient wrote last.
func (s Summary) InTheWay(l people.Language) (lines []string) {
	for _, n := range s.Named {
		line := n.Barrier.In(l) + " (" + strconv.Itoa(n.Times) + "×)"
		if n.Note != "" {
			line += ": “" + n.Note + "”"
		}
		lines = append(lines, line)
	}
	return lines
}

// Reasons returns those of the open alerts.
func (r Row) Reasons(l people.Language) (lines []string) {
	for _, a := range r.Alerts {
		lines = append(lines, a.Reason(l))
	}
	return lines
}

// NothingYet says that no day has passed since the last visit or the start of the program; empty if one has.
func (s Summary) NothingYet(l people.Language) string {
	switch {
	case s.Since.Days() > 0:
		return ""
	case s.Since.Visit == nil:
		return l.Say("summary.nothing_yet.program")
	default:
		return l.Say("summary.nothing_yet.visit")
	}
}
