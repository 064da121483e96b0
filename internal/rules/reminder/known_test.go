package reminder

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/delivery"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/rules/adherence"
	"cadans/pkg/localtime"
)

// home is the folder of a patient in UTC, two weeks into the program.
func home(sent ...sentSlot) *patientData {
	return &patientData{
		schedule: schedule{policy: Default, zone: time.UTC, patient: people.Patient{ID: anna,
			Reminders: people.DefaultWishes}, seedOf: HashSeed},
		phones: []people.PushTarget{{}}, seen: nine.Add(-time.Hour), sent: sent, answered: nine.AddDate(0, 0, -20),
	}
}

// monday is the day of nine, with four weeks behind it in which nothing was done.
func monday() adherence.Status {
	today := localtime.DateOf(nine)
	return adherence.Status{Date: today, Start: today.AddDays(-13), Asked: true,
		Course: adherence.Course{Expected7: 5, PerWeek: 3, WeekDone: 2, Away: 13, Trained: strings.Repeat(".", 28)}}
}

// sentAt is a reminder that went out so many days before nine.
func sentAt(kind Kind, daysAgo int) sentSlot {
	at := nine.AddDate(0, 0, -daysAgo)
	return sentSlot{id: id.Slot(string(kind) + at.String()), kind: kind, date: localtime.DateOf(at), at: at, due: at}
}

// A reminder is ignored when a day has passed, nobody opened it, and there was no session that day or the next; who
// chose anew how to
// be reminded answered all before. The run ends at the latest that was answered.
func TestWhichRemindersWereIgnored(t *testing.T) {
	t.Parallel()
	opened := sentAt(Cue, 3)
	opened.openedAt = opened.at.Add(time.Hour)
	planned := sentAt(Cue, 2)
	planned.at = time.Time{}
	trained := func(daysAgo int) func(*patientData, *adherence.Status) {
		return func(_ *patientData, s *adherence.Status) {
			marks := []byte(s.Course.Trained)
			marks[len(marks)-1-daysAgo] = 'x'
			s.Course.Trained = string(marks)
		}
	}
	nothing := func(*patientData, *adherence.Status) {}
	for name, tc := range map[string]struct {
		sent   []sentSlot
		change func(*patientData, *adherence.Status)
		want   int
	}{
		"none":                        {nil, nothing, 0},
		"three":                       {[]sentSlot{sentAt(Cue, 1), sentAt(Rescue, 2), sentAt(Weekly, 3)}, nothing, 3},
		"the opened one ends the run": {[]sentSlot{sentAt(Cue, 1), opened, sentAt(Cue, 4)}, nothing, 1},
		"one of less than a day":      {[]sentSlot{sentAt(Cue, 0), sentAt(Cue, 2)}, nothing, 1},
		"feedback is none":            {[]sentSlot{sentAt(Feedback, 1), sentAt(Cue, 2)}, nothing, 1},
		"one that was not sent":       {[]sentSlot{planned, sentAt(Cue, 3)}, nothing, 1},
		"a session that day":          {[]sentSlot{sentAt(Cue, 2), sentAt(Cue, 4)}, trained(4), 1},
		"a session the day after":     {[]sentSlot{sentAt(Cue, 2), sentAt(Cue, 4)}, trained(3), 1},
		"a session two days after":    {[]sentSlot{sentAt(Cue, 5), sentAt(Cue, 8)}, trained(3), 2},
		"chosen anew since": {[]sentSlot{sentAt(Cue, 2), sentAt(Cue, 4)},
			func(f *patientData, _ *adherence.Status) { f.answered = sentAt(Cue, 4).at }, 1},
		"chosen anew just before that": {[]sentSlot{sentAt(Cue, 2), sentAt(Cue, 4)},
			func(f *patientData, _ *adherence.Status) { f.answered = sentAt(Cue, 4).at.Add(-1) }, 2},
	} {
		f, status := home(tc.sent...), monday()
		tc.change(f, &status)
		require.Equal(t, tc.want, f.ignored(status, nine), name)
	}
}

