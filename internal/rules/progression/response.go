package progression

import (
	"slices"

	"cadans/internal/record/dose"
	"cadans/internal/record/exercise"
)

// How an exercise went in one session. Trouble holds the dose until two sessions in a row have settled again; a session
// that went badly counts towards a step down. With much fear steps are planned and not decided by pain (KNGF: stepwise
// and time-contingent).
var (
	fearful     = limits.Fearful.Value
	fearfulPain = limits.FearfulPain.Value
	wellAgain   = limits.WellAgain.Value // sessions in a row after trouble
)

// wentBadly reports whether pain during or after the exercise was too much, stopped the session, or did not settle.
func (f Facts) wentBadly(e Entry) bool {
	return e.Stopped || e.isUnsettled() || f.tooMuch(e.Before, e.Pain) || f.tooMuch(e.Before, e.After)
}

func (f Facts) tooMuch(before, pain *int) bool {
	switch {
	case pain == nil:
		return false
	case f.Fear >= fearful:
		return *pain > fearfulPain
	default:
		return dose.IsTooMuch(before, *pain)
	}
}

// troubleIn returns why a session holds the dose, as the key of what is said of it; empty without trouble. Core work is
// trained without any rise of pain (KNGF low back pain 2021, C.2.1).
func (f Facts) troubleIn(e Entry) string {
	switch {
	case e.Stopped:
		return "progression.hold.stopped"
	case e.isPainHigh():
		return "progression.hold.pain_high"
	case e.isUnsettled():
		return "progression.hold.unsettled"
	case e.Recent && e.Settled == nil && e.rise() > dose.AcceptableRise():
		return "progression.hold.settling"
	case f.Module == exercise.Core && e.rise() > 0:
		return "progression.hold.core"
	default:
		return ""
	}
}

// trouble returns what still holds the dose: the last trouble in some sessions, as long as fewer than two have settled
// again since. A session with answers missing neither helps nor harms.
func (f Facts) trouble(entries []Entry) string {
	well := 0
	for _, e := range slices.Backward(entries) {
		if trouble := f.troubleIn(e); trouble != "" {
			if well >= wellAgain {
				return ""
			}
			return trouble
		}
		if e.Pain != nil && e.Settled != nil {
			well++
		}
	}
	return ""
}

// isPainUnknown reports whether pain before, during or after the exercise was not answered: without each of them
// nobody knows how far it rose.
func (e Entry) isPainUnknown() bool { return e.Before == nil || e.Pain == nil || e.After == nil }

// isSettlingUnknown reports whether nobody said whether pain settled, though 24 hours have passed.
func (e Entry) isSettlingUnknown() bool { return !e.Recent && e.Settled == nil }

func (e Entry) isUnsettled() bool { return e.Settled != nil && !*e.Settled }

// isPainHigh reports whether pain was above what is acceptable, before, during or after, whatever it rose from.
func (e Entry) isPainHigh() bool {
	scores := []*int{e.Before, e.Pain, e.After}
	return slices.ContainsFunc(scores, func(score *int) bool { return score != nil && *score > dose.AcceptablePain() })
}

// rise is by how much pain rose, during or after; 0 where that is not known.
func (e Entry) rise() (most int) {
	for _, score := range []*int{e.Pain, e.After} {
		if e.Before != nil && score != nil {
			most = max(most, *score-*e.Before)
		}
	}
	return most
}
