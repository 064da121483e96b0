package web

import (
	"slices"
	"strconv"
	"strings"

	"cadans/api/inbound"
	"cadans/api/wire"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/words"
	"cadans/internal/record/exercise"
)

// ownView is the form of an exercise of the practice's own, empty for a new one.
type ownView struct {
	Words
	attempt
	Own   exercise.Own
	IsNew bool
	Based string // the Etag on which a change builds
	Form  string
}

// regions are the parts of the body.
var regions = []string{"low_back", "upper_back", "neck", "general"}

// equipment is what patients may have at home.
var equipment = []string{"chair", "mat", "wall", "band", "backpack", "shoes", "bike"}

func (s *site) newExercise(r *request) error {
	v := ownView{Words: r.words(), attempt: r.attempt, IsNew: true, Form: r.formToken()}
	v.Own.Slug, v.Own.Default, v.Own.Equipment = v.NewID("exercise"), exercise.Dose{Sets: 2, Reps: 10}, r.needs()
	return r.show("own", v.Say("exercise.own.title"), v)
}

func (s *site) editExercise(r *request) error {
	own, err := s.parts.Exercises.Own(r.ctx, r.viewer, r.Params("slug"))
	if err != nil {
		return err
	}
	v := ownView{Words: r.words(), attempt: r.attempt, Own: own, Based: own.Etag(), Form: r.formToken()}
	if r.attempt.err != nil {
		v.Own.Equipment = r.needs()
	}
	return r.show("own", v.For(own.Name), v)
}

// saveExercise stores an exercise of the practice's own. What is refused is shown as it was written; where somebody
// else was faster, their text stands beside it.
func (s *site) saveExercise(r *request) error {
	body := r.exerciseOf()
	o := inbound.Exercise(r.Params("slug", r.FormValue("id")), as[wire.ExerciseDraft](body))
	before, err := s.parts.Exercises.Own(r.ctx, r.viewer, o.Slug)
	isNew := fault.Is(err, fault.NotFound)
	if err != nil && !isNew {
		return err
	}
	o.Picture, o.Film = before.Picture, before.Film
	err = s.parts.Contract.Check("saveExercise", body)
	if err == nil {
		_, _, err = s.parts.Exercises.Save(r.ctx, r.viewer, o, r.FormValue("based"))
	}
	return r.answerForm(err, "exercise", "/library/"+o.Slug, func() error {
		if isNew {
			r.back = "/library/new"
			return s.newExercise(r)
		}
		r.back = "/library/" + o.Slug + "/edit"
		return s.editExercise(r)
	})
}

// exerciseOf reads the form as the contract's body.
func (r *request) exerciseOf() fields {
	text := func(name string) map[string]any {
		return fields{}.text("nl", strings.TrimSpace(r.text(name+"_nl"))).text(
			"en", strings.TrimSpace(r.text(name+"_en")),
		)
	}
	needs := []any{}
	for _, need := range r.needs() {
		needs = append(needs, need)
	}
	return fields{
		"module":       r.FormValue("module"),
		"region":       r.FormValue("region"),
		"equipment":    needs,
		"name":         text("name"),
		"instructions": text("instructions"),
		"cautions":     text("cautions"),
		"dose":         doseOf(func(name string) string { return r.FormValue(name) }),
	}.number("seconds_per_set", r.FormValue("seconds_per_set"))
}

// needs is the equipment that was ticked.
func (r *request) needs() (needs []string) {
	for _, need := range r.Context().PostArgs().PeekMulti("equipment") {
		needs = append(needs, string(need))
	}
	return needs
}

func (s *site) archiveExercise(r *request) error {
	slug := r.Params("slug")
	return r.answerForm(
		s.parts.Exercises.Archive(r.ctx, r.viewer, slug), "exercise", "/library/"+slug,
		func() error { return s.exercise(r) },
	)
}

// exerciseView is one exercise as patients read it. Own is set for one of the practice's own.
type exerciseView struct {
	Words
	attempt
	exercise.Exercise
	Own  *exercise.Own
	Form string
}

func (s *site) exercise(r *request) error {
	library, err := s.parts.Exercises.Library(r.ctx, r.viewer)
	if err != nil {
		return err
	}
	v := exerciseView{Words: r.words(), attempt: r.attempt, Form: r.formToken()}
	if v.Exercise, err = library.Find(r.Params("slug")); err != nil {
		return err
	}
	own, err := s.parts.Exercises.Own(r.ctx, r.viewer, v.Slug)
	switch {
	case err == nil:
		v.Own = &own
	case !fault.Is(err, fault.NotFound):
		return err
	}
	return r.show("exercise", v.For(v.Name), v)
}

// option is a choice of a form.
type option struct {
	Value, Name string
	Chosen      bool
}

// Modules are the kinds of work that an exercise can be.
func (v ownView) Modules() (options []option) {
	chosen := v.Old("exercise", "module", string(v.Own.Module))
	for _, m := range modules {
		options = append(options, option{string(m), v.Module(m), string(m) == chosen})
	}
	return options
}

// Regions are the parts of the body that an exercise can be for.
func (v ownView) Regions() (options []option) {
	for _, p := range regions {
		options = append(options, option{p, v.Say("region." + p), p == v.Old("exercise", "region", v.Own.Region)})
	}
	return options
}

// Needs is what an exercise can ask for.
func (v ownView) Needs() (options []option) {
	for _, e := range equipment {
		options = append(options, option{e, v.Say("equipment." + e), slices.Contains(v.Own.Equipment, e)})
	}
	return options
}

// In is a text of one language as it was written: where both languages say the same, one of them was left empty.
func (v ownView) In(field string, t words.Pair, language string) string {
	text := t.NL
	if language == "en" {
		text = t.EN
		if t.EN == t.NL {
			text = ""
		}
	}
	return v.Old("exercise", field+"_"+language, text)
}

// Part is a field of the dose; nothing where it does not apply.
func (v ownView) Part(field string, n int) string {
	text := ""
	if n > 0 {
		text = strconv.Itoa(n)
	}
	return v.Old("exercise", field, text)
}
