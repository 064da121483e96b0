package web

import (
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/id"
	"cadans/internal/record/feedback"
	"cadans/pkg/localtime"
)

// message is a message that was sent.
type message struct {
	Words
	feedback.Feedback
	zone *time.Location
}

// Sent is when it was sent, in the reader's language.
func (m message) Sent() string { return m.Moment(m.SentAt, m.zone) }

// Receipt says whether it was delivered and opened.
func (m message) Receipt() string {
	switch {
	case m.OpenedAt != nil:
		return m.Say("feedback.receipt.opened", "day", m.Moment(*m.OpenedAt, m.zone))
	case m.DeliveredAt != nil:
		return m.Say("feedback.receipt.delivered")
	default:
		return m.Say("feedback.receipt.sent")
	}
}

func messagesOf(h head, sent []feedback.Feedback) []message {
	list := make([]message, len(sent))
	for i, f := range sent {
		list[i] = message{h.Words, f, h.zone}
	}
	return list
}

// openings are ways to start a message: an observation, its meaning, a question. They are in the patient's language.
var openings = []string{
	"feedback.opening.often", "feedback.opening.harder", "feedback.opening.pain", "feedback.opening.module",
}

// Openings returns them in the language of the patient, who will read the message.
func (p patientView) Openings() []string {
	list := make([]string, len(openings))
	for i, o := range openings {
		list[i] = p.Row.Patient.Language.Say(o)
	}
	return list
}

// sendFeedback sends a message. If the contract refuses it, the form is shown again with the text.
func (s *site) sendFeedback(r *request) error {
	patient, message, text := r.patient(), r.FormValue("id"), r.text("text")
	err := s.parts.Contract.Check(
		access.SendFeedback, fields{"id": message, "about": string(feedback.AboutProgram), "text": text},
	)
	if err == nil {
		_, _, err = s.parts.Feedback.Send(
			r.ctx, r.viewer, patient, feedback.New{ID: id.Feedback(message), About: feedback.AboutProgram, Text: text},
		)
	}
	return r.answerForm(err, "feedback", pathOf(patient)+"#feedback", func() error { return s.patient(r) })
}

// Moment formats the day of a moment, in the patient's zone.
func (w Words) Moment(t time.Time, zone *time.Location) string {
	return w.Weekday(localtime.DateOf(t.In(zone)))
}
