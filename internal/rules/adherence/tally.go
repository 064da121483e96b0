package adherence

import (
	"cadans/internal/kernel/id"
	"cadans/internal/record/program"
	"cadans/internal/record/session"
)

// tally tracks how much of each item has counted on a day, so that no item counts more often than it is asked per day:
// two half sessions make one, two complete sessions make one and an extra.
type tally struct{ used map[id.ProgramItem]int }

func newTally() tally { return tally{used: map[id.ProgramItem]int{}} }

// count returns the part of a session's credit that still counts, in permille.
func (t tally) count(v program.Version, s session.Session) int {
	weighted, total := 0, 0
	for _, item := range v.Items {
		total += item.Work()
	}
	for _, done := range s.Items {
		item, asked := v.Item(done.Item)
		if !asked {
			continue
		}
		room := item.Schedule.TimesPerDay*session.Full - t.used[item.ID]
		counted := min(room, session.Fraction(item, done))
		t.used[item.ID] += counted
		weighted += item.Work() * counted
	}
	if total == 0 {
		return 0
	}
	return (weighted + total/2) / total
}
