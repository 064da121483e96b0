package door

import (
	"context"
	"net/netip"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/internal/record/told"
)

type contextKey struct{}

// Keys of request locals set by the envelope.
const (
	requestKey   = "request_id"
	operationKey = "operation"
	adviceKey    = "safety_advice" // what the patient has to do, although the record was refused
)

// caller is who sent a request, in which language, from which address, and what their phone told.
type caller struct {
	viewer   access.Viewer
	language people.Language
	address  string
	told     told.Body
}

func withCaller(ctx context.Context, c caller) context.Context {
	return context.WithValue(ctx, contextKey{}, c)
}

func callerOf(ctx context.Context) caller {
	c, _ := ctx.Value(contextKey{}).(caller)
	return c
}

// Label sets the operation of a request for the log and the metrics.
func Label(c *fiber.Ctx, operation string) { c.Locals(operationKey, operation) }

// ViewerOf returns the caller.
func ViewerOf(ctx context.Context) access.Viewer { return callerOf(ctx).viewer }

// LanguageOf returns the language of the answer.
func LanguageOf(ctx context.Context) people.Language { return callerOf(ctx).language }

// ToldOf returns what a phone told, in an operation in which it tells something.
func ToldOf(ctx context.Context) told.Body { return callerOf(ctx).told }

// AddressOf returns the address that the request came from.
func AddressOf(ctx context.Context) string { return callerOf(ctx).address }

// viewer returns the holder of the access token. A public operation needs none and ignores one.
func (d *Door) viewer(ctx context.Context, c *fiber.Ctx, operation access.Operation) (access.Viewer, error) {
	if access.Enter(access.Viewer{}, operation) == nil {
		return access.Viewer{}, nil
	}
	scheme, token, _ := strings.Cut(c.Get(fiber.HeaderAuthorization), " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return access.Viewer{}, access.ErrUnauthenticated
	}
	return d.parts.Auth.Authenticate(ctx, token)
}

// requestID accepts the id of a proxy only if it is a UUID, because anything else could forge a log line.
func requestID(header string) string {
	if given, err := uuid.Parse(header); err == nil {
		return given.String()
	}
	return id.New()
}

// RequestOf returns the id that the log uses for a request.
func RequestOf(c *fiber.Ctx) string {
	request, _ := c.Locals(requestKey).(string)
	return request
}

// PeerAddress returns the address of the connection. Use it without a proxy in front.
func PeerAddress(c *fiber.Ctx) string { return c.Context().RemoteIP().String() }

// ForwardedAddress returns the address that the nearest proxy appended to X-Forwarded-For, as an entry or in a line of
// its own. Earlier entries come from the client and cannot be trusted. If the last entry is not an address, it returns
// the proxy's own.
func ForwardedAddress(c *fiber.Ctx) string {
	lines := c.Request().Header.PeekAll(fiber.HeaderXForwardedFor)
	if len(lines) == 0 {
		return PeerAddress(c)
	}
	entries := strings.Split(string(lines[len(lines)-1]), ",")
	last := strings.TrimSpace(entries[len(entries)-1])
	if withPort, err := netip.ParseAddrPort(last); err == nil {
		return withPort.Addr().String()
	}
	if address, err := netip.ParseAddr(last); err == nil {
		return address.String()
	}
	return PeerAddress(c)
}
