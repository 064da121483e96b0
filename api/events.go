package api

import (
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"

	"cadans/api/door"
	"cadans/api/wire"
	"cadans/internal/kernel/auth"
)

// StreamEvents implements StrictServerInterface.
func (s *Server) StreamEvents(
	ctx context.Context, r wire.StreamEventsRequestObject,
) (wire.StreamEventsResponseObject, error) {
	stream, err := s.parts.Streams.Open(ctx, door.ViewerOf(ctx), r.Params.Topic, value(r.Params.LastEventID))
	return bearerStream{stream, s.parts.Auth}, err
}

// bearerStream is a stream that ends when the token of its request does.
type bearerStream struct {
	*door.Stream
	auth *auth.Service
}

// VisitStreamEventsResponse implements StreamEventsResponseObject.
func (b bearerStream) VisitStreamEventsResponse(c *fiber.Ctx) error {
	_, token, _ := strings.Cut(c.Get(fiber.HeaderAuthorization), " ")
	return b.Answer(c, func(ctx context.Context) error { _, err := b.auth.Authenticate(ctx, token); return err })
}
