package people

import (
	"strconv"
	"strings"

	"cadans/pkg/localtime"
)

var (
	monthsNL   = strings.Fields("jan feb mrt apr mei jun jul aug sep okt nov dec")
	monthsEN   = strings.Fields("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec")
	weekdaysNL = strings.Fields("zo ma di wo do vr za")
	weekdaysEN = strings.Fields("Sun Mon Tue Wed Thu Fri Sat")
)

// Date writes "18 Nov"; no date is "–".
func (l Language) Date(d localtime.Date) string {
	if d.IsZero() {
		return "–"
	}
	_, month, day := d.Date()
	return strconv.Itoa(day) + " " + l.Pick(monthsNL[month-1], monthsEN[month-1])
}

// Weekday writes "Mon 23 Nov".
func (l Language) Weekday(d localtime.Date) string {
	return l.Pick(weekdaysNL[d.Weekday()], weekdaysEN[d.Weekday()]) + " " + l.Date(d)
}

// LongDate writes a day in full, with its weekday, for a patient: "maandag 9 maart", "Monday 9 March".
func (l Language) LongDate(d localtime.Date) string {
	_, month, day := d.Date()
	weekday, name := d.Weekday().String(), month.String()
	if l == Dutch {
		weekday, name = longWeekdaysNL[d.Weekday()], longMonthsNL[month-1]
	}
	return weekday + " " + strconv.Itoa(day) + " " + name
}

var (
	longWeekdaysNL = []string{"zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"}
	longMonthsNL   = []string{
		"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
		"december",
	}
)
