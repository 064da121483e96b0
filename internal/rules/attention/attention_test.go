package attention_test

import (
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cadans/internal/record/alert"
	"cadans/internal/record/barrier"
	"cadans/internal/record/pain"
	"cadans/internal/record/session"
	"cadans/internal/record/settings"
	"cadans/internal/record/wish"
	"cadans/internal/rules/adherence"
	"cadans/internal/rules/attention"
	"cadans/internal/run/testdb"
	"cadans/pkg/localtime"
)

func TestMain(m *testing.M) { os.Exit(testdb.Suite{M: m}.Run()) }

// today is a Friday.
var today = localtime.MustParseDate("2026-11-20")

func number(n int) *int { return &n }

func rate(done, expected int) adherence.Rate {
	permille := 1000 * done / expected
	return adherence.Rate{Done: done, Expected7: 7 * expected, Active: 7, Sessions: &permille}
}

// well is a patient about whom no rule has anything to say: it is asked five times a week and all is done.
func well() attention.Facts {
	return attention.Facts{
		Status: adherence.Status{
			Date: today, Until: today.AddDays(-1), Start: today.AddDays(-60), Week: 9, Asked: true,
			LastDay: today.AddDays(-1), Last7: rate(5, 5), Last14: rate(10, 10), Last28: rate(20, 20),
			Before14: rate(10, 10), Earlier28: rate(20, 20),
		},
		Contact: today, Limits: settings.Defaults(),
	}
}

func with(change func(*attention.Facts)) attention.Facts {
	f := well()
	change(&f)
	return f
}

// did is a session so many days ago.
func did(daysAgo int, change func(*session.Session)) session.Session {
	s := session.Session{Content: session.Content{LocalDate: today.AddDays(-daysAgo), Status: session.Completed}}
	s.ID = "s" + s.ID
	change(&s)
	return s
}

// told is a weekly answer about pain, the oldest first, the last of them today.
func told(scores ...int) (all []pain.Point) {
	for i, score := range scores {
		all = append(all, pain.Point{Day: today.AddDays(-7 * (len(scores) - 1 - i)), Value: score})
	}
	return all
}

// Pain that is told in the weekly question alone reaches the therapist, once it was clearly more twice in a row.
func TestPainToldInCheckIns(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		told   []pain.Point
		raised bool
	}{
		{"never told", nil, false},
		{"twice only", told(3, 9), false},
		{"once more", told(3, 3, 3, 8), false},
		{"twice in a row", told(3, 3, 3, 8, 9), true},
		{"just 2 more", told(3, 5, 5), true},
		{"less than 2 more", told(3, 4, 5), false},
		{"back again", told(3, 3, 8, 3), false},
		{"less pain", told(8, 8, 3, 3), false},
		{"17 days ago and today", []pain.Point{
			{Day: today.AddDays(-40), Value: 3}, {Day: today.AddDays(-17), Value: 8}, {Day: today, Value: 8},
		}, true},
		{"18 days ago and today", []pain.Point{
			{Day: today.AddDays(-40), Value: 3}, {Day: today.AddDays(-18), Value: 8}, {Day: today, Value: 8},
		}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			found := attention.Judge(with(func(f *attention.Facts) { f.PainReports = tc.told })).Findings
			if !tc.raised {
				require.Empty(t, found)
				return
			}
			require.Len(t, found, 1)
			require.Equal(t, attention.PainRise, found[0].Rule)
			require.Equal(t, alert.Today, found[0].Urgency)
		})
	}
	found := attention.Judge(with(func(f *attention.Facts) { f.PainReports = told(3, 3, 3, 8, 9) })).Findings
	require.Equal(t, "Asked outside sessions, pain was 8 and then 9; before that 3.0 on average.", found[0].EN)
	require.Equal(t, "Gevraagd buiten de sessies was de pijn 8 en daarna 9; daarvoor gemiddeld 3,0.", found[0].NL)
}

