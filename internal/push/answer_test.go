package push_test

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/delivery"
)

// What FCM answers, through the real SDK, over TLS and HTTP/2: one request each, and the right conclusion.
func TestFCMAnswers(t *testing.T) {
	t.Parallel()
	const (
		quotaOfPhone = `{"error":{"status":"RESOURCE_EXHAUSTED","details":[
			{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[
				{"subject":"x","description":"Device message rate exceeded."}]}]}}`
		quotaOfProject = `{"error":{"status":"RESOURCE_EXHAUSTED","details":[
			{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"RATE_LIMIT_EXCEEDED"}]}}`
	)
	failure := func(kind delivery.Kind, code string, wait time.Duration) *delivery.Failure {
		return &delivery.Failure{Kind: kind, Cause: code, Wait: wait}
	}
	for _, tc := range []struct {
		name   string
		answer http.HandlerFunc
		want   *delivery.Failure
	}{
		{"accepted", answering(200, `{"name":"projects/clinic/messages/1"}`, ""), nil},
		{"accepted, in an answer that cannot be read", answering(200, `{"name":`, ""), nil},
		{"accepted, in an answer that breaks off", cutting(200), nil},

		{"unregistered", answering(404, fcmError("NOT_FOUND", "UNREGISTERED"), ""),
			failure(delivery.RefusedHere, "404 UNREGISTERED", 0)},
		{"no token", answering(400, violation("message.token"), ""),
			failure(delivery.RefusedHere, "400 INVALID_ARGUMENT", 0)},

		{"bad payload", answering(400, violation("message.android.ttl"), ""),
			failure(delivery.RefusedForAll, "400 INVALID_ARGUMENT", 0)},
		{"bad argument", answering(400, fcmError("INVALID_ARGUMENT", "INVALID_ARGUMENT"), ""),
			failure(delivery.RefusedForAll, "400 INVALID_ARGUMENT", 0)},
		{"404 of a proxy", answering(404, `not found`, ""), failure(delivery.RefusedForAll, "404", 0)},
		{"404 of another project", answering(404, `{"error":{"status":"NOT_FOUND"}}`, ""),
			failure(delivery.RefusedForAll, "404", 0)},
		{"our key is refused", answering(401, fcmError("UNAUTHENTICATED", "THIRD_PARTY_AUTH_ERROR"), ""),
			failure(delivery.RefusedForAll, "401 THIRD_PARTY_AUTH_ERROR", 0)},
		{"no permission", answering(403, `{"error":{"status":"PERMISSION_DENIED"}}`, ""),
			failure(delivery.RefusedForAll, "403", 0)},
		{"the project of another sender", answering(403, fcmError("PERMISSION_DENIED", "SENDER_ID_MISMATCH"), ""),
			failure(delivery.RefusedForAll, "403 SENDER_ID_MISMATCH", 0)},
		{"a word that is not FCM's", answering(403, fcmError("PERMISSION_DENIED", "token"), ""),
			failure(delivery.RefusedForAll, "403", 0)},

		{"quota of the project", answering(429, quotaOfProject, ""),
			failure(delivery.RefusedForAll, "429", time.Minute)},
		{"quota, in seconds", answering(429, fcmError("RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED"), "17"),
			failure(delivery.RefusedForAll, "429 QUOTA_EXCEEDED", 17*time.Second)},
		{"quota, as a date", answering(429, quotaOfProject, now.Add(90*time.Second).Format(http.TimeFormat)),
			failure(delivery.RefusedForAll, "429", 90*time.Second)},
		{"quota, until a moment that has passed",
			answering(429, quotaOfProject, now.Add(-time.Hour).Format(http.TimeFormat)),
			failure(delivery.RefusedForAll, "429", time.Minute)},
		{"quota, for ever", answering(429, quotaOfProject, "999999999"),
			failure(delivery.RefusedForAll, "429", time.Hour)},
		{"quota, in words", answering(429, quotaOfProject, "soon"),
			failure(delivery.RefusedForAll, "429", time.Minute)},
		{"quota of a phone", answering(429, quotaOfPhone, "20"),
			&delivery.Failure{Kind: delivery.NeverLeft, Cause: "429", Wait: 20 * time.Second, Local: true}},

		{"unavailable", answering(503, fcmError("UNAVAILABLE", "UNAVAILABLE"), ""),
			failure(delivery.NeverLeft, "503 UNAVAILABLE", 0)},
		{"unavailable for a while", answering(503, `busy`, "300"), failure(delivery.NeverLeft, "503", 5*time.Minute)},
		{"internal", answering(500, fcmError("INTERNAL", "INTERNAL"), ""),
			&delivery.Failure{Kind: delivery.MayHaveLeft, Cause: "500 INTERNAL", Answered: true}},
		{"gateway page", answering(502, `<html>`, ""), failure(delivery.MayHaveLeft, "502", 0)},
		{"gateway that waited", answering(504, `<html>`, ""), failure(delivery.MayHaveLeft, "504", 0)},

		{"no answer", cutting(0), failure(delivery.MayHaveLeft, "connection", 0)},
		{"500 that breaks off", cutting(500),
			&delivery.Failure{Kind: delivery.MayHaveLeft, Cause: "500", Answered: true}},
		{"404 that breaks off", cutting(404), failure(delivery.NeverLeft, "cut", 0)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			g := newGoogle(t)
			g.behave(nil, tc.answer)
			require.Equal(t, tc.want, delivery.Of(g.fcm(t).Send(context.Background(), message())))
			require.Equal(t, 1, g.seen(), "the SDK tried again by itself")
			require.Equal(t, "HTTP/2.0", g.protocol)
		})
	}
}

