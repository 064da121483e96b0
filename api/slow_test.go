package api_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/live"
	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

// dial connects as a client of our own, whose system takes little that is not read.
func dial(t *testing.T, sys *testkit.System) *net.TCPConn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(sys.URL, "http://"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	tcp := conn.(*net.TCPConn)
	require.NoError(t, tcp.SetReadBuffer(4<<10))
	return tcp
}

func ask(t *testing.T, conn net.Conn, path, token string) {
	t.Helper()
	_, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n", path, token)
	require.NoError(t, err)
}

// A client that sends byte by byte is told that it took too long, whatever it is sending, and holds nobody up.
func TestWhoSendsSlowlyIsCutOff(t *testing.T) {
	t.Parallel()
	head := "POST /v1/auth/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n"
	for name, begin := range map[string]string{"headers": head + "X-Long: ", "a body": head + "\r\n{"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sys := testkit.Start(t, testkit.Hurried(hurried))
			slow := make([]*net.TCPConn, 50)
			for i := range slow {
				slow[i] = dial(t, sys)
				go drip(slow[i], begin)
			}
			require.Equal(t, http.StatusOK, sys.Call("GET", "/healthz", "", nil).Status)
			for _, conn := range slow {
				answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
				require.NoError(t, err)
				require.Equal(t, http.StatusRequestTimeout, answer.StatusCode)
				require.True(t, answer.Close)
			}
		})
	}
}

// drip sends the beginning of a request, and then a byte now and then until nobody takes it.
func drip(conn net.Conn, begin string) {
	for _, err := io.WriteString(conn, begin); err == nil; _, err = io.WriteString(conn, "x") {
		<-clock.System{}.After(200 * time.Millisecond)
	}
}

// Who reads a film too slowly is cut off, while others are served.
func TestWhoReadsSlowlyIsCutOff(t *testing.T) {
	if testing.Short() {
		t.Skip("it waits for a minute and a half")
	}
	t.Parallel()
	patient := hurried
	patient.Media = 5 * time.Second
	sys := testkit.Start(t, testkit.Hurried(patient))
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	content := testkit.Film(12 << 20) // more than systems keep on the way
	sent := sys.Call(
		"POST", "/v1/practice/media", therapist.Token(), content, "Content-Type", "application/octet-stream",
	)
	require.Equal(t, http.StatusCreated, sent.Status)
	var film client.MediaBody
	require.NoError(t, json.Unmarshal(sent.Body, &film))

	conn := dial(t, sys)
	ask(t, conn, "/v1/media/"+film.Hash, therapist.Token())
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, answer.StatusCode)
	require.Equal(t, content, sys.Call("GET", "/v1/media/"+film.Hash, therapist.Token(), nil).Body, "others are served")
	read := make([]byte, 1)
	for begun := time.Now(); time.Since(begun) < patient.Media+time.Second; {
		<-clock.System{}.After(50 * time.Millisecond)
		_, err := answer.Body.Read(read)
		require.NoError(t, err)
	}
	require.NoError(t, conn.SetReadBuffer(4<<20)) // in haste now: what was on the way still comes
	rest, err := io.ReadAll(answer.Body)
	require.Error(t, err, "cut off")
	require.Less(t, len(rest), len(content))
}

// A listener whose connection takes nothing any more is let go, and makes room.
func TestAStreamThatNobodyReads(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t, testkit.Hurried(hurried), testkit.Unsynced)
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
	token := therapist.Token()
	for range 8 {
		conn := dial(t, sys)
		ask(t, conn, "/v1/events", token)
		line, err := bufio.NewReaderSize(conn, 16).ReadString('\n')
		require.NoError(t, err)
		require.Equal(t, "HTTP/1.1 200 OK\r\n", line)
	}
	require.Equal(t, http.StatusTooManyRequests, sys.Call("GET", "/v1/events", token, nil).Status)
	for opened := time.Now(); sys.Call("GET", "/v1/events", token, nil).Status != http.StatusOK; {
		require.Less(t, time.Since(opened), patience)
		require.NoError(t, sys.App.DB.Write(context.Background(), func(tx *database.Tx) error {
			for range 200 { // as many as wait for one listener
				live.Announce(tx, live.Session, anna.ID)
			}
			return nil
		}))
	}
}

// Connections on which nothing comes, or half a request, keep nobody from being answered.
func TestIdleConnectionsHoldNobodyUp(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	for i := range 600 { // more than requests may be in flight
		conn := dial(t, sys)
		if i%2 == 0 {
			_, err := io.WriteString(conn, "POST /v1/auth/sessions HTTP/1.1\r\nHost: x\r\n")
			require.NoError(t, err)
		}
	}
	require.Equal(t, http.StatusOK, sys.Call("GET", "/v1/practice/members", sys.Admin.Token(), nil).Status)
	require.Equal(t, http.StatusOK, sys.Call("GET", "/healthz", "", nil).Status)
}
