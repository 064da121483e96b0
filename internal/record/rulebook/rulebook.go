// Package rulebook is the numbers and tables of the clinical rules, in one file that the program reads: who reviews
// that file reads what runs.
//
// It promises that a table with a name, source or text missing stops the program at its start, and that nothing in it
// changes while the program runs. It decides nothing: the rooms of the rules ask it.
package rulebook

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"reflect"

	"go.yaml.in/yaml/v3"

	"cadans/internal/kernel/words"
)

//go:embed rules.yaml
var file []byte

var book = mustRead(file)

// Book is every table.
type Book struct {
	Dose        Dose        `yaml:"dose"`
	Progression Progression `yaml:"progression"`
	Modules     Modules     `yaml:"modules"`
}

// Text is a text that is data, in Dutch and English.
type Text struct {
	NL string `yaml:"nl"`
	EN string `yaml:"en"`
}

// Pair returns the text as the rest of the program keeps it.
func (t Text) Pair() words.Pair { return words.Pair(t) }

// Limit is a number of a rule, with what it does and where it comes from.
type Limit struct {
	Value  int    `yaml:"value"`
	Unit   string `yaml:"unit"`
	Source string `yaml:"source"`
	Does   Text   `yaml:"does"`
}

// Dose is how doses rise and fall; see package dose.
type Dose struct {
	Version int `yaml:"version"`
	Limits  struct {
		MostRise         Limit `yaml:"most_rise"`
		MostRepetitions  Limit `yaml:"most_repetitions"`
		LeastRepetitions Limit `yaml:"least_repetitions"`
		LeastMinutes     Limit `yaml:"least_minutes"`
		LeftOver         Limit `yaml:"left_over"`
		AcceptablePain   Limit `yaml:"acceptable_pain"`
		AcceptableRise   Limit `yaml:"acceptable_rise"`
		HighBefore       Limit `yaml:"high_before"`
	} `yaml:"limits"`
	Ranges []Range `yaml:"ranges"`
}

// Range is the lowest and highest amount of an exercise, before the harder one follows. The first that fits holds.
// Level is the place in a chain of exercises that begins with 1; 0 fits each. An empty region fits each.
type Range struct {
	Module string `yaml:"module"`
	Region string `yaml:"region"`
	Level  int    `yaml:"level"`
	Low    int    `yaml:"low"`
	High   int    `yaml:"high"`
	Unit   string `yaml:"unit"`
	Source string `yaml:"source"`
}

// Progression is when a dose goes up or down; see package progression.
type Progression struct {
	Version int `yaml:"version"`
	Limits  struct {
		Window         Limit `yaml:"window"`
		EnoughSessions Limit `yaml:"enough_sessions"`
		LastSessions   Limit `yaml:"last_sessions"`
		BadOfLast      Limit `yaml:"bad_of_last"`
		WellAgain      Limit `yaml:"well_again"`
		RegressWindow  Limit `yaml:"regress_window"`
		NotDangerous   Limit `yaml:"not_dangerous"`
		Fearful        Limit `yaml:"fearful"`
		FearfulPain    Limit `yaml:"fearful_pain"`
	} `yaml:"limits"`
}

// Modules is what a program is made of; see package proposal.
type Modules struct {
	Version int `yaml:"version"`
	Limits  struct {
		AbleFrom   Limit `yaml:"able_from"`
		MuchFear   Limit `yaml:"much_fear"`
		SeverePain Limit `yaml:"severe_pain"`
	} `yaml:"limits"`
	Caps       []Cap           `yaml:"caps"`  // the first that holds counts
	Minds      []Mind          `yaml:"minds"` // the first that holds counts
	Days       []Days          `yaml:"days"`  // the first that fits counts
	Cautions   []Caution       `yaml:"cautions"`
	Always     Always          `yaml:"always"` // education
	Base       map[string]Base `yaml:"base"`   // by phase
	Choice     Text            `yaml:"choice"` // what the base rests on
	Rules      []ModuleRule    `yaml:"rules"`
	Preference Preference      `yaml:"preference"`
	Former     []Text          `yaml:"former"` // evidence that older proposals name
}

// Cap is how many items a program has at most, and how many modules that move the body.
type Cap struct {
	Items  int       `yaml:"items"`
	Active int       `yaml:"active"`
	When   Condition `yaml:"when"`
	Source string    `yaml:"source"`
}

// Mind is how many modules for the mind a program has at most.
type Mind struct {
	Most   int       `yaml:"most"`
	When   Condition `yaml:"when"`
	Source string    `yaml:"source"`
}

// Days is on how many days a week an exercise begins. An empty region fits each.
type Days struct {
	Module string `yaml:"module"`
	Region string `yaml:"region"`
	Days   int    `yaml:"days"`
	Source string `yaml:"source"`
}

// Caution keeps exercises from a program when its condition holds.
type Caution struct {
	ID        string    `yaml:"id"`
	When      Condition `yaml:"when"`
	Exercises []string  `yaml:"exercises"`
	Evidence  Text      `yaml:"evidence"`
	Text      Text      `yaml:"text"`
}

// Always is why education belongs to every program.
type Always struct {
	Evidence Text `yaml:"evidence"`
	Text     Text `yaml:"text"`
}

// Preference is what the wishes of a patient do.
type Preference struct {
	ID       string `yaml:"id"`
	Evidence Text   `yaml:"evidence"`
	Liked    Wish   `yaml:"liked"`
	Disliked Wish   `yaml:"disliked"` // excludes the module
}

// Wish is the points for a module that a patient likes, or would rather not do.
type Wish struct {
	Points int  `yaml:"points"`
	Text   Text `yaml:"text"`
}

// Base is what each module begins with in a phase.
type Base struct {
	Points map[string]int `yaml:"points"` // by module
	Text   Text           `yaml:"text"`
}

// ModuleRule adds points to modules when its condition holds.
type ModuleRule struct {
	ID       string         `yaml:"id"`
	When     Condition      `yaml:"when"`
	Points   map[string]int `yaml:"points"` // by module
	Evidence Text           `yaml:"evidence"`
	Text     Text           `yaml:"text"`
}

// Current returns the tables. They are shared: nobody changes them.
func Current() *Book { return book }

// File returns the tables as they are written.
func File() []byte { return bytes.Clone(file) }

func mustRead(content []byte) *Book {
	b, err := parse(content)
	if err != nil {
		panic(err)
	}
	return b
}

// parse reads tables. It refuses names that it does not know and what is missing.
func parse(content []byte) (*Book, error) {
	var b Book
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	decoder.KnownFields(true)
	if err := decoder.Decode(&b); err != nil {
		return nil, fmt.Errorf("rulebook: %w", err)
	}
	if missing := missingIn(b); len(missing) > 0 {
		return nil, fmt.Errorf("rulebook: %w", errors.Join(missing...))
	}
	return &b, nil
}

// LimitsOf returns the limits of a part by their names in the file.
func LimitsOf(limits any) map[string]Limit {
	v := reflect.ValueOf(limits)
	found := map[string]Limit{}
	for i := range v.NumField() {
		found[v.Type().Field(i).Tag.Get("yaml")] = v.Field(i).Interface().(Limit)
	}
	return found
}
