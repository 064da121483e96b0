package door

import (
	"cmp"
	"time"

	"github.com/valyala/fasthttp"

	"cadans/internal/record/exercise"
)

// Timeouts limit how long a client may take. Zero means the default; tests use shorter ones.
type Timeouts struct {
	Read   time.Duration // of a request
	Write  time.Duration // of an answer
	Idle   time.Duration // between two requests on a connection
	Media  time.Duration // of an upload or download of a film
	Stream time.Duration // of one write to a client; an event stream itself may last for ever
}

func (t Timeouts) orUsual() Timeouts {
	return Timeouts{
		Read: cmp.Or(t.Read, 10*time.Second), Write: cmp.Or(t.Write, 30*time.Second), Idle: cmp.Or(t.Idle, time.Minute),
		Media: cmp.Or(t.Media, 2*time.Minute), Stream: cmp.Or(t.Stream, 15*time.Second),
	}
}

// MediaIn is the limit for an upload of a picture or film. It exceeds what may be stored, so that a client that sends
// too much gets an explanation rather than a closed connection.
func (t Timeouts) MediaIn() fasthttp.RequestConfig {
	return fasthttp.RequestConfig{MaxRequestBodySize: 3 * exercise.MaxFilm, ReadTimeout: t.orUsual().Media}
}

// MediaOut is the time limit for a download of a picture or film.
func (t Timeouts) MediaOut() fasthttp.RequestConfig {
	return fasthttp.RequestConfig{WriteTimeout: t.orUsual().Media}
}