// The day on which a patient was last active is that of the latest sign of life; idle is never longer than away.
func TestSinceWhenAPatientIsIdle(t *testing.T) {
	t.Parallel()
	opened := sentAt(Cue, 6)
	opened.openedAt = nine.AddDate(0, 0, -5)
	f := home(sentAt(Cue, 1), opened)
	require.Equal(t, localtime.DateOf(nine).AddDays(-5), f.active())
	slot := slot{ID: "s", Kind: Rescue, Date: localtime.DateOf(nine)}
	require.Equal(t, 5, f.facts(slot, monday(), nine).Idle)
	f.answered = nine.AddDate(0, 0, -4)
	require.Equal(t, localtime.DateOf(nine).AddDays(-4), f.active())
	status := monday()
	status.Course.Away = 2
	require.Equal(t, 2, f.facts(slot, status, nine).Idle)
}

// The facts of a slot are those of its patient, policy and day.
func TestTheFactsOfASlot(t *testing.T) {
	t.Parallel()
	f, status := home(sentAt(Cue, 1)), monday()
	f.hasPlan, f.barrier, f.experience = true, "time", map[Kind]Experience{Cue: {"time": {Plain: {Done: 1}}}}
	seven, four := 700, 900
	status.Last7.Sessions, status.Last28.Sessions, status.Dropped = &seven, &four, true
	status.Course.Spans = []int{4, 4, 4, 4, 4, 4}
	got := f.facts(slot{ID: "s", Kind: Cue, Date: status.Date}, status, nine)
	require.Equal(t, Facts{
		Kind: Cue, Policy: Default, Patient: f.patient, Zone: time.UTC, Date: status.Date, LastSeen: f.seen, Phones: 1,
		Sent: countsOf(f.sent, slot{ID: "s", Date: status.Date}), Day: status.Course, Week: status.Last7,
		Four: status.Last28, Recent: adherence.OnTrack, Dropped: true, HasProgram: true, Away: 13, HabitWeeks: 6,
		DaysIn: 13, Idle: 13, Ignored: 1, Experience: f.experience[Cue], HasPlan: true, Barrier: "time",
	}, got)
	require.False(t, got.WeekDone)
	for done, want := range map[int]bool{2: false, 3: true, 4: true} {
		status.Course.WeekDone = done
		require.Equal(t, want, f.facts(slot{Kind: Cue, Date: status.Date}, status, nine).WeekDone, done)
	}
	for snoozes, want := range map[int]bool{0: false, 1: true} {
		require.Equal(t, want, f.facts(slot{Kind: Cue, Date: status.Date, Snoozes: snoozes}, status, nine).Snoozed)
	}
	status.Stop, status.Asked, status.Start = status.Date, false, status.Date.AddDays(3)
	stopped := f.facts(slot{Kind: Rescue, Date: status.Date}, status, nine)
	require.True(t, stopped.SafetyStop)
	require.False(t, stopped.HasProgram)
	require.Zero(t, stopped.DaysIn)
	require.Nil(t, stopped.Experience)
}

// The window that the learner chose for a day belongs to the cue of that day alone.
func TestTheWindowThatWasTried(t *testing.T) {
	t.Parallel()
	f := home()
	f.times, f.patient.Reminders.Windows = newTimes(), []localtime.Window{early, late}
	today := localtime.DateOf(nine)
	require.Equal(t, f.chooseWindow(today), f.facts(slot{Kind: Cue, Date: today}, monday(), nine).Tried)
	require.Nil(t, f.facts(slot{Kind: Rescue, Date: today}, monday(), nine).Tried)
}

// A habit is four sessions a week on average over the longest of the spans that are known.
func TestHabitWeeks(t *testing.T) {
	t.Parallel()
	spans := func(weeks, sessions int) (all []int) {
		for range weeks {
			all = append(all, sessions)
		}
		return all
	}
	for name, tc := range map[string]struct {
		spans []int
		want  int
	}{
		"none": {nil, 0}, "five weeks": {spans(5, 7), 0}, "six weeks": {spans(6, 4), 6},
		"six weeks of three": {spans(6, 3),
			0},
		"nine weeks": {spans(9, 4), 6}, "ten weeks": {spans(10, 4), 10}, "ten, lately more": {append(spans(6, 4),
			spans(4, 3)...), 6},
	} {
		require.Equal(t, tc.want, Default.habitWeeks(adherence.Course{Spans: tc.spans}), name)
	}
}

