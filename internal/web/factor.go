package web

import (
	"errors"
	"net/url"
	"strings"

	"cadans/api/door"
	"cadans/internal/kernel/access"
	"cadans/internal/kernel/auth"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
)

// codeView asks for the second factor, or shows how to set it up.
type codeView struct {
	Words
	Form   string
	QR     qr     // of an app that has to be set up; empty if there is one
	Secret string // the same, for typing
}

func (s *site) codeForm(r *request) error {
	p, err := s.parts.Auth.Proving(r.ctx, r.cookie)
	if err != nil {
		return r.toSignIn(err)
	}
	v := codeView{Words: r.words(), Form: r.formToken()}
	if p.Step == auth.NeedsApp {
		if v.QR, err = qrOf(p.URI); err != nil {
			return err
		}
		v.Secret = secretIn(p.URI)
	}
	r.back = "/sign-in/code"
	return r.show("code", v.Say("code.page"), v)
}

// secretIn returns the secret in an app's URI in groups of four, for typing.
func secretIn(uri string) string {
	u, err := url.Parse(uri)
	if err != nil {
		return ""
	}
	var groups []string
	for secret := u.Query().Get("secret"); secret != ""; {
		n := min(4, len(secret))
		groups, secret = append(groups, secret[:n]), secret[n:]
	}
	return strings.Join(groups, " ")
}

// proveCode completes the sign-in with a code. A member who has just set up an app sees the recovery codes, this once.
func (s *site) proveCode(r *request) error {
	if !r.hasFormToken() {
		return errForeignForm
	}
	cookie, recovery, err := s.parts.Auth.Prove(r.ctx, r.cookie, strings.TrimSpace(r.FormValue("code")))
	switch {
	case errors.Is(err, auth.ErrWrongCode), fault.Is(err, fault.TooMany):
		status, _, detail := door.Explained(err, r.language)
		r.Status(status)
		r.refuse(err, "code", mistake{[]string{"/code"}, detail})
		return s.codeForm(r)
	case err != nil:
		return r.toSignIn(err)
	}
	r.setSession(cookie, 0)
	if len(recovery) == 0 {
		return r.backTo(s.next(r))
	}
	return r.show("recovery", r.words().Say("recovery.page"), recovery)
}

// toSignIn starts over if a sign-in took too long.
func (r *request) toSignIn(err error) error {
	if fault.Is(err, fault.Unauthenticated) {
		return r.backTo("/sign-in")
	}
	return err
}

// setupView is the form that creates the first practice.
type setupView struct {
	Words
	attempt
	Key string
}

func (s *site) setupForm(r *request) error {
	v := setupView{r.words(), r.attempt, r.Query("key")}
	if v.Key == "" {
		v.Key = r.FormValue("key")
	}
	return r.show("setup", v.Say("setup.title"), v)
}

// setUp creates the first practice and its admin for the holder of the set-up link. The admin then signs in as usual.
func (s *site) setUp(r *request) error {
	name, admin := strings.TrimSpace(r.FormValue("practice")), people.NewMember{
		ID:       id.Member(id.New()),
		Name:     strings.TrimSpace(r.FormValue("name")),
		Email:    strings.TrimSpace(r.FormValue("email")),
		Password: r.FormValue("password"),
		Role:     access.Admin,
	}
	err := s.parts.Contract.CheckPractice(name, admin)
	if err == nil {
		err = s.parts.Founding.SetUp(r.ctx, r.FormValue("key"), id.Practice(id.New()), name, admin)
	}
	return r.answerForm(err, "setup", "/sign-in", func() error { r.back = "/sign-in"; return s.setupForm(r) })
}
