package session_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/exercise"
	"cadans/internal/record/program"
	"cadans/internal/record/session"
	"cadans/pkg/localtime"
)

// received is when the sessions of these tests arrive: a Monday at ten in Amsterdam.
var received = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// twoVersions are a program of today, with two items, and one of last week, with another.
var twoVersions = program.History{Versions: []program.Version{
	{ID: "v0", EffectiveFrom: localtime.MustParseDate("2026-02-01"), Items: []program.Item{{ID: "old", Dose: oneSet}}},
	{ID: "v1", EffectiveFrom: localtime.MustParseDate("2026-03-01"), Items: []program.Item{
		{ID: "a", Dose: exercise.Dose{Sets: 2, Reps: 10}, SecondsPerSet: 30}, {ID: "b", Dose: oneSet},
	}},
}}

var oneSet = exercise.Dose{Sets: 1, Minutes: 2}

func inAmsterdam() (*time.Location, error) { return localtime.LoadZone("Europe/Amsterdam") }

// right is a session that needs no mending.
func right() session.Told {
	return session.Told{Content: session.Content{
		PerformedAt: received.Add(-time.Hour), Zone: "Europe/Amsterdam", LocalDate: localtime.DateOf(received),
		Version: "v1", Status: session.Completed,
		Items: []session.ItemDone{{Item: "a", Sets: number(2), Reps: number(10)}},
	}}
}

type change func(*session.Told)

func did(items ...session.ItemDone) change { return func(c *session.Told) { c.Items = items } }

func at(moment string) change {
	return func(c *session.Told) { c.PerformedAt, _ = time.Parse(time.RFC3339, moment) }
}

func zone(name string) change { return func(c *session.Told) { c.Zone = name } }

// Each row: what a phone tells otherwise than a right session, what is stored, and what is said.
func TestWhatIsUnderstoodOfASession(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		told, kept change
		warned     []string
	}{
		{"sets", did(session.ItemDone{Item: "a", Sets: number(2)}), nil, nil},
		{"repetitions", did(session.ItemDone{Item: "a", Reps: number(2)}), nil, nil},
		{"minutes", did(session.ItemDone{Item: "b", Minutes: number(2)}), nil, nil},
		{"skipped", did(session.ItemDone{Item: "a", Skipped: "time"}), nil, nil},
		{"pain alone", did(session.ItemDone{Item: "a", Pain: number(3)}), nil, nil},
		{"nothing of an item", did(session.ItemDone{Item: "b"}, session.ItemDone{Item: "a", Sets: number(1)}),
			did(session.ItemDone{Item: "a", Sets: number(1)}), []string{"/items/0 nothing-recorded"}},
		{"skipped, yet done", did(session.ItemDone{Item: "a", Sets: number(2), Skipped: "time"}),
			did(session.ItemDone{Item: "a", Sets: number(2)}), []string{"/items/0/skipped_reason skipped-but-done"}},
		{"an item twice", did(session.ItemDone{Item: "a", Sets: number(1)},
			session.ItemDone{Item: "a", Sets: number(2)}),
			did(session.ItemDone{Item: "a", Sets: number(1)}), []string{"/items/1/item_id duplicate"}},
		{"an item of an earlier version", did(session.ItemDone{Item: "old", Sets: number(1)},
			session.ItemDone{Item: "a", Sets: number(1)}), did(session.ItemDone{Item: "a", Sets: number(1)}),
			[]string{"/items/0/item_id other-version"}},
		{"completed without an item", did(), did([]session.ItemDone{}...), []string{"/items required"}},
		{"a reason without a stop", func(c *session.Told) { c.StoppedReason = "pain" }, func(*session.Told) {},
			[]string{"/stopped_reason only-when-stopped"}},
		{"a stop with its reason", func(c *session.Told) { c.Status, c.StoppedReason = session.Stopped, "pain" },
			nil, nil},
		{"no version", func(c *session.Told) { c.Version = "" }, func(*session.Told) {}, nil},
		{"a zone nobody knows, as far from UTC as home", and(zone("Mars/Base"), at("2026-03-02T09:00:00+01:00")),
			at("2026-03-02T09:00:00+01:00"), []string{"/time_zone unknown-time-zone"}},
		{"a zone nobody knows, and UTC", and(zone("Mars/Base"), at("2026-03-02T08:00:00Z")), at("2026-03-02T08:00:00Z"),
			[]string{"/time_zone unknown-time-zone"}},
		{"a zone nobody knows, elsewhere", and(zone("Mars/Base"), at("2026-03-02T13:30:00+05:30")),
			and(zone("UTC+05:30"), at("2026-03-02T13:30:00+05:30")), []string{"/time_zone unknown-time-zone"}},
		{"a zone as Android names it", zone("GMT+01:00"), nil, nil},
		{"another day", func(c *session.Told) { c.LocalDate = c.LocalDate.AddDays(1) }, func(*session.Told) {},
			[]string{"/local_date not-the-day-performed"}},
		{"a clock 6 minutes ahead that says so", and(at("2026-03-02T09:06:00Z"), clock(6*time.Minute)),
			at("2026-03-02T09:00:00Z"), []string{"/performed_at clock-skew"}},
		{"a clock 5 minutes ahead", and(at("2026-03-02T08:00:00Z"), clock(5*time.Minute)), nil, nil},
		{"a clock 6 minutes ahead that does not say so", at("2026-03-02T09:06:00Z"), at("2026-03-02T09:00:00Z"),
			[]string{"/performed_at clock-skew"}},
		{"a clock three years behind", and(at("2023-03-02T08:00:00Z"), clock(received.Sub(
			time.Date(2023, 3, 2, 9, 0, 0, 0, time.UTC))*-1)), at("2026-03-02T08:00:00Z"),
			[]string{"/performed_at clock-skew"}},
		{"three years ago", and(at("2023-03-02T08:00:00Z"), on("2023-03-02")), nil, nil},
		{"only the day", and(at("0001-01-01T00:00:00Z"), on("2026-03-01")), and(at("2026-03-01T12:00:00+01:00"),
			on("2026-03-01")), nil},
		{"no time at all", and(at("0001-01-01T00:00:00Z"), func(c *session.Told) { c.LocalDate = localtime.Date{} }),
			at("2026-03-02T10:00:00+01:00"), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			told, want := right(), right()
			c.told(&told)
			if c.kept == nil {
				c.kept = c.told
			}
			c.kept(&want)
			s, err := session.New("s1", "p1", told, inAmsterdam, twoVersions, received)
			require.NoError(t, err)
			require.Equal(t, c.warned, pointers(s.Warnings))
			require.Equal(t, want.PerformedAt.Format(time.RFC3339), s.PerformedAt.Format(time.RFC3339))
			s.PerformedAt = want.PerformedAt
			require.Equal(t, want.Content, s.Content)
			require.Equal(t, session.Session{ID: "s1", Patient: "p1", Content: s.Content, ReceivedAt: received,
				Revision: 1, RevisedAt: received, Credit: s.Credit, Warnings: s.Warnings}, s)
		})
	}
}

