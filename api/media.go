package api

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"cadans/api/wire"
	"cadans/internal/record/exercise"
)

// mediaPath is where a film is sent.
const mediaPath = "/v1/practice/media"

// AddMedia implements StrictServerInterface.
func (s *Server) AddMedia(ctx context.Context, r wire.AddMediaRequestObject) (wire.AddMediaResponseObject, error) {
	content, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	m, created, err := s.parts.Exercises.AddMedia(ctx, viewerOf(ctx), content)
	if err != nil {
		return nil, err
	}
	body := wire.MediaBody{Hash: m.Hash, Type: string(m.Type), Bytes: len(m.Content)}
	if created {
		return wire.AddMedia201JSONResponse(body), nil
	}
	return wire.AddMedia200JSONResponse{MediaJSONResponse: wire.MediaJSONResponse(body)}, nil
}

// GetMedia implements StrictServerInterface.
func (s *Server) GetMedia(ctx context.Context, r wire.GetMediaRequestObject) (wire.GetMediaResponseObject, error) {
	m, err := s.parts.Exercises.Media(ctx, viewerOf(ctx), r.MediaHash)
	return mediaAnswer(m), err
}

type mediaAnswer exercise.Media

// VisitGetMediaResponse implements GetMediaResponseObject.
func (m mediaAnswer) VisitGetMediaResponse(c *fiber.Ctx) error {
	return SendMedia(c, exercise.Media(m))
}

// SendMedia answers with a picture or film, or the part of it that was asked for: players of films ask for parts. It
// never changes, so who has it need not ask again.
func SendMedia(c *fiber.Ctx, m exercise.Media) error {
	tag := `"` + m.Hash + `"`
	c.Set(fiber.HeaderETag, tag)
	c.Set(fiber.HeaderCacheControl, "private, max-age=31536000, immutable")
	c.Set(fiber.HeaderAcceptRanges, "bytes")
	if c.Get(fiber.HeaderIfNoneMatch) == tag {
		return c.SendStatus(http.StatusNotModified)
	}
	c.Set(fiber.HeaderContentType, string(m.Type))
	if c.Get(fiber.HeaderRange) == "" {
		return c.Send(m.Content)
	}
	part, err := c.Range(len(m.Content))
	switch {
	case errors.Is(err, fiber.ErrRangeUnsatisfiable):
		c.Set(fiber.HeaderContentRange, "bytes */"+strconv.Itoa(len(m.Content)))
		return c.SendStatus(http.StatusRequestedRangeNotSatisfiable)
		// what is not understood may be ignored (RFC 9110, 14.2)
	case err != nil || part.Type != "bytes" || len(part.Ranges) != 1:
		return c.Send(m.Content)
	}
	from, to := part.Ranges[0].Start, part.Ranges[0].End
	c.Set(fiber.HeaderContentRange, "bytes "+strconv.Itoa(from)+"-"+strconv.Itoa(to)+"/"+strconv.Itoa(len(m.Content)))
	return c.Status(http.StatusPartialContent).Send(m.Content[from : to+1])
}

// Room is how large a request may be and how long it may take, decided once its headers were read.
type Room func(*fasthttp.RequestHeader) fasthttp.RequestConfig

// room gives a film room when a member sends one, so that no stranger fills the memory, and time when one is fetched.
func (s *Server) room(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	path, _, _ := strings.Cut(string(h.RequestURI()), "?")
	switch {
	case strings.HasPrefix(path, "/v1/media/"):
		return s.parts.Timeouts.MediaOut()
	case path != mediaPath || !h.IsPost():
		return fasthttp.RequestConfig{}
	}
	scheme, token, _ := strings.Cut(string(h.Peek(fiber.HeaderAuthorization)), " ")
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	if viewer, err := s.parts.Auth.Authenticate(ctx, token); err != nil || !strings.EqualFold(scheme, "Bearer") ||
		viewer.Member == "" {
		return fasthttp.RequestConfig{}
	}
	return s.parts.Timeouts.MediaIn()
}
