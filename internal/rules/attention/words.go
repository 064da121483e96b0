package attention

import (
	"fmt"
	"strings"

	"cadans/internal/record/alert"
	"cadans/internal/record/people"
	"cadans/internal/record/session"
	"cadans/internal/rules/adherence"
	"cadans/pkg/localtime"
)

// words writes reasons. Each rule has one sentence in Dutch and one in English, always with numbers and dates.
type words struct{ adherence.Words }

// say makes a finding with its reason in both languages.
func (f Facts) say(rule alert.Rule, urgency alert.Urgency, reason func(words, Facts) string) alert.Finding {
	in := func(l people.Language) string { return reason(words{adherence.Words{Language: l}}, f) }
	return alert.Finding{Rule: rule, Urgency: urgency, NL: in(people.Dutch), EN: in(people.English)}
}

func (w words) sprintf(dutch, english string, args ...any) string {
	return fmt.Sprintf(w.Pick(dutch, english), args...)
}

func (w words) notSyncing(f Facts) string {
	return w.sprintf("Geen contact met de telefoon sinds %s. Er kunnen sessies zijn die nog niet zijn verstuurd.",
		"No contact with the phone since %s. Sessions may exist that have not been sent yet.", w.Date(f.Contact))
}

func (w words) silentReview(f Facts) string {
	return w.sprintf(
		"Al %d dagen geen contact met de telefoon. Bespreek hoe het verder gaat: doorgaan, pauze, verwijzen of "+
			"afronden.",
		"No contact with the phone for %d days. Discuss how to go on: continue, pause, refer or finish.",
		f.Date.DaysSince(f.Contact),
	)
}

func (w words) neverStarted(f Facts) string {
	return w.sprintf("Programma gestart op %s, nog niets ingevuld. De telefoon had contact op %s.",
		"Program started on %s, nothing logged yet. The phone was in contact on %s.", w.Date(f.Start),
		w.Date(f.Contact))
}

func (w words) missedRun(f Facts) string {
	n := f.Missed.Sessions()
	if len(f.Missed.Days) == 0 {
		return w.sprintf("%d geplande sessies achter elkaar niet ingevuld sinds %s.",
			"%d planned sessions in a row without a log since %s.", n, w.Date(f.LastDay)) + w.barrier(f)
	}
	return w.sprintf("%d geplande sessies achter elkaar niet ingevuld (%s).",
		"%d planned sessions in a row without a log (%s).", n, w.days(f.Missed.Days)) + w.barrier(f)
}

// barrier adds what the patient said last.
func (w words) barrier(f Facts) string {
	if len(f.Barriers) == 0 {
		return ""
	}
	last := f.Barriers[0]
	return w.sprintf(" Gemeld op %s: %s.", " Reported on %s: %s.", w.Date(last.LocalDate), last.Barrier.In(w.Language))
}

func (w words) adherenceDrop(f Facts) string {
	return w.sprintf("Therapietrouw over 14 dagen %s, daarvoor %s.", "Adherence over 14 days %s, before that %s.",
		w.Rate(f.Last14), w.Rate(f.Before14))
}

func (w words) lowForWeeks(f Facts) string {
	return w.sprintf("Therapietrouw over 28 dagen %s, twee weken geleden %s.",
		"Adherence over 28 days %s, two weeks ago %s.", w.Rate(f.Last28), w.Rate(f.Earlier28))
}

func (w words) painRise(f Facts) string {
	reason := w.sprintf("Gemiddelde pijn deze week %s; de twee weken daarvoor %s (%s).",
		"Average pain this week %s; the two weeks before %s (%s).", w.Tenths(*f.Pain.Now), w.Tenths(*f.Pain.Before),
		w.Signed(*f.Pain.Change))
	if rises := len(f.rises()); rises > 0 {
		reason += w.sprintf(
			" Na %d van de laatste 3 sessies meer pijn.", " Pain went up after %d of the last 3 sessions.", rises,
		)
	}
	return reason + w.sprintf(" Therapietrouw over 7 dagen: %s.", " Adherence over 7 days: %s.", w.Rate(f.Last7))
}

