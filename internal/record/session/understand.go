package session

import (
	"slices"
	"strconv"
	"time"

	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/program"
	"cadans/pkg/localtime"
)

// hearing makes a session of what a phone told: what can be understood is kept, and each thing that was changed is
// named. The phone cannot correct it.
type hearing struct {
	Told
	warnings []fault.Violation
}

// understand mends what was told in place, and returns the version that it is about.
func (h *hearing) understand(home Home, history program.History, received time.Time) (program.Version, error) {
	if err := h.moment(home, received); err != nil {
		return program.Version{}, err
	}
	h.clock(received)
	if err := h.place(home); err != nil {
		return program.Version{}, err
	}
	version, err := h.asked(history)
	if err != nil {
		return version, err
	}
	h.ending()
	return version, h.items(version, history)
}

func (h *hearing) warn(pointer, code string) {
	h.warnings = append(h.warnings, fault.Violation{Pointer: pointer, Code: code})
}

// Home returns the patient's own time zone. It is asked only when the phone's is not understood.
type Home func() (*time.Location, error)

// moment is noon of the day where only the day was told, and when the session arrived where nothing was.
func (h *hearing) moment(home Home, received time.Time) error {
	if !h.PerformedAt.IsZero() {
		return nil
	}
	zone, err := home()
	if err != nil {
		return err
	}
	h.PerformedAt, h.ClientTime = received.In(zone), time.Time{}
	if noon := localtime.Resolve(h.LocalDate, noon, zone); !h.LocalDate.IsZero() && noon.Before(received) {
		h.PerformedAt = noon
	}
	return nil
}

// noon is in the middle of a day, in minutes.
const noon localtime.TimeOfDay = 12 * 60

// clock corrects a moment by how wrong the phone's clock is, if it told the time, and puts no session into the future.
func (h *hearing) clock(received time.Time) {
	skew := time.Duration(0)
	if !h.ClientTime.IsZero() {
		skew = received.Sub(h.ClientTime).Round(time.Minute) // a retry is sent some seconds later
	}
	if skew.Abs() <= clockSkew {
		skew = 0
	}
	told := h.PerformedAt
	h.PerformedAt = told.Add(skew)
	if h.PerformedAt.Sub(received) > clockSkew {
		h.PerformedAt = received.In(told.Location())
	}
	if !h.PerformedAt.Equal(told) {
		h.warn("/performed_at", "clock-skew")
	}
	h.PerformedAt = h.PerformedAt.Truncate(time.Millisecond)
}

// since returns a correction as if it had been told when the session was: its clock is as wrong as it is now, and a
// moment that it leaves out is the one that was known.
func (t Told) since(old Session, now time.Time) Told {
	if !t.ClientTime.IsZero() {
		t.ClientTime = t.ClientTime.Add(old.ReceivedAt.Sub(now))
	}
	if t.PerformedAt.IsZero() {
		t.PerformedAt = old.PerformedAt
	}
	return t
}

// place finds the patient's day. A zone that is not known is the patient's own where that agrees with the phone's
// difference to UTC, and otherwise that difference.
func (h *hearing) place(home Home) error {
	zone, err := localtime.ToldZone(h.Zone)
	if err != nil {
		own, err := home()
		if err != nil {
			return err
		}
		zone = localtime.FixedZone(h.PerformedAt)
		if offset := offsetOf(h.PerformedAt); offset == 0 || offset == offsetOf(h.PerformedAt.In(own)) {
			zone = own // UTC says when, not where
		}
		h.Zone = zone.String()
		h.warn("/time_zone", "unknown-time-zone")
	}
	day := localtime.DateOf(h.PerformedAt.In(zone))
	if !h.LocalDate.IsZero() && day != h.LocalDate {
		h.warn("/local_date", "not-the-day-performed")
	}
	h.LocalDate = day
	return nil
}

// asked finds the version that the session is about. One that was not told is the one of the day.
func (h *hearing) asked(history program.History) (program.Version, error) {
	if h.Version == "" {
		current, err := history.Current(h.LocalDate)
		h.Version = current.ID
		return current, err
	}
	version, known := history.Version(h.Version)
	if !known {
		return version, fault.Input(fault.Violation{Pointer: "/program_version_id", Code: "unknown-version"})
	}
	return version, nil
}

// items keeps what was done of each item once. An item of another version of the patient's cannot be counted here; one
// that is in none is not the patient's, and refuses the session.
func (h *hearing) items(asked program.Version, history program.History) error {
	var foreign []fault.Violation
	kept := make([]ItemDone, 0, len(h.Items))
	for i, done := range h.Items {
		at := "/items/" + strconv.Itoa(i)
		_, known := asked.Item(done.Item)
		switch {
		case !known && !anywhere(history, done.Item):
			foreign = append(foreign, fault.Violation{Pointer: at + "/item_id", Code: "unknown-item"})
		case !known:
			h.warn(at+"/item_id", "other-version")
		case slices.ContainsFunc(kept, func(k ItemDone) bool { return k.Item == done.Item }):
			h.warn(at+"/item_id", "duplicate")
		case done == ItemDone{Item: done.Item}:
			h.warn(at, "nothing-recorded")
		default:
			kept = append(kept, h.once(at, done))
		}
	}
	if h.Status == Completed && len(kept) == 0 {
		h.warn("/items", "required")
	}
	h.Items = kept
	return fault.Input(foreign...)
}

func anywhere(history program.History, item id.ProgramItem) bool {
	return slices.ContainsFunc(history.Versions, func(v program.Version) bool { _, in := v.Item(item); return in })
}

func (d ItemDone) recorded() bool { return d.Sets != nil || d.Reps != nil || d.Minutes != nil }

// once takes what was done for said twice, as done and as skipped.
func (h *hearing) once(at string, done ItemDone) ItemDone {
	if done.recorded() && done.Skipped != "" {
		h.warn(at+"/skipped_reason", "skipped-but-done")
		done.Skipped = ""
	}
	return done
}

func (h *hearing) ending() {
	if h.Status != Stopped && h.StoppedReason != "" {
		h.warn("/stopped_reason", "only-when-stopped")
		h.StoppedReason = ""
	}
}
