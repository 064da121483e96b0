package door

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"cadans/internal/record/exercise"
)

// mediaPath is the path of media uploads.
const mediaPath = "/v1/practice/media"

// SendMedia answers with a picture or film, or the requested part of it, because film players request parts. Media
// never change, so clients may cache them for ever.
func SendMedia(c *fiber.Ctx, m exercise.Media) error {
	tag := `"` + m.Hash + `"`
	c.Set(fiber.HeaderETag, tag)
	c.Set(fiber.HeaderCacheControl, "private, max-age=31536000, immutable")
	c.Set(fiber.HeaderAcceptRanges, "bytes")
	if HasTag(c.Get(fiber.HeaderIfNoneMatch), tag) {
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
		// a range that is not understood may be ignored (RFC 9110, 14.2)
	case err != nil || part.Type != "bytes" || len(part.Ranges) != 1:
		return c.Send(m.Content)
	}
	from, to := part.Ranges[0].Start, part.Ranges[0].End
	c.Set(fiber.HeaderContentRange, "bytes "+strconv.Itoa(from)+"-"+strconv.Itoa(to)+"/"+strconv.Itoa(len(m.Content)))
	return c.Status(http.StatusPartialContent).Send(m.Content[from : to+1])
}

// Room decides the maximum size and duration of a request once its headers were read.
type Room func(*fasthttp.RequestHeader) fasthttp.RequestConfig

// room allows a member to send a film, but no stranger to fill the memory, and allows more time to fetch one.
func (d *Door) room(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	path, _, _ := strings.Cut(string(h.RequestURI()), "?")
	switch {
	case strings.HasPrefix(path, "/v1/media/"):
		return d.parts.Timeouts.MediaOut()
	case path != mediaPath || !h.IsPost():
		return fasthttp.RequestConfig{}
	}
	scheme, token, _ := strings.Cut(string(h.Peek(fiber.HeaderAuthorization)), " ")
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	if viewer, err := d.parts.Auth.Authenticate(ctx, token); err != nil || !strings.EqualFold(scheme, "Bearer") ||
		viewer.Member == "" {
		return fasthttp.RequestConfig{}
	}
	return d.parts.Timeouts.MediaIn()
}

// HasTag reports whether a client that names its entity tags has this one, in the weak comparison of RFC 9110: a proxy
// that compresses makes tags weak.
func HasTag(header, tag string) bool {
	for named := range strings.SplitSeq(header, ",") {
		named = strings.TrimPrefix(strings.TrimSpace(named), "W/")
		if named == tag || named == "*" {
			return true
		}
	}
	return false
}
