package web

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"cadans/internal/record/pain"
	"cadans/internal/rules/adherence"
	"cadans/internal/screens/progress"
	"cadans/pkg/localtime"
)

// spans are the ranges that a patient's page offers, in weeks; the first is the default.
var spans = []int{4, 12, 52}

// course shows a patient's days as a calendar and as charts. Every picture has a text equivalent.
type course struct {
	Words
	Spans    tabs
	Calendar []calendarWeek
	Weeks    weekChart
	Pain     painChart
}

// weeksOf returns the range that the reader chose.
func weeksOf(r *request) int {
	for _, n := range spans {
		if r.Query("weeks") == strconv.Itoa(n) {
			return n
		}
	}
	return spans[0]
}

// courseOf returns the days of a range of weeks, or nil if there are none.
func courseOf(h head, days progress.Days, weeks int) *course {
	if len(days.Days) == 0 {
		return nil
	}
	c := &course{Words: h.Words, Spans: tabs{Name: h.Say("course.period")}}
	for _, n := range spans {
		path := fmt.Sprintf("%s?weeks=%d#course", h.Path(), n)
		c.Spans.List = append(c.Spans.List, tab{c.Say("unit.weeks", "n", n), path, n == weeks})
	}
	c.Calendar = calendarOf(c.Words, days, h.Today)
	c.Weeks = weekChartOf(c.Words, days.Weeks)
	c.Pain = painChartOf(c.Words, days)
	return c
}

// calendarWeek is a row of the calendar. Rows are latest first.
type calendarWeek struct {
	Monday string
	Days   [7]calendarDay
	Rate   string
}

// calendarDay is one cell: a sign and its text equivalent. A cell outside the range is empty.
type calendarDay struct {
	Sign, Said, Kind string
	Rise             bool // more pain after a session
	Today            bool
}

var daySigns = map[adherence.Mark]string{
	adherence.MarkDone:        "■",
	adherence.MarkPartly:      "◪",
	adherence.MarkExtra:       "◆",
	adherence.MarkOpen:        "☐",
	adherence.MarkFree:        "·",
	adherence.MarkPaused:      "‖",
	adherence.MarkBeforeStart: "",
}

func calendarOf(w Words, days progress.Days, today localtime.Date) []calendarWeek {
	weeks := make([]calendarWeek, 0, len(days.Weeks))
	place := map[localtime.Date]int{}
	for i := len(days.Weeks) - 1; i >= 0; i-- {
		week := days.Weeks[i]
		place[week.Monday] = len(weeks)
		weeks = append(weeks, calendarWeek{Monday: w.Date(week.Monday), Rate: w.Fraction(week.Rate)})
	}
	for i, day := range days.Days {
		monday := day.Date.Monday()
		weeks[place[monday]].Days[day.Date.DaysSince(monday)] = dayOf(w, days.Marks[i], day, today)
	}
	return weeks
}

func dayOf(w Words, mark adherence.Mark, day adherence.Day, today localtime.Date) calendarDay {
	shape := shapes[mark]
	c := calendarDay{Sign: daySigns[mark], Kind: kinds[mark], Rise: day.Rises > 0, Today: day.Date == today}
	c.Said = w.Say("course.day.said", "day", w.Weekday(day.Date), "mark", w.Say(shape.name))
	if c.Rise {
		c.Said = w.Say("course.day.rise", "said", c.Said)
	}
	return c
}

var kinds = map[adherence.Mark]string{
	adherence.MarkDone:   "done",
	adherence.MarkPartly: "done",
	adherence.MarkExtra:  "done",
	adherence.MarkOpen:   "open",
	adherence.MarkFree:   "free",
	adherence.MarkPaused: "free",
}

// Weekdays are the column headers, Monday first.
func (c *course) Weekdays() []string {
	monday := localtime.NewDate(2026, time.March, 2)
	names := make([]string, 7)
	for i := range names {
		names[i], _, _ = strings.Cut(c.Weekday(monday.AddDays(i)), " ")
	}
	return names
}

// All charts have the same height and count from the top, in SVG units.
const (
	chartWidth  = 640
	chartHeight = 150
	chartLeft   = 28 // room for the scale
)

// weekChart shows sessions done next to sessions asked, a pair of bars per week.
type weekChart struct {
	Bars    []weekBar
	Most    int // sessions at the top of the scale
	Said    string
	Width   int
	Height  int
	Middle  int
	HalfWay string
}

// weekBar is one week. Asked and Done are heights.
type weekBar struct {
	X, Width         int
	AskedY, Asked    int
	DoneY, Done      int
	Name, Rate, Said string
	Labelled         bool
}

