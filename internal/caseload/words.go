package caseload

import (
	"fmt"
	"strconv"
	"strings"

	"cadans/internal/adherence"
	"cadans/internal/people"
	"cadans/internal/program"
	"cadans/pkg/localtime"
)

// words writes reasons. Each rule has one sentence in Dutch and one in English, always with numbers and dates.
type words struct{ l people.Language }

func (e evidence) sentences() words { return words{e.language} }

func (w words) noProgram() string {
	return w.l.Pick("Nog geen programma gepubliceerd.", "No program has been published yet.")
}

func (w words) notPaired() string {
	return w.l.Pick("Nog geen telefoon gekoppeld.", "No phone has been paired yet.")
}

func (w words) safetyStop(since localtime.Date) string {
	return fmt.Sprintf(w.l.Pick("Veiligheidsstop sinds %s: een beslissing is nodig.", "Safety stop since %s: a decision is needed."), w.date(since))
}

func (w words) paused(p adherence.Pause) string {
	return fmt.Sprintf(w.l.Pick("Pauze van %s tot en met %s (%s).", "Paused from %s up to and including %s (%s)."),
		w.date(p.Start), w.date(p.End), w.pauseReason(p.Reason))
}

func (w words) pauseReason(r program.PauseReason) string {
	switch r {
	case "illness":
		return w.l.Pick("ziekte", "illness")
	case "holiday":
		return w.l.Pick("vakantie", "holiday")
	case "flare":
		return w.l.Pick("opvlamming", "flare")
	default:
		return w.l.Pick("anders", "other")
	}
}

func (w words) notSyncing(since localtime.Date) string {
	return fmt.Sprintf(w.l.Pick(
		"Geen contact met de telefoon sinds %s. Er kunnen sessies zijn die nog niet zijn verstuurd.",
		"No contact with the phone since %s. Sessions may exist that have not been sent yet."), w.date(since))
}

func (w words) neverStarted(start localtime.Date) string {
	return fmt.Sprintf(w.l.Pick("Programma gestart op %s, nog niets ingevuld.", "Program started on %s, nothing logged yet."),
		w.date(start))
}

func (w words) stoppedByPain(on localtime.Date, r adherence.Rate) string {
	return fmt.Sprintf(w.l.Pick("Op %s gestopt vanwege pijn. Therapietrouw over 7 dagen: %s.",
		"Stopped because of pain on %s. Adherence over 7 days: %s."), w.date(on), w.rate(r))
}

func (w words) painUp(p adherence.Pain, r adherence.Rate) string {
	if p.Change == nil {
		return ""
	}
	return fmt.Sprintf(w.l.Pick(
		"Gemiddelde pijn deze week %s; de twee weken daarvoor %s (%s). Therapietrouw over 7 dagen: %s.",
		"Average pain this week %s; the two weeks before %s (%s). Adherence over 7 days: %s."),
		w.tenths(*p.Now), w.tenths(*p.Before), w.signed(*p.Change), w.rate(r))
}

func (w words) dropped(r adherence.Rate, median *int, until localtime.Date) string {
	if r.Sessions == nil || median == nil {
		return ""
	}
	return fmt.Sprintf(w.l.Pick(
		"Therapietrouw over 7 dagen (%s tot en met %s): %s. In de vier weken daarvoor meestal %s.",
		"Adherence over 7 days (%s up to and including %s): %s. In the four weeks before usually %s."),
		w.date(until.AddDays(-6)), w.date(until), w.rate(r), w.percent(*median))
}

func (w words) prevention(r adherence.Rate) string {
	return fmt.Sprintf(w.l.Pick("In preventie. Over 28 dagen: %s.", "In prevention. Over 28 days: %s."), w.rate(r))
}

func (w words) starting(start localtime.Date) string {
	return fmt.Sprintf(w.l.Pick("Gestart op %s; nog te weinig dagen om iets te zeggen.",
		"Started on %s; too few days to say anything yet."), w.date(start))
}

func (w words) band(week, month adherence.Rate, until localtime.Date) string {
	return fmt.Sprintf(w.l.Pick(
		"Therapietrouw over 7 dagen tot en met %s: %s; over 28 dagen: %s.",
		"Adherence over 7 days up to and including %s: %s; over 28 days: %s."), w.date(until), w.rate(week), w.rate(month))
}

// rate writes "50% (3 of 6)".
func (w words) rate(r adherence.Rate) string {
	fraction := fmt.Sprintf(w.l.Pick("%d van %s", "%d of %s"), r.Done, w.decimal(r.Expected()))
	if r.Sessions == nil {
		return fraction
	}
	return w.percent(*r.Sessions) + " (" + fraction + ")"
}

func (w words) percent(permille int) string {
	return strconv.Itoa((permille+5)/10) + w.l.Pick(" %", "%")
}

func (w words) tenths(n int) string {
	return w.decimal(strconv.Itoa(n/10) + "." + strconv.Itoa(n%10))
}

// decimal writes a number with the language's decimal sign.
func (w words) decimal(text string) string {
	return w.l.Pick(strings.Replace(text, ".", ",", 1), text)
}

func (w words) signed(n int) string {
	if n < 0 {
		return "–" + w.tenths(-n)
	}
	return "+" + w.tenths(n)
}

// date writes "18 Nov".
func (w words) date(d localtime.Date) string { return w.l.Date(d) }
