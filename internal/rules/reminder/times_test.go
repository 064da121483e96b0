package reminder

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/pkg/localtime"
)

const anna, bert id.Patient = "019aa0c4-7d00-7000-8000-00000000000a", "019aa0c4-7d00-7000-8000-00000000000b"

var (
	early = localtime.Window{From: localtime.MustParseTimeOfDay("08:00"), Until: localtime.MustParseTimeOfDay("11:00")}
	late  = localtime.Window{From: localtime.MustParseTimeOfDay("18:00"), Until: localtime.MustParseTimeOfDay("20:00")}
	day   = localtime.MustParseDate("2026-03-28") // the night after it the clock goes forward
)

// planned is the schedule of somebody with two windows, whom the learner may choose for.
func planned(t *testing.T, known times, seed SeedOf) schedule {
	t.Helper()
	zone, err := localtime.LoadZone("Europe/Amsterdam")
	require.NoError(t, err)
	p := people.Patient{ID: anna, Reminders: people.ReminderWishes{
		Anchor: localtime.MustParseTimeOfDay("09:00"), Windows: []localtime.Window{early, late},
		Quiet: localtime.Window{
			From:  localtime.MustParseTimeOfDay("22:00"),
			Until: localtime.MustParseTimeOfDay("07:00"),
		},
	}}
	return schedule{policy: Default, patient: p, zone: zone, seedOf: seed, times: known}
}

func tried(patient id.Patient, w localtime.Window, ago, done, notDone int, into times) {
	for i := range done + notDone {
		into.add(patient, trial{date: day.AddDays(-ago), window: w.String(), done: i < done})
	}
}

func TestBeliefsAboutTimes(t *testing.T) {
	known := newTimes()
	tried(anna, early, 2, 3, 1, known)
	tried(anna, early, 1, 5, 0, known) // too young: its outcome may still change
	tried(anna, late, 9, 0, 2, known)
	his := localtime.Window{From: early.From + 60, Until: early.Until}
	tried(bert, his, 5, 30, 10, known)
	require.Equal(
		t, Belief{A: 2 + 7.5 + 3, B: 3 + 2.5 + 1}, known.about(anna, early, day),
		"others at that part of the day count as ten",
	)
	require.Equal(t, Belief{A: 2, B: 3 + 2}, known.about(anna, late, day))
	require.Equal(t, Belief{A: 2 + 3 + 30, B: 3 + 1 + 10}, known.about(bert, his, day))
	require.Equal(
		t, Belief{A: 2 + 8 + 30, B: 3 + 1 + 10}, known.about(bert, his, day.AddDays(1)),
		"a day later yesterday's counts",
	)
}

func TestPartsOfTheDay(t *testing.T) {
	for from, part := range map[string]int{"00:00": 0, "11:59": 0, "12:00": 1, "16:59": 1, "17:00": 2, "23:59": 2} {
		require.Equal(t, part, daypart(localtime.Window{From: localtime.MustParseTimeOfDay(from)}), from)
	}
}

// The cue comes ten minutes before the patient's own moment in the window that
// holds it, and at the beginning of another.
func TestTheCueComesInTheChosenWindow(t *testing.T) {
	for seed, want := range map[uint64]string{0: "18:00", 999: "08:50"} { // the low end is the last window
		s := planned(t, newTimes(), func(id.Slot) uint64 { return seed })
		due, expires := s.moment(Cue, day)
		require.Equal(t, want, localtime.TimeOfDayOf(due.In(s.zone)).String())
		require.Equal(t, usefulFor, expires.Sub(due))
		rescue, _ := s.moment(Rescue, day)
		require.Equal(t, "18:30", localtime.TimeOfDayOf(rescue.In(s.zone)).String(), "nothing else moves")
	}
	for name, alter := range map[string]func(*schedule){
		"one window": func(s *schedule) { s.patient.Reminders.Windows = s.patient.Reminders.Windows[:1] },
		"off":        func(s *schedule) { s.times = times{} },
	} {
		s := planned(t, newTimes(), func(id.Slot) uint64 { return 0 })
		alter(&s)
		due, _ := s.moment(Cue, day)
		require.Equal(t, "08:50", localtime.TimeOfDayOf(due.In(s.zone)).String(), name)
		require.Nil(t, s.chooseWindow(day), name)
	}
}

// A window in which more is done is chosen more often, never always, and the choice
// can be made again from what was logged.
func TestTheBetterTimeIsChosenMoreOften(t *testing.T) {
	known := newTimes()
	tried(anna, early, 5, 4, 30, known)
	tried(anna, late, 5, 25, 5, known)
	s := planned(t, known, HashSeed)
	evenings := 0
	for ahead := range 400 {
		choice := s.chooseWindow(day.AddDays(ahead))
		require.Equal(t, choice.Window, string(Draw(Sampled(choice.Believed), choice.Seed)))
		require.Equal(t, day.AddDays(ahead), choice.Date)
		if choice.Window == late.String() {
			evenings++
		}
	}
	require.InDelta(t, 320, evenings, 35, "80 percent is the most")
}

// Whatever is known and whatever is drawn: looking again at each moment it sets, the schedule comes past every cue
// while it helps, once a day, inside the windows.
func TestNoCueIsMissedWhileTheLearnerMovesIt(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		known := newTimes()
		for range rapid.IntRange(0, 20).Draw(rt, "trials") {
			w := rapid.SampledFrom([]localtime.Window{early, late}).Draw(rt, "window")
			tried(
				anna, w, rapid.IntRange(-10, 30).Draw(rt, "ago"), rapid.IntRange(0, 3).Draw(rt, "done"),
				rapid.IntRange(0, 3).Draw(rt, "not"), known,
			)
		}
		seed := rapid.Uint64().Draw(rt, "seed")
		s := planned(t, known, func(slot id.Slot) uint64 { return HashSeed(slot) ^ seed })
		s.patient.Reminders.Anchor = localtime.TimeOfDay(rapid.IntRange(8*60, 21*60).Draw(rt, "anchor"))
		seen := map[localtime.Date]int{}
		from := localtime.Resolve(day, 0, s.zone)
		met := map[id.Slot]bool{}
		for now := s.next(from); now.Before(from.Add(4 * 24 * time.Hour)); now = s.next(now) {
			for _, sl := range s.due(now) {
				if sl.Kind == Cue && !met[sl.ID] {
					met[sl.ID] = true
					seen[sl.Date]++
					planned, _ := s.moment(Cue, sl.Date)
					clock := localtime.TimeOfDayOf(planned.Add(Default.Lead).In(s.zone))
					require.True(rt, early.Contains(clock) || late.Contains(clock), clock.String())
				}
			}
		}
		for ahead := range 4 {
			require.Equal(rt, 1, seen[day.AddDays(ahead)], "day %d", ahead)
		}
	})
}
