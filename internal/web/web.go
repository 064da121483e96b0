// Package web is the therapist's dashboard: pages rendered on the server, which work without scripts.
//
// A page uses the same services as the API and can do nothing that the API cannot: every page has a row in the table
// below with the operation whose rule decides who may see it. Caches never keep a page. A page shows no content from
// other hosts and runs only our own script, without which it also works; html/template escapes all content. A cookie
// that scripts cannot read and other sites cannot send keeps a browser signed in, and every form that changes something
// proves that it is ours.
package web

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/gofiber/fiber/v2"

	"cadans/api/door"
	"cadans/api/services"
	"cadans/internal/kernel/access"
	"cadans/internal/kernel/audit"
	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/loss"
	"cadans/internal/record/exercise"
	"cadans/internal/record/people"
	"cadans/internal/rules/reminder"
)

// deadline is the maximum duration of a page's request.
const deadline = 5 * time.Second

// Parts holds the dependencies of the pages.
type Parts struct {
	services.Set
	Log      *slog.Logger
	Clock    clock.Clock
	Contract *door.Contract
	ClientIP func(*fiber.Ctx) string
	Push     func() reminder.Status // status of the push service
	Streams  door.Streams
	Timeouts door.Timeouts
	Losses   *loss.Service
	Failures *door.Failures
}

// page is one row: a path, and the operation whose rule decides who may see it. Without an operation it is public.
type page struct {
	method, path string
	operation    access.Operation
	answer       func(*site, *request) error
}

