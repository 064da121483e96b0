// Package door is what requests pass before a handler, and what operations and pages share: texts of errors, event
// streams, files.
//
// Every request, also of a page, is shed when there are too many, gets an id and headers, and ends in a line of the log
// rather than a panic. It promises of operations that a handler sees a request only after it was checked against
// openapi.yaml and its role against the rule table of package access, that every error leaves as RFC 9457 and says no
// more than a fixed text, and that answers about people are never kept by caches. Pages are signed in and checked by
// package web. Door holds no handler of an operation.
package door

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/gofiber/fiber/v2"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/admission"
	"cadans/internal/kernel/audit"
	"cadans/internal/kernel/auth"
	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
)

// Limits of the HTTP surface.
const (
	bodyLimit   = 64 << 10
	headerLimit = 16 << 10 // a long token and cookies do not fit Fiber's 4 KiB
	deadline    = 5 * time.Second
)

// epochHeader is where a phone sees that what it was told is stored may be missing.
const epochHeader = "Database-Epoch"

// Metrics counts requests by operation.
type Metrics interface {
	Request(operation string, status int, took time.Duration)
}

// Parts is what the door needs.
type Parts struct {
	Auth        *auth.Service
	Audit       *audit.Service
	Contract    *Contract
	Log         *slog.Logger
	Clock       clock.Clock
	Metrics     Metrics
	Limiter     *admission.Limiter // made for KindsOf the contract
	Probes      Probes
	Epoch       func() database.Epoch
	ClientIP    func(*fiber.Ctx) string
	Timeouts    Timeouts
	Failures    *Failures
	Connections int // open at once; zero for as many as the HTTP server likes
}

// Door lets requests in.
type Door struct{ parts Parts }

// Open returns an application that lets requests through to the operations of the contract; their handlers are still
// to be registered. Everybody may read the contract, its documentation and the probes.
func Open(p Parts) (*Door, *fiber.App) {
	p.Timeouts = p.Timeouts.orUsual()
	d := &Door{p}
	app := fiber.New(fiber.Config{
		AppName:               "cadans",
		DisableStartupMessage: true,
		Immutable:             true, // or a kept path parameter becomes the next patient's
		StrictRouting:         true,
		CaseSensitive:         true,
		BodyLimit:             bodyLimit,
		Concurrency:           p.Connections,
		ReadBufferSize:        headerLimit,
		ReadTimeout:           p.Timeouts.Read,
		WriteTimeout:          p.Timeouts.Write,
		IdleTimeout:           p.Timeouts.Idle,
		ErrorHandler:          d.problem,
	})
	app.Server().HeaderReceived = d.room
	app.Server().Handler = newGate(p, app.Server().Handler).handle
	app.Use(d.envelope)
	d.public(app)
	for _, o := range p.Contract.operations {
		d.guard(app, o)
	}
	return d, app
}

// guard puts the checks of an operation in front of its generated handler. Fiber answers HEAD where GET is registered,
// so the guard stands there too.
func (d *Door) guard(app *fiber.App, o operation) {
	enter := func(c *fiber.Ctx) error { return d.enter(c, o) }
	if o.isGet() {
		app.Get(o.path, enter).Name(string(o.id))
		return
	}
	app.Add(o.method, o.path, enter).Name(string(o.id))
}

// CheckRoutes refuses to start with a route of those registered so far that no guard stands before. Package web checks
// its pages itself.
func (d *Door) CheckRoutes(app *fiber.App) error {
	guarded := map[string]bool{}
	for _, o := range d.parts.Contract.operations {
		guarded[o.method+" "+o.path] = true
		if o.isGet() {
			guarded["HEAD "+o.path] = true
		}
	}
	for _, route := range app.GetRoutes(true) {
		if !guarded[route.Method+" "+route.Path] && !access.IsPublicPath(route.Path) {
			return fmt.Errorf("door: %s %s has no row in the rule table", route.Method, route.Path)
		}
	}
	return nil
}

// enter lets a request through to its operation: known caller, allowed role, valid input, bounded time.
func (d *Door) enter(c *fiber.Ctx, o operation) error {
	c.Locals(operationKey, string(o.id))
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	viewer, err := d.viewer(ctx, c, o.id)
	if err != nil {
		return err
	}
	viewer, trail := audit.Follow(viewer, o.id, RequestOf(c))
	err = d.answer(ctx, c, o, viewer)
	if viewer.Role == access.Patient { // last, as it may have begun meanwhile
		c.Set(epochHeader, d.parts.Epoch().ID)
	}
	if unlogged := d.parts.Audit.End(ctx, trail, err); unlogged != nil {
		return unlogged // nothing about a patient leaves without its row
	}
	return err
}

func (d *Door) answer(ctx context.Context, c *fiber.Ctx, o operation, viewer access.Viewer) error {
	if err := access.Enter(viewer, o.id); err != nil {
		return err
	}
	if err := o.validate(c); err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.SetUserContext(withCaller(ctx, caller{viewer: viewer, language: AcceptLanguage(c), address: d.parts.ClientIP(c)}))
	return c.Next()
}

// envelope is around every request that is let in: an id, headers, a line in the log, and no panic beyond it.
func (d *Door) envelope(c *fiber.Ctx) (err error) {
	started := d.parts.Clock.Now()
	c.Locals(requestKey, requestID(c.Get(fiber.HeaderXRequestID)))
	setHeaders(c.Set, d.parts.Contract.document.Info.Version, RequestOf(c))
	if err = d.recovered(c); err != nil {
		err = d.problem(c, err) // now, or the log and the metrics would say 200
	}
	d.finished(c, d.parts.Clock.Now().Sub(started))
	return err
}

func (d *Door) recovered(c *fiber.Ctx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fault.New(fault.Internal, "internal", fmt.Sprintf("panic: %v", p))
		}
	}()
	return c.Next()
}

const contentPolicy = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; " +
	"form-action 'none'"

// setHeaders are those of every answer.
func setHeaders(set func(name, value string), version, request string) {
	set("API-Version", version)
	set(fiber.HeaderXRequestID, request)
	set(fiber.HeaderXContentTypeOptions, "nosniff")
	set(fiber.HeaderXFrameOptions, "DENY")
	set(fiber.HeaderReferrerPolicy, "no-referrer")
	set(fiber.HeaderContentSecurityPolicy, contentPolicy)
	set(fiber.HeaderStrictTransportSecurity, "max-age=31536000; includeSubDomains")
}

// operationOf is what was asked for, as logs and metrics name it: never the URL, as an id in a log is a trace of a
// person.
func operationOf(c *fiber.Ctx) string {
	if operation, _ := c.Locals(operationKey).(string); operation != "" {
		return operation
	}
	return "other"
}

func (d *Door) finished(c *fiber.Ctx, took time.Duration) {
	status, operation := c.Response().StatusCode(), operationOf(c)
	d.parts.Metrics.Request(operation, status, took)
	d.parts.Log.Log(context.Background(), logLevel(status), "request", "request_id", RequestOf(c), "operation",
		operation, "status", status, "ms", took.Milliseconds())
}
