package reminder

import (
	"time"

	"cadans/internal/record/people"
	"cadans/pkg/localtime"
)

// schedule is when the slots of a patient come.
type schedule struct {
	policy  Policy
	patient people.Patient
	zone    *time.Location
	lot     Lot
	times   times                     // what the learner knows about times of day; empty where it is off
	tried   map[localtime.Date]*Tried // what it chose, once made
}

// moment returns when a kind is due on a day and until when it helps. Where the learner chooses among the patient's
// windows, the cue comes in the one chosen for that day.
func (s schedule) moment(kind Kind, day localtime.Date) (due, expires time.Time) {
	wishes := s.patient.Reminders
	if kind == Cue {
		if choice := s.try(day); choice != nil {
			wishes.Anchor = s.anchorIn(choice.window)
		}
	}
	return kind.moment(s.policy, wishes, day, s.zone)
}

// anchorIn is the patient's own moment where a window holds it, or the beginning of the window.
func (s schedule) anchorIn(w localtime.Window) localtime.TimeOfDay {
	if anchor := s.patient.Reminders.Anchor; w.Contains(anchor) {
		return anchor
	}
	return min(w.From+localtime.TimeOfDay(s.policy.Lead.Minutes()), localtime.MustParseTimeOfDay("23:59"))
}

// slotOn returns the slot of a kind on a day. Slots are spread by a minute and a half to either side.
func (s schedule) slotOn(kind Kind, day localtime.Date) slot {
	due, expires := s.moment(kind, day)
	sl := slot{ID: SlotID(s.patient.ID, day, kind), Patient: s.patient.ID, Date: day, Kind: kind, ExpiresAt: expires}
	sl.DueAt = due.Add(spread(s.patient.ID, day))
	return sl
}

// next returns when something may be due after a moment: in any window that the learner may choose by then.
func (s schedule) next(now time.Time) (next time.Time) {
	today := localtime.Today(now, s.zone)
	for days := range 3 {
		day := today.AddDays(days)
		apart := spread(s.patient.ID, day)
		for _, kind := range scheduled {
			for _, due := range s.mayBeDue(kind, day) {
				due = due.Add(apart)
				if due.After(now) && (next.IsZero() || due.Before(next)) {
					next = due
				}
			}
		}
	}
	return next
}

func (s schedule) mayBeDue(kind Kind, day localtime.Date) (moments []time.Time) {
	wishes := s.patient.Reminders
	if kind == Cue && s.learnsTimes() {
		for _, w := range wishes.Windows {
			wishes.Anchor = s.anchorIn(w)
			due, _ := kind.moment(s.policy, wishes, day, s.zone)
			moments = append(moments, due)
		}
		return moments
	}
	due, _ := kind.moment(s.policy, wishes, day, s.zone)
	return []time.Time{due}
}

// due returns the slots whose moment has come and still helps. A cue for just after midnight is due the evening before.
func (s schedule) due(now time.Time) (slots []slot) {
	today := localtime.Today(now, s.zone)
	for _, kind := range scheduled {
		for _, day := range []localtime.Date{today, today.AddDays(1)} {
			due, expires := s.moment(kind, day)
			if now.Before(due.Add(-mostSpread)) || !now.Before(expires) || !localtime.Exists(day, s.zone) {
				continue
			}
			if sl := s.slotOn(kind, day); !now.Before(sl.DueAt) {
				slots = append(slots, sl)
			}
		}
	}
	return slots
}