func (w words) painTold(f Facts) string {
	n := len(f.Told)
	return w.sprintf("In de wekelijkse vraag was de pijn %d en daarna %d; daarvoor gemiddeld %s.",
		"In the weekly question pain was %d and then %d; before that %s on average.",
		f.Told[n-2].Pain, f.Told[n-1].Pain, w.Tenths(*f.toldBefore().Mean()))
}

func (w words) painAfter(f Facts) string {
	rises := f.rises()
	return w.sprintf("Na %d van de laatste 3 sessies steeg de pijn %d punten of meer, het laatst op %s.",
		"Pain rose by %[2]d points or more after %[1]d of the last 3 sessions, the latest on %[3]s.",
		len(rises), f.Limits.PainAfter, w.Date(rises[0]))
}

func (w words) stoppedPain(s session.Session) string {
	if s.PainAfter == nil {
		return w.sprintf(
			"Stopte op %s met de sessie vanwege pijn.", "Stopped the session on %s because of pain.",
			w.Date(s.LocalDate),
		)
	}
	return w.sprintf("Stopte op %s met de sessie vanwege pijn (%d van 10).",
		"Stopped the session on %s because of pain (%d of 10).", w.Date(s.LocalDate), *s.PainAfter)
}

func (w words) lapsed(f Facts) string {
	return w.sprintf("%d dagen zonder sessie, pauzes niet meegeteld%s. Neem binnen 3 werkdagen contact op.",
		"%d days without a session, pauses left out%s. Make contact within 3 working days.",
		f.Missed.Active, w.since(f)) + w.barrier(f)
}

func (w words) dropoutReview(f Facts) string {
	return w.sprintf("%d dagen zonder sessie, pauzes niet meegeteld%s. Bespreek hoe het verder gaat: doorgaan, "+
		"pauze, verwijzen of afronden.",
		"%d days without a session, pauses left out%s. Discuss how to go on: continue, pause, refer or finish.",
		f.Missed.Active, w.since(f)) + w.barrier(f)
}

// since says when the last session was, if there was one.
func (w words) since(f Facts) string {
	if f.LastDay.IsZero() {
		return ""
	}
	return w.sprintf("; de laatste was op %s", "; the latest was on %s", w.Date(f.LastDay))
}

func (w words) sameBarrier(f Facts, b session.Barrier) string {
	var days []localtime.Date
	for _, report := range f.Barriers {
		if report.Barrier == b && (len(days) == 0 || days[0] != report.LocalDate) {
			days = append([]localtime.Date{report.LocalDate}, days...)
		}
	}
	return w.sprintf(
		"%d keer in 14 dagen gemeld (%s): %s.", "Reported %d times in 14 days (%s): %s.", len(days), w.days(days),
		b.In(w.Language),
	)
}

func (w words) lowConfidence(f Facts) string {
	answers := f.confidence()
	return w.sprintf("Twee keer achter elkaar weinig vertrouwen: %d van 10 op %s en %d van 10 op %s.",
		"Low confidence twice in a row: %d of 10 on %s and %d of 10 on %s.",
		*answers[1].Confidence, w.Date(answers[1].LocalDate), *answers[0].Confidence, w.Date(answers[0].LocalDate))
}

func (w words) asksChange(f Facts) string {
	return w.sprintf(
		"Vroeg op %s om een aanpassing: %s.", "Asked for a change on %s: %s.", w.Date(f.Request.LocalDate),
		f.Request.Reason.In(w.Language),
	)
}

// days writes "13, 16, 18 Nov"; the month stands where it changes.
func (w words) days(days []localtime.Date) string {
	parts := make([]string, len(days))
	for i, day := range days {
		parts[i] = w.Date(day)
		if _, month, number := day.Date(); i+1 < len(days) {
			if _, next, _ := days[i+1].Date(); next == month {
				parts[i] = fmt.Sprint(number)
			}
		}
	}
	return strings.Join(parts, ", ")
}
