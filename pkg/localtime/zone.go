package localtime

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // the zone database travels inside the binary
)

// ErrUnknownZone reports a name that is no IANA time zone.
var ErrUnknownZone = errors.New("unknown time zone")

// LoadZone returns the zone of an IANA name or alias such as Europe/Amsterdam or CET. It refuses with ErrUnknownZone
// any name outside the database, and what Go or the files of some machines would take for a zone though it names none:
// the empty name and "Local", the server's own zone under a name of its own, and the copies under posix/ and right/, of
// which the latter count leap seconds.
func LoadZone(name string) (*time.Location, error) {
	area, _, _ := strings.Cut(name, "/")
	if name == "" || name == "Local" || name == "Factory" || area == strings.ToLower(area) {
		return nil, fmt.Errorf("%q: %w", name, ErrUnknownZone)
	}
	if known, ok := zones.Load(name); ok {
		return known.(*time.Location), nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", name, ErrUnknownZone)
	}
	zones.Store(name, zone)
	return zone, nil
}

// zones keeps what was loaded: time.LoadLocation reads the database anew each time. There are some 600 names, and only
// real ones are kept.
var zones sync.Map

// Today returns the date in the zone at now.
func Today(now time.Time, zone *time.Location) Date { return DateOf(now.In(zone)) }

// Exists reports whether a date occurred in a zone: Apia had no 30 December 2011.
func Exists(date Date, zone *time.Location) bool {
	const noon = 12 * 60
	return DateOf(Resolve(date, noon, zone)) == date
}

// Resolve returns the instant at which clocks in zone show that time on that day. A time inside a gap becomes the
// first instant after the gap; a time that occurs twice becomes its first occurrence. time.Date alone guarantees
// neither.
func Resolve(day Date, clock TimeOfDay, zone *time.Location) time.Time {
	year, month, d := day.Date()
	wanted := time.Date(year, month, d, int(clock/60), int(clock%60), 0, 0, time.UTC)
	guess := time.Date(year, month, d, int(clock/60), int(clock%60), 0, 0, zone)
	if earlier, ok := occurrenceBefore(guess, wanted); ok {
		return earlier
	}
	if shows(guess, wanted) {
		return guess
	}
	return gapEnd(guess, wanted)
}

// occurrenceBefore looks for an earlier instant of the same wall clock: the offset before guess's zone period, applied
// to the wanted time.
func occurrenceBefore(guess, wanted time.Time) (time.Time, bool) {
	start, _ := guess.ZoneBounds()
	if start.IsZero() {
		return time.Time{}, false
	}
	_, offset := start.Add(-time.Nanosecond).Zone()
	earlier := wanted.Add(-time.Duration(offset) * time.Second).In(guess.Location())
	return earlier, earlier.Before(guess) && shows(earlier, wanted)
}

// gapEnd returns the clock change that skipped the wanted time: the nearest start of a zone period around guess.
func gapEnd(guess, wanted time.Time) time.Time {
	start, end := guess.ZoneBounds()
	if wallClock(guess).Before(wanted) && !end.IsZero() {
		return end
	}
	return start
}

func shows(t, wanted time.Time) bool { return wallClock(t).Equal(wanted) }

// wallClock returns what the clock shows at t, as if it were UTC.
func wallClock(t time.Time) time.Time {
	_, offset := t.Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}
