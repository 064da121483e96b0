package web

import (
	"cmp"
	"context"
	"net/http"
	"strings"

	"cadans/internal/kernel/id"
)

// livePath is what pages listen to. Listening keeps nobody signed in.
const livePath = "/live"

// news tells what changes, as the API does, for as long as the reader is signed in. A browser sends the last event that
// was heard only with a stream that it opens again by itself; the page's script sends it in the address.
func (s *site) news(r *request) error {
	last := cmp.Or(r.Get("Last-Event-ID"), r.Query("after"))
	stream, err := s.parts.Streams.Open(r.ctx, r.viewer, []string{r.Query("topic")}, last)
	if err != nil {
		return err
	}
	cookie := strings.Clone(r.cookie)
	return stream.Answer(
		r.Ctx, func(ctx context.Context) error { _, err := s.parts.Auth.StillSignedIn(ctx, cookie); return err },
	)
}

// stay keeps the reader signed in.
func (s *site) stay(r *request) error { return r.SendStatus(http.StatusNoContent) }

// about says what news a page wants to hear.
func about(patient id.Patient) string { return "patient:" + string(patient) }
