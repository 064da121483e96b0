package api_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

// What is answered before the router has an id too: in its header, in its body and, with the status, in the log.
func TestAnswersBeforeTheRouterHaveAnID(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	const mine = "019aa0c4-7d00-7000-8000-0000000000f1"
	for name, tc := range map[string]struct {
		request string
		status  int
		id      string // empty: any
	}{
		"a large body": {
			"POST /v1/me/sessions HTTP/1.1\r\nHost: a\r\nContent-Length: 70000\r\n\r\n" + strings.Repeat(" ", 70000),
			413, "",
		},
		"a large body of a phone that names its request": {
			"POST /v1/me/sessions HTTP/1.1\r\nHost: a\r\nX-Request-ID: " + mine +
				"\r\nContent-Length: 70000\r\n\r\n" + strings.Repeat(" ", 70000), 413, mine,
		},
		"large headers":  {"GET /v1/me HTTP/1.1\r\nHost: a\r\nX: " + strings.Repeat("x", 17<<10) + "\r\n\r\n", 400, ""},
		"no HTTP":        {"hello\r\n\r\n", 400, ""},
		"a bad length":   {"POST /v1/me/sessions HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", 400, ""},
		"a broken chunk": {"POST /v1/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n", 400, ""},
	} {
		t.Run(name, func(t *testing.T) {
			answer, problem := onTheWire(t, sys, tc.request)
			require.Equal(t, tc.status, answer.StatusCode)
			id := answer.Header.Get("X-Request-ID")
			require.NoError(t, uuid.Validate(id), "the header has no id")
			require.Equal(t, id, problem.RequestID)
			if tc.id != "" {
				require.Equal(t, tc.id, id)
			}
			require.NotEmpty(t, answer.Header.Get("API-Version"))
			require.Equal(t, "nosniff", answer.Header.Get("X-Content-Type-Options"))
			line := fmt.Sprintf(`"request_id":"%s","operation":"other","status":%d`, id, tc.status)
			require.Eventually(t, func() bool {
				return strings.Contains(sys.Log(), line)
			}, time.Second, time.Millisecond)
		})
	}
}

// onTheWire sends bytes, and returns the answer with its problem.
func onTheWire(t *testing.T, sys *testkit.System, request string) (answer *http.Response, problem client.Problem) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(sys.URL, "http://"))
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	go func() { _, _ = conn.Write([]byte(request)) }() // the server may answer before it has read all
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(10*time.Second)))
	answer, err = http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	defer answer.Body.Close()
	require.NoError(t, json.NewDecoder(answer.Body).Decode(&problem))
	return answer, problem
}
