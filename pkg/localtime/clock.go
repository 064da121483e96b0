package localtime

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"time"
)

// ErrInvalidTimeOfDay reports a text that is not HH:MM from 00:00 to 23:59.
var ErrInvalidTimeOfDay = errors.New("not a time of day written HH:MM")

const minutesInDay = 24 * 60

// TimeOfDay is a minute on the clock, 0 (00:00) to 1439 (23:59).
type TimeOfDay int16

// ParseTimeOfDay reads HH:MM on a 24-hour clock.
func ParseTimeOfDay(s string) (TimeOfDay, error) {
	t, err := time.Parse("15:04", s)
	if err != nil || len(s) != len("15:04") {
		return 0, fmt.Errorf("%q: %w", s, ErrInvalidTimeOfDay)
	}
	return TimeOfDay(t.Hour()*60 + t.Minute()), nil
}

// MustParseTimeOfDay is ParseTimeOfDay for constants; it panics on any other text.
func MustParseTimeOfDay(s string) TimeOfDay {
	t, err := ParseTimeOfDay(s)
	if err != nil {
		panic(err)
	}
	return t
}

// TimeOfDayOf returns the time of day of t in its own location, without seconds.
func TimeOfDayOf(t time.Time) TimeOfDay { return TimeOfDay(t.Hour()*60 + t.Minute()) }

// String returns HH:MM.
func (t TimeOfDay) String() string { return fmt.Sprintf("%02d:%02d", t/60, t%60) }

// Add returns the time that many minutes later, wrapping around midnight; minutes may be negative.
func (t TimeOfDay) Add(minutes int) TimeOfDay {
	return TimeOfDay(((int(t)+minutes)%minutesInDay + minutesInDay) % minutesInDay)
}

// Value stores a time of day as its text.
func (t TimeOfDay) Value() (driver.Value, error) { return t.String(), nil }

// Scan reads what Value stored.
func (t *TimeOfDay) Scan(src any) (err error) {
	switch v := src.(type) {
	case string:
		*t, err = ParseTimeOfDay(v)
	case []byte:
		*t, err = ParseTimeOfDay(string(v))
	default:
		err = fmt.Errorf("%T: %w", src, ErrInvalidTimeOfDay)
	}
	return err
}

// Window is a part of the day, from inclusive to until exclusive. It may cross midnight (21:00 to 08:00). A window that
// ends where it starts is empty.
type Window struct{ From, Until TimeOfDay }

// String returns HH:MM-HH:MM.
func (w Window) String() string { return w.From.String() + "-" + w.Until.String() }

// ParseWindow parses the output of String.
func ParseWindow(s string) (Window, error) {
	from, until, _ := strings.Cut(s, "-")
	opens, errFrom := ParseTimeOfDay(from)
	closes, errUntil := ParseTimeOfDay(until)
	return Window{From: opens, Until: closes}, errors.Join(errFrom, errUntil)
}

// Minutes returns the length on a day without a clock change.
func (w Window) Minutes() int {
	return (int(w.Until) - int(w.From) + minutesInDay) % minutesInDay
}

// Contains reports whether the window contains that minute.
func (w Window) Contains(t TimeOfDay) bool {
	if w.From <= w.Until {
		return w.From <= t && t < w.Until
	}
	return t >= w.From || t < w.Until
}

// End returns the first instant at or after now that lies outside the window, in the location of now, and whether now
// lies inside it.
func (w Window) End(now time.Time) (time.Time, bool) {
	clock := TimeOfDayOf(now)
	if !w.Contains(clock) {
		return now, false
	}
	day := DateOf(now)
	if clock >= w.Until { // only a window over midnight holds such a time: it ends tomorrow
		day = day.AddDays(1)
	}
	end := Resolve(day, w.Until, now.Location())
	if !end.After(now) { // the end occurs twice tonight and its first occurrence has passed
		return now, false
	}
	return end, true
}
