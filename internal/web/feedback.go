package web

import (
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/id"
	"cadans/internal/record/feedback"
	"cadans/pkg/localtime"
)

// messagesShown is how many messages a patient's page shows.
const messagesShown = 5

// message is one that was sent.
type message struct {
	Words
	feedback.Feedback
	zone *time.Location
}

// Sent says when, in the reader's words.
func (m message) Sent() string { return m.Moment(m.SentAt, m.zone) }

// Receipt says what became of it.
func (m message) Receipt() string {
	switch {
	case m.OpenedAt != nil:
		return m.Say("geopend op ", "opened on ") + m.Moment(*m.OpenedAt, m.zone)
	case m.DeliveredAt != nil:
		return m.Say("aangekomen, nog niet geopend", "arrived, not opened yet")
	default:
		return m.Say("nog niet aangekomen", "not arrived yet")
	}
}

func (s *site) messages(r *request, patient id.Patient, zone *time.Location) ([]message, error) {
	sent, err := s.parts.Feedback.List(r.ctx, r.viewer, patient, feedback.Page{Limit: messagesShown})
	list := make([]message, len(sent))
	for i, f := range sent {
		list[i] = message{r.words(), f, zone}
	}
	return list, err
}

// openings are ways to begin a message: what was seen, what it means, a question. They
// are written in the patient's language.
var openings = [][2]string{
	{"Ik zie dat u uw oefeningen vaak heeft gedaan. Dat past bij ons plan. Wat hielp u deze week?",
		"I see that you did your exercises often. That fits our plan. What helped you this week?"},
	{"Ik zie dat het deze week minder lukte. Dat hoort erbij. Wat zou u helpen: korter, een ander moment, " +
		"of iets anders?",
		"I see that it was harder this week. That happens. What would help: shorter, another moment, or something " +
			"else?"},
	{"U gaf meer pijn aan. Dat zakt vaak weer. Doe gerust de lichte versie. Hoe gaat het nu?",
		"You reported more pain. It often settles. Feel free to do the light version. How is it now?"},
	{"Dank voor uw antwoord bij de module. Wat neemt u hieruit mee voor deze week?",
		"Thank you for your answer to the module. What do you take from it for this week?"},
}

// Openings are templates in the language of the patient who will read them.
func (p patientView) Openings() []string {
	list := make([]string, len(openings))
	for i, o := range openings {
		list[i] = p.Row.Patient.Language.Pick(o[0], o[1])
	}
	return list
}

// sendFeedback sends a message. What the contract refuses gets the form again, with the text kept.
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
	return r.again(err, "feedback", pathOf(patient)+"#feedback", func() error { return s.patient(r) })
}

// Moment writes the day of a moment, in the zone where the patient is.
func (w Words) Moment(t time.Time, zone *time.Location) string {
	return w.Weekday(localtime.DateOf(t.In(zone)))
}
