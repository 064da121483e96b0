package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/alert"
	"cadans/internal/record/people"
	"cadans/internal/record/safety"
)

// alertsView lists what awaits the therapist, the most urgent first.
type alertsView struct {
	Words
	Shown alert.State
	Tabs  tabs
	Rows  []alertRow
	Undo  id.Alert // the alert that the reader has just snoozed or resolved
	Acts  bool     // whether the reader may act on them
	Form  string
	attempt
}

// tabs is a choice among lists or pages; Name labels it.
type tabs struct {
	Name string
	List []tab
}

type tab struct {
	Name, Path string
	Chosen     bool
}

// alertRow is one alert and its patient.
type alertRow struct {
	Words
	alert.Alert
	Patient people.Patient
	zone    *time.Location
}

// alerts shows the open, snoozed or resolved alerts.
func (s *site) alerts(r *request) error {
	v := alertsView{
		Words:   r.words(),
		Shown:   alert.State(r.Query("show", string(alert.Open))),
		Form:    r.formToken(),
		attempt: r.attempt,
	}
	v.Tabs.Name = v.Say("alerts.show")
	for _, state := range []alert.State{alert.Open, alert.Snoozed, alert.Resolved} {
		v.Tabs.List = append(v.Tabs.List, tab{v.stateName(state), "/alerts?show=" + string(state), state == v.Shown})
	}
	if !slices.ContainsFunc(v.Tabs.List, func(t tab) bool { return t.Chosen }) {
		return fault.Input(fault.Violation{Pointer: "?show", Code: "unknown-value"})
	}
	page, err := s.parts.Alerts.List(r.ctx, r.viewer, alert.Filter{States: []alert.State{v.Shown}})
	if err != nil {
		return err
	}
	patients, err := s.parts.People.InCare(r.ctx, r.viewer)
	if err != nil {
		return err
	}
	for _, a := range page.Alerts {
		p := patients[a.Patient]
		v.Rows = append(v.Rows, alertRow{v.Words, a, p, p.HomeZone(page.AsOf)})
	}
	if v.Shown == alert.Resolved {
		slices.Reverse(v.Rows)
	}
	r.live = "caseload"
	if just := r.Query("undo"); uuid.Validate(just) == nil { // it becomes part of a URL
		v.Undo = id.Alert(just)
	}
	v.Acts = access.Enter(r.viewer, access.ResolveAlert) == nil && v.Shown != alert.Resolved
	return r.show("alerts", v.Say("menu.alerts"), v)
}

func (v alertsView) stateName(s alert.State) string {
	switch s {
	case alert.Open:
		return v.Say("alerts.show.open")
	case alert.Snoozed:
		return v.Say("alerts.show.snoozed")
	default:
		return v.Say("alerts.show.resolved")
	}
}

// Empty explains an empty list.
func (v alertsView) Empty() string {
	switch v.Shown {
	case alert.Open:
		return v.Say("alerts.empty.open")
	case alert.Snoozed:
		return v.Say("alerts.empty.snoozed")
	default:
		return v.Say("alerts.empty.resolved")
	}
}

// Lines lists the reasons that hold, or the sentence of an alert that collects none.
func (a alertRow) Lines() (lines []string) {
	for _, reason := range a.Reasons {
		if !reason.Ended {
			lines = append(lines, reason.In(a.Language))
		}
	}
	if len(lines) == 0 {
		lines = []string{a.Reason(a.Language)}
	}
	return lines
}

// When is the day on which an alert was raised or got its latest reason.
func (a alertRow) When() string { return a.Moment(a.UpdatedAt, a.zone) }

// Until is the day until which an alert is snoozed.
func (a alertRow) Until() string { return a.Moment(*a.SnoozedUntil, a.zone) }

// Soon names the urgency; its sign is in the page.
func (a alertRow) Soon() string { return a.Say("alert.urgency." + string(a.Haste())) }

