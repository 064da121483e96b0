package caseload

import (
	"cadans/internal/record/program"
	"cadans/internal/rules/adherence"
	"cadans/pkg/localtime"
)

// words formats reasons. Each rule has one sentence in each language, always with numbers and dates.
type words struct{ adherence.Words }

func (e evidence) sentences() words { return words{adherence.Words{Language: e.language}} }

func (w words) noProgram() string {
	return w.Say("caseload.reason.no_program")
}

func (w words) notPaired() string {
	return w.Say("caseload.reason.not_paired")
}

func (w words) safetyStop(since localtime.Date) string {
	return w.Say("caseload.reason.safety_stop", "since", w.Date(since))
}

func (w words) paused(p adherence.Pause) string {
	return w.Say("caseload.reason.paused",
		"start", w.Date(p.Start),
		"end", w.Date(p.End),
		"reason", w.pauseReason(p.Reason),
	)
}

func (w words) pauseReason(r program.PauseReason) string {
	if key := "pause.reason." + string(r); w.Has(key) {
		return w.Say(key)
	}
	return w.Say("pause.reason.other")
}

func (w words) notSyncing(since localtime.Date) string {
	return w.Say("caseload.reason.not_syncing", "since", w.Date(since))
}

func (w words) neverStarted(start localtime.Date) string {
	return w.Say("caseload.reason.never_started", "start", w.Date(start))
}

func (w words) stoppedByPain(on localtime.Date, r adherence.Rate) string {
	return w.Say("caseload.reason.stopped_by_pain", "day", w.Date(on), "rate", w.Rate(r))
}

func (w words) painUp(p adherence.Pain, r adherence.Rate) string {
	if p.Change == nil {
		return ""
	}
	return w.Say("caseload.reason.pain_up",
		"now", w.Tenths(*p.Now),
		"before", w.Tenths(*p.Before),
		"change", w.Signed(*p.Change),
		"rate", w.Rate(r),
	)
}

func (w words) dropped(r adherence.Rate, median *int, until localtime.Date) string {
	if r.Sessions == nil || median == nil {
		return ""
	}
	return w.Say("caseload.reason.dropped",
		"from", w.Date(until.AddDays(-6)),
		"until", w.Date(until),
		"rate", w.Rate(r),
		"median", w.Percent(*median),
	)
}

func (w words) prevention(r adherence.Rate) string {
	return w.Say("caseload.reason.prevention", "rate", w.Rate(r))
}

func (w words) starting(start localtime.Date) string {
	return w.Say("caseload.reason.starting", "start", w.Date(start))
}

func (w words) band(week, month adherence.Rate, until localtime.Date) string {
	return w.Say("caseload.reason.band",
		"until", w.Date(until),
		"rate", w.Rate(week),
		"month", w.Rate(month),
	)
}
