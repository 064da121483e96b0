package caseload

import (
	"slices"

	"cadans/internal/record/alert"
	"cadans/internal/record/barrier"
	"cadans/internal/record/intake"
	"cadans/internal/record/questionnaire"
	"cadans/internal/record/safety"
	"cadans/internal/rules/attention"
)

// doingMore is the uncapped dose above which a patient does more than planned (over-activity), in permille.
const doingMore = 1500

// talkingPoint suggests one thing to open with: open alerts about safety, mood and pain first, then pain, then the
// barrier the patient chose, then numbers.
func (s *Summary) talkingPoint(w words) string {
	switch state := s.Row.State; {
	case state == SafetyStop:
		return w.Say("talk.safety_stop")
	case s.alertOf(safety.AlertKind):
		return w.Say("talk.safety")
	case s.alertOf(intake.MoodKind):
		return w.Say("talk.mood")
	case s.painAlert(), state == PainUp, s.Since.Pain.Means() == questionnaire.Worse:
		return w.Say("talk.pain_up")
	case s.Waiting.Wishes > 0:
		return w.Say("talk.wish")
	case len(s.Named) > 0 && state != OnTrack:
		return s.aboutBarrier(w, s.Named[0])
	case len(s.Barriers) > 0 && state != OnTrack:
		return s.aboutBarrier(w, Named{Barrier: s.Barriers[0].Barrier, On: s.Barriers[0].LocalDate, Times: 1})
	case state == NoProgram:
		return w.Say("talk.no_program")
	case state == NotPaired:
		return w.Say("talk.not_paired")
	case state == NotSyncing:
		return w.Say("talk.not_syncing")
	case state == NeverStarted:
		return w.Say("talk.never_started")
	case state == Dropped, state == Low, state == Partial:
		return w.Say("talk.fell")
	case s.Row.Last14.Raw != nil && *s.Row.Last14.Raw > doingMore:
		return w.Say("talk.does_more")
	case s.Since.Pain.Means() == questionnaire.Improved:
		return w.Say("talk.pain_down")
	default:
		return w.Say("talk.works")
	}
}

func (s *Summary) alertOf(kind alert.Kind) bool {
	return slices.ContainsFunc(s.Row.Alerts, func(a alert.Alert) bool { return a.Kind == kind })
}

// painAlert reports whether an open alert has a reason about pain.
func (s *Summary) painAlert() bool {
	return slices.ContainsFunc(s.Row.Alerts, func(a alert.Alert) bool {
		return slices.ContainsFunc(a.Reasons, func(r alert.Reason) bool {
			return !r.Ended && slices.Contains(attention.AboutPain, r.Rule)
		})
	})
}

func (s *Summary) aboutBarrier(w words, n Named) string {
	switch ill := n.Barrier == barrier.Ill; {
	case ill && n.Times > 1:
		return w.Say("talk.ill_again", "number", n.Times)
	case ill:
		return w.Say("talk.ill", "day", w.Date(n.On))
	case n.Times > 1:
		return w.Say("talk.barrier_again",
			"number", n.Times,
			"day", w.Date(n.On),
			"barrier", n.Barrier.In(w.Language),
		)
	default:
		return w.Say("talk.barrier", "day", w.Date(n.On), "barrier", n.Barrier.In(w.Language))
	}
}
