package push

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	firebase "firebase.google.com/go/v4"
	"firebase.google.com/go/v4/errorutils"
	"firebase.google.com/go/v4/messaging"
	"google.golang.org/api/option"
	htransport "google.golang.org/api/transport/http"

	"cadans/internal/clock"
	"cadans/internal/reminder"
)

const messagingScope = "https://www.googleapis.com/auth/firebase.messaging"

// FCM sends through the Firebase Admin SDK.
type FCM struct {
	client *messaging.Client
	clock  clock.Clock
}

var _ reminder.Sender = (*FCM)(nil)

// NewFCM returns a sender with the service account in a credentials file. Options may name another endpoint.
func NewFCM(ctx context.Context, credentialsFile string, c clock.Clock, options ...option.ClientOption) (*FCM, error) {
	credentials := option.WithAuthCredentialsFile(option.ServiceAccount, credentialsFile)
	transport, err := htransport.NewTransport(ctx, wire(), credentials, option.WithScopes(messagingScope))
	if err != nil {
		return nil, fmt.Errorf("push: firebase credentials: %w", err)
	}
	return newFCM(ctx, nil, c, append(options, credentials, option.WithHTTPClient(&http.Client{Transport: once{transport}}))...)
}

// NewFCMAt returns a sender that talks to another server without credentials: a local stand-in for FCM.
func NewFCMAt(ctx context.Context, endpoint string, c clock.Clock) (*FCM, error) {
	return newFCM(ctx, &firebase.Config{ProjectID: "demo-cadans"}, c, option.WithEndpoint(endpoint),
		option.WithHTTPClient(&http.Client{Transport: once{wire()}}))
}

// wire keeps as many connections open as there are messages under way, where HTTP/2 does not make one of them do.
func wire() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = underWay
	return t
}

const underWay = 64

func newFCM(ctx context.Context, config *firebase.Config, c clock.Clock, options ...option.ClientOption) (*FCM, error) {
	app, err := firebase.NewApp(ctx, config, options...)
	if err != nil {
		return nil, fmt.Errorf("push: firebase: %w", err)
	}
	client, err := app.Messaging(ctx)
	if err != nil {
		return nil, fmt.Errorf("push: firebase messaging: %w", err)
	}
	return &FCM{client: client, clock: c}, nil
}

// Send implements reminder.Sender.
func (f *FCM) Send(ctx context.Context, m reminder.Message) error {
	_, err := f.client.Send(ctx, Payload(m, f.clock.Now()))
	return classify(err)
}

// classify sorts FCM's answers. The SDK's helpers do not look behind wrapped errors, so they come first. Only an answer
// that names the registration may remove it: a 404 without FCM's own error code can come from any proxy, and a 400 can be
// about the rest of the message. A project over its quota answers RESOURCE_EXHAUSTED, which IsQuotaExceeded does not know
// (firebase-admin-go#719); without Retry-After FCM asks for a minute.
func classify(err error) error {
	switch {
	case err == nil:
		return nil
	case messaging.IsUnregistered(err), messaging.IsSenderIDMismatch(err), namesToken(err):
		return reminder.ErrUnregistered
	case messaging.IsQuotaExceeded(err), errorutils.IsResourceExhausted(err):
		return &reminder.RetryError{Wait: retryAfter(err, time.Minute), Cause: code(err)}
	case noAnswerTo(err):
		return &reminder.RetryError{Cause: code(err), Unsure: true}
	case messaging.IsUnavailable(err), messaging.IsInternal(err), errorutils.IsUnavailable(err), errorutils.IsInternal(err),
		errorutils.HTTPResponse(err).StatusCode >= http.StatusInternalServerError:
		return &reminder.RetryError{Wait: retryAfter(err, 0), Cause: code(err)}
	default:
		return code(err)
	}
}

// noAnswerTo: a connection that broke, or a deadline that passed; also a gateway's time-out, which knows no more than we do.
func noAnswerTo(err error) bool {
	response := errorutils.HTTPResponse(err)
	return response == nil || response.StatusCode == http.StatusGatewayTimeout
}

// namesToken reports whether an answer says that the token is no token, and not something else about the message.
func namesToken(err error) bool {
	response := errorutils.HTTPResponse(err)
	if response == nil || response.StatusCode != http.StatusBadRequest {
		return false
	}
	var answer struct {
		Error struct {
			Details []struct {
				FieldViolations []struct{ Field string }
			}
		}
	}
	if json.NewDecoder(response.Body).Decode(&answer) != nil {
		return false
	}
	for _, detail := range answer.Error.Details {
		for _, violation := range detail.FieldViolations {
			if violation.Field == "message.token" {
				return true
			}
		}
	}
	return false
}

func retryAfter(err error, otherwise time.Duration) time.Duration {
	response := errorutils.HTTPResponse(err)
	if response == nil {
		return otherwise
	}
	seconds, parseErr := strconv.Atoi(response.Header.Get("Retry-After"))
	if parseErr != nil || seconds <= 0 {
		return otherwise
	}
	return time.Duration(seconds) * time.Second
}

// code keeps the status and drops the text: FCM echoes parts of the request in it.
func code(err error) error {
	if response := errorutils.HTTPResponse(err); response != nil {
		return fmt.Errorf("push: fcm answered %d", response.StatusCode)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("push: fcm: %w", context.DeadlineExceeded)
	}
	return errors.New("push: fcm did not answer")
}

// once keeps the SDK from trying again by itself: on a lost connection it would send up to five times within one call,
// and a phone may show each. It retries on 503 and on transport errors, so both reach it as another status.
type once struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (o once) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := o.next.RoundTrip(r)
	if err != nil {
		if ctx := r.Context().Err(); ctx != nil {
			return nil, ctx
		}
		return noAnswer(r), nil
	}
	switch response.StatusCode {
	case http.StatusServiceUnavailable:
		response.StatusCode = http.StatusInternalServerError
	case http.StatusOK:
		return accepted(response), nil
	}
	return response, nil
}

// accepted keeps an answer that says yes but cannot be read from looking like a failure: FCM has the message. Nothing in the
// answer is used.
func accepted(response *http.Response) *http.Response {
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, maxAnswer)) // to the end, so that the connection can be used again
	response.Body.Close()
	response.Body = io.NopCloser(strings.NewReader(`{"name":""}`))
	return response
}

const maxAnswer = 64 << 10

// noAnswer stands for a connection that broke: 504, which the SDK does not retry.
func noAnswer(r *http.Request) *http.Response {
	return &http.Response{
		StatusCode: http.StatusGatewayTimeout, Status: "504 no answer", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Body: http.NoBody, Request: r,
	}
}
