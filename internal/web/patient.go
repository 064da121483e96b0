package web

import (
	"strconv"

	"cadans/internal/access"
	"cadans/internal/caseload"
	"cadans/internal/id"
)

func patientID(text string) id.Patient { return id.Patient(text) }

// patientView is one patient: what happened since the last visit, and what to speak about.
type patientView struct {
	Words
	caseload.Summary
	Messages []message
	Composer *composer // nil for who may not write
	Form     string
}

func (s *site) patient(r *request) error {
	return s.showPatient(r, patientID(r.Params("patient_id")), r.newComposer())
}

func (s *site) showPatient(r *request, patient id.Patient, c *composer) error {
	found, err := s.parts.Caseload.Summary(r.ctx, r.viewer, access.GetPatientSummary, patient, r.language)
	if err != nil {
		return err
	}
	sent, err := s.messages(r, patient)
	if err != nil {
		return err
	}
	return r.show("patient", found.Row.Patient.Name, patientView{
		Words: r.words(), Summary: found, Messages: sent, Composer: c, Form: r.formWord(),
	})
}

// Complaint names what the patient is treated for.
func (p patientView) Complaint() string { return complaintOf(p.Words, p.Row.Patient.Complaint) }

// From says since when.
func (p patientView) From() string {
	if p.Since.Visit == nil {
		return p.Say("Sinds de start van het programma", "Since the program began")
	}
	return p.Say("Sinds het vorige bezoek", "Since the last visit")
}

// Days is for how long.
func (p patientView) Days() int { return p.Since.Until.DaysSince(p.Since.From) + 1 }

// Change writes how pain changed.
func (p patientView) Change() string {
	if change := p.PainChange(p.Words.Words); change != "" {
		return change
	}
	return p.Say("te weinig cijfers om te vergelijken", "too few scores to compare")
}

// Number writes a whole number; nothing recorded is a dash.
func (p patientView) Number(n *int) string {
	if n == nil {
		return "–"
	}
	return strconv.Itoa(*n)
}

// Strip are the marks of the last four weeks.
func (p patientView) Strip() strip { return stripOf(p.Words, p.Row.Status) }
