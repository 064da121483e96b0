// Package safety keeps people who need a doctor first from exercising. A gate of fixed rules reads the answers of an
// intake, of "anything new?" after each session, and of each weekly check-in.
//
// A stop blocks the program and its reminders in the same transaction as the answer that caused it. Only a member's
// recorded decision reopens the program. Every answer of a patient is kept. The gate does not diagnose: single red
// flags predict badly (Finucane 2020), which is why a physiotherapist decides about each.
//
//	OK ── REVIEW ── STOP_REFER ── STOP_EMERGENCY
//	       │            └──────────────┴── blocked until "cleared"
//	       └── program waits for "cleared" before the patient sees it; two or more need a decision the same day
package safety

import (
	"cmp"
	"slices"

	"cadans/internal/kernel/words"
	"cadans/internal/record/alert"
)

// RuleVersion is the version of the rules in this package. Increase it with every change of them.
const RuleVersion = 5

// Level is how serious the answers are.
type Level string

// The levels, from harmless to emergency.
const (
	OK        Level = "ok"
	Review    Level = "review"
	Refer     Level = "stop_refer"
	Emergency Level = "stop_emergency"
)

var severity = []Level{OK, Review, Refer, Emergency}

func (l Level) rank() int { return slices.Index(severity, l) }

// Stops reports whether the program is blocked until a therapist decides.
func (l Level) Stops() bool { return l == Refer || l == Emergency }

// Answers is the input of the gate. A sign that is not in Yes was answered with no, or was not asked because it
// concerns another part of the body.
type Answers struct {
	Yes          []Sign
	Neck         bool
	AgeMin       int // in years; two values, because only the year of birth is known
	AgeMax       int
	FirstEpisode bool
	OldAge       int  // a first episode above this age is reviewed
	Weeks        int  // of this episode
	NumbLeg      bool // pain below knee or elbow, with numbness
	WeakLimb     bool // pain that spreads into a limb, with weakness there
	Falls        int  // in 12 months
}

func (a Answers) has(signs ...Sign) bool {
	return slices.ContainsFunc(signs, func(s Sign) bool { return slices.Contains(a.Yes, s) })
}

// Finding is a rule that applied.
type Finding struct {
	Rule  string
	Level Level
	words.Pair
}

// Verdict is the result of the gate. Findings are in the order of the rules, most serious first.
type Verdict struct {
	Level    Level
	Urgency  alert.Urgency // empty when OK
	Findings []Finding
}

// Screen applies every rule.
func Screen(a Answers) Verdict {
	return screen(func(r rule) (Answers, bool) { return a, r.applies(a) })
}

// ScreenNew screens signs that are new, beside what is known of somebody and what was told before, by whatever source:
// the known and more. That gives no finding by itself, but may make a new sign more serious. A new sign also gives each
// finding that it gives without what was told: a therapist may have cleared that.
func ScreenNew(signs []Sign, known, told Answers) Verdict {
	alone, all := known.with(signs), told.with(signs)
	return screen(func(r rule) (Answers, bool) {
		if r.applies(all) && !r.applies(told) {
			return all, true
		}
		return alone, r.applies(alone) && !r.applies(known)
	})
}

// with returns the answers with more signs.
func (a Answers) with(signs ...[]Sign) Answers {
	a.Yes = slices.Concat(append([][]Sign{a.Yes}, signs...)...)
	return a
}

// screen applies each rule to the answers that concern it, if any do.
func screen(concerning func(rule) (Answers, bool)) Verdict {
	v := Verdict{Level: OK}
	for _, r := range rules {
		a, applies := concerning(r)
		if !applies {
			continue
		}
		v.Findings = append(v.Findings, Finding{Rule: r.id, Level: r.level, Pair: words.Keep(r.said(a))})
		v.Level = slices.MaxFunc(
			[]Level{v.Level, r.level}, func(a, b Level) int { return cmp.Compare(a.rank(), b.rank()) },
		)
		v.Urgency = alert.Soonest(v.Urgency, r.urgency)
	}
	if v.MustDecide() && v.Level == Review {
		v.Urgency = alert.Today
	}
	return v
}

// MustDecide reports whether a therapist must record a decision: always after a stop, and when two or more reviews
// coincide (design choice: a combination raises the probability, and referring everybody would refer too many).
func (v Verdict) MustDecide() bool { return v.Level.Stops() || len(v.Findings) >= DecideFrom }
