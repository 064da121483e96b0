package program

import (
	"fmt"
	"slices"

	"cadans/internal/record/exercise"
	"cadans/internal/record/people"
	"cadans/pkg/localtime"
)

// Diff describes what a version changes against the previous one, one sentence per item: "Bridge 3×10 → 3×12 from Mon
// 23 Nov". An exercise that returns as a new item, as in a rebuilt version, counts as unchanged.
func Diff(before, after Version, library *exercise.Library, l people.Language) []string {
	w := differ{library: library, l: l, from: l.WeekdayIn(after.EffectiveFrom, after.yearOfPublishing())}
	sentences := []string{}
	for _, item := range after.Items {
		was, known := before.counterpart(item, after)
		switch {
		case !known:
			sentences = append(sentences, w.added(item))
		case !was.same(item):
			sentences = append(sentences, w.changed(was, item))
		}
	}
	for _, item := range before.Items {
		if _, stays := after.counterpart(item, before); !stays {
			sentences = append(sentences, w.removed(item))
		}
	}
	return sentences
}

// yearOfPublishing is the year against which the first day is told; zero if the version is not published, or begins at
// once. In the patient's zone that may be a day later, and another year.
func (v Version) yearOfPublishing() int {
	if v.PublishedAt.IsZero() || v.EffectiveFrom.DaysSince(localtime.DateOf(v.PublishedAt)) <= 1 {
		return 0
	}
	return v.PublishedAt.Year()
}

// counterpart returns the same item in a version, or the same exercise if neither version has the other's item.
func (v Version) counterpart(item Item, other Version) (Item, bool) {
	if same, known := v.Item(item.ID); known {
		return same, true
	}
	i := slices.IndexFunc(v.Items, func(candidate Item) bool {
		_, paired := other.Item(candidate.ID)
		return candidate.Exercise == item.Exercise && !paired
	})
	if i < 0 {
		return Item{}, false
	}
	return v.Items[i], true
}

// DiffItem describes how one item changes: "Bridge 3×10 → 3×12".
func DiffItem(before, after Item, library *exercise.Library, l people.Language) string {
	return differ{library: library, l: l}.changed(before, after)
}

// Says writes what an item asks: "3×10, 5× a week".
func (i Item) Says(l people.Language) string {
	w := differ{l: l}
	return w.amount(i) + ", " + w.often(i.Schedule)
}

// same compares what is asked of the patient.
func (i Item) same(other Item) bool {
	return i.Exercise == other.Exercise && i.Dose == other.Dose && i.Schedule.Kind == other.Schedule.Kind &&
		i.Schedule.Quota == other.Schedule.Quota && i.Schedule.TimesPerDay == other.Schedule.TimesPerDay &&
		slices.Equal(i.Schedule.Days, other.Schedule.Days)
}

// SameItems reports whether two versions ask the same.
func SameItems(a, b []Item) bool { return slices.EqualFunc(a, b, Item.same) }

type differ struct {
	library *exercise.Library
	l       people.Language
	from    string
}

func (w differ) name(item Item) string {
	e, err := w.library.AsSeen(item.Exercise, item.Revision)
	if err != nil {
		return item.Exercise
	}
	return e.Name.In(w.l)
}

func (w differ) amount(item Item) string {
	if item.Dose.IsTimed() {
		return w.l.Say("program.minutes", "number", item.Dose.Minutes*max(item.Dose.Sets, 1))
	}
	return fmt.Sprintf("%d×%d", item.Dose.Sets, item.Dose.Reps)
}

// hold is how long an item is held, where the other is held for another time.
func (w differ) hold(item, other Item) string {
	if item.Dose.HoldS == 0 || item.Dose.HoldS == other.Dose.HoldS {
		return ""
	}
	return ", " + w.l.Say("program.hold", "number", item.Dose.HoldS)
}

func (w differ) often(s Schedule) string {
	return w.l.Say("program.often", "number", s.PerWeek()*s.TimesPerDay)
}

func (w differ) changed(was, item Item) string {
	text := w.name(was) + " " + w.amount(was) + w.hold(was, item) + " → "
	if was.Exercise != item.Exercise {
		text += w.name(item) + " "
	}
	text += w.amount(item) + w.hold(item, was)
	if was.Exercise == item.Exercise && was.Dose == item.Dose {
		text = w.name(item) + " " + w.often(was.Schedule) + " → " + w.often(item.Schedule)
	} else if w.often(was.Schedule) != w.often(item.Schedule) {
		text += ", " + w.often(item.Schedule)
	}
	if w.from == "" {
		return text
	}
	return w.l.Say("program.changed", "change", text, "day", w.from)
}

func (w differ) added(item Item) string {
	what := w.name(item) + " " + w.amount(item) + ", " + w.often(item.Schedule)
	return w.l.Say("program.added", "exercise", what, "day", w.from)
}

func (w differ) removed(item Item) string {
	return w.l.Say("program.removed", "exercise", w.name(item), "day", w.from)
}
