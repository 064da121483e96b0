// Package exercise is the library of exercises. It holds 45 exercises for back and neck in Dutch and English, embedded
// in the binary, with chains from easier to harder, and exercises that practices have added.
//
// The embedded data is checked at start-up: unknown modules, one-way chains and missing texts stop the program. Package
// program decides how much somebody should do.
package exercise

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync/atomic"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/words"
)

//go:embed exercises.json
var embedded []byte

// ErrUnknown means that no exercise has this slug.
var ErrUnknown = fault.New(fault.NotFound, "not-found", "unknown exercise")

// Module is a kind of work.
type Module string

// The modules with exercises in the library.
const (
	Strength   Module = "strength"
	Core       Module = "core"
	Mobility   Module = "mobility"
	Aerobic    Module = "aerobic"
	Walking    Module = "walking"
	Exposure   Module = "graded_exposure"
	Relaxation Module = "relaxation"
	Sleep      Module = "sleep"
	Stress     Module = "stress"
)

var modules = []Module{Strength, Core, Mobility, Aerobic, Walking, Exposure, Relaxation, Sleep, Stress}

// Dose is the amount: sets of reps with a hold in seconds, or minutes. Zero means not applicable.
type Dose struct {
	Sets    int
	Reps    int
	HoldS   int
	Minutes int
}

// IsTimed reports whether the dose is minutes rather than repetitions.
func (d Dose) IsTimed() bool { return d.Minutes > 0 }

// Exercise is one entry. SecondsPerSet is the length of a set at a calm pace, both sides included.
type Exercise struct {
	Slug          string
	Module        Module
	Region        string
	Equipment     []string
	Name          words.Pair
	Instructions  words.Pair
	Cautions      words.Pair
	Default       Dose
	SecondsPerSet int
	Easier        string
	Harder        string
	Picture       string // hash of its Media; empty without one
	Film          string
	Revision      int // of a practice's own exercise, from 1; 0 in the library
}

// Library is all exercises in a fixed order. Find also knows what all practices have added; use it only to describe
// programs, which name exercises of their own practice. Of returns what a practice may choose from.
type Library struct {
	all    []Exercise
	bySlug map[string]Exercise
	added  atomic.Pointer[added]
}

// added is what practices have added: each exercise as it is, and in the revisions that programs may have shown.
type added struct {
	bySlug    map[string]Exercise
	revisions map[revision]Exercise
	first     map[string]int // the first revision that is kept
}

// revision is an exercise as it was.
type revision struct {
	slug   string
	number int
}

// Of returns the library including the current exercises of a practice. All and Filter leave out archived exercises,
// Find does not.
func (l *Library) Of(tx *database.Tx, practice id.Practice) (*Library, error) {
	own, err := newStore(tx).ownExercises(selectOwn+" WHERE practice_id = ? ORDER BY id", practice)
	if err != nil {
		return nil, err
	}
	of := &Library{all: slices.Clone(l.all), bySlug: maps.Clone(l.bySlug)}
	for _, o := range own {
		of.bySlug[o.Slug] = o.Exercise
		if !o.Archived {
			of.all = append(of.all, o.Exercise)
		}
	}
	return of, nil
}

// Load reads and checks the embedded library.
func Load() (*Library, error) {
	var entries []entry
	decoder := json.NewDecoder(bytes.NewReader(embedded))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&entries); err != nil {
		return nil, fmt.Errorf("exercise: read library: %w", err)
	}
	l := &Library{bySlug: make(map[string]Exercise, len(entries))}
	for _, e := range entries {
		l.all = append(l.all, e.toExercise())
		l.bySlug[e.Slug] = e.toExercise()
	}
	return l, l.check()
}

// All returns every exercise in library order.
func (l *Library) All() []Exercise { return l.all }

// Find returns the exercise, or ErrUnknown.
func (l *Library) Find(slug string) (Exercise, error) {
	if e, ok := l.bySlug[slug]; ok {
		return e, nil
	}
	if added := l.added.Load(); added != nil {
		if e, ok := added.bySlug[slug]; ok {
			return e, nil
		}
	}
	return Exercise{}, ErrUnknown
}

