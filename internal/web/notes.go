package web

import (
	"cmp"
	"slices"
	"time"

	"cadans/internal/record/session"
)

// notesShown is how many sessions the page searches for notes.
const notesShown = 100

// notesView shows what the patient wrote, latest first.
type notesView struct {
	head
	Notes []patientNote
}

// patientNote is one text and its subject.
type patientNote struct {
	At          time.Time
	About, Text string
}

func (s *site) notes(r *request) error {
	h, err := s.headOf(r, "/notes")
	if err != nil {
		return err
	}
	v := notesView{head: h}
	sessions, err := s.parts.Sessions.List(r.ctx, r.viewer, r.patient(), session.Filter{Limit: notesShown})
	if err != nil {
		return err
	}
	for _, one := range sessions {
		v.add(one.PerformedAt, v.Say("notes.about.session"), one.Note)
		for _, later := range one.Corrections {
			v.add(later.WrittenAt, v.Say("notes.about.correction"), later.Text)
		}
	}
	wishes, err := s.parts.Wishes.List(r.ctx, r.viewer, r.patient())
	if err != nil {
		return err
	}
	for _, w := range wishes {
		v.add(w.ReceivedAt, v.Say("notes.about.wish", "wish", w.Reason.In(v.Language)), w.Note)
	}
	sum, err := s.parts.Caseload.Summary(r.ctx, r.viewer, r.patient(), r.language)
	if err != nil {
		return err
	}
	for _, b := range sum.Barriers {
		v.add(b.ReceivedAt, v.Say("notes.about.barrier", "barrier", b.Barrier.In(v.Language)), b.Note)
	}
	slices.SortStableFunc(
		v.Notes, func(a, b patientNote) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Text, b.Text)) },
	)
	return r.show("notes", h.Person.Name, v)
}

func (v *notesView) add(at time.Time, about, text string) {
	if text != "" {
		v.Notes = append(v.Notes, patientNote{at, about, text})
	}
}