var pages = []page{
	{http.MethodGet, "/", access.GetCaseload, (*site).home},
	{http.MethodGet, "/sign-in", "", (*site).signInForm},
	{http.MethodPost, "/sign-in", "", (*site).signIn},
	{http.MethodGet, "/sign-in/code", "", (*site).codeForm},
	{http.MethodPost, "/sign-in/code", "", (*site).proveCode},
	{http.MethodGet, "/p", "", (*site).phone},
	{http.MethodGet, "/setup", "", (*site).setupForm},
	{http.MethodPost, "/setup", "", (*site).setUp},
	{http.MethodPost, "/sign-out", "logOut", (*site).signOut},
	{http.MethodPost, "/appearance", "", (*site).appearance},

	{http.MethodGet, "/caseload", access.GetCaseload, (*site).caseload},
	{http.MethodPost, "/caseload", access.GetCaseload, (*site).find}, // POST keeps the searched name out of URLs
	{http.MethodGet, "/alerts", access.ListAlerts, (*site).alerts},
	{http.MethodPost, "/alerts/acknowledgements", access.AcknowledgeAlerts, (*site).acknowledgeAlerts},
	{http.MethodPost, "/alerts/:alert_id/snoozes", access.SnoozeAlert, (*site).snoozeAlert},
	{http.MethodPost, "/alerts/:alert_id/reopenings", access.ReopenAlert, (*site).reopenAlert},
	{http.MethodPost, "/alerts/:alert_id/resolutions", access.ResolveAlert, (*site).resolveAlert},

	{http.MethodGet, "/patients/new", access.GetPracticeSettings, (*site).newPatient},
	{http.MethodPost, "/patients", "createPatient", (*site).createPatient},
	{http.MethodGet, "/patients/:patient_id", access.GetPatientSummary, (*site).patient},
	{http.MethodPost, "/patients/:patient_id/feedback", access.SendFeedback, (*site).sendFeedback},
	{http.MethodPost, "/patients/:patient_id/visits", access.RecordVisit, (*site).recordVisit},
	{http.MethodPost, "/patients/:patient_id/safety-reports/:report_id", access.DecideSafetyReport,
		(*site).decideSafety},
	{http.MethodPost, "/patients/:patient_id/progressions/:progression_id", access.DecideProgression,
		(*site).decideProgression},
	{http.MethodPost, "/patients/:patient_id/change-requests/:request_id", access.CloseChangeRequest,
		(*site).closeWish},
	{http.MethodGet, "/patients/:patient_id/invite", access.GetPatient, (*site).invite},
	{http.MethodPost, "/patients/:patient_id/invite", access.CreatePairing, (*site).makeInvite},
	{http.MethodGet, "/patients/:patient_id/letter", access.GetPatientBrief, (*site).letter},

	{http.MethodGet, "/patients/:patient_id/program", access.ListProgramVersions, (*site).program},
	{http.MethodPost, "/patients/:patient_id/program/adjustments", access.AdjustProgram, (*site).adjust},
	{http.MethodPost, "/patients/:patient_id/program/versions/:version_id/withdrawal", access.WithdrawProgramVersion,
		(*site).withdraw},
	{http.MethodPost, "/patients/:patient_id/program/pauses", access.PausePatientProgram, (*site).pause},
	{http.MethodPost, "/patients/:patient_id/program/pauses/:pause_id", access.EndPatientPause, (*site).endPause},
	{http.MethodGet, "/patients/:patient_id/program/draft", access.GetProgramDraft, (*site).draft},
	{http.MethodPost, "/patients/:patient_id/program/draft", access.SaveProgramDraft, (*site).saveDraft},
	{http.MethodPost, "/patients/:patient_id/program/draft/discard", access.DiscardProgramDraft, (*site).discardDraft},
	{http.MethodPost, "/patients/:patient_id/program/draft/rebase", access.SaveProgramDraft, (*site).startOver},
	{http.MethodPost, "/patients/:patient_id/program/draft/publish", access.PublishProgramDraft, (*site).publishDraft},
	{http.MethodGet, "/patients/:patient_id/proposals", access.ListProposals, (*site).proposals},
	{http.MethodPost, "/patients/:patient_id/proposals", access.ProposeProgram, (*site).propose},
	{http.MethodPost, "/patients/:patient_id/proposals/:proposal_id", access.DecideProposal, (*site).decideProposal},

	{http.MethodGet, "/patients/:patient_id/sessions", access.ListPatientSessions, (*site).sessions},
	{http.MethodGet, "/patients/:patient_id/modules", access.ListPatientModules, (*site).modules},
	{http.MethodPost, "/patients/:patient_id/modules/:module_number", access.AnswerModule, (*site).answerModule},
	{http.MethodGet, "/patients/:patient_id/questionnaires", access.ListScores, (*site).questionnaires},
	{http.MethodGet, "/patients/:patient_id/activity", access.ListPatientActivity, (*site).activity},

	{http.MethodGet, "/patients/:patient_id/notes", access.ListPatientSessions, (*site).notes},
	{http.MethodGet, "/patients/:patient_id/access-log", access.ListPatientAccess, (*site).patientAccess},

	{http.MethodGet, "/library", "listExercises", (*site).library},
	{http.MethodPost, "/library", "saveExercise", (*site).saveExercise},
	{http.MethodGet, "/library/new", access.ListExercises, (*site).newExercise},
	{http.MethodGet, "/library/media/:media_hash", "getMedia", (*site).media},
	{http.MethodPost, "/library/:slug/media", "addMedia", (*site).addMedia},
	{http.MethodPost, "/library/:slug/media/removal", "saveExercise", (*site).removeMedia},
	{http.MethodGet, "/library/:slug", "getExercise", (*site).exercise},
	{http.MethodGet, "/library/:slug/edit", "getOwnExercise", (*site).editExercise},
	{http.MethodPost, "/library/:slug", "saveExercise", (*site).saveExercise},
	{http.MethodPost, "/library/:slug/archive", "archiveExercise", (*site).archiveExercise},
	{http.MethodGet, "/practice", access.GetPracticeMetrics, (*site).practice},
	{http.MethodGet, "/practice/members", "listMembers", (*site).members},
	{http.MethodPost, "/practice/members", "createMember", (*site).addMember},
	{http.MethodGet, "/practice/settings", "getPracticeSettings", (*site).settings},
	{http.MethodPost, "/practice/settings", "putPracticeSettings", (*site).saveSettings},
	{http.MethodGet, "/practice/audit", access.ListAuditEvents, (*site).audit},
	{http.MethodGet, "/help", "getMe", (*site).help},
	{http.MethodGet, "/stay", "getMe", (*site).stay},
	{http.MethodPost, "/loss/dismissal", "getMe", (*site).dismissLoss},
	{http.MethodGet, livePath, access.StreamEvents, (*site).news},
}

// Page is what others may know of a row: what looks at every page asks here which there are.
type Page struct {
	Method, Path string
	Operation    access.Operation
}

// Pages are the rows of the table.
func Pages() (list []Page) {
	for _, p := range pages {
		list = append(list, Page{p.method, p.path, p.operation})
	}
	return list
}

type site struct {
	parts    Parts
	readable []string // the paths of pages for members only
	failures *door.Failures
}

