package reminder

import (
	"time"

	"cadans/internal/id"
	"cadans/internal/people"
	"cadans/pkg/localtime"
)

// Walk returns the slots that the sweep would come to, kind by kind, when it always looks again at the moment it set: from a
// moment on, up to another.
func Walk(p people.Patient, zone *time.Location, from, until time.Time) (dates map[Kind][]localtime.Date, moments map[Kind][]time.Time) {
	dates, moments = map[Kind][]localtime.Date{}, map[Kind][]time.Time{}
	seen := map[id.Slot]bool{}
	s := schedule{policy: Default, patient: p, zone: zone}
	for now := s.next(from); now.Before(until); now = s.next(now) {
		for _, sl := range s.due(now) {
			if !seen[sl.ID] {
				seen[sl.ID] = true
				due, _ := sl.Kind.moment(Default, p.Reminders, sl.Date, zone)
				dates[sl.Kind], moments[sl.Kind] = append(dates[sl.Kind], sl.Date), append(moments[sl.Kind], due)
			}
		}
	}
	return dates, moments
}