// AsSeen returns an exercise as a program shows it: in the revision that was published, or the first that is kept for a
// program of before revisions were. It returns ErrUnknown as Find does.
func (l *Library) AsSeen(slug string, number int) (Exercise, error) {
	if added := l.added.Load(); added != nil {
		if number == 0 {
			number = added.first[slug]
		}
		if e, kept := added.revisions[revision{slug, number}]; kept {
			return e, nil
		}
	}
	return l.Find(slug)
}

// Level returns the position of an exercise in its chain, from 1 for the easiest. It is 0 for an unknown exercise and,
// unless the library comes from Of, for a practice's own exercise.
func (l *Library) Level(slug string) int {
	level := 0
	for e, ok := l.bySlug[slug]; ok; e, ok = l.bySlug[e.Easier] {
		level++
	}
	return level
}

// Chain returns an exercise and all that are harder, the easiest first.
func (l *Library) Chain(from Exercise) []Exercise {
	chain := []Exercise{from}
	for e, ok := l.bySlug[from.Harder]; ok; e, ok = l.bySlug[e.Harder] {
		chain = append(chain, e)
	}
	return chain
}

// Filter returns the exercises of a module and region; an empty value leaves that open.
func (l *Library) Filter(module Module, region string) []Exercise {
	return slices.DeleteFunc(slices.Clone(l.all), func(e Exercise) bool {
		return module != "" && e.Module != module || region != "" && e.Region != region
	})
}

func (l *Library) check() error {
	for _, e := range l.all {
		if !slices.Contains(modules, e.Module) {
			return fmt.Errorf("exercise: %s has unknown module %q", e.Slug, e.Module)
		}
		for _, text := range []string{
			e.Name.NL, e.Name.EN, e.Instructions.NL, e.Instructions.EN, e.Cautions.NL, e.Cautions.EN,
		} {
			if text == "" {
				return fmt.Errorf("exercise: %s lacks a text", e.Slug)
			}
		}
		if e.SecondsPerSet <= 0 || e.Default.Sets <= 0 {
			return fmt.Errorf("exercise: %s has no dose", e.Slug)
		}
		if e.Harder != "" && (l.bySlug[e.Harder].Easier != e.Slug || l.bySlug[e.Harder].Module != e.Module) {
			return fmt.Errorf("exercise: the chain %s > %s is broken", e.Slug, e.Harder)
		}
		if e.Easier != "" && l.bySlug[e.Easier].Harder != e.Slug {
			return fmt.Errorf("exercise: the chain %s < %s is broken", e.Slug, e.Easier)
		}
	}
	return nil
}

// entry is an entry of the data file.
type entry struct {
	Slug           string   `json:"slug"`
	NameEN         string   `json:"name_en"`
	NameNL         string   `json:"name_nl"`
	InstructionsEN string   `json:"instructions_en"`
	InstructionsNL string   `json:"instructions_nl"`
	Region         string   `json:"region"`
	Category       Module   `json:"category"`
	Equipment      []string `json:"equipment"`
	Default        struct {
		Sets        int `json:"sets"`
		Reps        int `json:"reps"`
		HoldSeconds int `json:"hold_seconds"`
		Minutes     int `json:"minutes"`
	} `json:"default"`
	SecondsPerSet int    `json:"seconds_per_set"`
	Easier        string `json:"easier"`
	Harder        string `json:"harder"`
	CautionsEN    string `json:"cautions_en"`
	CautionsNL    string `json:"cautions_nl"`
}

func (e entry) toExercise() Exercise {
	return Exercise{
		Slug: e.Slug, Module: e.Category, Region: e.Region, Equipment: e.Equipment,
		Name:         words.Pair{NL: e.NameNL, EN: e.NameEN},
		Instructions: words.Pair{NL: e.InstructionsNL, EN: e.InstructionsEN},
		Cautions:     words.Pair{NL: e.CautionsNL, EN: e.CautionsEN},
		Default: Dose{
			Sets: e.Default.Sets, Reps: e.Default.Reps, HoldS: e.Default.HoldSeconds, Minutes: e.Default.Minutes,
		},
		SecondsPerSet: e.SecondsPerSet, Easier: e.Easier, Harder: e.Harder,
	}
}
