package web

import (
	"strconv"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/internal/rules/progression"
	"cadans/internal/screens/caseload"
	"cadans/internal/screens/dossier"
	"cadans/pkg/localtime"
)

// patient is the patient of the page.
func (r *request) patient() id.Patient { return id.Patient(r.Params("patient_id")) }

func pathOf(patient id.Patient) string { return "/patients/" + string(patient) }

// head is the header of every page about a patient. A view that embeds it can show a form again.
type head struct {
	Words
	attempt
	Person people.Patient
	Tabs   tabs
	Form   string
	Today  localtime.Date // of the patient
	zone   *time.Location
}

// headOf loads the patient of the page. Tab is the page that is open.
func (s *site) headOf(r *request, tabPath string) (head, error) {
	p, err := s.parts.People.Patient(r.ctx, r.viewer, r.patient())
	if err != nil {
		return head{}, err
	}
	return headFor(r, p, s.parts.Clock.Now(), tabPath), nil
}

func headFor(r *request, p people.Patient, now time.Time, tabPath string) head {
	h := head{
		Words:   r.words(),
		attempt: r.attempt,
		Person:  p,
		Form:    r.formToken(),
		Today:   p.Today(now),
		zone:    p.HomeZone(now),
	}
	h.Tabs.Name = h.Say("patient.tabs")
	for _, t := range []struct{ path, name string }{
		{"", "patient.tab.overview"}, {"/program", "patient.tab.program"}, {"/sessions", "patient.tab.sessions"},
		{"/modules", "patient.tab.modules"}, {"/questionnaires", "patient.tab.questionnaires"},
		{"/activity", "patient.tab.activity"}, {"/notes", "patient.tab.notes"}, {"/access-log", "patient.tab.access"},
	} {
		h.Tabs.List = append(h.Tabs.List, tab{h.Say(t.name), pathOf(p.ID) + t.path, t.path == tabPath})
	}
	return h
}

// Path is the patient's own page.
func (h head) Path() string { return pathOf(h.Person.ID) }

// Complaint names what the patient is treated for.
func (h head) Complaint() string { return complaintOf(h.Words, h.Person.Complaint) }

// Day formats a day of the patient's calendar.
func (h head) Day(t time.Time) string { return h.Moment(t, h.zone) }

// patientView is one patient: what happened since the last visit, and what to talk about.
type patientView struct {
	head
	caseload.Summary
	Waits    dossier.Waiting
	standing []progression.Standing
	Course   *course // nil before a program
	Messages []message
	Writes   bool // whether the reader treats the patient
}

func (s *site) patient(r *request) error {
	weeks := weeksOf(r)
	d, err := s.parts.Dossiers.Open(r.ctx, r.viewer, r.patient(), dossier.Wanted{Language: r.language, Weeks: weeks})
	if err != nil {
		return err
	}
	r.live = about(d.Patient.ID)
	h := headFor(r, d.Patient, d.At, "")
	return r.show("patient", d.Patient.Name, patientView{
		head:     h,
		Summary:  d.Summary,
		Waits:    d.Waiting,
		standing: d.Standings,
		Course:   courseOf(h, d.Course, weeks),
		Messages: messagesOf(h, d.Messages),
		Writes:   access.Enter(r.viewer, access.SendFeedback) == nil,
	})
}

// From says when the period began.
func (p patientView) From() string {
	if p.Since.Visit == nil {
		return p.Say("patient.since.program")
	}
	return p.Say("patient.since.visit")
}

// Change describes how pain changed.
func (p patientView) Change() string {
	if change := p.PainChange(p.Words.Words); change != "" {
		return change
	}
	return p.Say("patient.since.too_few_scores")
}

// Number formats a whole number; a missing value is a dash.
func (w Words) Number(n *int) string {
	if n == nil {
		return "–"
	}
	return strconv.Itoa(*n)
}

// Contact says when the phone was last in contact.
func (p patientView) Contact() string {
	if p.Row.LastContact == nil {
		return p.Say("patient.contact.never")
	}
	return p.Say("patient.contact.last", "day", p.Day(*p.Row.LastContact))
}

// IsComparable reports whether enough days have passed for a trend.
func (p patientView) IsComparable() bool { return p.Row.Last28.Active >= 14 }
