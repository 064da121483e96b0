package web

import (
	"fmt"
	"strconv"
	"strings"

	"cadans/internal/rules/adherence"
	"cadans/pkg/localtime"
)

// strip shows the days of the last four weeks as small signs, with a different shape for each kind and a text
// equivalent. All signs of a kind are one path, because a list of 200 patients has 5,600 of them.
type strip struct {
	Paths   []path
	Summary string
	Width   int
}

// path holds the signs of one kind; Class determines how they are drawn.
type path struct{ Class, D string }

const signWidth = 7 // of a sign including the space next to it, in SVG units

// shape is the name of a mark and how it is drawn at a distance from the left.
type shape struct {
	name string
	draw func(x int, on map[string]string)
}

// at draws a line of a class at a distance from the sign's left edge.
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

// gapOf adds space between weeks.
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