func and(changes ...change) change {
	return func(c *session.Told) {
		for _, one := range changes {
			one(c)
		}
	}
}

func on(day string) change {
	return func(c *session.Told) { c.LocalDate = localtime.MustParseDate(day) }
}

// clock is a phone's clock that is so far ahead, and is told.
func clock(ahead time.Duration) change {
	return func(c *session.Told) { c.ClientTime = received.Add(ahead) }
}

// pointers shows violations as "pointer code".
func pointers(found []fault.Violation) (all []string) {
	for _, v := range found {
		all = append(all, v.Pointer+" "+v.Code)
	}
	return all
}

// What belongs to nobody, or to somebody else, refuses the session, and each is named.
func TestWhatIsNotThePatients(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		told change
		want []string
	}{
		"a version": {func(c *session.Told) { c.Version = "v9" }, []string{"/program_version_id unknown-version"}},
		"items": {did(session.ItemDone{Item: "x", Sets: number(1)}, session.ItemDone{Item: "a", Sets: number(1)},
			session.ItemDone{Item: "y", Sets: number(1)}), []string{"/items/0/item_id unknown-item",
			"/items/2/item_id unknown-item"}},
	} {
		told := right()
		c.told(&told)
		_, err := session.New("s1", "p1", told, inAmsterdam, twoVersions, received)
		var refused *fault.Fault
		require.True(t, errors.As(err, &refused), name)
		require.Equal(t, c.want, pointers(refused.Violations), name)
	}
	told := right()
	told.Version = ""
	_, err := session.New("s1", "p1", told, inAmsterdam, program.History{}, received)
	require.ErrorIs(t, err, program.ErrNoProgram)
}

// Whatever a phone says about time, place and items, a session has a day that is the day of its moment, is not in the
// future, and has each item once.
func TestASessionIsAlwaysPossible(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		told := right()
		told.PerformedAt = time.Unix(rapid.Int64Range(-3e9, 7e9).Draw(t, "performed"), 0).UTC()
		zones := []string{"", "Local", "GMT+02:00", "CET", "Pacific/Apia", "x", "EST5EDT"}
		told.Zone = rapid.SampledFrom(zones).Draw(t, "zone")
		told.LocalDate = localtime.DateOf(time.Unix(rapid.Int64Range(-3e9, 7e9).Draw(t, "day"), 0).UTC())
		told.ClientTime = rapid.SampledFrom([]time.Time{{}, received, told.PerformedAt}).Draw(t, "clock")
		told.Items = rapid.SliceOf(rapid.Custom(func(t *rapid.T) session.ItemDone {
			return session.ItemDone{Item: rapid.SampledFrom([]id.ProgramItem{"a", "b", "old"}).Draw(t, "item"),
				Sets: number(rapid.IntRange(0, 3).Draw(t, "sets"))}
		})).Draw(t, "items")
		s, err := session.New("s1", "p1", told, inAmsterdam, twoVersions, received)
		require.NoError(t, err)
		where, err := localtime.ToldZone(s.Zone)
		require.NoError(t, err)
		require.Equal(t, localtime.DateOf(s.PerformedAt.In(where)), s.LocalDate)
		require.LessOrEqual(t, s.PerformedAt.Sub(received), 5*time.Minute)
		once := map[id.ProgramItem]bool{}
		for _, done := range s.Items {
			require.False(t, once[done.Item])
			once[done.Item] = true
		}
		require.GreaterOrEqual(t, s.Credit, 0)
		require.LessOrEqual(t, s.Credit, session.Full)
	})
}
