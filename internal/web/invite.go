package web

import (
	"fmt"
	"strings"

	"github.com/skip2/go-qrcode"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/auth"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
)

// newPatientView is the form that registers a patient.
type newPatientView struct {
	Words
	attempt
	Form string
}

func (s *site) newPatient(r *request) error {
	v := newPatientView{r.words(), r.attempt, r.formToken()}
	return r.show("newpatient", v.Say("patient.register.title"), v)
}

// createPatient registers a patient; the next page creates the invite.
func (s *site) createPatient(r *request) error {
	f := fields{
		"id": r.FormValue("id"), "name": strings.TrimSpace(r.FormValue("name")), "language": r.FormValue("language"),
		"time_zone": r.FormValue("time_zone"), "complaint": r.FormValue("complaint"),
	}.number("birth_year", r.FormValue("birth_year"))
	patient := id.Patient(r.FormValue("id"))
	err := s.parts.Contract.Check("createPatient", f)
	if err == nil {
		_, _, err = s.parts.People.CreatePatient(r.ctx, r.viewer, people.NewPatient{
			ID:        patient,
			Name:      f["name"].(string),
			BirthYear: f.whole("birth_year"),
			Complaint: people.Complaint(r.FormValue("complaint")),
			Language:  people.Language(r.FormValue("language")),
			Zone:      r.FormValue("time_zone"),
		})
	}
	return r.answerForm(
		err, "patient", pathOf(patient)+"/invite", func() error { r.back = "/patients/new"; return s.newPatient(r) },
	)
}

// inviteView is an invite for the patient's phone; without a code it shows the button that creates one.
type inviteView struct {
	head
	Pairing auth.Pairing
	QR      qr
}

// Days is for how long an invite works.
func (inviteView) Days() int { return auth.InviteDays }

func (s *site) invite(r *request) error {
	h, err := s.headOf(r, "")
	if err != nil {
		return err
	}
	return r.show("invite", h.Person.Name, inviteView{head: h})
}

// makeInvite answers with the sheet itself, because the code appears only here and is not stored. Reloading shows the
// same code.
func (s *site) makeInvite(r *request) error {
	h, err := s.headOf(r, "")
	if err != nil {
		return err
	}
	body := fields{"id": r.FormValue("id"), "patient_id": string(r.patient())}
	if err := s.parts.Contract.Check(access.CreatePairing, body); err != nil {
		return err
	}
	v := inviteView{head: h}
	v.Pairing, _, err = s.parts.Auth.Invite(r.ctx, r.viewer, id.Pairing(r.FormValue("id")), r.patient())
	if err != nil {
		return err
	}
	if v.QR, err = qrOf(v.Pairing.QRPayload); err != nil {
		return err
	}
	r.back = pathOf(r.patient()) + "/invite"
	return r.show("invite", h.Person.Name, v)
}

// In returns a text of the sheet in the patient's language, because the patient takes it home.
func (v inviteView) In(key string, args ...any) string { return v.Person.Language.Say(key, args...) }

// Until is the day on which the code expires.
func (v inviteView) Until() string {
	return v.Person.Language.LongDate(dayOfMoment(v.Pairing.ExpiresAt, v.zone))
}

// qr is a QR code as one SVG path, which prints sharply.
type qr struct {
	Path string
	Size int
}

func qrOf(payload string) (qr, error) {
	code, err := qrcode.New(payload, qrcode.Medium)
	if err != nil {
		return qr{}, fmt.Errorf("web: QR code: %w", err)
	}
	dots := code.Bitmap()
	var path strings.Builder
	for y, row := range dots {
		for x, dark := range row {
			if dark {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x, y)
			}
		}
	}
	return qr{path.String(), len(dots)}, nil
}

// phone is what the QR image of an invite opens on a phone without the app. The secret stands behind the #, so that it
// does not reach the server; the page needs none.
func (s *site) phone(r *request) error { return r.show("phone", r.language.Say("phone.title"), nil) }
