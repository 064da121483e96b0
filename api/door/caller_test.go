package door_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/stretchr/testify/require"

	"cadans/api/door"
)

// A client can write what it likes before what the proxy appends, as an entry or as a
// line; limits must not be counted by that.
func TestForwardedAddressIsTheOneTheProxyAppended(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lines []string
		want  string
	}{
		"one entry":             {[]string{"203.0.113.9"}, "203.0.113.9"},
		"the last entry":        {[]string{"6.6.6.6, 203.0.113.9"}, "203.0.113.9"},
		"spaces":                {[]string{"6.6.6.6,1.1.1.1 , 203.0.113.9 "}, "203.0.113.9"},
		"the last line":         {[]string{"6.6.6.6", "1.1.1.1, 203.0.113.9"}, "203.0.113.9"},
		"a port":                {[]string{"203.0.113.9:51000"}, "203.0.113.9"},
		"IPv6":                  {[]string{"2001:db8::9"}, "2001:db8::9"},
		"IPv6 with a port":      {[]string{"[2001:db8::9]:51000"}, "2001:db8::9"},
		"none":                  {nil, "0.0.0.0"},
		"empty":                 {[]string{""}, "0.0.0.0"},
		"no address":            {[]string{"unknown"}, "0.0.0.0"},
		"no address at the end": {[]string{"203.0.113.9", "unknown"}, "0.0.0.0"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, addressWith(t, c.lines))
		})
	}
}

// addressWith is where a request came from that has these lines of X-Forwarded-For.
func addressWith(t *testing.T, lines []string) (got string) {
	app := fiber.New()
	app.Get("/", func(c *fiber.Ctx) error { got = door.ForwardedAddress(c); return nil })
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	for _, line := range lines {
		r.Header.Add("X-Forwarded-For", line)
	}
	response, err := app.Test(r)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return got
}
