// Package localtime is the calendar from the patient's point of view: days, times of day, windows that may cross
// midnight, and the only place where a wall-clock time becomes an instant.
//
// It refuses to guess. An unknown zone is an error and never silently UTC. A time that a clock change skips becomes
// the first instant after the gap; a time that occurs twice becomes its first occurrence. Days are counted as dates,
// never as 24 hours: the week of 23 March 2026 has 167 hours in Amsterdam and still seven days.
//
// The zone database is embedded, so a container without tzdata behaves like any other machine.
package localtime

import (
	"cmp"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"
)

// ErrInvalidDate reports a text that is not a real day written YYYY-MM-DD.
var ErrInvalidDate = errors.New("not a calendar date written YYYY-MM-DD")

const (
	dateLayout   = "2006-01-02"
	unixEpochDay = 719163 // days from 0000-12-31 to 1970-01-01, so that the zero Date is no valid day
	secondsInDay = 24 * 60 * 60
	firstYear    = 1900
	lastYear     = 2199
)

// Date is a calendar day without a zone. The zero Date is no day; see IsZero. Dates compare with == and Before.
type Date struct{ n int32 }

// NewDate returns a day; values out of range are normalised as in time.Date.
func NewDate(year int, month time.Month, day int) Date {
	return DateOf(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// DateOf returns the day that t shows in its own location.
func DateOf(t time.Time) Date {
	_, offset := t.Zone()
	seconds := t.Unix() + int64(offset)
	days := seconds / secondsInDay
	if seconds%secondsInDay < 0 {
		days--
	}
	return Date{n: int32(days + unixEpochDay)}
}

// ParseDate reads YYYY-MM-DD. Days that do not exist, such as 30 February, are refused with ErrInvalidDate.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(dateLayout, s)
	if err != nil || t.Year() < 1 {
		return Date{}, fmt.Errorf("%q: %w", s, ErrInvalidDate)
	}
	return DateOf(t), nil
}

// MustParseDate is ParseDate for constants; it panics on a text that is no date.
func MustParseDate(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// FirstDay and LastDay limit the days that a request may name: every life falls between them, and calculations need
// not handle the ends of the calendar.
func FirstDay() Date { return NewDate(firstYear, time.January, 1) }

// LastDay is the last such day; see FirstDay.
func LastDay() Date { return NewDate(lastYear, time.December, 31) }

// Clamp returns the day, or FirstDay or LastDay if it lies outside them.
func (d Date) Clamp() Date {
	switch first, last := FirstDay(), LastDay(); {
	case d.Before(first):
		return first
	case d.After(last):
		return last
	default:
		return d
	}
}

// IsZero reports whether d is no day at all.
func (d Date) IsZero() bool { return d.n == 0 }

// String returns YYYY-MM-DD, or nothing for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.midnightUTC().Format(dateLayout)
}

// AddDays returns the day that many days later; days may be negative.
func (d Date) AddDays(days int) Date { return Date{n: d.n + int32(days)} }

// DaysSince returns how many days d lies after other.
func (d Date) DaysSince(other Date) int { return int(d.n - other.n) }

// Before reports whether d is an earlier day than other.
func (d Date) Before(other Date) bool { return d.n < other.n }

// After reports whether d is a later day than other.
func (d Date) After(other Date) bool { return d.n > other.n }

// Compare returns -1, 0 or +1 as d is before, the same as, or after other.
func (d Date) Compare(other Date) int { return cmp.Compare(d.n, other.n) }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return time.Weekday(d.n % 7) } // 0000-12-31 was a Sunday

// Monday returns the first day of the ISO week of d.
func (d Date) Monday() Date { return d.AddDays(-(int(d.Weekday()) + 6) % 7) }

// Date returns the parts of the day.
func (d Date) Date() (int, time.Month, int) { return d.midnightUTC().Date() }

// MarshalText writes YYYY-MM-DD, so that a day is a text in JSON too.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Date) UnmarshalText(text []byte) (err error) {
	*d = Date{}
	if len(text) > 0 {
		*d, err = ParseDate(string(text))
	}
	return err
}

// Value stores a day as its text.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads what Value stored.
func (d *Date) Scan(src any) (err error) {
	switch v := src.(type) {
	case nil:
		*d = Date{}
	case string:
		*d, err = ParseDate(v)
	case []byte:
		*d, err = ParseDate(string(v))
	default:
		err = fmt.Errorf("%T: %w", src, ErrInvalidDate)
	}
	return err
}

func (d Date) midnightUTC() time.Time {
	return time.Unix(int64(d.n-unixEpochDay)*secondsInDay, 0).UTC()
}
