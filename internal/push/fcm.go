package push

import (
	"context"
	"fmt"
	"net/http"

	firebase "firebase.google.com/go/v4"
	"firebase.google.com/go/v4/messaging"
	"google.golang.org/api/option"
	htransport "google.golang.org/api/transport/http"

	"cadans/internal/kernel/clock"
	"cadans/internal/rules/reminder"
)

const messagingScope = "https://www.googleapis.com/auth/firebase.messaging"

// FCM sends through the Firebase Admin SDK.
type FCM struct {
	client *messaging.Client
	clock  clock.Clock
}

var _ reminder.Sender = (*FCM)(nil)

// NewFCM returns a sender that uses the service account in a credentials file. Options may set another endpoint.
func NewFCM(ctx context.Context, credentialsFile string, c clock.Clock, options ...option.ClientOption) (*FCM, error) {
	return account{credentialsFile, wire()}.open(ctx, c, options...)
}

// account is a service account from a file, and the transport for its requests.
type account struct {
	file string
	over http.RoundTripper
}

func (a account) open(ctx context.Context, c clock.Clock, options ...option.ClientOption) (*FCM, error) {
	credentials := option.WithAuthCredentialsFile(option.ServiceAccount, a.file)
	transport, err := htransport.NewTransport(ctx, watched{a.over}, credentials, option.WithScopes(messagingScope))
	if err != nil {
		return nil, fmt.Errorf("push: firebase credentials: %w", err)
	}
	client := option.WithHTTPClient(&http.Client{Transport: withoutRetries{transport}})
	return newFCM(ctx, nil, c, append(options, credentials, client)...)
}

// NewFCMAt returns a sender that talks to another server without credentials, such as a local stand-in for FCM.
func NewFCMAt(ctx context.Context, endpoint string, c clock.Clock) (*FCM, error) {
	return newFCM(ctx, &firebase.Config{ProjectID: "demo-cadans"}, c, option.WithEndpoint(endpoint),
		option.WithHTTPClient(&http.Client{Transport: withoutRetries{watched{wire()}}}))
}

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
	now := f.clock.Now()
	ctx, seen := witnessed(ctx)
	if _, err := f.client.Send(ctx, Payload(m, now)); err != nil {
		return failureOf(err, seen, now)
	}
	return nil
}
