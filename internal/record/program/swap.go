package program

import (
	"context"
	"slices"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/words"
	"cadans/internal/record/dose"
	"cadans/internal/record/exercise"
	"cadans/internal/record/intake"
	"cadans/internal/record/people"
)

// ErrNoItem means that today's program has no such item.
var ErrNoItem = fault.New(fault.NotFound, "not-found", "no such item in the program of today")

// Swap is a patient's request to replace an exercise.
type Swap struct {
	ID       id.ProgramVersion
	Item     id.ProgramItem
	Exercise string
}

// Alternatives returns the exercises that a patient may swap an item for without asking: the same module, level and
// part of the body, not in the program yet, and without a caution for the patient.
func (v Version) Alternatives(
	library *exercise.Library, item Item, cautious intake.Cautious,
) []exercise.Exercise {
	return slices.DeleteFunc(v.alike(library, item), func(e exercise.Exercise) bool {
		_, is := cautious.Against(library, e.Slug)
		return is
	})
}

// alike returns the exercises that could replace an item, whoever does them.
func (v Version) alike(library *exercise.Library, item Item) []exercise.Exercise {
	now, err := library.Find(item.Exercise)
	if err != nil {
		return nil
	}
	return slices.DeleteFunc(library.Filter(now.Module, ""), func(e exercise.Exercise) bool {
		inProgram := slices.ContainsFunc(v.Items, func(it Item) bool { return it.Exercise == e.Slug })
		samePlace := e.Region == now.Region || e.Region == "general" || now.Region == "general"
		return inProgram || !samePlace || library.Level(e.Slug) != library.Level(now.Slug)
	})
}

// Alternatives returns the exercises that the viewer may swap an item of today's program for.
func (s *Service) Alternatives(
	ctx context.Context, v access.Viewer, item id.ProgramItem,
) ([]exercise.Exercise, error) {
	ask := v.AsksOwn(access.ListAlternatives)
	return access.Read(ctx, s.guard, ask, func(tx *database.Tx) ([]exercise.Exercise, error) {
		p, err := people.ByID(tx, v.Patient)
		if err != nil {
			return nil, err
		}
		history, err := HistoryOf(tx, v.Patient)
		if err != nil {
			return nil, err
		}
		version, err := history.Current(p.Today(tx.Now()))
		if err != nil {
			return nil, err
		}
		current, ok := version.Item(item)
		if !ok {
			return nil, ErrNoItem
		}
		cautious, err := intake.CautiousOf(tx, v.Patient)
		return version.Alternatives(s.library, current, cautious), err
	})
}

// Swap replaces an exercise of the viewer's program from today on, within module and level. It needs no approval; the
// new version records who made it.
func (s *Service) Swap(ctx context.Context, v access.Viewer, w Swap) (History, bool, error) {
	o, created, err := s.derive(ctx, v.AsksOwn(access.SwapExercise), v.Patient, derived{
		id:          w.ID,
		origin:      BySwap,
		reason:      words.Keep("program.swapped"),
		hash:        database.BodyHash(w.hashed()),
		onLatest:    true,
		withPlanned: true,
		items:       func(before Version, b beside) ([]Item, error) { return w.apply(s.library, before, b) },
	})
	return o.history, created, err
}

// apply returns the items of a version with the swap. Beside a lighter program, the usual one may have another exercise
// there, or have the wanted one already: then it stays as it is.
func (w Swap) apply(library *exercise.Library, v Version, b beside) ([]Item, error) {
	items := slices.Clone(v.Items)
	i := slices.IndexFunc(items, func(it Item) bool { return it.ID == w.Item })
	switch {
	case i < 0 && b.partly:
		return nil, ErrNothingChanged
	case i < 0:
		return nil, fault.Input(fault.Violation{Pointer: "/item_id", Code: "unknown-item"})
	}
	alike := v.alike(library, items[i])
	n := slices.IndexFunc(alike, func(e exercise.Exercise) bool { return e.Slug == w.Exercise })
	switch {
	case n < 0 && b.partly:
		return nil, ErrNothingChanged
	case n < 0:
		return nil, fault.Input(fault.Violation{Pointer: "/exercise", Code: "not-an-alternative"})
	}
	if _, is := b.cautious.Against(library, w.Exercise); is {
		return nil, fault.Input(fault.Violation{Pointer: "/exercise", Code: "cautioned"})
	}
	items[i] = items[i].swapped(library, alike[n])
	return items, nil
}

// swapped keeps the dose if both exercises count in the same unit, but asks for no more work.
func (i Item) swapped(library *exercise.Library, e exercise.Exercise) Item {
	before := i.rung()
	if i.Dose.IsTimed() != e.Default.IsTimed() {
		i.Dose, i.Minimum = e.Default, nil
	}
	i.Exercise, i.Module, i.SecondsPerSet = e.Slug, e.Module, e.SecondsPerSet
	i.Dose.HoldS = e.Default.HoldS
	return i.WithDose(dose.On(library).NoMoreThan(before, i.rung()))
}
