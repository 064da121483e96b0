// Package push sends reminders through push services: Firebase Cloud Messaging, the console, a file.
//
// Payloads pass unencrypted through other companies' servers and appear on lock screens. So they contain a neutral
// sentence and an opaque slot id, nothing else; a test with canary values checks it.
package push

import (
	"strconv"
	"time"

	"firebase.google.com/go/v4/messaging"

	"cadans/internal/rules/reminder"
)

// Payload returns the message as sent to FCM. The slot is its tag: a phone replaces a shown message with the same
// tag, so a message sent twice appears once. The collapse key is one of two constants, because FCM keeps only four
// per phone.
func Payload(m reminder.Message, now time.Time) *messaging.Message {
	ttl := max(m.Expires.Sub(now).Truncate(time.Second), 0)
	collapse := "reminder"
	if m.Kind == reminder.Feedback {
		collapse = "message"
	}
	return &messaging.Message{
		Token:        m.Target.Address,
		Notification: &messaging.Notification{Title: m.Title, Body: m.Body},
		Data:         map[string]string{"slot": string(m.Slot)},
		Android: &messaging.AndroidConfig{
			CollapseKey: collapse, Priority: "high", TTL: &ttl,
			Notification: &messaging.AndroidNotification{Tag: string(m.Slot), Visibility: messaging.VisibilityPrivate},
		},
		APNS: &messaging.APNSConfig{
			Headers: map[string]string{
				"apns-collapse-id": string(m.Slot),
				"apns-expiration":  strconv.FormatInt(m.Expires.Unix(), 10),
				"apns-priority":    "10",
			},
			Payload: &messaging.APNSPayload{Aps: &messaging.Aps{ThreadID: collapse}},
		},
	}
}