// What is logged of a decision, and what it makes of its slot.
func TestADecisionAsItIsLogged(t *testing.T) {
	t.Parallel()
	f := home().facts(slot{ID: "s", Kind: Rescue, Date: localtime.DateOf(nine)}, monday(), nine)
	s := slot{ID: "s", Patient: anna, Kind: Rescue, Date: localtime.DateOf(nine)}
	sent := decisionOn(f, s, Verdict{Outcome: Send, Reason: Due}, 0, nine)
	require.Equal(t, Decision{
		Slot: "s", Patient: anna, Kind: Rescue, At: nine, Zone: "UTC", Date: s.Date, Minute: 9 * 60,
		Week:      2,
		Available: true, Reason: Due, Chances: []Chance{{Nothing, 500}, {Plain, 500}}, Arm: Plain,
		Template: "rescue/plain",
		State:    State{Away: 13, Idle: 13, Expected7: 5},
	}, sent)
	left := decisionOn(f, s, Verdict{Outcome: Send, Reason: Due}, 500, nine)
	require.Equal(t, Nothing, left.Arm)
	require.Empty(t, left.Template)
	held := decisionOn(f, s, Verdict{Outcome: Hold, Reason: QuietHours}, 0, nine)
	require.False(t, held.Available)
	require.Empty(t, held.Arm)
	require.Empty(t, held.Chances)
	for _, tc := range []struct {
		d      Decision
		state  state
		reason Reason
	}{{sent, stateDue, Due}, {left, stateSkipped, LeftOut}, {held, stateSkipped, QuietHours}} {
		state, reason := tc.d.slotState()
		require.Equal(t, tc.state, state)
		require.Equal(t, tc.reason, reason)
	}
}

// A slot waits as long as the service asked, else longer with each try or failed send, within bounds.
func TestBackoff(t *testing.T) {
	t.Parallel()
	failed := func(kind delivery.Kind) *delivery.Failure { return &delivery.Failure{Kind: kind} }
	answered := &delivery.Failure{Kind: delivery.MayHaveLeft, Answered: true}
	for _, tc := range []struct {
		why          *delivery.Failure
		sends, tries int
		want         time.Duration
	}{
		{&delivery.Failure{Kind: delivery.RefusedForAll, Wait: time.Nanosecond}, 1, 1, time.Nanosecond},
		{failed(delivery.RefusedForAll), 1, 1, 40 * time.Second},
		{answered, 0, 1, time.Second}, {answered, 1, 1, time.Second}, {answered, 2, 1, 4 * time.Second},
		{answered, 3, 9,
			16 * time.Second},
		{failed(delivery.MayHaveLeft), 3, 9, 2 * time.Second},
		{failed(delivery.NeverLeft), 1, 1, time.Second}, {failed(delivery.NeverLeft), 1, 2, 2 * time.Second},
		{failed(delivery.NeverLeft), 1, 5, 16 * time.Second}, {failed(delivery.NeverLeft), 1, 6, 30 * time.Second},
		{failed(delivery.NeverLeft), 1, 99, 30 * time.Second},
		{&delivery.Failure{Kind: delivery.NeverLeft, Answered: true}, 3, 1, time.Second},
	} {
		require.Equal(
			t, tc.want, backoff(tc.why, tc.sends, tc.tries), "%+v, %d sends, %d tries", *tc.why, tc.sends, tc.tries,
		)
	}
	c := clock.NewManual(nine)
	counted := newTries(c)
	require.Equal(t, []int{1, 2, 1}, []int{counted.count("a"), counted.count("a"), counted.count("b")})
	c.Advance(5 * time.Minute)
	require.Equal(t, 2, counted.count("b"))
	counted.forgetOld()
	require.Equal(t, 3, counted.count("a"), "five minutes are not too long")
	c.Advance(5*time.Minute + 1)
	counted.forgetOld()
	require.Equal(t, 1, counted.count("a"))
}