func rose(daysAgo, before, after int) session.Session {
	return did(daysAgo, func(s *session.Session) { s.PainBefore, s.PainAfter = &before, &after })
}

func confident(daysAgo, n int) session.Session {
	return did(daysAgo, func(s *session.Session) { s.Confidence = &n })
}

func missing(active, expected7 int) func(*attention.Facts) {
	return func(f *attention.Facts) {
		f.LastDay = today.AddDays(-active - 1)
		f.Missed = adherence.Missed{Active: active, Expected7: expected7}
	}
}

// unstarted is a patient who was asked something on so many days up to yesterday and has done nothing.
func unstarted(f *attention.Facts, days int) {
	f.Start, f.LastDay = today.AddDays(-days), localtime.Date{}
	f.Missed = adherence.Missed{Active: days, Expected7: 5 * days}
}

// Each rule just below, at and above its threshold, with its default.
func TestRules(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		facts   attention.Facts
		rules   []alert.Rule
		urgency alert.Urgency
	}{
		{"all is well", well(), nil, ""},

		{"never started: 3 days", with(func(f *attention.Facts) { unstarted(f, 3) }), nil, ""},
		{"never started: 4 days", with(func(f *attention.Facts) { unstarted(f, 4) }),
			[]alert.Rule{attention.NeverStarted}, alert.ThisWeek},
		{"never started: 5 days", with(func(f *attention.Facts) { unstarted(f, 5) }),
			[]alert.Rule{attention.NeverStarted}, alert.ThisWeek},
		{"never started: a lapse after 14", with(func(f *attention.Facts) {
			unstarted(f, 14)
		}), []alert.Rule{attention.Lapsed}, alert.ThisWeek},

		{"missed run: 2 and six sevenths", with(missing(4, 20)), nil, ""},
		{"missed run: 3", with(missing(5, 21)), []alert.Rule{attention.MissedRun}, alert.ThisWeek},
		{"missed run: 4", with(missing(6, 28)), []alert.Rule{attention.MissedRun}, alert.ThisWeek},

		{"lapse: 13 days", with(missing(13, 65)), []alert.Rule{attention.MissedRun}, alert.ThisWeek},
		{"lapse: 14 days", with(missing(14, 70)), []alert.Rule{attention.Lapsed}, alert.ThisWeek},
		{"lapse: 27 days", with(missing(27, 135)), []alert.Rule{attention.Lapsed}, alert.ThisWeek},
		{"dropout review: 28 days", with(missing(28, 140)), []alert.Rule{attention.DropoutReview}, alert.ThisWeek},

		{"drop: 60 percent, 40 points",
			with(func(f *attention.Facts) { f.Last14, f.Before14 = rate(6, 10), rate(10, 10) }), nil, ""},
		{"drop: 59 percent, 24 points",
			with(func(f *attention.Facts) { f.Last14, f.Before14 = rate(59, 100), rate(83, 100) }), nil, ""},
		{"drop: 59 percent, 25 points",
			with(func(f *attention.Facts) { f.Last14, f.Before14 = rate(59, 100), rate(84, 100) }),
			[]alert.Rule{attention.AdherenceDrop}, alert.ThisWeek},
		{"drop: 50 percent, 50 points",
			with(func(f *attention.Facts) { f.Last14, f.Before14 = rate(5, 10), rate(10, 10) }),
			[]alert.Rule{attention.AdherenceDrop}, alert.ThisWeek},
		{"drop: nothing to compare with",
			with(func(f *attention.Facts) { f.Last14, f.Before14 = rate(0, 10), adherence.Rate{} }), nil, ""},

		{"low for weeks: 50 and 49 percent",
			with(func(f *attention.Facts) { f.Last28, f.Earlier28 = rate(50, 100), rate(49, 100) }), nil, ""},
		{"low for weeks: 49 and 50 percent",
			with(func(f *attention.Facts) { f.Last28, f.Earlier28 = rate(49, 100), rate(50, 100) }), nil, ""},
		{"low for weeks: 49 and 49 percent",
			with(func(f *attention.Facts) { f.Last28, f.Earlier28 = rate(49, 100), rate(49, 100) }),
			[]alert.Rule{attention.LowForWeeks}, alert.ThisWeek},

		{"pain: 1.9 points", with(hurts(59, 40, 19, nil)), nil, ""},
		{"pain: 2 points", with(hurts(60, 40, 20, nil)), []alert.Rule{attention.PainRise}, alert.ThisWeek},
		{"pain: 2.4 points", with(hurts(63, 39, 24, nil)), []alert.Rule{attention.PainRise}, alert.ThisWeek},
		{"pain: up for two weeks", with(hurts(60, 45, 15, number(20))), []alert.Rule{attention.PainRise}, alert.Today},
		{"pain: up 1.9 for two weeks", with(hurts(60, 45, 15, number(19))), nil, ""},
		{"pain: up for two weeks, and going down", with(hurts(40, 60, -20, number(20))), nil, ""},
		{"pain: too few scores",
			with(func(f *attention.Facts) { f.Pain = adherence.Pain{Now: number(90), Before: number(10)} }), nil, ""},

		{"pain after: one of three", with(sessions(rose(3, 3, 5), rose(2, 3, 3), rose(1, 3, 4))), nil, ""},
		{"pain after: two of three", with(sessions(rose(3, 3, 5), rose(2, 3, 3), rose(1, 3, 5))),
			[]alert.Rule{attention.PainAfter}, alert.ThisWeek},
		{"pain after: one point three times", with(sessions(rose(3, 3, 4), rose(2, 3, 4), rose(1, 3, 4))), nil, ""},
		{"pain after: three of three", with(sessions(rose(3, 3, 5), rose(2, 3, 6), rose(1, 3, 7))),
			[]alert.Rule{attention.PainAfter}, alert.ThisWeek},
		{"pain after: the second lies four back",
			with(sessions(rose(4, 3, 5), rose(3, 3, 3), rose(2, 3, 3), rose(1, 3, 5))), nil, ""},
		{"pain after: a session without scores does not count",
			with(sessions(rose(4, 3, 5), did(3, func(*session.Session) {}), rose(2, 3, 3), rose(1, 3, 5))),
			[]alert.Rule{attention.PainAfter}, alert.ThisWeek},

		{"stopped because of pain", with(sessions(stopped(1, session.StoppedByPain))),
			[]alert.Rule{attention.StoppedPain}, alert.Now},
		{"stopped because of pain 6 days ago", with(sessions(stopped(6, session.StoppedByPain))),
			[]alert.Rule{attention.StoppedPain}, alert.Now},
		{"stopped because of pain 7 days ago", with(sessions(stopped(7, session.StoppedByPain))), nil, ""},
		{"stopped for lack of time", with(sessions(stopped(1, "time"))), nil, ""},

		{"confidence 4 once", with(sessions(confident(2, 5), confident(1, 4))), nil, ""},
		{"confidence 5 twice", with(sessions(confident(2, 5), confident(1, 5))), nil, ""},
		{"confidence 4 twice", with(sessions(confident(2, 4), confident(1, 4))),
			[]alert.Rule{attention.LowConfidence}, alert.ThisWeek},
		{"confidence 3 twice, not asked in between",
			with(sessions(confident(3, 3), did(2, func(*session.Session) {}), confident(1, 3))),
			[]alert.Rule{attention.LowConfidence}, alert.ThisWeek},
		{"confidence is back", with(sessions(confident(3, 2), confident(2, 2), confident(1, 5))), nil, ""},

		{"one barrier", with(barriers("time", 1)), nil, ""},
		{"the same barrier twice on one day", with(barriers("time", 1, "time", 1)), nil, ""},
		{"two barriers", with(barriers("time", 1, "forgot", 2)), nil, ""},
		{"the same barrier twice", with(barriers("time", 1, "forgot", 2, "time", 3)),
			[]alert.Rule{attention.SameBarrier}, alert.ThisWeek},

		{"asks for a change", with(func(f *attention.Facts) {
			f.Request = &wish.Wish{ID: "r", LocalDate: today, Reason: "too_hard"}
		}), []alert.Rule{attention.AsksChange}, alert.ThisWeek},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			j := attention.Judge(tc.facts)
			require.Equal(t, attention.Judged, j.State)
			require.Empty(t, j.Silent)
			var found []alert.Rule
			for _, f := range j.Findings {
				found = append(found, f.Rule)
				require.Equal(t, tc.urgency, f.Urgency)
				require.NotEmpty(t, f.NL)
				require.NotEmpty(t, f.EN)
				require.NotContains(t, f.NL+f.EN, "%!", "a sentence lacks a value")
			}
			require.Equal(t, tc.rules, found)
		})
	}
}

