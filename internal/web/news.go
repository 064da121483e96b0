package web

import (
	"cmp"
	"context"
	"net/http"
	"strings"

	"cadans/internal/kernel/id"
)

// livePath is the stream of events for pages. Listening does not extend the session.
const livePath = "/live"

// news streams changes, as the API does, while the reader is signed in. A browser sends the last event id only when it
// reconnects by itself, so the page's script sends it in the URL.
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

// stay extends the reader's session.
func (s *site) stay(r *request) error { return r.SendStatus(http.StatusNoContent) }

// about returns the topic of events about a patient.
func about(patient id.Patient) string { return "patient:" + string(patient) }
