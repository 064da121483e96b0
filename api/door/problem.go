package door

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/text/language"

	"cadans/api/wire"
	"cadans/internal/kernel/fault"
	"cadans/internal/record/people"
)

// Faults of the HTTP surface itself.
var (
	// ErrNoRoute is the answer for an unknown path.
	ErrNoRoute          = fault.New(fault.NotFound, "not-found", "no such path")
	errMethod           = fault.New(methodNotAllowed, "method-not-allowed", "method not allowed on this path")
	errUnsupportedMedia = fault.New(
		unsupportedMedia, "unsupported-media-type", "not uncompressed, or not of the type that is asked for",
	)
	errTooLarge   = fault.New(tooLarge, "body-too-large", "request body too large")
	errHeaders    = fault.New(fault.Invalid, "malformed-request", "malformed HTTP request")
	errTimeout    = fault.New(requestTimeout, "request-timeout", "no request came in time")
	errOverloaded = fault.New(fault.Transient, "overloaded", "too many requests at once")
)

// Kinds that only HTTP has.
const (
	methodNotAllowed fault.Kind = 100 + iota
	unsupportedMedia
	tooLarge
	requestTimeout
)

// statuses is the only place that maps a kind of fault to an HTTP status.
var statuses = map[fault.Kind]int{
	fault.Internal:        http.StatusInternalServerError,
	fault.Invalid:         http.StatusBadRequest,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Forbidden:       http.StatusForbidden,
	fault.NotFound:        http.StatusNotFound,
	fault.Conflict:        http.StatusConflict,
	fault.Stale:           http.StatusPreconditionFailed,
	fault.Unconditional:   http.StatusPreconditionRequired,
	fault.TooMany:         http.StatusTooManyRequests,
	fault.Transient:       http.StatusServiceUnavailable,
	methodNotAllowed:      http.StatusMethodNotAllowed,
	unsupportedMedia:      http.StatusUnsupportedMediaType,
	requestTimeout:        http.StatusRequestTimeout,
	tooLarge:              http.StatusRequestEntityTooLarge,
}

// retryTransient is the default wait before a retry, in seconds.
const retryTransient = 1

// problem answers an error as RFC 9457. Only a classified error is shown to the caller; anything else is "internal"
// with the request id, and its text appears only in the log. What cannot be read, or is too large, is answered before
// it reaches the router: it gets its id, headers and log line here.
func (d *Door) problem(c *fiber.Ctx, err error) error {
	f := classify(err)
	status := statuses[f.Kind]
	isUnrouted := RequestOf(c) == ""
	if isUnrouted {
		d.identify(c)
	}
	d.parts.Failures.Note(c, err)
	switch f.Kind {
	case fault.Unauthenticated:
		c.Set(fiber.HeaderWWWAuthenticate, `Bearer realm="cadans"`)
	case fault.TooMany, fault.Transient:
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(max(retryTransient, int(f.RetryAfter.Seconds()))))
	}
	l := AcceptLanguage(c)
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderContentLanguage, string(l))
	c.Status(status)
	if isUnrouted && !errors.Is(f, errTimeout) { // nobody asked for anything on a connection that was opened in advance
		d.finished(c, 0)
	}
	p := problemOf(f, status, RequestOf(c), l)
	if advice, _ := c.Locals(adviceKey).(string); advice != "" {
		p.SafetyAdvice = &advice
	}
	return c.JSON(p, "application/problem+json")
}

func classify(err error) *fault.Fault {
	var f *fault.Fault
	var fiberError *fiber.Error
	switch {
	case errors.As(err, &f):
		return f
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return errOverloaded
	case errors.As(err, &fiberError):
		return ofFiber(fiberError)
	default:
		return fault.New(fault.Internal, "internal", "internal error")
	}
}

func ofFiber(e *fiber.Error) *fault.Fault {
	switch e.Code {
	case http.StatusNotFound:
		return ErrNoRoute
	case http.StatusMethodNotAllowed:
		return errMethod
	case http.StatusRequestEntityTooLarge:
		return errTooLarge
		// browsers open connections in advance; only this status makes them send the request again on a new one
	case http.StatusRequestTimeout:
		return errTimeout
	default:
		return errHeaders
	}
}

// Explained returns the status of an error and its text for people, for answers that are pages.
func Explained(err error, l people.Language) (status int, title, detail string) {
	f := classify(err)
	title, detail = problemText(f.Code, l)
	return statuses[f.Kind], title, detail
}

// FieldErrors says what is wrong with each field of an invalid body, for answers that are pages.
func FieldErrors(err error, l people.Language) (all []wire.FieldError) {
	for _, v := range classify(err).Violations {
		all = append(all, fieldError(v, l))
	}
	return all
}

// FieldsExplained is FieldErrors as one text.
func FieldsExplained(err error, l people.Language) string {
	var said []string
	for _, e := range FieldErrors(err, l) {
		said = append(said, e.Detail)
	}
	return strings.Join(said, " ")
}

// FieldsNamed is FieldsExplained with the name of each field in front, for a terminal.
func FieldsNamed(err error, l people.Language) string {
	var said []string
	for _, v := range classify(err).Violations {
		said = append(said, strings.TrimPrefix(v.Pointer, "/")+": "+fieldError(v, l).Detail)
	}
	slices.Sort(said)
	return strings.Join(said, "\n")
}

func problemOf(f *fault.Fault, status int, request string, l people.Language) wire.Problem {
	title, detail := problemText(f.Code, l)
	p := wire.Problem{
		Type: "/problems/" + f.Code, Title: title, Status: status, Detail: detail, Code: f.Code, RequestID: request,
	}
	for _, v := range f.Violations {
		p.Errors = append(p.Errors, fieldError(v, l))
	}
	return p
}

// Warnings explains what was mended in what a phone told; nil for nothing.
func Warnings(ctx context.Context, mended []fault.Violation) []wire.FieldError {
	var said []wire.FieldError
	for _, v := range mended {
		said = append(said, fieldError(v, LanguageOf(ctx)))
	}
	return said
}

func fieldError(v fault.Violation, l people.Language) wire.FieldError {
	e := wire.FieldError{Code: v.Code, Detail: fieldText(v.Code, l)}
	if name, isParameter := strings.CutPrefix(v.Pointer, ParameterPrefix); isParameter {
		e.Parameter = &name
	} else {
		e.Pointer = &v.Pointer
	}
	return e
}

var languages = language.NewMatcher([]language.Tag{language.English, language.Dutch})

// AcceptLanguage returns the language of the answer, by the request's headers.
func AcceptLanguage(c *fiber.Ctx) people.Language {
	return preferred(c.Get(fiber.HeaderAcceptLanguage))
}

func preferred(header string) people.Language {
	if header == "" {
		return people.English
	}
	wanted, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return people.English
	}
	if _, index, _ := languages.Match(wanted...); index == 1 {
		return people.Dutch
	}
	return people.English
}

// logLevel returns the log level of a finished request. Metrics count successful ones, so they need no line. Failures
// logs temporary outages.
func logLevel(status int) slog.Level {
	switch {
	case status >= http.StatusInternalServerError && status != http.StatusServiceUnavailable:
		return slog.LevelError
	case status >= http.StatusBadRequest:
		return slog.LevelInfo
	default:
		return slog.LevelDebug
	}
}
