package api_test

import (
	"bufio"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
)

// A browser opens connections ahead and takes what comes on one for the answer to its next
// request. Only 408 makes it try another.
func TestAConnectionThatIsNotUsed(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	conn, err := net.Dial("tcp", strings.TrimPrefix(sys.URL, "http://"))
	require.NoError(t, err)
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	require.Equal(t, http.StatusRequestTimeout, answer.StatusCode)
	require.True(t, answer.Close)
	require.NoError(t, answer.Body.Close())
	require.NoError(t, conn.Close())
}
