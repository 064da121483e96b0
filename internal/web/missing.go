package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v2"

	"cadans/api/door"
)

// missing answers an unknown path: with a page for browsers, with a problem for programs and for paths below the API's.
func (s *site) missing(c *fiber.Ctx) error {
	err := c.Next()
	var nowhere *fiber.Error
	isNowhere := errors.As(err, &nowhere) &&
		(nowhere.Code == http.StatusNotFound || nowhere.Code == http.StatusMethodNotAllowed)
	isProgram := !strings.Contains(c.Get(fiber.HeaderAccept), fiber.MIMETextHTML)
	if !isNowhere || isProgram || c.Path() == "/v1" || strings.HasPrefix(c.Path(), "/v1/") {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	door.Label(c, "page "+http.StatusText(nowhere.Code))
	r := s.request(c, ctx)
	r.back = "/"
	if viewer, unknown := s.parts.Auth.StillSignedIn(ctx, r.cookie); unknown == nil {
		r.viewer = viewer // only for the menu
	}
	return s.trouble(r, err)
}
