package web

import (
	"net/http"
	"strings"
	"time"

	"cadans/api"
	"cadans/internal/access"
	"cadans/internal/fault"
	"cadans/internal/feedback"
	"cadans/internal/id"
	"cadans/pkg/localtime"
)

// messagesShown is how many messages a patient's page shows.
const messagesShown = 5

// composer is the form for a message to a patient. Its id is made with the form, so that sending it twice sends once.
type composer struct {
	ID, Text, Wrong string
	Longest         int
}

// longestMessage is what the contract allows, in characters.
const longestMessage = 600

// message is one that was sent.
type message struct {
	Words
	feedback.Feedback
}

// Sent says when, in the reader's words.
func (m message) Sent() string { return m.Moment(m.SentAt) }

// Receipt says what became of it.
func (m message) Receipt() string {
	switch {
	case m.OpenedAt != nil:
		return m.Say("geopend op ", "opened on ") + m.Moment(*m.OpenedAt)
	case m.DeliveredAt != nil:
		return m.Say("aangekomen, nog niet geopend", "arrived, not opened yet")
	default:
		return m.Say("nog niet aangekomen", "not arrived yet")
	}
}

func (s *site) messages(r *request, patient id.Patient) ([]message, error) {
	sent, err := s.parts.Feedback.List(r.ctx, r.viewer, patient, feedback.Page{Limit: messagesShown})
	list := make([]message, len(sent))
	for i, f := range sent {
		list[i] = message{r.words(), f}
	}
	return list, err
}

// newComposer returns an empty form, or nil for who may not write.
func (r *request) newComposer() *composer {
	if access.Enter(r.viewer, access.SendFeedback) != nil {
		return nil
	}
	return &composer{ID: id.New(), Longest: longestMessage}
}

// sendFeedback sends a message. What the contract refuses gets the form again, with the text kept.
func (s *site) sendFeedback(r *request) error {
	patient := id.Patient(r.Params("patient_id"))
	c := composer{ID: r.FormValue("id"), Text: strings.ReplaceAll(r.FormValue("text"), "\r\n", "\n"), Longest: longestMessage}
	err := s.parts.Contract.Check(access.SendFeedback, map[string]any{"id": c.ID, "about": string(feedback.AboutProgram), "text": c.Text})
	if err == nil {
		_, _, err = s.parts.Feedback.Send(r.ctx, r.viewer, patient, feedback.New{ID: id.Feedback(c.ID), About: feedback.AboutProgram, Text: c.Text})
	}
	if fault.Is(err, fault.Invalid) {
		r.Status(http.StatusBadRequest)
		r.back = "/patients/" + string(patient)
		c.Wrong = api.FieldsExplained(err, r.language)
		return s.showPatient(r, patient, &c)
	}
	if err != nil {
		return err
	}
	return r.Redirect("/patients/"+string(patient)+"#feedback", http.StatusSeeOther)
}

// Moment writes the day of a moment. Its time would need the practice's zone, and nobody asks for it.
func (w Words) Moment(t time.Time) string { return w.Weekday(localtime.DateOf(t)) }
