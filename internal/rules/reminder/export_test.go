package reminder

import (
	"time"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/pkg/localtime"
)

// Walk returns the slots that the sweep would come to, kind by kind, when it always looks again at the moment it
// set: from a moment on, up to another.
func Walk(
	p people.Patient, zone *time.Location, from, until time.Time,
) (dates map[Kind][]localtime.Date, moments map[Kind][]time.Time) {
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

// Slot is a slot as it is stored.
type Slot = slot

// What the sweep and the pages do with stored slots.
var (
	NewStore      = newStore
	ClaimAgain    = store.claimAgain
	Sending       = store.sending
	Settle        = store.settle
	Backlog       = store.backlog
	MoveOn        = store.reschedule
	ClaimPatients = store.claimPatients
	SlotOf        = store.slotOf
	SlotsSince    = store.slotsSince
	SentSince     = store.sentSince
	ToldIgnored   = store.hasIgnoredAlert
)

// Claim takes so many slots whose time has come, also those whose next send is the last when again.
func Claim(s store, most int, again bool) ([]Slot, error) {
	return s.claim(claimRequest{limit: most, uncertain: again})
}

// Learned is what the learner knows in a practice.
func Learned(tx *database.Tx, practice id.Practice, since, until localtime.Date) (map[Kind]Experience, error) {
	learned, err := learn(tx, practice, since, until)
	return learned.arms, err
}

// Claimed returns whom a claim is about, and until when.
func Claimed(c claim) ([]id.Patient, database.Instant) { return c.patients, c.lease }

// IDsOf returns the ids of slots that were sent.
func IDsOf(sent []sentSlot) (ids []id.Slot) {
	for _, one := range sent {
		ids = append(ids, one.id)
	}
	return ids
}
