package web

import (
	"slices"
	"strings"

	"cadans/internal/record/exercise"
)

// moduleNames are the kinds of work, Dutch first, in the order of a shelf.
var moduleNames = []struct {
	module exercise.Module
	nl, en string
}{
	{exercise.Strength, "Kracht", "Strength"}, {exercise.Core, "Romp", "Core"},
	{exercise.Mobility, "Beweeglijkheid", "Mobility"}, {exercise.Walking, "Wandelen", "Walking"},
	{exercise.Aerobic, "Uithouding", "Endurance"}, {exercise.Exposure, "Stap voor stap durven", "Graded exposure"},
	{exercise.Relaxation, "Ontspanning", "Relaxation"}, {exercise.Sleep, "Slaap", "Sleep"},
	{exercise.Stress, "Spanning", "Stress"},
}

// Module names a kind of work.
func (w Words) Module(m exercise.Module) string {
	for _, name := range moduleNames {
		if name.module == m {
			return w.Say(name.nl, name.en)
		}
	}
	return w.Say("Uitleg", "Education")
}

// shelf is the exercises of a module.
type shelf struct {
	Name      string
	Exercises []exercise.Exercise
}

func shelvesOf(w Words, all []exercise.Exercise) (shelves []shelf) {
	for _, name := range moduleNames {
		of := slices.DeleteFunc(slices.Clone(all), func(e exercise.Exercise) bool { return e.Module != name.module })
		if len(of) > 0 {
			shelves = append(shelves, shelf{w.Say(name.nl, name.en), of})
		}
	}
	return shelves
}

// libraryView is every exercise, or those that hold what was looked for.
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
	return r.show("library", v.Say("Oefeningen", "Exercises"), v)
}

func (v libraryView) matches(e exercise.Exercise) bool {
	text := strings.ToLower(e.Name.NL + " " + e.Name.EN + " " + v.Module(e.Module) + " " + e.Region)
	return strings.Contains(text, strings.ToLower(v.Find))
}
