package caseload

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/alert"
	"cadans/internal/record/barrier"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/record/settings"
	"cadans/internal/rules/adherence"
	"cadans/pkg/localtime"
)

// Each state alone asks for attention or does not; an open alert does unless it can wait until the next visit.
func TestWhoNeedsAttention(t *testing.T) {
	t.Parallel()
	needs := map[State]bool{
		SafetyStop: true, Dropped: true, PainUp: true, NeverStarted: true, Low: false, Partial: false,
		NotSyncing: false, NotPaired: false, NoProgram: false, Starting: false, OnTrack: false, Prevention: false,
		Paused: false,
	}
	require.Len(t, order, len(needs))
	for _, state := range order {
		want, known := needs[state]
		require.True(t, known, state)
		require.Equal(t, want, Row{State: state}.NeedsAttention(), state)
		for urgency, presses := range map[alert.Urgency]bool{
			alert.Now:       true,
			alert.Today:     true,
			alert.ThisWeek:  true,
			alert.NextVisit: false,
		} {
			row := Row{State: state, Alerts: []alert.Alert{{Raised: alert.Raised{Urgency: urgency}}}}
			require.Equal(t, want || presses, row.NeedsAttention(), "%s with an alert for %s", state, urgency)
		}
	}
}

// day is a Monday.
var day = localtime.MustParseDate("2026-03-30")

// well is the evidence of somebody about whom there is nothing to say but that it goes well.
func well() evidence {
	e := evidence{
		patient:  people.Patient{Zone: "Europe/Amsterdam"},
		limits:   settings.Defaults(),
		language: people.English,
		contact:  time.Date(2026, 3, 30, 7, 0, 0, 0, time.UTC),
	}
	full := 1000
	e.Date, e.Until, e.Start, e.LastDay = day, day.AddDays(-1), day.AddDays(-28), day.AddDays(-1)
	e.Last7 = adherence.Rate{Days: 7, Active: 7, Done: 5, Expected7: 35, Sessions: &full}
	e.Last28 = adherence.Rate{Days: 28, Active: 28, Done: 20, Expected7: 140, Sessions: &full}
	return e
}

// A state begins exactly where its rule says, and the first rule that holds decides.
func TestWhereStatesBegin(t *testing.T) {
	t.Parallel()
	limits := settings.Defaults()
	pain := func(change int) func(*evidence) {
		before, now := 40, 40+change
		return func(e *evidence) { e.Pain = adherence.Pain{Now: &now, Before: &before, Change: &change} }
	}
	silent := func(days int) func(*evidence) {
		return func(e *evidence) { e.contact = e.contact.AddDate(0, 0, -days) }
	}
	unstarted := func(days int) func(*evidence) {
		return func(e *evidence) { e.LastDay, e.Missed.Active = localtime.Date{}, days }
	}
	for name, tc := range map[string]struct {
		change func(*evidence)
		state  State
	}{
		"nothing":               {func(*evidence) {}, OnTrack},
		"pain just not up":      {pain(adherence.MinimumImportantChange - 1), OnTrack},
		"pain just up":          {pain(adherence.MinimumImportantChange), PainUp},
		"pain down":             {pain(-adherence.MinimumImportantChange), OnTrack},
		"silent for a day less": {silent(limits.NotSyncingDays - 1), OnTrack},
		"silent long enough":    {silent(limits.NotSyncingDays), NotSyncing},
		"waiting a day less":    {unstarted(limits.NeverStartedDays - 1), OnTrack},
		"waiting long enough":   {unstarted(limits.NeverStartedDays), NeverStarted},
		"began, then missed":    {func(e *evidence) { e.Missed.Active = limits.NeverStartedDays }, OnTrack},
		"dropped":               {func(e *evidence) { e.Dropped = true }, Dropped},
		"pain goes before a drop": {func(e *evidence) { e.Dropped = true; pain(adherence.MinimumImportantChange)(e) },
			PainUp},
		"stopped by pain":          {func(e *evidence) { e.StoppedPain = day }, PainUp},
		"in prevention":            {func(e *evidence) { e.patient.Phase = people.Prevention }, Prevention},
		"too little to judge":      {func(e *evidence) { e.Last7.Sessions = nil }, Starting},
		"without a phone":          {func(e *evidence) { e.contact = time.Time{} }, NotPaired},
		"no program":               {func(e *evidence) { e.Start = localtime.Date{} }, NoProgram},
		"paused":                   {func(e *evidence) { e.Pause = &adherence.Pause{Start: day, End: day} }, Paused},
		"a stop before everything": {func(e *evidence) { e.Stop, e.Start = day, localtime.Date{} }, SafetyStop},
	} {
		e := well()
		tc.change(&e)
		require.Equal(t, tc.state, judge(e).State, name)
	}
	require.Equal(t, well().contact, *judge(well()).LastContact)
	unpaired := well()
	unpaired.contact = time.Time{}
	require.Nil(t, judge(unpaired).LastContact)
}