// A deadline that passes leaves open whether the message arrived, once it was written.
func TestAServiceThatHangsEndsAtTheDeadline(t *testing.T) {
	t.Parallel()
	g := newGoogle(t)
	g.behave(nil, hanging)
	ctx, cancel := within(300 * time.Millisecond)
	defer cancel()
	require.Equal(
		t, &delivery.Failure{Kind: delivery.MayHaveLeft, Cause: "deadline"}, delivery.Of(g.fcm(t).Send(ctx, message())),
	)
	require.Equal(t, 1, g.seen())
}

// What fails before the message is written costs nothing: no connection, no certificate, nobody who shakes hands.
func TestWhatNeverLeft(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		listen func(net.Conn)
		code   string
	}{
		{"refused at once", nil, "dial"},
		{"nobody shakes hands", func(net.Conn) {}, "deadline"},
		{"no TLS", func(c net.Conn) { _, _ = c.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n")) }, "tls"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			g := newGoogle(t)
			fcm := g.fcmOver(t, g.trusting(), "https://"+listening(t, tc.listen))
			ctx, cancel := within(2 * time.Second)
			defer cancel()
			require.Equal(
				t, &delivery.Failure{Kind: delivery.NeverLeft, Cause: tc.code}, delivery.Of(fcm.Send(ctx, message())),
			)
		})
	}
	t.Run("a certificate of somebody else", func(t *testing.T) {
		t.Parallel()
		g := newGoogle(t)
		stranger := g.trusting()
		stranger.TLSClientConfig = &tls.Config{}
		fcm := g.fcmOver(t, stranger, g.URL)
		require.Equal(
			t, &delivery.Failure{Kind: delivery.NeverLeft, Cause: "tls"},
			delivery.Of(fcm.Send(context.Background(), message())),
		)
		require.Zero(t, g.seen())
	})
}

// listening accepts connections and does one thing with each; without it, nobody listens.
func listening(t *testing.T, do func(net.Conn)) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	if do == nil {
		require.NoError(t, listener.Close())
		return listener.Addr().String()
	}
	t.Cleanup(func() { require.NoError(t, listener.Close()) })
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			do(c)
			t.Cleanup(func() { _ = c.Close() }) // until then it stays open: one that is forgotten is closed
		}
	}()
	return listener.Addr().String()
}

// Without a token nothing leaves; where it is our key that is refused, everything is.
func TestTokens(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		token http.HandlerFunc
		want  delivery.Kind
	}{
		{"the endpoint fails", answering(503, `down`, ""), delivery.NeverLeft},
		{"the endpoint is busy", answering(429, `busy`, ""), delivery.NeverLeft},
		{"the endpoint breaks off", cutting(0), delivery.NeverLeft},
		{"the endpoint hangs", hanging, delivery.NeverLeft},
		{"the answer is no token", answering(200, `<html>`, ""), delivery.NeverLeft},
		{"the key was taken back", answering(400, `{"error":"invalid_grant"}`, ""), delivery.RefusedForAll},
		{"the account is unknown", answering(401, `{"error":"invalid_client"}`, ""), delivery.RefusedForAll},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			g := newGoogle(t)
			g.behave(tc.token, nil)
			fcm := g.fcm(t)
			for range 2 {
				ctx, cancel := within(time.Second)
				f := delivery.Of(fcm.Send(ctx, message()))
				cancel()
				require.NotNil(t, f)
				require.Equal(t, tc.want, f.Kind, f.Cause)
			}
			require.Zero(t, g.seen())
			g.behave(nil, nil)
			require.NoError(t, fcm.Send(context.Background(), message()), "and then it is well again")
		})
	}
}
