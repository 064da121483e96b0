// Package questionnaire offers short questionnaires that may be used freely, and imports scores of licensed ones that
// were completed elsewhere. Each instrument has one definition: its scales, its direction, which change matters, which
// change may be measurement error, for whom that was found, and where it was published.
//
// The server computes every score. Repeating an answer changes nothing. A missing number is never made up. A change
// gets a verdict only within a definition; scores that cannot be compared are not compared, and the reason is given.
package questionnaire

import (
	"slices"
	"strconv"

	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/words"
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

// Scale is the lowest and the highest possible score, in tenths.
type Scale struct{ Min, Max int }

// Missing is the rule for items without an answer: at most Most may be missing, and the score follows from the others
// as published. An import-only instrument was scored elsewhere; its rule is for whoever does that.
type Missing struct {
	Most int
	Rule string
}

// Value is a published number of tenths of a point, zero when none is known. Checked says that it stands in the
// clinical requirements; the others a clinician has yet to confirm.
type Value struct {
	Tenths  int
	Source  string
	Checked bool
}

// Step is a number of tenths that holds from a score at the start on.
type Step struct{ From, Tenths int }

// Limits say which changes count. All are points of the first scale of the definition.
type Limits struct {
	Important     Value  // the smallest change that matters
	ByStart       []Step // the smallest improvement that matters, by the score at the start
	ByStartSource Value  // where ByStart was published; its tenths are those of the highest step
	Share         int    // an improvement that also matters, in permille of the start
	Error         Value  // the smallest change beyond the measurement error
	ErrorOfOne    Value  // the same when a single activity is compared
}

// Definition is an instrument. Only one with a way to score it is filled in by patients; the others are imported.
type Definition struct {
	Key        string
	Version    string
	Also       []string // other names under which it is imported
	Title      words.Pair
	Items      []Item
	Missing    Missing
	Direction  Direction
	Scales     []Scale // limits refer to the first; scores on the others are converted in proportion
	Limits     Limits
	Judge      Judge
	Population string
	Source     string
	score      func([]int) int // tenths
}

// Judge says how a verdict on an instrument is reached.
type Judge int

// The ways.
const (
	ByChange     Judge = iota // by the change since the first score
	ByActivities              // by the change in the activities that were rated both times
	ByValue                   // by the score itself, which is about a change
)

// Definitions are all instruments.
func Definitions() []Definition { return slices.Concat(asked(), imported()) }

// Find returns the questionnaire with a key that patients fill in.
func Find(key string) (Definition, bool) { return find(asked(), key) }

func find(all []Definition, key string) (Definition, bool) {
	i := slices.IndexFunc(all, func(d Definition) bool { return d.Key == key })
	if i < 0 {
		return Definition{}, false
	}
	return all[i], true
}

// formsOf returns the definitions that an instrument's name stands for: several when it has forms with other items.
func formsOf(instrument string) (forms []Definition) {
	for _, d := range Definitions() {
		if d.Key == instrument || slices.Contains(d.Also, instrument) {
			forms = append(forms, d)
		}
	}
	return forms
}

// Scale is the scale that the limits refer to.
func (d Definition) Scale() Scale { return d.Scales[0] }

// Score returns the score in tenths, or a fault that names every answer that is missing or out of range.
func (d Definition) Score(answers map[string]int) (int, error) {
	var wrong []fault.Violation
	var given []int
	missing := 0
	for i, item := range d.Items {
		value, answered := answers[item.Key]
		switch {
		case !answered && i > 0 && missing < d.Missing.Most:
			missing++
		case !answered:
			wrong = append(wrong, fault.Violation{Pointer: "/answers/" + item.Key, Code: "required"})
		default:
			wrong = append(wrong, item.check(value)...)
			given = append(given, value)
		}
	}
	if err := fault.Input(append(wrong, d.unknown(answers)...)...); err != nil {
		return 0, err
	}
	return d.score(given), nil
}

func (i Item) check(value int) []fault.Violation {
	if value < i.Min || value > i.Max {
		return []fault.Violation{{Pointer: "/answers/" + i.Key, Code: "out-of-range"}}
	}
	return nil
}

// unknown names the answers to questions that the questionnaire does not have.
func (d Definition) unknown(answers map[string]int) (wrong []fault.Violation) {
	for key := range answers {
		if !slices.ContainsFunc(d.Items, func(i Item) bool { return i.Key == key }) {
			wrong = append(wrong, fault.Violation{Pointer: "/answers/" + key, Code: "unknown-field"})
		}
	}
	return wrong
}

// Tenths writes a score with one decimal.
func Tenths(n int) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	return sign + strconv.Itoa(n/10) + "." + strconv.Itoa(n%10)
}
