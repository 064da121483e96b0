// Package push hands reminders to push services: Firebase Cloud Messaging, the console, a file.
//
// Payloads travel unencrypted through other people's servers and show on locked screens. They hold a neutral sentence
// and an opaque slot id, nothing else; a test with canary values guards it.
package push

import (
	"strconv"
	"time"

	"firebase.google.com/go/v4/messaging"

	"cadans/internal/rules/reminder"
)

// Payload is the message as it goes to FCM. The slot is the tag under which a phone replaces a message it shows
// already, so that one sent twice is seen once. The collapse key is one of two constants: FCM keeps four per phone.
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
