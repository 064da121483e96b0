package web

import (
	"fmt"
	"strings"

	"cadans/internal/adherence"
	"cadans/pkg/localtime"
)

// strip is the days of the last four weeks as small signs, each with its own shape, and the same in words.
type strip struct {
	Signs   []sign
	Summary string
}

// sign is one day. Mark names the shape.
type sign struct {
	Mark  string
	X     int
	Title string
}

// Middle is where the middle of a sign is, or its right half begins.
func (s sign) Middle() int { return s.X + signWidth/2 }

const signWidth = 7 // of a sign with the space beside it, in SVG units

var markNames = map[adherence.Mark]struct{ shape, nl, en string }{
	adherence.MarkDone:        {"done", "gedaan", "done"},
	adherence.MarkPartly:      {"partly", "deels gedaan", "partly done"},
	adherence.MarkExtra:       {"extra", "extra gedaan", "done as an extra"},
	adherence.MarkOpen:        {"open", "gepland, niet ingevuld", "planned, not recorded"},
	adherence.MarkFree:        {"free", "niets gepland", "nothing planned"},
	adherence.MarkPaused:      {"paused", "pauze", "paused"},
	adherence.MarkBeforeStart: {"before", "nog geen programma", "no program yet"},
}

func stripOf(w Words, s adherence.Status) (days strip) {
	counts := map[string]int{}
	for i, mark := range []byte(s.Marks) {
		date, name := s.Date.AddDays(i-len(s.Marks)+1), markNames[adherence.Mark(mark)]
		days.Signs = append(days.Signs, sign{Mark: name.shape, X: signWidth*i + gapOf(date, s), Title: w.Weekday(date) + ": " + w.Say(name.nl, name.en)})
		counts[w.Say(name.nl, name.en)]++
	}
	days.Summary = summary(w, counts)
	return days
}

// gapOf leaves room between weeks.
func gapOf(date localtime.Date, s adherence.Status) int {
	first := s.Date.AddDays(1 - len(s.Marks)).Monday()
	return 4 * (date.Monday().DaysSince(first) / 7)
}

// Width is that of the whole strip.
func (s strip) Width() int {
	if len(s.Signs) == 0 {
		return 0
	}
	return s.Signs[len(s.Signs)-1].X + signWidth
}

func summary(w Words, counts map[string]int) string {
	var parts []string
	for _, mark := range []adherence.Mark{adherence.MarkDone, adherence.MarkPartly, adherence.MarkExtra, adherence.MarkOpen, adherence.MarkPaused} {
		name := w.Say(markNames[mark].nl, markNames[mark].en)
		if n := counts[name]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d× %s", n, name))
		}
	}
	if len(parts) == 0 {
		return w.Say("Laatste 4 weken: niets ingevuld", "Last 4 weeks: nothing recorded")
	}
	return w.Say("Laatste 4 weken: ", "Last 4 weeks: ") + strings.Join(parts, ", ")
}
