package exercise

import (
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/words"
)

// Errors of a practice's own exercises.
var (
	ErrStale         = fault.New(fault.Stale, "stale-version", "changed since it was read")
	ErrUnconditional = fault.New(fault.Unconditional, "if-match-required", "If-Match is missing")
)

// Own is an exercise that a practice has made. Its slug is the id chosen for it. It belongs to no chain from easier to
// harder, so no rule chooses it, progresses from it, or offers it for a swap; only a therapist does.
type Own struct {
	Exercise
	Practice id.Practice
	Archived bool // no longer offered; programs that contain it keep it
}

// Etag identifies the content, so that a write can say what it is based on.
func (o Own) Etag() string { return database.BodyHash(o.hashed()) }

// secondsPerRep is the time per repetition besides its hold, in seconds: the average of the library's own exercises.
const secondsPerRep = 4

// Complete returns the exercise as it is stored, or a fault that names every invalid field. A text in one language
// serves for both. It estimates how long a set takes when that was not given.
func (o Own) Complete() (Own, error) {
	var wrong []fault.Violation
	if !id.IsChosen(o.Slug) { // a word could be a slug of the library
		wrong = append(wrong, fault.Violation{Pointer: "/id", Code: "invalid-format"})
	}
	for _, text := range []struct {
		pointer string
		text    *words.Pair
		needed  bool
	}{{"/name", &o.Name, true}, {"/instructions", &o.Instructions, true}, {"/cautions", &o.Cautions, false}} {
		if *text.text = inBothLanguages(*text.text); text.needed && text.text.NL == "" {
			wrong = append(wrong, fault.Violation{Pointer: text.pointer, Code: "required"})
		}
	}
	if o.Equipment == nil {
		o.Equipment = []string{}
	}
	d := &o.Default
	d.Sets = max(d.Sets, 1)
	switch {
	case d.IsTimed() && (d.Reps > 0 || d.HoldS > 0), !d.IsTimed() && d.Reps == 0:
		wrong = append(wrong, fault.Violation{Pointer: "/dose", Code: "wrong-dose"})
	case d.IsTimed():
		o.SecondsPerSet = d.Minutes * 60
	case o.SecondsPerSet == 0:
		o.SecondsPerSet = d.Reps * (secondsPerRep + d.HoldS)
	}
	return o, fault.Input(wrong...)
}

// inBothLanguages fills the missing language with the other one.
func inBothLanguages(t words.Pair) words.Pair {
	if t.NL == "" {
		t.NL = t.EN
	}
	if t.EN == "" {
		t.EN = t.NL
	}
	return t
}
