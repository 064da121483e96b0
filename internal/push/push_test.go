package push_test

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/clock"
	"cadans/internal/push"
	"cadans/internal/record/people"
	"cadans/internal/rules/reminder"
)

var now = time.Date(2026, 3, 3, 7, 50, 0, 0, time.UTC)

func message() reminder.Message {
	return reminder.Message{
		Slot:    "019aa0c4-7d00-7000-8000-000000000001",
		Kind:    reminder.Cue,
		Title:   "Cadans",
		Body:    "Uw plan voor vandaag staat klaar.",
		Target:  people.PushTarget{Device: "d", Kind: "fcm", Address: "token"},
		Expires: now.Add(2 * time.Hour),
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
		"apns": {"headers": {"apns-collapse-id": "019aa0c4-7d00-7000-8000-000000000001",
				"apns-expiration": "1772531400", "apns-priority": "10"},
			"payload": {"aps": {"thread-id": "reminder"}}}
	}`, string(encoded))
}

func TestLogHoldsThePayloadAsItWouldGoOut(t *testing.T) {
	t.Parallel()
	var out, console bytes.Buffer
	c := clock.NewManual(now)
	require.NoError(t, push.Both{
		First:  push.NewConsole(&console, c),
		Second: push.NewLog(&out, c),
	}.Send(context.Background(), message()))
	var line map[string]any
	require.NoError(t, json.Unmarshal(out.Bytes(), &line))
	require.Equal(t, "2026-03-03T07:50:00Z", line["at"])
	require.Equal(t, "019aa0c4-7d00-7000-8000-000000000001", line["slot"])
	require.Equal(t, "token", line["payload"].(map[string]any)["token"])
	require.Contains(t, console.String(), "Uw plan voor vandaag staat klaar.")
}
