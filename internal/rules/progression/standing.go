package progression

import (
	"slices"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/words"
	"cadans/internal/record/exercise"
	"cadans/internal/record/program"
	"cadans/internal/record/session"
	"cadans/pkg/localtime"
)

// Standing is what the rules make of an exercise of today's program: what they would decide now, and why. It is
// computed when somebody reads it.
type Standing struct {
	Item program.Item
	Verdict
	LeftOut words.Pair // the question that the patient leaves out again and again; empty if there is none
}

// StandingsOf returns what the rules make of each exercise of a patient's program; none without a program.
func StandingsOf(tx *database.Tx, library *exercise.Library, patient id.Patient) ([]Standing, error) {
	e, version, err := open(tx, patient)
	if err != nil {
		return nil, err
	}
	if version == nil {
		return e.lightened(), nil
	}
	standings := make([]Standing, len(version.Items))
	for i, item := range version.Items {
		v, _, _ := e.judge(library, item)
		standings[i] = Standing{Item: item, Verdict: v, LeftOut: leftOut(e.sessions, item)}
	}
	return standings, nil
}

// lightened is how exercises stand while less than usual is asked: rules do not change doses then.
func (e evidence) lightened() (standings []Standing) {
	version, _ := e.history.On(e.today)
	for _, item := range version.Items {
		standings = append(standings, Standing{Item: item, Verdict: verdict(Hold, "progression.hold.lightened")})
	}
	return standings
}

// judge decides about an exercise beside the others: what a member has just refused is not proposed again, pain
// anywhere holds a step up, and so does what rises with it.
func (e evidence) judge(library *exercise.Library, item program.Item) (Verdict, program.Item, bool) {
	earlier := e.earlier(item)
	if slices.ContainsFunc(earlier, e.isFreshlyRefused) {
		return verdict(Hold, "progression.hold.refused", "days", e.settings.DaysBetween), item, false
	}
	v, after, taken := Judge(library, e.facts(item, earlier), item)
	if v.Rule != Progress {
		return v, after, taken
	}
	if pain := e.painHolds(); pain != "" {
		return verdict(Hold, pain), item, false
	}
	if !e.mayRise(library, item, after) {
		return verdict(Hold, "progression.hold.together"), item, false
	}
	return v, after, taken
}

// isFreshlyRefused reports whether somebody has refused a change, or taken it back, within the days between two steps.
func (e evidence) isFreshlyRefused(c Change) bool {
	isNo := c.State == Refused || c.State == Undone
	return isNo && e.today.DaysSince(e.day(c.settledAt())) < e.settings.DaysBetween
}

// leftOut returns the question without which no exercise gets harder, if each of the last sessions with the exercise
// left it out: how hard it was or, against fear, how dangerous it felt.
func leftOut(sessions []session.Session, item program.Item) words.Pair {
	var rated []bool
	for _, s := range sessions {
		done, is := doneIn(s, item)
		switch {
		case !is:
		case item.Module == exercise.Exposure:
			rated = append(rated, done.DangerAfter != nil)
		default:
			rated = append(rated, done.Difficulty != nil)
		}
	}
	last := rated[max(0, len(rated)-lastSessions):]
	switch {
	case len(last) < lastSessions || slices.Contains(last, true):
		return words.Pair{}
	case item.Module == exercise.Exposure:
		return words.Keep("progression.left_out.danger", "sessions", lastSessions)
	default:
		return words.Keep("progression.left_out.effort", "sessions", lastSessions)
	}
}

// readForLeftOut is how many sessions are read for a page that is opened all day: enough for exercises that take turns.
const readForLeftOut = 9

// LeavesOut reports whether a patient leaves out, for any of some exercises, the question without which it does not get
// harder.
func LeavesOut(tx *database.Tx, patient id.Patient, items []program.Item, today localtime.Date) (bool, error) {
	sessions, err := session.Latest(tx, patient, since(today), readForLeftOut)
	return slices.ContainsFunc(items, func(item program.Item) bool {
		return leftOut(sessions, item) != words.Pair{}
	}), err
}
