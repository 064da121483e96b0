package push_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/clock"
	"cadans/internal/people"
	"cadans/internal/push"
	"cadans/internal/reminder"
)

var now = time.Date(2026, 3, 3, 7, 50, 0, 0, time.UTC)

func message() reminder.Message {
	return reminder.Message{
		Slot: "019aa0c4-7d00-7000-8000-000000000001", Kind: reminder.Cue, Title: "Cadans", Body: "Uw plan voor vandaag staat klaar.",
		Target: people.PushTarget{Device: "d", Kind: "fcm", Address: "token"}, Expires: now.Add(2 * time.Hour),
	}
}

// The payload, field by field. Anything that is added here shows on locked screens.
func TestPayload(t *testing.T) {
	t.Parallel()
	encoded, err := json.Marshal(push.Payload(message(), now))
	require.NoError(t, err)
	require.JSONEq(t, `{
		"token": "token",
		"notification": {"title": "Cadans", "body": "Uw plan voor vandaag staat klaar."},
		"data": {"slot": "019aa0c4-7d00-7000-8000-000000000001"},
		"android": {"collapse_key": "reminder", "priority": "high", "ttl": "7200s",
			"notification": {"tag": "019aa0c4-7d00-7000-8000-000000000001", "visibility": "PRIVATE"}},
		"apns": {"headers": {"apns-collapse-id": "019aa0c4-7d00-7000-8000-000000000001", "apns-expiration": "1772531400", "apns-priority": "10"},
			"payload": {"aps": {"thread-id": "reminder"}}}
	}`, string(encoded))
}

// What FCM answers, through the real SDK against a local stand-in: one request each, and the right conclusion.
func TestFCMAnswers(t *testing.T) {
	t.Parallel()
	fcmError := func(status, code string) string {
		return `{"error":{"status":"` + status + `","details":[{"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":"` + code + `"}]}}`
	}
	violation := func(field string) string {
		return `{"error":{"status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"` +
			field + `","description":"Invalid"}]}]}}`
	}
	const sent, dead, wait, refused = "sent", "dead", "wait", "refused"
	for _, tc := range []struct {
		name       string
		status     int
		body       string
		retryAfter string
		want       string
		asked      time.Duration
	}{
		{"accepted", 200, `{"name":"projects/demo-cadans/messages/1"}`, "", sent, 0},
		{"accepted, in an answer that cannot be read", 200, `{"name":`, "", sent, 0},
		{"unregistered", 404, fcmError("NOT_FOUND", "UNREGISTERED"), "", dead, 0},
		{"404 of a proxy keeps the address", 404, `not found`, "", refused, 0},
		{"404 without FCM's code keeps the address", 404, `{"error":{"status":"NOT_FOUND"}}`, "", refused, 0},
		{"sender mismatch", 403, fcmError("PERMISSION_DENIED", "SENDER_ID_MISMATCH"), "", dead, 0},
		{"bad token", 400, violation("message.token"), "", dead, 0},
		{"bad payload keeps the address", 400, violation("message.android.ttl"), "", refused, 0},
		{"bad argument keeps the address", 400, fcmError("INVALID_ARGUMENT", "INVALID_ARGUMENT"), "", refused, 0},
		{"quota of the device", 429, fcmError("RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED"), "17", wait, 17 * time.Second},
		{"quota of the project", 429, `{"error":{"status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"RATE_LIMIT_EXCEEDED"}]}}`, "", wait, time.Minute},
		{"unavailable", 503, fcmError("UNAVAILABLE", "UNAVAILABLE"), "", wait, 0},
		{"unavailable for a while", 503, fcmError("UNAVAILABLE", "UNAVAILABLE"), "300", wait, 5 * time.Minute},
		{"internal", 500, fcmError("INTERNAL", "INTERNAL"), "", wait, 0},
		{"gateway page", 502, `<html>`, "", wait, 0},
		{"our own key is refused", 401, fcmError("UNAUTHENTICATED", "THIRD_PARTY_AUTH_ERROR"), "", refused, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int64
			fcm := standIn(t, func(w http.ResponseWriter, _ *http.Request) {
				requests.Add(1)
				if tc.retryAfter != "" {
					w.Header().Set("Retry-After", tc.retryAfter)
				}
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(tc.status)
				_, _ = w.Write([]byte(tc.body))
			})
			err := fcm.Send(context.Background(), message())
			require.Equal(t, int64(1), requests.Load(), "the SDK tried again by itself")
			var retry *reminder.RetryError
			switch tc.want {
			case sent:
				require.NoError(t, err)
			case dead:
				require.ErrorIs(t, err, reminder.ErrUnregistered)
			case wait:
				require.ErrorAs(t, err, &retry)
				require.Equal(t, tc.asked, retry.Wait)
				require.False(t, retry.Unsure || retry.Unsent)
			case refused:
				require.Error(t, err)
				require.False(t, errors.As(err, &retry) || errors.Is(err, reminder.ErrUnregistered), "%v", err)
			}
		})
	}
}

