package caseload

import (
	"fmt"

	"cadans/internal/rules/adherence"
)

// doingMore is an uncapped dose above which a patient does more than planned (over-activity), in permille.
const doingMore = 1500

// talkingPoint suggests one thing to open with: pain first, then the barrier in the patient's own
// choice of words, which goes before numbers.
func (s *Summary) talkingPoint(w words) string {
	switch state := s.Row.State; {
	case state == SafetyStop:
		return w.Pick(
			"Bespreek de klachten die de stop gaven, en beslis.", "Discuss the signs that led to the stop, and decide.",
		)
	case state == PainUp, s.Since.Pain.Change != nil && *s.Since.Pain.Change >= adherence.MinimumImportantChange:
		return w.Pick("Vraag wat de pijn deed toenemen en of de oefeningen lichter mogen.",
			"Ask what made the pain rise and whether the exercises may be lighter.")
	case s.Waiting.Wishes > 0:
		return w.Pick(
			"De patiënt vroeg om een aanpassing: bespreek wat er anders moet.",
			"The patient asked for a change: discuss what should be different.",
		)
	case len(s.Named) > 0 && state != OnTrack:
		return s.aboutBarrier(w, s.Named[0])
	case len(s.Barriers) > 0 && state != OnTrack:
		return s.aboutBarrier(w, Named{Barrier: s.Barriers[0].Barrier, On: s.Barriers[0].LocalDate, Times: 1})
	case state == NotSyncing, state == NotPaired:
		return w.Pick(
			"Vraag of de app nog werkt, en open hem samen.", "Ask whether the app still works, and open it together.",
		)
	case state == NeverStarted:
		return w.Pick(
			"Kies samen een vast moment voor de eerste keer.", "Choose a fixed moment for the first time together.",
		)
	case state == Dropped, state == Low, state == Partial:
		return w.Pick("Vraag wat er veranderde, zonder oordeel.", "Ask what changed, without judging.")
	case s.Row.Last14.Raw != nil && *s.Row.Last14.Raw > doingMore:
		return w.Pick(
			"De patiënt doet meer dan gepland: vraag of dat zo bedoeld is.",
			"The patient does more than planned: ask whether that is meant to be.",
		)
	case s.Since.Pain.Change != nil && *s.Since.Pain.Change <= -adherence.MinimumImportantChange:
		return w.Pick(
			"De pijn is duidelijk gezakt: vraag wat weer lukt.", "Pain is clearly down: ask what is possible again.",
		)
	default:
		return w.Pick("Vraag wat goed werkt, en houd dat vast.", "Ask what works well, and keep it.")
	}
}

func (s *Summary) aboutBarrier(w words, n Named) string {
	if n.Times > 1 {
		return fmt.Sprintf(w.Pick("%d keer gemeld, het laatst op %s: %s. Vraag wat dit makkelijker zou maken.",
			"Reported %d times, the latest on %s: %s. Ask what would make this easier."), n.Times, w.Date(n.On),
			n.Barrier.In(w.Language))
	}
	return fmt.Sprintf(w.Pick("Op %s gemeld: %s. Vraag wat dit makkelijker zou maken.",
		"Reported on %s: %s. Ask what would make this easier."), w.Date(n.On), n.Barrier.In(w.Language))
}
