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
