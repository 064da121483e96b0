package caseload

import (
	"slices"
	"time"

	"cadans/internal/record/people"
	"cadans/internal/record/questionnaire"
	"cadans/internal/record/settings"
	"cadans/internal/rules/adherence"
)

// evidence is the input of a row.
type evidence struct {
	adherence.Status
	patient  people.Patient
	contact  time.Time // zero without a phone
	limits   settings.Settings
	language people.Language
}

// judge turns evidence into a row.
func judge(e evidence) Row {
	row := Row{Status: e.Status, Patient: e.patient}
	if !e.contact.IsZero() {
		row.LastContact = &e.contact
	}
	for _, rule := range rules {
		if reason, holds := rule.holds(e); holds {
			row.State, row.Reason = rule.state, reason
			break
		}
	}
	return row
}

// rules run in order; the first that applies gives the state. Rules that make a judgement impossible come first. A new
// pain signal precedes a drop, because stopping for pain needs another answer than lack of time.
var rules = []struct {
	state State
	holds func(evidence) (string, bool)
}{
	{SafetyStop, safetyStop},
	{NoProgram, noProgram},
	{NotPaired, notPaired},
	{Paused, paused},
	{NotSyncing, notSyncing},
	{PainUp, painUp},
	{NeverStarted, neverStarted},
	{Dropped, dropped},
	{Prevention, prevention},
	{Starting, starting},
	{Low, band(adherence.None, adherence.Low)},
	{Partial, band(adherence.Partial)},
	{OnTrack, band(adherence.OnTrack)},
}

func safetyStop(e evidence) (string, bool) { return e.sentences().safetyStop(e.Stop), !e.Stop.IsZero() }

func noProgram(e evidence) (string, bool) { return e.sentences().noProgram(), e.Start.IsZero() }

func notPaired(e evidence) (string, bool) { return e.sentences().notPaired(), e.contact.IsZero() }

func paused(e evidence) (string, bool) {
	if e.Pause == nil {
		return "", false
	}
	return e.sentences().paused(*e.Pause), true
}

func notSyncing(e evidence) (string, bool) {
	since := e.patient.Today(e.contact)
	return e.sentences().notSyncing(since), e.Date.DaysSince(since) >= e.limits.NotSyncingDays
}

func neverStarted(e evidence) (string, bool) {
	return e.sentences().neverStarted(e.Start), e.LastDay.IsZero() && e.Missed.Active >= e.limits.NeverStartedDays
}

func painUp(e evidence) (string, bool) {
	if !e.StoppedPain.IsZero() {
		return e.sentences().stoppedByPain(e.StoppedPain, e.Last7), true
	}
	return e.sentences().painUp(e.Pain, e.Last7), e.Pain.Means() == questionnaire.Worse
}

func dropped(e evidence) (string, bool) {
	return e.sentences().dropped(e.Last7, e.Median, e.Until), e.Dropped
}

func prevention(e evidence) (string, bool) {
	return e.sentences().prevention(e.Last28), e.patient.Phase == people.Prevention
}

func starting(e evidence) (string, bool) {
	return e.sentences().starting(e.Start), e.Last7.Sessions == nil
}

func band(bands ...adherence.Band) func(evidence) (string, bool) {
	return func(e evidence) (string, bool) {
		is := slices.Contains(bands, adherence.BandOf(e.Last7))
		return e.sentences().band(e.Last7, e.Last28, e.Until), is
	}
}