// Each thing to talk about, whole, in both languages, with what goes before it absent.
func TestTalkingPoints(t *testing.T) {
	t.Parallel()
	point := func(state State, change func(*Summary)) func() Summary {
		return func() Summary {
			s := Summary{Row: Row{State: state}}
			change(&s)
			return s
		}
	}
	plain := func(*Summary) {}
	alerts := func(open ...alert.Alert) func(*Summary) { return func(s *Summary) { s.Row.Alerts = open } }
	pain := func(change int) func(*Summary) { return func(s *Summary) { s.Since.Pain.Change = &change } }
	fell := func(from, change int) func(*Summary) {
		return func(s *Summary) { s.Since.Pain.Before, s.Since.Pain.Change = &from, &change }
	}
	dose := func(raw int) func(*Summary) { return func(s *Summary) { s.Row.Last14.Raw = &raw } }
	named := func(times int) func(*Summary) {
		return func(s *Summary) { s.Named = []Named{{Barrier: "time", Times: times, On: day}} }
	}
	ill := func(times int) func(*Summary) {
		return func(s *Summary) { s.Named = []Named{{Barrier: barrier.Ill, Times: times, On: day}} }
	}
	const (
		more, keep = "The patient does more than planned: ask whether that is meant to " +
			"be.", "Ask what works well, and keep it."
		rise, lower = "Ask what made the pain rise and whether the exercises may be " +
			"lighter.", "Pain is clearly down: ask what is possible again."
		changed = "Ask what changed, without judging."
		app     = "Ask whether the app still works, and open it together."
	)
	for name, tc := range map[string]struct {
		of func() Summary
		en string
	}{
		"stop": {point(SafetyStop, pain(90)), "The signs that led to the stop. Then decide."},
		"safety and mood": {point(OnTrack, alerts(
			alert.Alert{Raised: alert.Raised{Kind: "mood"}}, alert.Alert{Raised: alert.Raised{Kind: "safety"}},
		)), "Ask about the safety sign that is still open."},
		"mood": {
			point(PainUp, alerts(alert.Alert{Raised: alert.Raised{Kind: "mood"}})),
			"Ask how the patient's mood is now.",
		},
		"pain by an alert": {
			point(OnTrack, alerts(alert.Alert{Reasons: []alert.Reason{{Finding: alert.Finding{Rule: "pain_after"}}}})),
			rise,
		},
		"pain that ended": {
			point(OnTrack, alerts(alert.Alert{
				Reasons: []alert.Reason{{Finding: alert.Finding{Rule: "pain_after"}, Ended: true}},
			})), keep,
		},
		"pain by state":          {point(PainUp, plain), rise},
		"pain by numbers":        {point(OnTrack, pain(adherence.MinimumImportantChange)), rise},
		"pain not quite":         {point(OnTrack, pain(adherence.MinimumImportantChange-1)), keep},
		"pain down":              {point(OnTrack, pain(-adherence.MinimumImportantChange)), lower},
		"pain hardly down":       {point(OnTrack, pain(1-adherence.MinimumImportantChange)), keep},
		"high pain, hardly down": {point(OnTrack, fell(85, -29)), keep},
		"high pain, down":        {point(OnTrack, fell(85, -30)), lower},
		"a wish": {point(Low, func(s *Summary) { s.Waiting.Wishes = 1; named(2)(s) }),
			"The patient asked for a change: discuss what should be different."},
		"named twice": {point(Low, named(2)),
			"Reported 2 times, the latest on 30 Mar: no time. Ask what would make this easier."},
		"named once":        {point(Low, named(1)), "Reported on 30 Mar: no time. Ask what would make this easier."},
		"named, on track":   {point(OnTrack, named(2)), keep},
		"silent":            {point(NotSyncing, plain), app},
		"no phone":          {point(NotPaired, plain), "Pair the phone together."},
		"no program":        {point(NoProgram, plain), "Make a program."},
		"ill twice":         {point(Low, ill(2)), "Reported ill 2 times. Ask how it is now."},
		"ill once":          {point(Low, ill(1)), "Reported ill on 30 Mar. Ask how it is now."},
		"never started":     {point(NeverStarted, plain), "Choose a fixed moment for the first time together."},
		"dropped":           {point(Dropped, plain), changed},
		"low":               {point(Low, plain), changed},
		"partial":           {point(Partial, plain), changed},
		"more than planned": {point(OnTrack, dose(doingMore+1)), more},
		"as planned":        {point(OnTrack, dose(doingMore)), keep},
		"nothing":           {point(Starting, plain), keep},
	} {
		s := tc.of()
		english := s.talkingPoint(words{adherence.Words{Language: people.English}})
		require.Equal(t, tc.en, english, name)
		require.NotEqual(t, english, s.talkingPoint(words{adherence.Words{Language: people.Dutch}}), name)
	}
	barrier := Summary{Row: Row{State: Low}, Barriers: []barrier.Report{{Barrier: "time", LocalDate: day}}}
	require.Equal(t, "Op 30 mrt gemeld: geen tijd. Vraag wat dit makkelijker zou maken.",
		barrier.talkingPoint(words{adherence.Words{Language: people.Dutch}}))
}

