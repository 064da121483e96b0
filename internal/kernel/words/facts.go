package words

import (
	"errors"
	"strconv"
	"strings"

	"cadans/pkg/localtime"
)

// none stands where there is no day or number.
const none = "–"

// facts are what a language is, apart from texts.
type facts struct {
	Name          string   `yaml:"name"` // in the language itself
	Direction     string   `yaml:"direction"`
	Decimal       string   `yaml:"decimal"`
	Percent       text     `yaml:"percent"`
	Date          text     `yaml:"date"`
	WeekdayDate   text     `yaml:"weekday_date"`
	LongDate      text     `yaml:"long_date"`
	Months        []string `yaml:"months"`
	ShortMonths   []string `yaml:"short_months"`
	Weekdays      []string `yaml:"weekdays"` // Sunday first
	ShortWeekdays []string `yaml:"short_weekdays"`
}

// isComplete says what is missing. Facts have no English to fall back on: "3 December" in a Turkish sentence misleads.
func (f facts) isComplete() error {
	switch {
	case f.Name == "", f.Decimal == "", f.Percent.pieces == nil,
		f.Date.pieces == nil, f.WeekdayDate.pieces == nil, f.LongDate.pieces == nil:
		return errors.New("a fact is missing")
	case f.Direction != "ltr" && f.Direction != "rtl":
		return errors.New("the direction is ltr or rtl")
	case len(f.Months) != 12, len(f.ShortMonths) != 12, len(f.Weekdays) != 7, len(f.ShortWeekdays) != 7:
		return errors.New("a year has 12 months and a week 7 days")
	default:
		return nil
	}
}

// Name is what the language calls itself.
func (l Language) Name() string { return l.catalog().Name }

// Direction is ltr or rtl.
func (l Language) Direction() string { return l.catalog().Direction }

// Date writes "18 Nov"; no date is "–".
func (l Language) Date(d localtime.Date) string {
	if d.IsZero() {
		return none
	}
	f := &l.catalog().facts
	return f.Date.fill(func(name string) string { return partOf(d, name, f.ShortMonths, f.ShortWeekdays) })
}

// Weekday writes "Mon 23 Nov".
func (l Language) Weekday(d localtime.Date) string {
	f := &l.catalog().facts
	return f.WeekdayDate.fill(func(name string) string { return partOf(d, name, f.ShortMonths, f.ShortWeekdays) })
}

// DateIn is Date for a reader in a year, "1 Mar 2027" if the day is in another one. Year zero is no reader.
func (l Language) DateIn(d localtime.Date, year int) string { return l.Date(d) + otherYear(d, year) }

// WeekdayIn is Weekday for a reader in a year: "Mon 1 Mar 2027" if the day is in another one. Year zero is no reader.
func (l Language) WeekdayIn(d localtime.Date, year int) string {
	return l.Weekday(d) + otherYear(d, year)
}

func otherYear(d localtime.Date, reader int) string {
	year, _, _ := d.Date()
	if d.IsZero() || reader == 0 || year == reader {
		return ""
	}
	return " " + strconv.Itoa(year)
}

// LongDate writes a day in full, with its weekday: "maandag 9 maart", "Monday 9 March".
func (l Language) LongDate(d localtime.Date) string {
	f := &l.catalog().facts
	return f.LongDate.fill(func(name string) string { return partOf(d, name, f.Months, f.Weekdays) })
}

// partOf writes the part of a date that a pattern asks for.
func partOf(d localtime.Date, name string, months, weekdays []string) string {
	_, month, day := d.Date()
	switch name {
	case "day":
		return strconv.Itoa(day)
	case "month":
		return months[month-1]
	default:
		return weekdays[d.Weekday()]
	}
}

// Percent writes a share in permille as "50%" or "50 %".
func (l Language) Percent(permille int) string {
	return l.catalog().Percent.fill(func(string) string { return strconv.Itoa((permille + 5) / 10) })
}

// Decimal writes a number that has a point in the way of the language: "6.3" or "6,3".
func (l Language) Decimal(number string) string {
	return strings.Replace(number, ".", l.catalog().facts.Decimal, 1)
}

// Tenths writes tenths as "6.3" or "6,3".
func (l Language) Tenths(n int) string {
	return l.Decimal(strconv.Itoa(n/10) + "." + strconv.Itoa(n%10))
}
