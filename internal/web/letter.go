package web

import (
	"strconv"
	"strings"

	"cadans/internal/record/people"
	"cadans/internal/record/questionnaire"
	"cadans/internal/rules/adherence"
	"cadans/internal/screens/caseload"
	"cadans/pkg/localtime"
)

// letterView is a draft of the letter to the general practitioner, as is usual in the Netherlands: the reason for
// treatment and the period, the program, adherence, pain and questionnaires from start to end. The therapist writes the
// conclusion and advice. Nothing of it is stored: the letter is printed, signed and sent from the practice's own
// system, with the patient's consent.
type letterView struct {
	head
	caseload.Summary
	From   people.Self // who writes
	Visits int
	Scores []change
	Pain   painEnds
}

// change is a questionnaire's first and last score, and what the last one means.
type change struct{ Name, First, Last, FirstOn, LastOn, Means string }

// painEnds is the mean pain before sessions in the first and in the latest two weeks.
type painEnds struct{ First, Last string }

// IsKnown reports whether there was a score in either.
func (p painEnds) IsKnown() bool { return p.First != "–" || p.Last != "–" }

func (s *site) letter(r *request) error {
	h, err := s.headOf(r, "")
	if err != nil {
		return err
	}
	v := letterView{head: h}
	v.Summary, err = s.parts.Caseload.Brief(r.ctx, r.viewer, r.patient(), r.language)
	if err != nil {
		return err
	}
	if v.From, err = s.parts.People.Self(r.ctx, r.viewer); err != nil {
		return err
	}
	visits, err := s.parts.Visits.List(r.ctx, r.viewer, r.patient())
	if err != nil {
		return err
	}
	v.Visits = len(visits)
	scores, err := s.parts.Questionnaires.Scores(r.ctx, r.viewer, r.patient())
	if err != nil {
		return err
	}
	v.Scores = v.changes(scores)
	if v.Pain, err = s.painEnds(r, v); err != nil {
		return err
	}
	return r.show("letter", h.Person.Name, v)
}

// changes pairs the first and last scores of each questionnaire.
func (v letterView) changes(scores []questionnaire.Measured) (list []change) {
	at := map[string]int{}
	for _, m := range scores {
		name, score := v.Instrument(m), v.outOf(m.Score)
		i, known := at[name]
		if !known {
			i, at[name] = len(list), len(list)
			list = append(list, change{Name: name, First: score, FirstOn: v.Dated(m.Date)})
		}
		list[i].Last, list[i].LastOn, list[i].Means = score, v.Dated(m.Date), v.Means(m)
	}
	return list
}

// outOf writes a score with the highest score of its scale, because an instrument may have several.
func (v letterView) outOf(s questionnaire.Score) string {
	return v.Tenths(s.Tenths) + "/" + strconv.Itoa(s.Max/10)
}

// letterDays is the number of days that "at the start" and "now" stand for.
const letterDays = 14

func (s *site) painEnds(r *request, v letterView) (painEnds, error) {
	start := v.Row.Start
	if start.IsZero() {
		return painEnds{"–", "–"}, nil
	}
	mean := func(days adherence.Series) string {
		var sum adherence.Scores
		for _, d := range days {
			sum = sum.Plus(d.Before)
		}
		return v.Points(sum.Mean())
	}
	first, err := s.parts.Progress.Pain(r.ctx, r.viewer, r.patient(), start, start.AddDays(letterDays-1))
	if err != nil {
		return painEnds{}, err
	}
	last, err := s.parts.Progress.Pain(r.ctx, r.viewer, r.patient(), v.Today.AddDays(1-letterDays), v.Today)
	return painEnds{mean(first.Days), mean(last.Days)}, err
}

// Program is the program in one line.
func (v letterView) Program() string {
	if v.Version == nil {
		return v.Say("letter.program.none")
	}
	parts := make([]string, len(v.Version.Items))
	for i, item := range v.Version.Items {
		parts[i] = v.Exercise(item.Exercise) + " " + v.Asks(item)
	}
	return strings.Join(parts, "; ")
}

// Began is the first day of the program.
func (v letterView) Began() string { return v.Dated(v.Row.Start) }

// Dated formats a day with its year, because letters are kept.
func (w Words) Dated(d localtime.Date) string {
	year, _, _ := d.Date()
	return w.Words.Date(d) + " " + strconv.Itoa(year)
}
