package reminder

import (
	"time"

	"cadans/internal/record/people"
	"cadans/pkg/localtime"
)

// schedule computes when the slots of a patient are due.
type schedule struct {
	policy  Policy
	patient people.Patient
	zone    *time.Location
	seedOf  SeedOf
	times   times                     // the learner's observations about times of day; empty where it is off
	tried   map[localtime.Date]*Tried // the learner's choices so far, by day
}

// moment returns when a kind is due on a day and when it expires. If the learner chooses among the patient's windows,
// the cue comes in the window chosen for that day.
func (s schedule) moment(kind Kind, day localtime.Date) (due, expires time.Time) {
	wishes := s.patient.Reminders
	if kind == Cue {
		if choice := s.chooseWindow(day); choice != nil {
			wishes.Anchor = s.anchorIn(choice.window)
		}
	}
	return kind.moment(s.policy, wishes, day, s.zone)
}

// anchorIn is the patient's own moment if the window contains it, otherwise the start of the window.
func (s schedule) anchorIn(w localtime.Window) localtime.TimeOfDay {
	if anchor := s.patient.Reminders.Anchor; w.Contains(anchor) {
		return anchor
	}
	return min(w.From+localtime.TimeOfDay(s.policy.Lead.Minutes()), localtime.MustParseTimeOfDay("23:59"))
}

// slotOn returns the slot of a kind on a day. Slots are moved by up to a minute and a half in either direction.
func (s schedule) slotOn(kind Kind, day localtime.Date) slot {
	due, expires := s.moment(kind, day)
	sl := slot{ID: SlotID(s.patient.ID, day, kind), Patient: s.patient.ID, Date: day, Kind: kind, ExpiresAt: expires}
	sl.DueAt = due.Add(jitter(s.patient.ID, day))
	return sl
}

// next returns the next time when something may be due, in any window that the learner may choose by then.
func (s schedule) next(now time.Time) (next time.Time) {
	today := localtime.Today(now, s.zone)
	for days := range 3 {
		day := today.AddDays(days)
		apart := jitter(s.patient.ID, day)
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

// due returns the slots that are due and have not expired. A cue for just after midnight is due the evening before.
func (s schedule) due(now time.Time) (slots []slot) {
	today := localtime.Today(now, s.zone)
	for _, kind := range scheduled {
		for _, day := range []localtime.Date{today, today.AddDays(1)} {
			due, expires := s.moment(kind, day)
			if now.Before(due.Add(-maxJitter)) || !now.Before(expires) || !localtime.Exists(day, s.zone) {
				continue
			}
			if sl := s.slotOn(kind, day); !now.Before(sl.DueAt) {
				slots = append(slots, sl)
			}
		}
	}
	return slots
}
