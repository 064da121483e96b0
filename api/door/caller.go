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
)

type contextKey struct{}

// Keys of what the envelope keeps beside a request.
const (
	requestKey   = "request_id"
	operationKey = "operation"
)

// caller is who asks, in which language, from where.
type caller struct {
	viewer   access.Viewer
	language people.Language
	address  string
}

func withCaller(ctx context.Context, c caller) context.Context {
	return context.WithValue(ctx, contextKey{}, c)
}

func callerOf(ctx context.Context) caller {
	c, _ := ctx.Value(contextKey{}).(caller)
	return c
}

// Label names what a request does, for the log and the metrics.
func Label(c *fiber.Ctx, operation string) { c.Locals(operationKey, operation) }

// ViewerOf returns who asks.
func ViewerOf(ctx context.Context) access.Viewer { return callerOf(ctx).viewer }

// LanguageOf returns the language in which the answer is read.
func LanguageOf(ctx context.Context) people.Language { return callerOf(ctx).language }

// AddressOf returns from where the request came.
func AddressOf(ctx context.Context) string { return callerOf(ctx).address }

// viewer returns who holds the access token; a public operation needs none and looks at none.
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

// requestID takes over the id of a proxy when it is a UUID: anything else could forge a log line.
func requestID(header string) string {
	if given, err := uuid.Parse(header); err == nil {
		return given.String()
	}
	return id.New()
}

// RequestOf is how the log names a request.
func RequestOf(c *fiber.Ctx) string {
	request, _ := c.Locals(requestKey).(string)
	return request
}

// PeerAddress returns the address of the connection: right when no proxy stands in front.
func PeerAddress(c *fiber.Ctx) string { return c.Context().RemoteIP().String() }

// ForwardedAddress returns the address that the nearest proxy appended to X-Forwarded-For, as an entry
// or as a line of its own. Entries before it come from the client and can be anything. Where the last
// is no address it is that of the proxy.
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
