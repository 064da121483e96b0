package caseload

import (
	"fmt"

	"cadans/internal/record/program"
	"cadans/internal/rules/adherence"
	"cadans/pkg/localtime"
)

// words writes reasons. Each rule has one sentence in Dutch and one in English, always with numbers and dates.
type words struct{ adherence.Words }

func (e evidence) sentences() words { return words{adherence.Words{Language: e.language}} }

func (w words) noProgram() string {
	return w.Pick("Nog geen programma gepubliceerd.", "No program has been published yet.")
}

func (w words) notPaired() string {
	return w.Pick("Nog geen telefoon gekoppeld.", "No phone has been paired yet.")
}

func (w words) safetyStop(since localtime.Date) string {
	return fmt.Sprintf(
		w.Pick("Veiligheidsstop sinds %s: een beslissing is nodig.", "Safety stop since %s: a decision is needed."),
		w.Date(since),
	)
}

func (w words) paused(p adherence.Pause) string {
	return fmt.Sprintf(w.Pick("Pauze van %s tot en met %s (%s).", "Paused from %s up to and including %s (%s)."),
		w.Date(p.Start), w.Date(p.End), w.pauseReason(p.Reason))
}

func (w words) pauseReason(r program.PauseReason) string {
	switch r {
	case "illness":
		return w.Pick("ziekte", "illness")
	case "holiday":
		return w.Pick("vakantie", "holiday")
	case "flare":
		return w.Pick("opvlamming", "flare")
	default:
		return w.Pick("anders", "other")
	}
}

func (w words) notSyncing(since localtime.Date) string {
	return fmt.Sprintf(w.Pick(
		"Geen contact met de telefoon sinds %s. Er kunnen sessies zijn die nog niet zijn verstuurd.",
		"No contact with the phone since %s. Sessions may exist that have not been sent yet."), w.Date(since))
}

func (w words) neverStarted(start localtime.Date) string {
	return fmt.Sprintf(
		w.Pick("Programma gestart op %s, nog niets ingevuld.", "Program started on %s, nothing logged yet."),
		w.Date(start),
	)
}

func (w words) stoppedByPain(on localtime.Date, r adherence.Rate) string {
	return fmt.Sprintf(w.Pick("Op %s gestopt vanwege pijn. Therapietrouw over 7 dagen: %s.",
		"Stopped because of pain on %s. Adherence over 7 days: %s."), w.Date(on), w.Rate(r))
}

func (w words) painUp(p adherence.Pain, r adherence.Rate) string {
	if p.Change == nil {
		return ""
	}
	return fmt.Sprintf(w.Pick(
		"Gemiddelde pijn deze week %s; de twee weken daarvoor %s (%s). Therapietrouw over 7 dagen: %s.",
		"Average pain this week %s; the two weeks before %s (%s). Adherence over 7 days: %s."),
		w.Tenths(*p.Now), w.Tenths(*p.Before), w.Signed(*p.Change), w.Rate(r))
}

func (w words) dropped(r adherence.Rate, median *int, until localtime.Date) string {
	if r.Sessions == nil || median == nil {
		return ""
	}
	return fmt.Sprintf(w.Pick(
		"Therapietrouw over 7 dagen (%s tot en met %s): %s. In de vier weken daarvoor meestal %s.",
		"Adherence over 7 days (%s up to and including %s): %s. In the four weeks before usually %s."),
		w.Date(until.AddDays(-6)), w.Date(until), w.Rate(r), w.Percent(*median))
}

func (w words) prevention(r adherence.Rate) string {
	return fmt.Sprintf(w.Pick("In preventie. Over 28 dagen: %s.", "In prevention. Over 28 days: %s."), w.Rate(r))
}

func (w words) starting(start localtime.Date) string {
	return fmt.Sprintf(w.Pick("Gestart op %s; nog te weinig dagen om iets te zeggen.",
		"Started on %s; too few days to say anything yet."), w.Date(start))
}

func (w words) band(week, month adherence.Rate, until localtime.Date) string {
	return fmt.Sprintf(w.Pick(
		"Therapietrouw over 7 dagen tot en met %s: %s; over 28 dagen: %s.",
		"Adherence over 7 days up to and including %s: %s; over 28 days: %s."), w.Date(until),
		w.Rate(week), w.Rate(month))
}
