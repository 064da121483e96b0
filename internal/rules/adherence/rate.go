package adherence

import (
	"slices"
	"strconv"

	"cadans/pkg/localtime"
)

// Minimum data for a rate; below it the rate is null.
const (
	minActiveDays = 3
	minExpected7  = 7
)

// Rate is done against expected over a range of days. The permille are nil when there is too little data: fewer than 3
// active days, or less than one expected session.
type Rate struct {
	Days      int
	Active    int
	Done      int
	Expected7 int
	Sessions  *int // A_sess = min(1, 7·done/E7), in permille
	Dose      *int // A_dose, the same by dose, in permille
	Raw       *int // A_dose without the cap; above 1500 means more than planned
}

// IsKnown reports whether anything was asked or done: "0 of 0" says nothing.
func (r Rate) IsKnown() bool { return r.Expected7 > 0 || r.Done > 0 }

// Expected returns the expected sessions as text: whole, or with one decimal.
func (r Rate) Expected() string {
	if r.Expected7%7 == 0 {
		return strconv.Itoa(r.Expected7 / 7)
	}
	tenths := divide(10*r.Expected7, 7)
	return strconv.Itoa(tenths/10) + "." + strconv.Itoa(tenths%10)
}

// RateOf sums days. Sessions done in a pause count up to the expectation of the other days.
func RateOf(days []Day) Rate {
	r := Rate{Days: len(days)}
	dose, credit, beyond := 0, 0, 0
	for _, d := range days {
		if d.Active {
			r.Active++
		}
		r.Done += d.Done + d.PauseDone
		r.Expected7 += d.Expected7
		dose += d.Dose7000
		credit += d.Credit + d.PauseCredit
		beyond += d.Extra
	}
	if r.Active < minActiveDays || r.Expected7 < minExpected7 {
		return r
	}
	r.Sessions = cappedPermille(7*1000*r.Done, r.Expected7)
	r.Dose = cappedPermille(7*1000*credit, dose)
	raw := divide(7*1000*(credit+beyond), dose)
	r.Raw = &raw
	return r
}

// cappedPermille returns the ratio in permille, capped at 1000.
func cappedPermille(numerator, denominator int) *int {
	permille := min(1000, divide(numerator, denominator))
	return &permille
}

// divide rounds half up.
func divide(numerator, denominator int) int {
	if denominator == 0 {
		return 0
	}
	return (2*numerator + denominator) / (2 * denominator)
}

// Band is a rate in words. The empty band means too little data.
type Band string

// The bands: on track from 80 %, partial from 50 %, low below, none at 0.
const (
	OnTrack Band = "on_track"
	Partial Band = "partial"
	Low     Band = "low"
	None    Band = "none"
)

// BandOf returns the band of a rate by sessions.
func BandOf(r Rate) Band {
	switch {
	case r.Sessions == nil:
		return ""
	case *r.Sessions >= 800:
		return OnTrack
	case *r.Sessions >= 500:
		return Partial
	case *r.Sessions > 0:
		return Low
	default:
		return None
	}
}

// Series is a patient's days in order, without gaps.
type Series []Day

// Until returns the last day of a window that ends now: today if something was done today, otherwise yesterday. An
// unfinished day is not a missed day.
func (s Series) Until(today localtime.Date) localtime.Date {
	if d, ok := s.On(today); ok && d.Sessions > 0 {
		return today
	}
	return today.AddDays(-1)
}

// On returns the day with a date.
func (s Series) On(date localtime.Date) (Day, bool) {
	if len(s) == 0 {
		return Day{}, false
	}
	i := date.DaysSince(s[0].Date)
	if i < 0 || i >= len(s) {
		return Day{}, false
	}
	return s[i], true
}

// Window returns a number of days up to and including until, as far as the series has them.
func (s Series) Window(until localtime.Date, days int) []Day {
	if len(s) == 0 {
		return nil
	}
	end := until.DaysSince(s[0].Date) + 1
	start := end - days
	return s[min(max(start, 0), len(s)):min(max(end, 0), len(s))]
}

// Rate returns the rate over the days up to and including until.
func (s Series) Rate(until localtime.Date, days int) Rate {
	r := RateOf(s.Window(until, days))
	r.Days = days
	return r
}

// weekMet is the rate from which a week counts as met: two thirds.
const weekMet = 670

const (
	dropPoints   = 300 // permille below the patient's own median (design choice: 30 points)
	medianWeeks  = 4
	medianNeeds  = 2
	medianSearch = 12 // weeks to search for active ones
)

// MedianBefore returns the median rate by sessions of the four active weeks before the 7 days that end at until, or nil
// if fewer than two can be judged.
func (s Series) MedianBefore(until localtime.Date) *int {
	var weeks []int
	for back := 1; back <= medianSearch && len(weeks) < medianWeeks; back++ {
		if r := s.Rate(until.AddDays(-7*back), 7); r.Sessions != nil {
			weeks = append(weeks, *r.Sessions)
		}
	}
	if len(weeks) < medianNeeds {
		return nil
	}
	slices.Sort(weeks)
	median := (weeks[(len(weeks)-1)/2] + weeks[len(weeks)/2]) / 2
	return &median
}

// Dropped reports whether the last 7 days lie at least 30 points below the patient's own median.
func (s Series) Dropped(until localtime.Date) bool {
	now, before := s.Rate(until, 7).Sessions, s.MedianBefore(until)
	return now != nil && before != nil && *before-*now >= dropPoints
}
