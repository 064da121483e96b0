// Package questionnaire offers short questionnaires that may be used freely, and imports scores of licensed ones that
// were completed elsewhere. A score has a direction and a smallest important change, so that a change is never shown
// without saying whether it may be chance.
//
// The server computes every score. Repeating an answer changes nothing. A missing number is never made up.
package questionnaire

import (
	"slices"
	"strconv"

	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/words"
	"cadans/pkg/localtime"
)

// Direction says which way is better.
type Direction string

// The directions.
const (
	HigherIsBetter Direction = "higher_is_better"
	LowerIsBetter  Direction = "lower_is_better"
)

// Item is a question with a whole-number answer.
type Item struct {
	Key      string
	Text     words.Pair
	Min, Max int
}

// Definition is a questionnaire. Important is the smallest important change, in tenths of a point; zero when unknown.
// Most is the maximum number of answered items; 0 means that all must be answered.
type Definition struct {
	Key       string
	Version   string
	Title     words.Pair
	Items     []Item
	Direction Direction
	MaxTenths int
	Important int
	Source    string
	score     func([]int) int // tenths
}

func sum(answers []int) int {
	total := 0
	for _, a := range answers {
		total += a
	}
	return total * 10
}

// mean rounds to a tenth, halves up.
func mean(answers []int) int { return (sum(answers)*2 + len(answers)) / (2 * len(answers)) }

func product(answers []int) int { return answers[0] * answers[1] * 10 }

func first(answers []int) int { return answers[0] * 10 }

// Definitions are the questionnaires that patients fill in.
var Definitions = []Definition{
	{
		Key: "nprs", Version: "1", Title: words.Pair{NL: "Pijn", EN: "Pain"}, Direction: LowerIsBetter,
		MaxTenths: 100, Important: 20,
		Source: "NPRS, average of 24 hours; minimal important change 2 points or 30 % (Ostelo 2008)",
		Items: []Item{
			{"average", words.Pair{
				NL: "Hoeveel pijn had u gemiddeld in de laatste 24 uur?",
				EN: "How much pain did you have on average in the last 24 hours?",
			}, 0, 10},
			{"worst", words.Pair{
				NL: "Hoe erg was de ergste pijn in de afgelopen week?",
				EN: "How bad was the worst pain in the past week?",
			}, 0, 10},
		}, score: first,
	},
	{
		Key: "psfs", Version: "1", Title: words.Pair{NL: "Uw activiteiten", EN: "Your activities"},
		Direction: HigherIsBetter, MaxTenths: 100, Important: 23,
		Source: "Patient-Specific Functional Scale, own text, mean of 1 to 3 activities, 10 is able; " +
			"a medium change is 2.3 (JOSPT 2014;44:560)",
		Items: []Item{
			{"activity_1", words.Pair{
				NL: "Hoe goed lukt uw eerste activiteit? 0 is helemaal niet, 10 zonder moeite.",
				EN: "How well does your first activity go? 0 is not at all, 10 without trouble.",
			}, 0, 10},
			{"activity_2", words.Pair{NL: "En uw tweede?", EN: "And your second?"}, 0, 10},
			{"activity_3", words.Pair{NL: "En uw derde?", EN: "And your third?"}, 0, 10},
		}, score: mean,
	},
	{
		Key: "gpe", Version: "1", Title: words.Pair{NL: "Hoe gaat het nu", EN: "How it is now"},
		Direction: LowerIsBetter, MaxTenths: 70,
		Source: "global perceived effect, own 7 steps; 1 and 2 are success",
		Items: []Item{{"change", words.Pair{
			NL: "Hoe gaat het met uw klachten vergeleken met het begin? 1 is helemaal hersteld, 4 onveranderd, " +
				"7 veel slechter.",
			EN: "How are your complaints compared with the start? 1 is fully recovered, 4 unchanged, 7 much worse.",
		}, 1, 7}},
		score: first,
	},
	{
		Key: "phq2", Version: "1", Title: words.Pair{NL: "Stemming", EN: "Mood"}, Direction: LowerIsBetter,
		MaxTenths: 60,
		Source:    "PHQ-2, free to use; 3 or more asks for attention, 2 is watched (Arroll 2010)",
		Items: []Item{
			{"interest", words.Pair{NL: "Hoe vaak had u in de afgelopen 2 weken weinig interesse of plezier in " +
				"dingen? 0 is nooit, 3 bijna elke dag.", EN: "Over the last 2 weeks, how often have you been " +
				"bothered by little interest or pleasure in doing things? 0 is not at all, 3 nearly every day."}, 0, 3},
			{"mood", words.Pair{
				NL: "Hoe vaak voelde u zich somber, depressief of hopeloos?",
				EN: "How often have you been bothered by feeling down, depressed or hopeless?",
			}, 0, 3},
		}, score: sum,
	},
	{
		Key: "pavs", Version: "1", Title: words.Pair{NL: "Bewegen", EN: "Activity"}, Direction: HigherIsBetter,
		MaxTenths: 42000,
		Source:    "activity vital sign: days times minutes; the Dutch norm is 150 a week",
		Items: []Item{
			{"days", words.Pair{
				NL: "Op hoeveel dagen in de week beweegt u matig intensief, zoals stevig wandelen?",
				EN: "On how many days a week do you do moderate exercise, such as a brisk walk?",
			}, 0, 7},
			{"minutes", words.Pair{NL: "Hoeveel minuten op zo'n dag?", EN: "For how many minutes on such a day?"}, 0,
				600},
			{"strength_days", words.Pair{
				NL: "Op hoeveel dagen in de week doet u iets voor uw spieren?",
				EN: "On how many days a week do you train your muscles?",
			}, 0, 7},
		}, score: product,
	},
	{
		Key: "effort", Version: "1", Title: words.Pair{NL: "Inspanning", EN: "Effort"}, Direction: LowerIsBetter,
		MaxTenths: 100,
		Source:    "own scale: 0 none, 10 the most you can",
		Items: []Item{{"effort", words.Pair{
			NL: "Hoe zwaar vond u het oefenen deze week? 0 is niet, 10 het zwaarst.",
			EN: "How hard was exercising this week? 0 is not at all, 10 the hardest.",
		}, 0, 10}},
		score: first,
	},
}

