// Package door holds what requests pass before a handler, and what operations and pages share: error texts, event
// streams, files.
//
// Every request, including one for a page, is refused when there are too many, gets an id and headers, and ends in a
// log line rather than a panic. A handler sees an operation's request only after the request was validated against
// openapi.yaml and the caller's role against the rule table of package access. Every error leaves as RFC 9457 with a
// fixed text, and caches never keep answers about people. Package web signs in the callers of pages and checks their
// roles. Door contains no handler of an operation.
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
	headerLimit = 16 << 10 // a long token and cookies exceed Fiber's 4 KiB
	deadline    = 5 * time.Second
)

// epochHeader tells a phone which epoch of the database answered. A new epoch means that stored data may be missing.
const epochHeader = "Database-Epoch"

// Metrics counts requests by operation.
type Metrics interface {
	Request(operation string, status int, took time.Duration)
}

// Parts holds the dependencies of the door.
type Parts struct {
	Auth        *auth.Service
	Audit       *audit.Service
	Contract    *Contract
	Listener    Listener
	Log         *slog.Logger
	Clock       clock.Clock
	Metrics     Metrics
	Limiter     *admission.Limiter // made for KindsOf this contract
	Probes      Probes
	Epoch       func() database.Epoch
	ClientIP    func(*fiber.Ctx) string
	Timeouts    Timeouts
	Failures    *Failures
	Connections int // maximum open connections; zero uses the HTTP server's default
}

// Door admits requests.
type Door struct{ parts Parts }

// Open returns an application that admits requests to the operations of the contract; their handlers must still be
// registered. The contract, its documentation and the probes are public.
func Open(p Parts) (*Door, *fiber.App) {
	p.Timeouts = p.Timeouts.orUsual()
	d := &Door{p}
	app := fiber.New(fiber.Config{
		AppName:               "cadans",
		DisableStartupMessage: true,
		Immutable:             true, // otherwise a stored path parameter becomes the next patient's
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

// guard registers an operation's checks in front of its generated handler. Fiber answers HEAD where GET is registered,
// so the guard handles HEAD too.
func (d *Door) guard(app *fiber.App, o operation) {
	enter := func(c *fiber.Ctx) error { return d.enter(c, o) }
	if o.isGet() {
		app.Get(o.path, enter).Name(string(o.id))
		return
	}
	app.Add(o.method, o.path, enter).Name(string(o.id))
}

// CheckRoutes fails if a route registered so far has no guard. Package web checks its own pages.
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

// enter admits a request to its operation after checking caller, role and input, and sets its deadline.
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
	if viewer.Role == access.Patient { // last, because it may have begun meanwhile
		c.Set(epochHeader, d.parts.Epoch().ID)
	}
	if unlogged := d.parts.Audit.End(ctx, trail, err); unlogged != nil {
		return unlogged // no data about a patient leaves without a row in the log
	}
	return err
}

func (d *Door) answer(ctx context.Context, c *fiber.Ctx, o operation, viewer access.Viewer) error {
	if err := access.Enter(viewer, o.id); err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	who := caller{viewer: viewer, language: AcceptLanguage(c), address: d.parts.ClientIP(c)}
	if o.isTold {
		return d.listen(ctx, c, o, who)
	}
	if err := o.validate(c); err != nil {
		return err
	}
	c.SetUserContext(withCaller(ctx, who))
	return c.Next()
}

// envelope wraps every admitted request: it sets an id and headers, writes a log line, and recovers from panics.
func (d *Door) envelope(c *fiber.Ctx) (err error) {
	started := d.parts.Clock.Now()
	d.identify(c)
	if err = d.recovered(c); err != nil {
		err = d.problem(c, err) // now, otherwise log and metrics would say 200
	}
	d.finished(c, d.parts.Clock.Now().Sub(started))
	return err
}

// identify gives a request its id, and the answer its headers.
func (d *Door) identify(c *fiber.Ctx) {
	c.Locals(requestKey, requestID(c.Get(fiber.HeaderXRequestID)))
	setHeaders(c.Set, d.parts.Contract.document.Info.Version, RequestOf(c))
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

// setHeaders sets the headers of every answer.
func setHeaders(set func(name, value string), version, request string) {
	set("API-Version", version)
	set(fiber.HeaderXRequestID, request)
	set(fiber.HeaderXContentTypeOptions, "nosniff")
	set(fiber.HeaderXFrameOptions, "DENY")
	set(fiber.HeaderReferrerPolicy, "no-referrer")
	set(fiber.HeaderContentSecurityPolicy, contentPolicy)
	set(fiber.HeaderStrictTransportSecurity, "max-age=31536000; includeSubDomains")
}

// operationOf names the request for logs and metrics. It never uses the URL, because an id in a log is personal data.
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