// standIn is FCM as the SDK sees it.
func standIn(t *testing.T, answer http.HandlerFunc) *push.FCM {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	fcm, err := push.NewFCMAt(context.Background(), server.URL+"/v1", clock.NewManual(now))
	require.NoError(t, err)
	return fcm
}

// When the service fails again and again, it is left alone for a while: nothing is tried, and nothing counts as tried.
func TestTheCircuitOpens(t *testing.T) {
	t.Parallel()
	var requests atomic.Int64
	careful := push.NewCareful(standIn(t, func(w http.ResponseWriter, _ *http.Request) {
		requests.Add(1)
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	var retry *reminder.RetryError
	for range 50 {
		require.ErrorAs(t, careful.Send(context.Background(), message()), &retry)
	}
	require.Equal(t, int64(20), requests.Load())
	require.True(t, retry.Unsent)
	require.Equal(t, 30*time.Second, retry.Wait)
}

// A message that is refused says nothing about the service.
func TestRefusedMessagesDoNotOpenTheCircuit(t *testing.T) {
	t.Parallel()
	var requests atomic.Int64
	careful := push.NewCareful(standIn(t, func(w http.ResponseWriter, _ *http.Request) {
		requests.Add(1)
		w.WriteHeader(http.StatusBadRequest)
	}))
	for range 50 {
		require.Error(t, careful.Send(context.Background(), message()))
	}
	require.Equal(t, int64(50), requests.Load())
}

// A connection that breaks is one attempt, which may have arrived: within one call the SDK would send up to five.
func TestABrokenConnectionIsOneAttempt(t *testing.T) {
	t.Parallel()
	var requests atomic.Int64
	fcm := standIn(t, func(w http.ResponseWriter, _ *http.Request) {
		requests.Add(1)
		conn, _, err := http.NewResponseController(w).Hijack()
		require.NoError(t, err)
		require.NoError(t, conn.Close())
	})
	var retry *reminder.RetryError
	require.ErrorAs(t, fcm.Send(context.Background(), message()), &retry)
	require.True(t, retry.Unsure)
	require.Equal(t, int64(1), requests.Load())
}

// A service that hangs ends with the caller's deadline; the message may have arrived.
func TestAHangingServiceEndsAtTheDeadline(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	fcm := standIn(t, func(http.ResponseWriter, *http.Request) { <-release })
	t.Cleanup(func() { close(release) })
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	var retry *reminder.RetryError
	require.ErrorAs(t, fcm.Send(ctx, message()), &retry)
	require.True(t, retry.Unsure)
}

func TestLogHoldsThePayloadAsItWouldGoOut(t *testing.T) {
	t.Parallel()
	var out, console bytes.Buffer
	c := clock.NewManual(now)
	require.NoError(t, push.Both{First: push.NewConsole(&console, c), Second: push.NewLog(&out, c)}.Send(context.Background(), message()))
	var line map[string]any
	require.NoError(t, json.Unmarshal(out.Bytes(), &line))
	require.Equal(t, "2026-03-03T07:50:00Z", line["at"])
	require.Equal(t, "019aa0c4-7d00-7000-8000-000000000001", line["slot"])
	require.Equal(t, "token", line["payload"].(map[string]any)["token"])
	require.Contains(t, console.String(), "Uw plan voor vandaag staat klaar.")
}