func weekChartOf(w Words, weeks []progress.Week) weekChart {
	c := weekChart{Most: 1, Width: chartWidth, Height: chartHeight, Middle: chartHeight / 2}
	done, asked7 := 0, 0
	for _, week := range weeks {
		c.Most = max(c.Most, week.Done, (week.Expected7+6)/7)
		done, asked7 = done+week.Done, asked7+week.Expected7
	}
	c.HalfWay = w.Tenths(c.Most * 5)
	step := (chartWidth - chartLeft) / max(len(weeks), 4)
	every := len(weeks)/12 + 1
	for i, week := range weeks {
		b := weekBar{
			X:        chartLeft + i*step + step/8,
			Width:    step * 3 / 4,
			Name:     w.Date(week.Monday),
			Rate:     w.Rate(week.Rate),
			Labelled: i%every == 0,
		}
		b.Asked, b.Done = week.Expected7*chartHeight/(7*c.Most), week.Done*chartHeight/c.Most
		b.AskedY, b.DoneY = chartHeight-b.Asked, chartHeight-b.Done
		b.Said = b.Name + ": " + b.Rate
		c.Bars = append(c.Bars, b)
	}
	c.Said = w.Say("course.weeks.said", "fraction", w.Fraction(adherence.Rate{Done: done, Expected7: asked7}))
	return c
}

// painChart shows pain before (open) and after (closed) sessions, from 0 to 10. Missing scores are gaps, never zero.
type painChart struct {
	Before, After []painPoint
	Lines         []string // through scores before sessions, broken at weeks without a score
	Versions      []versionMark
	Rows          []painRow // the table, latest first
	Said          string
	Width, Height int
}

type painPoint struct{ X, Y int }

type versionMark struct {
	X    int
	Name string
}

type painRow struct{ Day, Before, After, From string }

// gap is the number of days without a score that breaks the line.
const gap = 8

func painChartOf(w Words, days progress.Days) painChart {
	c := painChart{Width: chartWidth, Height: chartHeight}
	first, span := days.Days[0].Date, max(len(days.Days)-1, 1)
	at := func(d localtime.Date) int { return chartLeft + 6 + d.DaysSince(first)*(chartWidth-chartLeft-12)/span }
	last := localtime.Date{}
	var sum adherence.Scores
	from := painSources(w, days.Points)
	for _, day := range days.Days {
		if day.Before.Count == 0 && day.After.Count == 0 {
			continue
		}
		c.Rows = append(
			[]painRow{{
				w.Weekday(day.Date), w.Points(day.Before.Mean()), w.Points(day.After.Mean()), from[day.Date],
			}}, c.Rows...,
		)
		if mean := day.After.Mean(); mean != nil {
			c.After = append(c.After, painPoint{at(day.Date), height(*mean)})
		}
		if mean := day.Before.Mean(); mean != nil {
			p := painPoint{at(day.Date), height(*mean)}
			c.Before = append(c.Before, p)
			if last.IsZero() || day.Date.DaysSince(last) >= gap {
				c.Lines = append(c.Lines, fmt.Sprintf("M%d %d", p.X, p.Y))
			} else {
				c.Lines[len(c.Lines)-1] += fmt.Sprintf("L%d %d", p.X, p.Y)
			}
			last = day.Date
			sum = sum.Plus(day.Before)
		}
	}
	for _, v := range days.Versions {
		c.Versions = append(c.Versions, versionMark{at(v.EffectiveFrom), "v" + strconv.Itoa(v.Number)})
	}
	c.Said = painSaid(w, sum)
	return c
}

// painSources names, for each day, where its scores were asked.
func painSources(w Words, points []pain.Point) map[localtime.Date]string {
	named, seen := map[localtime.Date]string{}, map[pain.Point]bool{}
	for _, p := range points {
		once := pain.Point{Source: p.Source, Day: p.Day}
		if seen[once] || p.Kind == pain.During || p.Kind == pain.Worst {
			continue
		}
		seen[once] = true
		if named[p.Day] != "" {
			named[p.Day] += ", "
		}
		named[p.Day] += w.Say(painSourceKeys[p.Source])
	}
	return named
}

var painSourceKeys = map[pain.Source]string{
	pain.FromSession: "course.pain.from.session", pain.FromCheckIn: "course.pain.from.check_in",
	pain.FromQuestionnaire: "course.pain.from.questionnaire", pain.FromIntake: "course.pain.from.intake",
	pain.FromRecurrence: "course.pain.from.recurrence",
}

func height(tenths int) int { return chartHeight - 4 - tenths*(chartHeight-8)/100 }

func painSaid(w Words, sum adherence.Scores) string {
	if sum.Count == 0 {
		return w.Say("course.pain.none")
	}
	return w.Say("course.pain.said", "mean", w.Points(sum.Mean()), "n", sum.Count)
}
