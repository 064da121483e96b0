package attention

import (
	"errors"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/alert"
	"cadans/internal/record/barrier"
	"cadans/internal/record/pain"
	"cadans/internal/record/people"
	"cadans/internal/record/session"
	"cadans/internal/record/settings"
	"cadans/internal/record/wish"
	"cadans/internal/rules/adherence"
)

// How far the rules look back.
const (
	sessionsBack = 60 // days
	sessionsMost = 10
	barriersBack = 14 // days
	reportsBack  = 56 // days
)

// Watcher applies the rules whenever a patient's status is recomputed.
type Watcher struct{}

var _ adherence.Watcher = Watcher{}

// Watch implements adherence.Watcher.
func (Watcher) Watch(tx *database.Tx, p people.Patient, s adherence.Status) (func(*database.Tx) error, error) {
	if s.Start.IsZero() {
		return nil, nil
	}
	f, err := factsOf(tx, p, s)
	if err != nil {
		return nil, err
	}
	var plans []alert.Plan
	for _, plan := range plansOf(Judge(f), f.Limits.QuietDays) {
		changes, err := plan.Changes(tx, p.ID)
		if err != nil {
			return nil, err
		}
		if changes {
			plans = append(plans, plan)
		}
	}
	if len(plans) == 0 {
		return nil, nil
	}
	return func(tx *database.Tx) error {
		for _, plan := range plans {
			if err := plan.Write(tx, p.ID); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

func factsOf(tx *database.Tx, p people.Patient, s adherence.Status) (f Facts, err error) {
	f.Status = s
	if f.Limits, err = settings.Of(tx, p.Practice); err != nil {
		return f, err
	}
	contacts, err := people.LastContact(tx, []id.Patient{p.ID})
	if err != nil {
		return f, err
	}
	if at, paired := contacts[p.ID]; paired {
		f.Contact = p.Today(at)
	}
	if f.state() != Judged {
		return f, nil
	}
	sessions, errSessions := session.Latest(tx, p.ID, s.Date.AddDays(-sessionsBack), sessionsMost)
	barriers, errBarriers := barrier.Since(tx, p.ID, s.Date.AddDays(-barriersBack+1))
	told, errTold := pain.Averages(tx, p.ID, s.Date.AddDays(-reportsBack), s.Date)
	request, errRequest := wish.OldestOpen(tx, p.ID)
	f.Sessions, f.Barriers, f.PainReports, f.Request = sessions, barriers, lastOfEachWeek(told), request
	return f, errors.Join(errSessions, errBarriers, errTold, errRequest)
}

// lastOfEachWeek keeps one report per week: a check-in and a questionnaire of one bad day are not two weeks in a row.
func lastOfEachWeek(told []pain.Point) (kept []pain.Point) {
	for _, t := range told {
		if n := len(kept); n > 0 && kept[n-1].Day.Monday() == t.Day.Monday() {
			kept[n-1] = t
			continue
		}
		kept = append(kept, t)
	}
	return kept
}

// plansOf turns a judgement into plans. While the state is unknown, the alert about adherence does not change.
func plansOf(j Judgement, quietDays int) []alert.Plan {
	outcome := map[State]string{Judged: alert.Recovered, Resting: alert.Rests, Ended: alert.Over}[j.State]
	silent := alert.Plan{
		Kind:        Silent,
		RuleVersion: RuleVersion,
		Found:       j.Silent,
		QuietDays:   quietDays,
		Outcome:     outcome,
	}
	if j.State == Unknown {
		return []alert.Plan{silent}
	}
	return []alert.Plan{
		{Kind: Adherence, RuleVersion: RuleVersion, Found: j.Findings, QuietDays: quietDays, Outcome: outcome}, silent,
	}
}
