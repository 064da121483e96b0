package questionnaire

import (
	"slices"
	"strings"
	"time"

	"cadans/internal/record/intake"
)

// Compare judges each score against the first one that it can be compared with. Scores come oldest first.
func Compare(scores []Score, intakes []intake.Intake) (measured []Measured) {
	for i, score := range scores {
		measured = append(measured, Measured{score, judge(scores[:i], score, intakes)})
	}
	return measured
}

// judge compares a score with earlier ones. Change is nil for the first of an instrument.
func judge(earlier []Score, now Score, intakes []intake.Intake) Judgement {
	d, defined := now.form()
	start, why := now.start(earlier)
	switch {
	case defined && d.Judge == ByValue:
		return d.byValue(now)
	case why != "":
		return cannot(why)
	case start == nil && defined:
		return Judgement{Important: d.importantFrom(now)}
	case start == nil:
		return Judgement{}
	case !defined:
		change := now.Tenths - start.Tenths
		return Judgement{Change: &change, Verdict: Unknown}
	case d.Judge == ByActivities:
		return d.byActivities(ratings(*start, d, intakes), ratings(now, d, intakes))
	default:
		return d.byChange(*start, now)
	}
}

// scale is the scale of a score.
func (s Score) scale() Scale { return Scale{s.Min, s.Max} }

// form returns the definition that a score falls under: its name, its scale and its direction are those of one.
func (s Score) form() (Definition, bool) {
	for _, d := range formsOf(s.Instrument) {
		if d.Direction == s.Direction && slices.Contains(d.Scales, s.scale()) {
			return d, true
		}
	}
	return Definition{}, false
}

// family is the name that all names and all forms of an instrument share.
func (s Score) family() string {
	forms := formsOf(s.Instrument)
	if len(forms) == 0 {
		return s.Instrument
	}
	for _, name := range forms[0].Also {
		if whole := formsOf(name); len(whole) > 1 {
			return whole[0].Key
		}
	}
	return forms[0].Key
}

// start returns the first score that this one can be compared with, nil if it is the first of its instrument, or the
// reason why none of the earlier ones can be compared with it.
func (s Score) start(earlier []Score) (*Score, Reason) {
	var why Reason
	for _, e := range earlier {
		if e.family() != s.family() {
			continue
		}
		differs := s.differsFrom(e)
		if differs == "" {
			return &e, ""
		}
		if why == "" {
			why = differs
		}
	}
	return nil, why
}

func (s Score) differsFrom(e Score) Reason {
	mine, defined := s.form()
	other, otherDefined := e.form()
	switch {
	case defined && otherDefined && mine.Key != other.Key:
		return OtherForm
	case defined && otherDefined:
		return ""
	case s.Direction != e.Direction:
		return OtherDirection
	case s.scale() != e.scale():
		return OtherScale
	default:
		return ""
	}
}

// byChange compares two scores, each converted from its own scale.
func (d Definition) byChange(start, now Score) Judgement {
	at := func(s Score) fraction { return s.scale().on(d.Scale(), s.Tenths) }
	j := d.judge(at(start), at(now), false)
	change := d.Scale().stretched(now.scale(), at(now).minus(at(start)))
	j.Change, j.Important = &change, d.Scale().stretched(now.scale(), whole(j.Important))
	return j
}

// importantFrom is the smallest improvement that would count after a first score, on the scale of that score.
func (d Definition) importantFrom(first Score) int {
	if d.Limits.Important.Tenths == 0 {
		return 0
	}
	single := d.Judge == ByActivities && len(first.Answers) == 1
	limit := d.Limits.improvement(first.scale().on(d.Scale(), first.Tenths), single)
	return d.Scale().stretched(first.scale(), limit)
}

// byValue reads a question about change: its best two answers are a success, its worst two are a decline.
func (d Definition) byValue(now Score) Judgement {
	switch {
	case now.Tenths <= 20:
		return Judgement{Verdict: Improved}
	case now.Tenths >= 60:
		return Judgement{Verdict: Worse}
	default:
		return Judgement{Verdict: NoImportantChange}
	}
}

// byActivities compares the mean over the activities that were rated both times, and no others.
func (d Definition) byActivities(start, now map[string]int) Judgement {
	if start == nil || now == nil {
		return cannot(ActivitiesUnknown)
	}
	before, after, n := 0, 0, 0
	for activity, rating := range now {
		if earlier, both := start[activity]; both {
			before, after, n = before+earlier, after+rating, n+1
		}
	}
	if n == 0 {
		return cannot(NoCommonActivity)
	}
	from, to := fraction{10 * before, n}, fraction{10 * after, n}
	j := d.judge(from, to, n == 1)
	change := to.minus(from).rounded()
	j.Change = &change
	return j
}

// ratings returns the ratings by activity, or nil if only their mean is known. The patient's intake at that time says
// which activity is the first, second and third; where it does not, the place itself is the name.
func ratings(s Score, d Definition, intakes []intake.Intake) map[string]int {
	if len(s.Answers) == 0 {
		return nil
	}
	goals := goalsAt(s, intakes)
	named := map[string]int{}
	for i, item := range d.Items {
		rating, rated := s.Answers[item.Key]
		switch {
		case !rated:
		case i < len(goals):
			named[strings.ToLower(strings.Join(strings.Fields(goals[i].Activity), " "))] = rating
		default:
			named[item.Key] = rating
		}
	}
	return named
}

// goalsAt returns the activities of the last intake before a score, or else of the first.
func goalsAt(s Score, intakes []intake.Intake) []intake.Goal {
	if len(intakes) == 0 {
		return nil
	}
	latest := intakes[0]
	for _, i := range intakes {
		if s.follows(i.SubmittedAt, i.SubmittedOn.After(s.Date)) {
			latest = i
		}
	}
	return latest.Answers.Goals
}

// follows reports whether the patient answered after a moment. Of an imported score only the day is known.
func (s Score) follows(moment time.Time, laterDay bool) bool {
	if s.StoredBy == "" {
		return !s.StoredAt.Before(moment)
	}
	return !laterDay
}