// Find returns the definition with a key.
func Find(key string) (Definition, bool) {
	i := slices.IndexFunc(Definitions, func(d Definition) bool { return d.Key == key })
	if i < 0 {
		return Definition{}, false
	}
	return Definitions[i], true
}

// Score returns the score in tenths, or a fault that names every answer that is missing or out of range. One to three
// of the patient's activities must be answered; all other questionnaires must be complete.
func (d Definition) Score(answers map[string]int) (int, error) {
	var wrong []fault.Violation
	var given []int
	for i, item := range d.Items {
		value, answered := answers[item.Key]
		switch {
		case !answered && d.Key == "psfs" && i > 0:
		case !answered:
			wrong = append(wrong, fault.Violation{Pointer: "/answers/" + item.Key, Code: "required"})
		case value < item.Min || value > item.Max:
			wrong = append(wrong, fault.Violation{Pointer: "/answers/" + item.Key, Code: "out-of-range"})
		default:
			given = append(given, value)
		}
	}
	for key := range answers {
		if !slices.ContainsFunc(d.Items, func(i Item) bool { return i.Key == key }) {
			wrong = append(wrong, fault.Violation{Pointer: "/answers/" + key, Code: "unknown-field"})
		}
	}
	if err := fault.Input(wrong...); err != nil {
		return 0, err
	}
	return d.score(given), nil
}

// importance is the smallest important change of instruments that are only imported, in tenths.
var importance = map[string]int{"odi": 100, "qbpds": 200, "rmdq": 50}

// Important returns the smallest important change of an instrument, in tenths; zero when unknown.
func Important(instrument string) int {
	if d, known := Find(instrument); known {
		return d.Important
	}
	return importance[instrument]
}

// Moment is a point in time at which measurements are due.
type Moment struct {
	Key  string // baseline, week_4 ...
	Days int    // after the start of the program
}

// Moments are the baseline, 4, 8 and 12 weeks, 6 and 12 months.
var Moments = []Moment{
	{"baseline", 0}, {"week_4", 28}, {"week_8", 56}, {"week_12", 84}, {"month_6", 182}, {"month_12", 365},
}

// asked returns the questionnaires of a moment. The baseline has no question about change.
func (m Moment) asked() []string {
	if m.Days == 0 {
		return []string{"nprs", "psfs", "phq2", "pavs"}
	}
	return []string{"nprs", "psfs", "gpe", "phq2", "pavs"}
}

// Task is a questionnaire that is due. Until is the last day on which it can be answered, before the next moment.
type Task struct {
	Key           string
	Questionnaire string
	DueOn         localtime.Date
	Until         localtime.Date
}

// Tasks returns what is due on a day, given the start of the program and the answers so far.
func Tasks(start, today localtime.Date, answered map[string]bool) (tasks []Task) {
	if start.IsZero() {
		return nil
	}
	for i, m := range Moments {
		due, until := start.AddDays(m.Days), start.AddDays(m.Days+lastOpen)
		if i+1 < len(Moments) {
			until = start.AddDays(Moments[i+1].Days - 1)
		}
		if today.Before(due) || today.After(until) {
			continue
		}
		for _, key := range m.asked() {
			if task := m.Key + "/" + key; !answered[task] {
				tasks = append(tasks, Task{Key: task, Questionnaire: key, DueOn: due, Until: until})
			}
		}
	}
	return tasks
}

// The mood question after a day on which the patient was too tired or low to exercise (design choices).
const (
	moodOpen     = 14 // days during which the question stays open
	moodInterval = 28 // days before it is asked again
)

// needsMood reports whether mood was not asked recently and is not being asked now.
func needsMood(scores []Score, tasks []Task, today localtime.Date) bool {
	asked := slices.ContainsFunc(
		scores, func(s Score) bool { return s.Instrument == "phq2" && today.DaysSince(s.Date) < moodInterval },
	)
	return !asked && !slices.ContainsFunc(tasks, func(t Task) bool { return t.Questionnaire == "phq2" })
}

// moodTask asks about mood after a low day.
func moodTask(low localtime.Date) Task {
	return Task{
		Key:           "low_" + low.String() + "/phq2",
		Questionnaire: "phq2",
		DueOn:         low,
		Until:         low.AddDays(moodOpen - 1),
	}
}

const lastOpen = 28 // days during which the last moment stays open

// Verdict classifies a change: improved, worse, or no important change; unknown if no smallest important change is
// known.
func Verdict(change, important int, d Direction) string {
	if d == LowerIsBetter {
		change = -change
	}
	switch {
	case important == 0:
		return "unknown"
	case change >= important:
		return "improved"
	case -change >= important:
		return "worse"
	default:
		return "no_important_change"
	}
}

// Tenths writes a score with one decimal.
func Tenths(n int) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	return sign + strconv.Itoa(n/10) + "." + strconv.Itoa(n%10)
}