// Haste is the urgency; one that this version does not know cannot wait.
func (a alertRow) Haste() alert.Urgency {
	if a.Has("alert.urgency." + string(a.Urgency)) {
		return a.Urgency
	}
	return alert.Now
}

// IsGuarded reports whether only a recorded safety decision ends the alert.
func (a alertRow) IsGuarded() bool { return a.Kind == safety.AlertKind }

// Ended describes the outcome of an alert.
func (a alertRow) Ended() string {
	said := a.Outcome
	if name := "alert.outcome." + a.Outcome; a.Has(name) {
		said = a.Say(name)
	}
	return strings.TrimSuffix(a.Moment(*a.ResolvedAt, a.zone)+": "+said+". "+a.Note, " ")
}

// errNoneChosen says it in a word of its own: the boxes stand beside the alerts, outside the form.
var errNoneChosen = fault.Input(fault.Violation{Pointer: "/alert_ids", Code: "no-alert-chosen"})

func (s *site) acknowledgeAlerts(r *request) error {
	var chosen []id.Alert
	var ids []any
	for _, one := range r.Context().PostArgs().PeekMulti("alert") {
		chosen, ids = append(chosen, id.Alert(one)), append(ids, string(one))
	}
	err := errNoneChosen
	if len(chosen) > 0 {
		err = s.parts.Contract.Check(access.AcknowledgeAlerts, map[string]any{"alert_ids": ids})
	}
	if err == nil {
		_, err = s.parts.Alerts.AcknowledgeAll(r.ctx, r.viewer, chosen)
	}
	return r.answerForm(err, "seen", "/alerts", func() error { return s.alerts(r) })
}

// snoozeDays are the snooze lengths that a page offers.
var snoozeDays = []int{1, 3, 7, 14}

// SnoozeDays are the snooze lengths that a page offers.
func (v alertsView) SnoozeDays() []int { return snoozeDays }

func (s *site) snoozeAlert(r *request) error {
	which := r.Params("alert_id")
	return r.answerForm(s.snooze(r, id.Alert(which)), "snooze-"+which, "/alerts?undo="+which, func() error {
		r.back = "/alerts"
		return s.alerts(r)
	})
}

func (s *site) snooze(r *request, which id.Alert) error {
	days, err := strconv.Atoi(r.FormValue("days"))
	if err != nil || !slices.Contains(snoozeDays, days) {
		return fault.Input(fault.Violation{Pointer: "/days", Code: "unknown-value"})
	}
	until := s.parts.Clock.Now().AddDate(0, 0, days).Truncate(time.Second)
	_, _, err = s.parts.Alerts.Snooze(r.ctx, r.viewer, which, until)
	return err
}

// reopenAlert undoes a snooze or a resolution.
func (s *site) reopenAlert(r *request) error {
	if _, _, err := s.parts.Alerts.Reopen(r.ctx, r.viewer, id.Alert(r.Params("alert_id"))); err != nil {
		return err
	}
	return r.backTo("/alerts#" + r.Params("alert_id"))
}

func (s *site) resolveAlert(r *request) error {
	outcome, note := r.FormValue("outcome"), r.text("note")
	body := map[string]any{"outcome": outcome}
	if note != "" {
		body["note"] = note
	}
	which := r.Params("alert_id")
	err := s.parts.Contract.Check(access.ResolveAlert, body)
	if outcome == "" {
		err = fault.Input(fault.Violation{Pointer: "/outcome", Code: "outcome-not-chosen"})
	}
	if err == nil {
		_, _, err = s.parts.Alerts.Resolve(
			r.ctx, r.viewer, id.Alert(which), alert.Resolution{Outcome: outcome, Note: note},
		)
	}
	if fault.Is(err, fault.Invalid) {
		return r.answerForm(err, "resolve-"+which, "/alerts", func() error { return s.alerts(r) })
	}
	if err != nil {
		return err
	}
	return r.backTo("/alerts?undo=" + which)
}
