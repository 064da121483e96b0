package push

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"

	"cloud.google.com/go/auth"
)

// underWay is how many connections stay open when HTTP/2 does not multiplex them into one.
const underWay = 64

func wire() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = underWay
	return t
}

// witness records how far a request came, because an error of the SDK does not tell.
type witness struct {
	left   atomic.Bool // its header was written: the service may have all of it
	broken error       // why there is no answer; written before the SDK returns
}

type witnessKey struct{}

func witnessed(ctx context.Context) (context.Context, *witness) {
	w := &witness{}
	return context.WithValue(ctx, witnessKey{}, w), w
}

// watched is the transport closest to the network, below the one that fetches tokens, so that a token request is not
// mistaken for the message.
type watched struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (t watched) RoundTrip(r *http.Request) (*http.Response, error) {
	if w, is := r.Context().Value(witnessKey{}).(*witness); is {
		trace := &httptrace.ClientTrace{WroteHeaders: func() { w.left.Store(true) }}
		r = r.WithContext(httptrace.WithClientTrace(r.Context(), trace))
	}
	return t.next.RoundTrip(r)
}

// withoutRetries disables the retries of the SDK: on a lost connection it would send up to five times within one call,
// and a phone may show each. The SDK retries on 503, on transport errors and on answers that break off, so once gives
// all of these another status.
type withoutRetries struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (o withoutRetries) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := o.next.RoundTrip(r)
	if err != nil {
		return broken(r, err), nil
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer)) // to the end: the connection is used again
	response.Body.Close()
	switch {
	case response.StatusCode == http.StatusOK: // FCM has the message, also where the answer cannot be read
		body = []byte(`{"name":""}`)
	case err != nil && response.StatusCode < http.StatusInternalServerError:
		return broken(r, errCut), nil
	}
	if response.StatusCode == http.StatusServiceUnavailable {
		response.StatusCode = unavailable
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, nil
}

const maxAnswer = 64 << 10

// unavailable stands for 503 and noAnswer for no answer; the SDK does not retry on either.
const (
	unavailable = 593
	noAnswer    = 594
)

var errCut = errors.New("the answer broke off")

func broken(r *http.Request, err error) *http.Response {
	if w, is := r.Context().Value(witnessKey{}).(*witness); is {
		w.broken = err
	}
	return &http.Response{
		StatusCode: noAnswer, Status: "594 no answer", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Body: http.NoBody, Request: r,
	}
}

// whyBroken names the cause of a transport error in one word.
func whyBroken(err error) string {
	var token *auth.Error
	var dns *net.DNSError
	var op *net.OpError
	switch {
	case errors.Is(err, errCut):
		return "cut"
	case errors.As(err, &token), strings.Contains(err.Error(), "cannot fetch token"):
		return "token"
	case isTLS(err):
		return "tls"
	case errors.Is(err, context.DeadlineExceeded):
		return "deadline"
	case errors.As(err, &dns):
		return "dns"
	case errors.As(err, &op) && op.Op == "dial":
		return "dial"
	default:
		return "connection"
	}
}

func isTLS(err error) bool {
	var verify *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	var authority x509.UnknownAuthorityError
	return errors.As(err, &verify) || errors.As(err, &record) || errors.As(err, &alert) || errors.As(err, &authority) ||
		strings.Contains(err.Error(), "TLS handshake")
}
