package push

import (
	"context"
	"net/http"

	"google.golang.org/api/option"

	"cadans/internal/kernel/clock"
)

// NewFCMOver is NewFCM over a transport that trusts a stand-in.
func NewFCMOver(t http.RoundTripper, file string, c clock.Clock, options ...option.ClientOption) (*FCM, error) {
	return account{file, t}.open(context.Background(), c, options...)
}