// A change of pain counts from the measurement error on, upward and downward.
func TestBeyondError(t *testing.T) {
	t.Parallel()
	for change, want := range map[int]bool{
		adherence.MinimumImportantChange:     true,
		-adherence.MinimumImportantChange:    true,
		adherence.MinimumImportantChange - 1: false,
		1 - adherence.MinimumImportantChange: false,
		0:                                    false,
	} {
		var s Since
		require.False(t, s.BeyondError(), "nothing to compare")
		s.Pain.Change = &change
		require.Equal(t, want, s.BeyondError(), change)
	}
}

// What is said of somebody who cannot be judged, whole, in both languages.
func TestWhatIsSaidWithoutNumbers(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change func(*evidence)
		en, nl string
	}{
		"a stop": {func(e *evidence) { e.Stop = day }, "Safety stop since 30 Mar: a decision is needed.",
			"Veiligheidsstop sinds 30 mrt: een beslissing is nodig."},
		"no program": {func(e *evidence) { e.Start = localtime.Date{} }, "No program has been published yet.",
			"Nog geen programma gepubliceerd."},
		"no phone": {func(e *evidence) { e.contact = time.Time{} }, "No phone has been paired yet.",
			"Nog geen telefoon gekoppeld."},
		"too few days": {func(e *evidence) { e.Start, e.Last7.Sessions = day.AddDays(-2), nil },
			"Started on 28 Mar; too few days to say anything yet.",
			"Gestart op 28 mrt; nog te weinig dagen om iets te zeggen."},
	} {
		e := well()
		tc.change(&e)
		require.Equal(t, tc.en, judge(e).Reason, name)
		e.language = people.Dutch
		require.Equal(t, tc.nl, judge(e).Reason, name)
	}
}

// A pause says why, in both languages.
func TestWhyAPause(t *testing.T) {
	t.Parallel()
	for reason, want := range map[program.PauseReason][2]string{
		"illness": {"illness", "ziekte"},
		"holiday": {"holiday", "vakantie"},
		"flare":   {"flare", "opvlamming"},
		"else":    {"other", "anders"},
	} {
		e := well()
		e.Pause = &adherence.Pause{Start: day, End: day.AddDays(2), Reason: reason}
		require.Equal(t, "Paused from 30 Mar through 1 Apr ("+want[0]+").", judge(e).Reason)
		e.language = people.Dutch
		require.Equal(t, "Pauze van 30 mrt tot en met 1 apr ("+want[1]+").", judge(e).Reason)
	}
}
