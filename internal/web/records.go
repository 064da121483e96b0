package web

import (
	"strconv"
	"strings"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/activity"
	"cadans/internal/record/education"
	"cadans/internal/record/questionnaire"
	"cadans/internal/record/session"
	"cadans/internal/rules/prevention"
	"cadans/pkg/localtime"
)

// sessionsShown is how many sessions a page lists.
const sessionsShown = 30

// sessionsView lists what the patient logged, latest first.
type sessionsView struct {
	head
	Sessions []session.Session
	Next     string
}

func (s *site) sessions(r *request) error {
	h, err := s.headOf(r, "/sessions")
	if err != nil {
		return err
	}
	filter := session.Filter{Limit: sessionsShown + 1}
	if at, err := strconv.ParseInt(r.Query("before"), 10, 64); err == nil {
		filter.Before = session.Position{PerformedAt: database.Instant(at), Session: id.Session(r.Query("session"))}
	}
	v := sessionsView{head: h}
	if v.Sessions, err = s.parts.Sessions.List(r.ctx, r.viewer, r.patient(), filter); err != nil {
		return err
	}
	if len(v.Sessions) > sessionsShown {
		v.Sessions = v.Sessions[:sessionsShown]
		last := v.Sessions[sessionsShown-1].At()
		v.Next = h.Path() + "/sessions?before=" + strconv.FormatInt(int64(last.PerformedAt), 10) + "&session=" +
			string(last.Session)
	}
	return r.show("sessions", h.Person.Name, v)
}

// Status names the status of a session.
func (v sessionsView) Status(s session.Session) string {
	if s.StoppedReason == session.StoppedByPain {
		return v.Say("sessions.status.stopped_by_pain")
	}
	return v.Say("sessions.status." + string(s.Status))
}

// Share is the percentage of what was asked that was done.
func (v sessionsView) Share(s session.Session) string { return v.Percent(s.Credit) }

// modulesView shows the modules with the patient's responses, and a form to answer.
type modulesView struct {
	head
	Modules []education.Module
	Writes  bool
}

func (s *site) modules(r *request) error {
	h, err := s.headOf(r, "/modules")
	if err != nil {
		return err
	}
	v := modulesView{head: h, Writes: access.Enter(r.viewer, access.AnswerModule) == nil}
	if v.Modules, err = s.parts.Education.List(r.ctx, r.viewer, r.patient()); err != nil {
		return err
	}
	return r.show("modules", h.Person.Name, v)
}

func (s *site) answerModule(r *request) error {
	number, err := strconv.Atoi(r.Params("module_number"))
	if err != nil {
		return education.ErrNotFound
	}
	text := r.text("text")
	if err = s.parts.Contract.Check(access.AnswerModule, fields{"text": text}); err == nil {
		_, err = s.parts.Education.Answer(r.ctx, r.viewer, r.patient(), number, text)
	}
	return r.answerForm(
		err, "module-"+r.Params("module_number"), pathOf(r.patient())+"/modules", func() error { return s.modules(r) },
	)
}

// questionnairesView shows the patient's scores and what their changes mean.
type questionnairesView struct {
	head
	Scores []questionnaire.Measured
}

func (s *site) questionnaires(r *request) error {
	h, err := s.headOf(r, "/questionnaires")
	if err != nil {
		return err
	}
	v := questionnairesView{head: h}
	if v.Scores, err = s.parts.Questionnaires.Scores(r.ctx, r.viewer, r.patient()); err != nil {
		return err
	}
	return r.show("questionnaires", h.Person.Name, v)
}

// Instrument names a questionnaire; one that only its practice knows keeps its abbreviation.
func (w Words) Instrument(m questionnaire.Measured) string {
	if key := "questionnaires.name." + m.Instrument; w.Has(key) {
		return w.Say(key)
	}
	return strings.ToUpper(m.Instrument)
}

// Means says what a change means, or why two scores cannot be compared.
func (w Words) Means(m questionnaire.Measured) string {
	verdict := "questionnaires.verdict." + string(m.Verdict)
	switch {
	case m.Verdict == "":
		return w.Say("questionnaires.first")
	case m.Verdict == questionnaire.CannotBeCompared:
		return w.incomparable(m.Reason)
	case !w.Language.Has(verdict): // no smallest important change is known
		return w.Signed(*m.Change)
	case m.Change == nil: // the score itself is about a change
		return w.Say(verdict)
	default:
		return w.Signed(*m.Change) + " " + w.Say(verdict)
	}
}

func (w Words) incomparable(why questionnaire.Reason) string {
	said := w.Say("questionnaires.verdict.cannot_be_compared")
	if reason := "questionnaires.reason." + string(why); w.Language.Has(reason) {
		return said + ": " + w.Say(reason)
	}
	return said
}

// activityView shows steps and minutes of walking, and the walking plan.
type activityView struct {
	head
	Totals []activity.Total
	Plan   *prevention.View
}

// activityDays is how many days the page shows.
const activityDays = 28

func (s *site) activity(r *request) error {
	h, err := s.headOf(r, "/activity")
	if err != nil {
		return err
	}
	v := activityView{head: h}
	v.Totals, err = s.parts.Activities.Totals(r.ctx, r.viewer, r.patient(), h.Today.AddDays(1-activityDays), h.Today)
	if err != nil {
		return err
	}
	switch plan, err := s.parts.Prevention.View(r.ctx, r.viewer, r.patient()); {
	case err == nil:
		v.Plan = &plan
	case !fault.Is(err, fault.NotFound):
		return err
	}
	return r.show("activity", h.Person.Name, v)
}

// dayOfMoment returns the day of a moment in the patient's zone.
func dayOfMoment(t time.Time, zone *time.Location) localtime.Date {
	return localtime.DateOf(t.In(zone))
}

// State says where a module stands.
func (v modulesView) State(m education.Module) string {
	if key := "education.state." + m.State(); m.Open && v.Has(key) {
		return v.Say(key)
	}
	return v.Say("education.opens", "day", v.Date(m.OpensOn))
}

// Title is the name of a module in the reader's language.
func (v modulesView) Title(m education.Module) string { return v.For(m.Title) }
