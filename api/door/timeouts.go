package door

import (
	"cmp"
	"time"

	"github.com/valyala/fasthttp"

	"cadans/internal/record/exercise"
)

// Timeouts bound how long a client may take. What is zero has its usual length; tests have no time for that.
type Timeouts struct {
	Read   time.Duration // of a request
	Write  time.Duration // of an answer
	Idle   time.Duration // between two requests on a connection
	Media  time.Duration // of a film, either way
	Stream time.Duration // of one write to a listener; an event stream itself may take for ever
}

func (t Timeouts) orUsual() Timeouts {
	return Timeouts{
		Read: cmp.Or(t.Read, 10*time.Second), Write: cmp.Or(t.Write, 30*time.Second), Idle: cmp.Or(t.Idle, time.Minute),
		Media: cmp.Or(t.Media, 2*time.Minute), Stream: cmp.Or(t.Stream, 15*time.Second),
	}
}

// MediaIn is the room of a picture or film on its way in: more than may be stored, as who sends too much should read
// why, and a connection that is closed in the middle says nothing.
func (t Timeouts) MediaIn() fasthttp.RequestConfig {
	return fasthttp.RequestConfig{MaxRequestBodySize: 3 * exercise.MaxFilm, ReadTimeout: t.orUsual().Media}
}

// MediaOut is the time of one on its way out.
func (t Timeouts) MediaOut() fasthttp.RequestConfig {
	return fasthttp.RequestConfig{WriteTimeout: t.orUsual().Media}
}