func hurts(now, before, change int, fortnight *int) func(*attention.Facts) {
	return func(f *attention.Facts) {
		f.Pain = adherence.Pain{Now: &now, Before: &before, Change: &change, Fortnight: fortnight, Scores: 5}
	}
}

func sessions(list ...session.Session) func(*attention.Facts) {
	return func(f *attention.Facts) { f.Sessions = list }
}

func stopped(daysAgo int, reason string) session.Session {
	return did(daysAgo, func(s *session.Session) { s.Status, s.StoppedReason = session.Stopped, reason })
}

// barriers takes names and days ago in turn, latest first.
func barriers(pairs ...any) func(*attention.Facts) {
	return func(f *attention.Facts) {
		for pair := range slices.Chunk(pairs, 2) {
			f.Barriers = append(f.Barriers, barrier.Report{
				Barrier:   barrier.Barrier(pair[0].(string)),
				LocalDate: today.AddDays(-pair[1].(int)),
			})
		}
	}
}

// Nobody is at risk who is paused, stopped, finished or unknown, however bad the numbers are.
func TestNoAlertForWhoCannotBeJudged(t *testing.T) {
	t.Parallel()
	bad := with(func(f *attention.Facts) {
		missing(40, 200)(f)
		hurts(90, 20, 70, number(60))(f)
		sessions(stopped(1, session.StoppedByPain), confident(1, 0), confident(1, 0))(f)
		barriers("time", 1, "time", 2)(f)
		f.Last14, f.Last28, f.Earlier28 = rate(0, 10), rate(0, 20), rate(0, 20)
		f.Request = &wish.Wish{ID: "r"}
	})
	require.Len(t, attention.Judge(bad).Findings, 8, "all of it is told of somebody who can be judged")
	for _, tc := range []struct {
		name   string
		change func(*attention.Facts)
		state  attention.State
		silent []alert.Rule
	}{
		{"paused", func(f *attention.Facts) { f.Pause = &adherence.Pause{Start: today, End: today} },
			attention.Resting, nil},
		{"stopped by the safety gate", func(f *attention.Facts) { f.Stop = today }, attention.Resting, nil},
		{"discharged", func(f *attention.Facts) { f.Asked = false }, attention.Ended, nil},
		{"silent for 4 days can be judged", func(f *attention.Facts) { f.Contact = today.AddDays(-4) },
			attention.Judged, nil},
		{"silent for 5 days", func(f *attention.Facts) { f.Contact = today.AddDays(-5) }, attention.Unknown,
			[]alert.Rule{attention.NotSyncing}},
		{"silent for 27 days", func(f *attention.Facts) { f.Contact = today.AddDays(-27) }, attention.Unknown,
			[]alert.Rule{attention.NotSyncing}},
		{"silent for 28 days", func(f *attention.Facts) { f.Contact = today.AddDays(-28) }, attention.Unknown,
			[]alert.Rule{attention.NotSyncing, attention.DropoutReview}},
		{"never paired", func(f *attention.Facts) { f.Contact = localtime.Date{} }, attention.Unknown, nil},
		{"silent and paused", func(f *attention.Facts) {
			f.Contact, f.Pause = today.AddDays(-9), &adherence.Pause{Start: today, End: today}
		}, attention.Resting, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f := bad
			tc.change(&f)
			j := attention.Judge(f)
			require.Equal(t, tc.state, j.State)
			if tc.state != attention.Judged {
				require.Empty(t, j.Findings)
			}
			var silent []alert.Rule
			for _, finding := range j.Silent {
				silent = append(silent, finding.Rule)
			}
			require.Equal(t, tc.silent, silent)
		})
	}
}