// Each kind and way has its words on a locked phone, in both languages; nothing about health is in them.
func TestWordsOnALockedPhone(t *testing.T) {
	t.Parallel()
	for arm, want := range map[Arm][2]string{
		Plain:    {"Uw plan voor vandaag staat klaar.", "Your plan for today is ready."},
		IfThen:   {"Dit is het moment dat u koos.", "This is the moment you picked."},
		Tailored: {"Lukt het niet zoals gepland? Kijk wat wel past.", "Not as planned? See what does fit."},
		Benefit:  {"Een klein moment voor uzelf?", "A small moment for yourself?"},
	} {
		require.Equal(t, want, [2]string{Cue.text(arm, people.Dutch), Cue.text(arm, people.English)})
	}
	require.Equal(t, "A good moment? You can also pick another time.", Rescue.text(Plain, people.English))
	require.Equal(t, "There is a message for you.", Feedback.text(Plain, people.English))
	require.Equal(t, "There are questions ready for you.", Questions.text(Plain, people.English))
}

// When each kind is due, and on which days.
func TestWhenEachKindIsDue(t *testing.T) {
	t.Parallel()
	today := localtime.DateOf(nine)
	wishes := people.ReminderWishes{Anchor: localtime.MustParseTimeOfDay("09:00")}
	due := func(k Kind) string {
		at, expires := k.moment(Default, wishes, today, time.UTC)
		require.Equal(t, 2*time.Hour, expires.Sub(at))
		return at.Format("15:04")
	}
	require.Equal(t, []string{"08:50", "18:30", "17:00"}, []string{due(Cue), due(Rescue), due(Weekly)})
	wishes.Anchor = localtime.MustParseTimeOfDay("16:30")
	require.Equal(t, "18:30", due(Rescue))
	wishes.Anchor = localtime.MustParseTimeOfDay("16:31")
	require.Equal(t, "18:31", due(Rescue), "two hours after the moment that was planned")
	for anchor, want := range map[string]bool{"21:59": true, "22:00": false} {
		wishes.Anchor = localtime.MustParseTimeOfDay(anchor)
		require.Equal(t, want, occasions[Rescue].applies(Facts{Patient: people.Patient{Reminders: wishes}}), anchor)
	}
	for days, want := range map[int]bool{27: false, 28: true, 29: false, 56: true, 84: true, 112: false} {
		require.Equal(t, want, occasions[Milestone].applies(Facts{Policy: Default, DaysIn: days}), days)
	}
	for days, want := range map[int]bool{-1: false, 0: true, 1: false, 2: true, 3: false} {
		f := Facts{Policy: Default, Date: today.AddDays(days), Questions: Waiting{Waiting: 1, DueOn: today}}
		require.Equal(t, want, occasions[Questions].applies(f), days)
		f.Questions.Waiting = 0
		require.False(t, occasions[Questions].applies(f), days)
	}
	for days, want := range map[int]bool{-1: true, 0: false, 6: true} {
		require.Equal(t, want, occasions[Weekly].applies(Facts{Date: today.AddDays(days)}), days)
	}
}

// The status of the patient's own day is the one that was kept; that of another day is made of its days.
func TestTheStatusOfASlotsDay(t *testing.T) {
	t.Parallel()
	f := home()
	f.status = monday()
	kept, err := f.statusOn(nil, f.status.Date)
	require.NoError(t, err)
	require.Equal(t, f.status, kept)
	f.history = &program.History{}
	ahead, err := f.statusOn(nil, f.status.Date.AddDays(1))
	require.NoError(t, err)
	require.Equal(t, f.status.Date.AddDays(1), ahead.Date)
}

// A patient's day is moved by up to a minute and a half to either side, always alike, and every second of that occurs.
func TestADayIsSpread(t *testing.T) {
	t.Parallel()
	seen := map[time.Duration]bool{}
	for days := range 3000 {
		apart := jitter(anna, day.AddDays(days))
		require.Equal(t, apart, jitter(anna, day.AddDays(days)))
		seen[apart] = true
	}
	require.Len(t, seen, 181)
	require.True(t, seen[-90*time.Second] && seen[0] && seen[90*time.Second])
	require.NotEqual(t, jitter(anna, day), jitter(bert, day))
}
