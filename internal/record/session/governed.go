package session

import (
	"slices"

	"cadans/internal/record/program"
)

// Governed returns what a session counts against, and the session in its terms. A phone may name a version that had not
// started on its day, or one that was withdrawn: nobody asked that then, so the session counts against what governed
// its day, exercise by exercise. A version that another has replaced meanwhile stays: the phone did not know better.
// Nothing counts where nothing governed the day.
func Governed(s Session, h program.History) (program.Version, Session, bool) {
	named, known := h.Version(s.Version)
	if !known || h.Asked(named, s.LocalDate) {
		return named, s, known
	}
	asked, governs := h.On(s.LocalDate)
	if !governs {
		return program.Version{}, s, false
	}
	s.Items = slices.Clone(s.Items)
	for i, done := range s.Items {
		s.Items[i].Item = sameIn(asked, named, done).ID
	}
	s.Credit = Credit(asked, s.Items)
	return asked, s, true
}

// sameIn finds what was done in another version: the item itself, or the one with its exercise.
func sameIn(asked, named program.Version, done ItemDone) program.Item {
	if item, kept := asked.Item(done.Item); kept {
		return item
	}
	item, _ := named.Item(done.Item)
	isSame := func(other program.Item) bool { return other.Exercise == item.Exercise }
	if i := slices.IndexFunc(asked.Items, isSame); i >= 0 {
		return asked.Items[i]
	}
	return item
}
