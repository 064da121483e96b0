// Package web is the therapist's dashboard: pages made on the server, which work without scripts.
//
// It promises that a page uses the same services as the API and can do nothing the API cannot: every page has a row in the table
// below that names the operation whose rule decides who may see it. No page is kept by a cache, shows another host's content or
// runs a script of anybody's; what is written there is escaped by html/template. A browser is signed in by a cookie that scripts
// cannot read and other sites cannot send, and whoever changes something proves that the form was one of ours.
package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/gofiber/fiber/v2"

	"cadans/api"
	"cadans/internal/access"
	"cadans/internal/auth"
	"cadans/internal/caseload"
	"cadans/internal/fault"
	"cadans/internal/feedback"
	"cadans/internal/people"
)

// deadline is how long a page may take.
const deadline = 5 * time.Second

// Parts is what the pages show.
type Parts struct {
	Log      *slog.Logger
	Contract *api.Contract
	ClientIP func(*fiber.Ctx) string
	Auth     *auth.Service
	Caseload *caseload.Service
	Feedback *feedback.Service
}

// page is one row: a path, and the operation whose rule says who may see it. Without one it is open to everybody.
type page struct {
	method, path string
	operation    access.Operation
	answer       func(*site, *request) error
}

var pages = []page{
	{http.MethodGet, "/", access.GetCaseload, (*site).home},
	{http.MethodGet, "/sign-in", "", (*site).signInForm},
	{http.MethodPost, "/sign-in", "", (*site).signIn},
	{http.MethodPost, "/sign-out", "logOut", (*site).signOut},
	{http.MethodPost, "/appearance", "", (*site).appearance},
	{http.MethodGet, "/caseload", access.GetCaseload, (*site).caseload},
	{http.MethodGet, "/patients/:patient_id", access.GetPatientSummary, (*site).patient},
	{http.MethodPost, "/patients/:patient_id/feedback", access.SendFeedback, (*site).sendFeedback},
}

type site struct{ parts Parts }

// Mount adds the pages to an application. It fails when a page names no operation of the rule table.
func Mount(app *fiber.App, p Parts) error {
	s := &site{parts: p}
	for _, pg := range pages {
		if pg.operation != "" && !access.HasRule(pg.operation) {
			return fmt.Errorf("web: %s %s has no row in the rule table", pg.method, pg.path)
		}
		app.Add(pg.method, pg.path, func(c *fiber.Ctx) error { return s.serve(c, pg) })
	}
	app.Get(stylePath, func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable") // its name changes with its content
		c.Set(fiber.HeaderContentType, "text/css; charset=utf-8")
		return c.Send(style)
	})
	return nil
}

// request is one page being made.
type request struct {
	*fiber.Ctx
	ctx      context.Context
	viewer   access.Viewer
	language people.Language
	theme    string
	cookie   string
	back     string // the page that a reader is on, where the answer to a form is not one
}

// serve lets a request through to its page: known reader, allowed role, a form of ours, bounded time.
func (s *site) serve(c *fiber.Ctx, pg page) error {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	r := &request{Ctx: c, ctx: ctx, language: languageOf(c), theme: themeOf(c), cookie: c.Cookies(sessionCookie), back: c.Path()}
	r.headers()
	api.Label(c, "page "+pg.method+" "+pg.path)
	err := s.enter(r, pg)
	if err == nil {
		err = pg.answer(s, r)
	}
	if fault.Is(err, fault.Unauthenticated) && pg.operation != "" {
		return r.Redirect("/sign-in", http.StatusSeeOther)
	}
	if err != nil {
		return s.trouble(r, err)
	}
	return nil
}

func (s *site) enter(r *request, pg page) (err error) {
	if pg.method == http.MethodPost && !r.isOurs(pg.operation != "") {
		return errForeignForm
	}
	if pg.operation == "" {
		return nil
	}
	if r.viewer, err = s.parts.Auth.SignedIn(r.ctx, r.cookie); err != nil {
		return err
	}
	return access.Enter(r.viewer, pg.operation)
}

func (r *request) headers() {
	r.Set(fiber.HeaderCacheControl, "no-store")
	r.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	r.Set("Cross-Origin-Opener-Policy", "same-origin")
	r.Set("Cross-Origin-Resource-Policy", "same-origin")
	r.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	r.Vary(fiber.HeaderAcceptLanguage, fiber.HeaderCookie)
}

// trouble says what happened, what to do, and under which number it stands in the log.
func (s *site) trouble(r *request, err error) error {
	status, title, detail := api.Explained(err, r.language)
	if status >= http.StatusInternalServerError {
		s.parts.Log.Error("page failed", "request_id", api.RequestOf(r.Ctx), "error", err)
	}
	r.Status(status)
	return r.show("trouble", title, trouble{Detail: detail, Request: api.RequestOf(r.Ctx)})
}

type trouble struct{ Detail, Request string }

func (s *site) home(r *request) error { return r.Redirect("/caseload", http.StatusSeeOther) }