// Mount adds the pages to an application. It fails if a page's operation is not in the rule table.
func Mount(app *fiber.App, p Parts) error {
	s := &site{parts: p, failures: p.Failures}
	for _, pg := range pages {
		if pg.operation != "" && !access.HasRule(pg.operation) {
			return fmt.Errorf("web: %s %s has no row in the rule table", pg.method, pg.path)
		}
		if pg.method == http.MethodGet && pg.operation != "" {
			s.readable = append(s.readable, pg.path)
		}
		app.Add(pg.method, pg.path, func(c *fiber.Ctx) error { return s.serve(c, pg) })
	}
	s.hasRoom(app)
	asset(app, stylePath, "text/css; charset=utf-8", style)
	asset(app, scriptPath, "text/javascript; charset=utf-8", script)
	app.Use(s.missing)
	return nil
}

// asset serves a file whose path changes with its content.
func asset(app *fiber.App, path, kind string, content []byte) {
	app.Get(path, func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
		c.Set(fiber.HeaderContentType, kind)
		return c.Send(content)
	})
}

// request is the request for one page.
type request struct {
	*fiber.Ctx
	ctx      context.Context
	viewer   access.Viewer
	language people.Language
	theme    string
	cookie   string
	library  *exercise.Library
	trail    *audit.Trail
	attempt  attempt // the refused form, if this request shows its page again
	year     int     // the reader's, for dates of other years
	live     string  // the topic of events that the page listens to
	push     func() reminder.Status
	losses   *loss.Service
	log      *slog.Logger
	back     string // the page that the reader is on, if this request is a form
}

// request returns the request, with the data that every page needs.
func (s *site) request(c *fiber.Ctx, ctx context.Context) *request {
	r := &request{
		Ctx: c, ctx: ctx, language: languageOf(c), theme: themeOf(c), cookie: c.Cookies(sessionCookie),
		library: s.parts.Library, back: c.OriginalURL(), push: s.parts.Push,
		losses: s.parts.Losses, log: s.parts.Log, year: s.parts.Clock.Now().Year(),
	}
	r.headers()
	return r
}

// serve admits a request to its page after checking reader, role and form, and sets its deadline.
func (s *site) serve(c *fiber.Ctx, pg page) error {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	r := s.request(c, ctx)
	door.Label(c, "page "+pg.method+" "+pg.path)
	err := s.enter(r, pg)
	if err == nil {
		err = pg.answer(s, r)
	}
	if unlogged := s.parts.Audit.End(ctx, r.trail, cmp.Or(r.attempt.err, err)); unlogged != nil {
		err = unlogged
	}
	if fault.Is(err, fault.Unauthenticated) && pg.operation != "" {
		s.rememberPage(r)
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
	signedIn := s.parts.Auth.SignedIn
	if pg.path == livePath {
		signedIn = s.parts.Auth.StillSignedIn
	}
	if r.viewer, err = signedIn(r.ctx, r.cookie); err != nil {
		return err
	}
	r.viewer, r.trail = audit.Follow(r.viewer, pg.operation, door.RequestOf(r.Ctx))
	return access.Enter(r.viewer, pg.operation)
}

func (r *request) headers() {
	r.Set(fiber.HeaderCacheControl, "no-store")
	r.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; style-src 'self'; script-src 'self'; "+
		"connect-src 'self'; img-src 'self' data:; media-src 'self'; form-action 'self'; base-uri 'none'; "+
		"frame-ancestors 'none'")
	r.Set("Cross-Origin-Opener-Policy", "same-origin")
	r.Set("Cross-Origin-Resource-Policy", "same-origin")
	r.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	r.Vary(fiber.HeaderAcceptLanguage, fiber.HeaderCookie)
}

// trouble shows what happened, what to do, and the number of the log entry.
func (s *site) trouble(r *request, err error) error {
	status, title, detail := door.Explained(err, r.language)
	if fault.Is(err, fault.Invalid) {
		detail = door.FieldsExplained(err, r.language)
	}
	r.attempt = attempt{}
	s.failures.Note(r.Ctx, err)
	if fault.Is(err, fault.Transient) {
		door.SetRetryAfter(r.Ctx)
	}
	r.Status(status)
	return r.show("trouble", title, trouble{Detail: detail, Request: door.RequestOf(r.Ctx)})
}

type trouble struct{ Detail, Request string }

func (s *site) home(r *request) error { return r.Redirect("/caseload", http.StatusSeeOther) }
