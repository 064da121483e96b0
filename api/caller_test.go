package api_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/stretchr/testify/require"

	"cadans/api"
)

// A client can write what it likes to the left of what the proxy appends; limits must not be counted by that.
func TestForwardedAddressIsTheOneTheProxyAppended(t *testing.T) {
	t.Parallel()
	var got string
	app := fiber.New()
	app.Get("/", func(c *fiber.Ctx) error { got = api.ForwardedAddress(c); return nil })
	for forwarded, want := range map[string]string{
		"203.0.113.9": "203.0.113.9", "6.6.6.6, 203.0.113.9": "203.0.113.9", "6.6.6.6,1.1.1.1 , 203.0.113.9 ": "203.0.113.9", "": "0.0.0.0",
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("X-Forwarded-For", forwarded)
		response, err := app.Test(r)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, want, got, "%q", forwarded)
	}
}
