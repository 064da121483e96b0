package web

import (
	"fmt"
	"strconv"
	"strings"

	"cadans/internal/rules/adherence"
	"cadans/pkg/localtime"
)

// strip is the days of the last four weeks as small signs, each kind with its own shape, and the same in words. All
// signs of a kind are one path: a list of 200 patients has 5,600 of them.
type strip struct {
	Paths   []path
	Summary string
	Width   int
}

// path is the signs of one kind; Class says how they are drawn.
type path struct{ Class, D string }

const signWidth = 7 // of a sign with the space beside it, in SVG units

// shape is what a mark is called and how it is drawn, at a place from the left.
type shape struct {
	name string
	draw func(x int, on map[string]string)
}

// at draws a line of a class that begins so far to the right of the sign's place.
func at(class string, right int, line string) func(int, map[string]string) {
	return func(x int, on map[string]string) { on[class] += "M" + strconv.Itoa(x+right) + line }
}

var shapes = map[adherence.Mark]shape{
	adherence.MarkDone: {"mark.done", at("done", 2, " 1v14")},
	adherence.MarkPartly: {"mark.partly", func(x int, on map[string]string) {
		at("outline", 0, " 1h4v13h-4z")(x, on)
		at("done", 2, " 8v7")(x, on)
	}},
	adherence.MarkExtra:       {"mark.extra", at("extra", 0, " 8l2-3 2 3-2 3z")},
	adherence.MarkOpen:        {"mark.open", at("open", 0, " 1h4v13h-4z")},
	adherence.MarkFree:        {"mark.free", at("dot", 1, " 8h2")},
	adherence.MarkPaused:      {"mark.paused", at("dot", 1, " 4v8m3-8v8")},
	adherence.MarkBeforeStart: {"mark.before_start", func(int, map[string]string) {}},
}

func stripOf(w Words, s adherence.Status) (days strip) {
	drawn, counts := map[string]string{}, map[adherence.Mark]int{}
	for i, mark := range []byte(s.Marks) {
		x := signWidth*i + gapOf(s.Date.AddDays(i-len(s.Marks)+1), s)
		shapes[adherence.Mark(mark)].draw(x, drawn)
		counts[adherence.Mark(mark)]++
		days.Width = x + signWidth
	}
	for _, class := range []string{"done", "extra", "outline", "open", "dot"} {
		if d := drawn[class]; d != "" {
			days.Paths = append(days.Paths, path{class, d})
		}
	}
	days.Summary = summary(w, counts)
	return days
}

// gapOf leaves room between weeks.
func gapOf(date localtime.Date, s adherence.Status) int {
	first := s.Date.AddDays(1 - len(s.Marks)).Monday()
	return 4 * (date.Monday().DaysSince(first) / 7)
}

func summary(w Words, counts map[adherence.Mark]int) string {
	var parts []string
	for _, mark := range []adherence.Mark{
		adherence.MarkDone, adherence.MarkPartly, adherence.MarkExtra, adherence.MarkOpen, adherence.MarkPaused,
	} {
		if n := counts[mark]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d× %s", n, w.Say(shapes[mark].name)))
		}
	}
	if len(parts) == 0 {
		return w.Say("strip.none")
	}
	return w.Say("strip.summary", "days", strings.Join(parts, ", "))
}
