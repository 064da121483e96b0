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
	var parts []session.Part
	for _, item := range v.Items {
		part := session.Part{Weight: item.Work()}
		for _, done := range s.Items {
			if done.Item == item.ID {
				room := max(item.Schedule.TimesPerDay*session.Whole-t.used[item.ID], 0) // less may be asked since
				part.Share = min(room, session.Share(item, done))
				t.used[item.ID] += part.Share
			}
		}
		parts = append(parts, part)
	}
	return session.Permille(parts)
}