// Thresholds are the practice's own.
func TestThresholdsAreSettings(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		limits := settings.Defaults()
		limits.MissedRun = rapid.IntRange(2, 7).Draw(t, "run")
		limits.PainRise = rapid.IntRange(2, 4).Draw(t, "rise")
		limits.LowConfidence = rapid.IntRange(2, 6).Draw(t, "confidence")
		expected7 := rapid.IntRange(0, 60).Draw(t, "expected")
		change := rapid.IntRange(-50, 50).Draw(t, "change")
		low := rapid.IntRange(0, 10).Draw(t, "low")
		f := with(func(f *attention.Facts) {
			missing(1, expected7)(f)
			hurts(50+change, 50, change, nil)(f)
			sessions(confident(2, low), confident(1, low))(f)
			f.Limits = limits
		})
		var found []alert.Rule
		for _, finding := range attention.Judge(f).Findings {
			found = append(found, finding.Rule)
		}
		require.Equal(t, expected7 >= 7*limits.MissedRun, slices.Contains(found, attention.MissedRun))
		require.Equal(t, change >= 10*limits.PainRise, slices.Contains(found, attention.PainRise))
		require.Equal(t, low <= limits.LowConfidence, slices.Contains(found, attention.LowConfidence))
	})
}

// The whole sentence of every rule in both languages.
func TestSentences(t *testing.T) {
	t.Parallel()
	nov := func(day int) localtime.Date { return localtime.NewDate(2026, 11, day) }
	f := with(func(f *attention.Facts) {
		f.LastDay = nov(11)
		f.Missed = adherence.Missed{Active: 6, Expected7: 21, Days: []localtime.Date{nov(13), nov(16), nov(18)}}
		f.Last14, f.Before14 = rate(3, 6), rate(6, 6)
		f.Last28, f.Earlier28 = rate(4, 12), rate(5, 12)
		f.Last7 = rate(6, 6)
		f.Barriers = []barrier.Report{
			{Barrier: "time", LocalDate: nov(16)}, {Barrier: "time", LocalDate: nov(9)},
		}
		hurts(63, 39, 24, nil)(f)
		after := stopped(1, session.StoppedByPain)
		after.PainAfter = number(7)
		f.Sessions = []session.Session{
			rose(7, 3, 5), rose(5, 4, 4), rose(3, 3, 5), after, confident(2, 4), confident(1, 3),
		}
		f.Request = &wish.Wish{ID: "r", LocalDate: nov(18), Reason: "no_space"}
	})
	got := map[alert.Rule][2]string{}
	for _, finding := range attention.Judge(f).Findings {
		got[finding.Rule] = [2]string{finding.EN, finding.NL}
	}
	long := with(missing(14, 70))
	got[attention.Lapsed] = [2]string{attention.Judge(long).Findings[0].EN, attention.Judge(long).Findings[0].NL}
	gone := with(missing(28, 140))
	got[attention.DropoutReview] = [2]string{attention.Judge(gone).Findings[0].EN, attention.Judge(gone).Findings[0].NL}
	fresh := with(func(f *attention.Facts) {
		unstarted(f, 8)
		f.Contact = nov(19)
	})
	got[attention.NeverStarted] = [2]string{
		attention.Judge(fresh).Findings[0].EN, attention.Judge(fresh).Findings[0].NL,
	}
	silent := with(func(f *attention.Facts) { f.Contact = nov(14) })
	got[attention.NotSyncing] = [2]string{attention.Judge(silent).Silent[0].EN, attention.Judge(silent).Silent[0].NL}
	require.Equal(t, map[alert.Rule][2]string{
		attention.MissedRun: {
			"3 planned sessions in a row without a log (13, 16, 18 Nov). Reported on 16 Nov: no time.",
			"3 geplande sessies achter elkaar niet ingevuld (13, 16, 18 nov). Gemeld op 16 nov: geen tijd.",
		},
		attention.AdherenceDrop: {
			"Adherence over 14 days 50% (3 of 6), before that 100% (6 of 6).",
			"Therapietrouw over 14 dagen 50 % (3 van 6), daarvoor 100 % (6 van 6).",
		},
		attention.LowForWeeks: {
			"Adherence over 28 days 33% (4 of 12), two weeks ago 42% (5 of 12).",
			"Therapietrouw over 28 dagen 33 % (4 van 12), twee weken geleden 42 % (5 van 12).",
		},
		attention.PainRise: {"Average pain this week 6.3; the two weeks before 3.9 (+2.4). Pain went up after 2 " +
			"of the last 3 sessions. Adherence over 7 days: 100% (6 of 6).",
			"Gemiddelde pijn deze week 6,3; de twee weken daarvoor 3,9 (+2,4). Na 2 van de laatste 3 sessies meer " +
				"pijn. Therapietrouw over 7 dagen: 100 % (6 van 6)."},
		attention.PainAfter: {
			"Pain rose by 2 points or more after 2 of the last 3 sessions, the latest on 17 Nov.",
			"Na 2 van de laatste 3 sessies steeg de pijn 2 punten of meer, het laatst op 17 nov.",
		},
		attention.StoppedPain: {
			"Stopped the session on 19 Nov because of pain (7 of 10).",
			"Stopte op 19 nov met de sessie vanwege pijn (7 van 10).",
		},
		attention.LowConfidence: {
			"Low confidence twice in a row: 4 of 10 on 18 Nov and 3 of 10 on 19 Nov.",
			"Twee keer achter elkaar weinig vertrouwen: 4 van 10 op 18 nov en 3 van 10 op 19 nov.",
		},
		attention.SameBarrier: {
			"Reported 2 times in 14 days (9, 16 Nov): no time.",
			"2 keer in 14 dagen gemeld (9, 16 nov): geen tijd.",
		},
		attention.AsksChange: {
			"Asked for a change on 18 Nov: no space.",
			"Vroeg op 18 nov om een aanpassing: geen ruimte.",
		},
		attention.Lapsed: {
			"14 days without a session, pauses left out; the latest was on 5 Nov. Make contact within 3 working days.",
			"14 dagen zonder sessie, pauzes niet meegeteld; de laatste was op 5 nov. Neem binnen 3 werkdagen contact " +
				"op.",
		},
		attention.DropoutReview: {"28 days without a session, pauses left out; the latest was on 22 Oct. " +
			"Discuss how to go on: continue, pause, refer or finish.",
			"28 dagen zonder sessie, pauzes niet meegeteld; de laatste was op 22 okt. Bespreek hoe het verder gaat: " +
				"doorgaan, pauze, verwijzen of afronden."},
		attention.NeverStarted: {
			"Program started on 12 Nov, nothing logged yet. The phone was in contact on 19 Nov.",
			"Programma gestart op 12 nov, nog niets ingevuld. De telefoon had contact op 19 nov.",
		},
		attention.NotSyncing: {
			"No contact with the phone since 14 Nov. Sessions may exist that have not been sent yet.",
			"Geen contact met de telefoon sinds 14 nov. Er kunnen sessies zijn die nog niet zijn verstuurd.",
		},
	}, got)
}
