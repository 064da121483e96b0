package web

import (
	"slices"
	"strings"

	"cadans/internal/kernel/text"
	"cadans/internal/record/exercise"
)

// modules are the kinds of work, in display order.
var modules = []exercise.Module{
	exercise.Strength, exercise.Core, exercise.Mobility, exercise.Walking, exercise.Aerobic, exercise.Exposure,
	exercise.Relaxation, exercise.Sleep, exercise.Stress,
}

// Module names a kind of work.
func (w Words) Module(m exercise.Module) string {
	if key := "module." + string(m); w.Has(key) {
		return w.Say(key)
	}
	return w.Say("module.other")
}

// shelf holds the exercises of a module.
type shelf struct {
	Name      string
	Exercises []exercise.Exercise
}

func shelvesOf(w Words, all []exercise.Exercise) (shelves []shelf) {
	for _, module := range modules {
		of := slices.DeleteFunc(slices.Clone(all), func(e exercise.Exercise) bool { return e.Module != module })
		if len(of) > 0 {
			shelves = append(shelves, shelf{w.Module(module), of})
		}
	}
	return shelves
}

// libraryView shows every exercise, or those that match a search.
type libraryView struct {
	Words
	Find    string
	Shelves []shelf
}

func (s *site) library(r *request) error {
	v := libraryView{Words: r.words(), Find: strings.TrimSpace(r.Query("find"))}
	library, err := s.parts.Exercises.Library(r.ctx, r.viewer)
	if err != nil {
		return err
	}
	found := slices.DeleteFunc(library.All(), func(e exercise.Exercise) bool { return !v.matches(e) })
	v.Shelves = shelvesOf(v.Words, found)
	return r.show("library", v.Say("menu.exercises"), v)
}

func (v libraryView) matches(e exercise.Exercise) bool {
	return text.Finds(v.Find, strings.Join([]string{e.Name.NL, e.Name.EN, v.Module(e.Module), e.Region}, " "))
}
