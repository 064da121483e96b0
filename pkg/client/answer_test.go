package client

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func answered(status int, kind, body string, headers ...string) *http.Response {
	r := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
	r.Header.Set("Content-Type", kind)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

// A body is decoded the first way that fits its status, when it is JSON; it is kept as it came in any case.
func TestRead(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		response          *http.Response
		body, made, other string
		err               string
	}{
		"its status":     {answered(201, "application/json", `"a"`), `"a"`, "a", "", ""},
		"another status": {answered(404, "application/problem+json", `"b"`), `"b"`, "", "b", ""},
		"no JSON":        {answered(201, "text/html", "<p>"), "<p>", "", "", ""},
		"broken JSON":    {answered(201, "application/json", `"a`), `"a`, "", "", "unexpected end"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var a Answer
			var made, other *string
			err := a.read(tc.response, form{"201", into(&made)}, form{"default", into(&other)})
			if tc.err != "" {
				require.ErrorContains(t, err, tc.err)
			} else {
				require.NoError(t, err)
			}
			require.Equal(t, tc.body, string(a.Body))
			require.Equal(t, tc.response.StatusCode, a.StatusCode())
			require.Equal(t, tc.made, orNone(made))
			require.Equal(t, tc.other, orNone(other))
		})
	}
}

func orNone(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// A header that is missing leaves the value as it was; one that cannot be read is an error.
func TestHeaders(t *testing.T) {
	t.Parallel()
	r := answered(200, "", "", "Retry-After", "5", "X-Bad", "soon", "ETag", `"v1"`)
	n, tag := 7, ""
	require.NoError(t, header(r, "Retry-After", "integer", &n))
	require.Equal(t, 5, n)
	require.NoError(t, header(r, "ETag", "string", &tag))
	require.Equal(t, `"v1"`, tag)
	require.NoError(t, header(r, "Missing", "integer", &n))
	require.Equal(t, 5, n)
	require.Error(t, header(r, "X-Bad", "integer", &n))

	var there, missing *int
	require.NoError(t, optionalHeader(r, "Retry-After", "integer", &there))
	require.Equal(t, 5, *there)
	require.NoError(t, optionalHeader(r, "Missing", "integer", &missing))
	require.Nil(t, missing)
}

// An answer that cannot be read is an error and nothing else.
func TestAnAnswerThatCannotBeReadIsNone(t *testing.T) {
	t.Parallel()
	today, err := ParseGetTodayResponse(answered(200, "application/json", `{`))
	require.Error(t, err)
	require.Nil(t, today)
}
