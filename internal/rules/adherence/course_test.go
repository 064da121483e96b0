package adherence

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cadans/internal/record/program"
	"cadans/pkg/localtime"
)

// seriesOf makes days up to a Thursday, one for each mark: x with a session, p paused, any other without.
func seriesOf(marks string) (s Series, until localtime.Date) {
	until = localtime.MustParseDate("2026-03-05")
	for i, mark := range marks {
		d := Day{Date: until.AddDays(i + 1 - len(marks)), Expected7: 5, Active: true}
		switch mark {
		case 'x':
			d.Sessions, d.Done = 1, 1
		case 'p':
			d.Paused = true
		}
		s = append(s, d)
	}
	return s, until
}

func TestCourse(t *testing.T) {
	for _, tc := range []struct {
		name  string
		days  string
		want  Course
		spans []int
	}{
		{"done today", "..x.x", Course{Expected7: 5, Sessions: 1, WeekDone: 2, Trained: "x.x"}, nil},
		{"two days away", "xx..", Course{Expected7: 5, WeekDone: 2, Away: 2, Trained: "xx.."}, nil},
		{"a pause is no absence", "x..pp", Course{Expected7: 5, Paused: true, Away: 2, Trained: "x...."}, nil},
		{"never", "...", Course{Expected7: 5, Away: 3}, nil},
		{"a week up to yesterday", "x.x.x..x" + ".",
			Course{Expected7: 5, WeekDone: 1, Away: 1, Trained: "x.x.x..x."}, []int{3}},
		{"a week up to today", "x.x.x..x",
			Course{Expected7: 5, Sessions: 1, WeekDone: 2, Trained: "x.x.x..x"}, []int{3}},
		{"two weeks", "x.x.x.." + "xxxxxxx",
			Course{Expected7: 5, Sessions: 1, WeekDone: 4, Trained: "x.x.x..xxxxxxx"}, []int{7, 3}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s, day := seriesOf(tc.days)
			tc.want.Spans = tc.spans
			require.Equal(t, tc.want, s.course(program.History{}, day))
		})
	}
}

// A course says of each of its days what the series says, and of no other; and the same
// of a long series as of its last days.
func TestACourseIsItsDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		marks := rapid.StringOfN(rapid.SampledFrom([]rune{'x', '.', 'p'}), 1, 2*Lookback, -1).Draw(t, "days")
		s, day := seriesOf(marks)
		c := s.course(program.History{}, day)
		status := Status{Date: day, Course: c}
		for back := range 2*Lookback + 5 {
			on, known := s.On(day.AddDays(-back))
			require.Equal(
				t, known && back <= Lookback && on.Sessions > 0, status.TrainedOn(day.AddDays(-back)), "%d days back",
				back,
			)
		}
		require.False(t, status.TrainedOn(day.AddDays(1)))
		require.Equal(t, c, Series(s.Window(day, Lookback+1)).course(program.History{}, day))
		for spans := 1; spans <= spansKept+1; spans++ {
			want := s.Window(s.Until(day), 7*spans)
			got, known := c.Over(spans)
			require.Equal(t, len(want) == 7*spans && spans <= spansKept, known)
			if known {
				require.Equal(t, Series(want).done(), got)
			}
		}
	})
}
