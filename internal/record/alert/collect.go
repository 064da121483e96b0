package alert

import (
	"slices"
	"time"

	"cadans/internal/kernel/words"
)

// Finding is a reason that holds now. Key distinguishes two occurrences of one rule. A finding with Stays is about
// something that happened, so it ends only with the alert.
type Finding struct {
	Rule    Rule
	Key     string
	Urgency Urgency
	words.Pair
	Stays bool
}

// Reason is a finding as stored in an alert.
type Reason struct {
	Finding
	Since time.Time
	Ended bool // it no longer holds
}

func (r Reason) is(f Finding) bool { return r.Rule == f.Rule && r.Key == f.Key }

// Collected is the effect of new findings on a patient's latest alert of a kind.
type Collected struct {
	Reasons []Reason
	Added   []Finding // that are new
	Opens   bool      // a new alert opens, because there is none or it was resolved
	Settles bool      // nothing holds any more
}

// collect updates an alert that collects reasons. A reason that still holds gets its current numbers. A resolved reason
// that continues is not raised again for quietDays; once it has ended, it can be raised anew.
func collect(latest *Alert, found []Finding, now time.Time, quietDays int) Collected {
	if latest == nil {
		return opened(found, now)
	}
	reasons := slices.Clone(latest.Reasons)
	var added []Finding
	for _, f := range found {
		i := slices.IndexFunc(reasons, func(r Reason) bool { return r.is(f) && !r.Ended })
		if i < 0 {
			added = append(added, f)
			continue
		}
		reasons[i].Finding = f
	}
	holds := 0
	for i, r := range reasons {
		if !r.Stays && !slices.ContainsFunc(found, r.is) {
			reasons[i].Ended = true
		}
		if !reasons[i].Ended {
			holds++
		}
	}
	if latest.ResolvedAt != nil {
		return afterResolved(reasons, added, found, *latest.ResolvedAt, now, quietDays)
	}
	for _, f := range added {
		reasons = append(reasons, Reason{Finding: f, Since: now})
	}
	return Collected{Reasons: reasons, Added: added, Settles: holds+len(added) == 0}
}

// afterResolved opens a new alert for new findings, and for those that have continued beyond the quiet days.
func afterResolved(reasons []Reason, added, found []Finding, resolved, now time.Time, quietDays int) Collected {
	tooLong := !now.Before(resolved.AddDate(0, 0, quietDays))
	for _, f := range found {
		if tooLong && !f.Stays &&
			!slices.ContainsFunc(added, func(a Finding) bool { return a.Rule == f.Rule && a.Key == f.Key }) {
			added = append(added, f)
		}
	}
	if len(added) == 0 {
		return Collected{Reasons: reasons}
	}
	return opened(added, now)
}

func opened(found []Finding, now time.Time) Collected {
	c := Collected{Opens: len(found) > 0, Added: found}
	for _, f := range found {
		c.Reasons = append(c.Reasons, Reason{Finding: f, Since: now})
	}
	return c
}

// sentences joins the reasons that hold, and returns the highest urgency among them.
func sentences(reasons []Reason) (words.Pair, Urgency) {
	var held []words.Pair
	urgency := NextVisit
	for _, r := range reasons {
		if r.Ended {
			continue
		}
		held = append(held, r.Pair)
		urgency = Soonest(urgency, r.Urgency)
	}
	return words.Join(held, " "), urgency
}
