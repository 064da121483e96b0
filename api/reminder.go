package api

import (
	"bytes"
	"context"
	"encoding/csv"
	"math"
	"slices"
	"strconv"
	"time"

	"cadans/api/door"
	"cadans/api/wire"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/internal/rules/reminder"
)

// ListMyReminders implements StrictServerInterface.
func (s *Server) ListMyReminders(
	ctx context.Context, _ wire.ListMyRemindersRequestObject,
) (wire.ListMyRemindersResponseObject, error) {
	o, err := s.parts.Reminders.Mine(ctx, door.ViewerOf(ctx))
	if err != nil {
		return nil, err
	}
	list := wire.ReminderList{Data: mapped(o.Reminders, toReminder), AskPreference: o.Ask, Silent: o.Silent}
	plan, err := s.parts.Coping.Mine(ctx, door.ViewerOf(ctx))
	switch {
	case err == nil:
		sentence := inBoth(plan.Sentence)
		list.Plan = &sentence
	case !fault.Is(err, fault.NotFound):
		return nil, err
	}
	return wire.ListMyReminders200JSONResponse(list), nil
}

func toReminder(p reminder.Planned) wire.Reminder {
	return wire.Reminder{
		ID: wire.ID(p.Slot), Kind: wire.ReminderKind(p.Kind), LocalDate: p.Date.String(), DueAt: p.DueAt.UTC(),
		ExpiresAt: p.Expires.UTC(), State: wire.ReminderState(p.State), Opened: p.Opened, Text: inBoth(p.Text),
		Reason: inBoth(p.Reason.In),
	}
}

func inBoth(text func(people.Language) string) wire.BothLanguages {
	return wire.BothLanguages{Nl: text(people.Dutch), En: text(people.English)}
}

// RecordReminderReceipt implements StrictServerInterface.
func (s *Server) RecordReminderReceipt(
	ctx context.Context, r wire.RecordReminderReceiptRequestObject,
) (wire.RecordReminderReceiptResponseObject, error) {
	err := s.parts.Reminders.Receive(
		ctx, door.ViewerOf(ctx), id.Slot(r.ReminderID), reminder.Event(r.Body.Event), r.Body.At,
	)
	return wire.RecordReminderReceipt204Response{}, err
}

// SnoozeReminder implements StrictServerInterface.
func (s *Server) SnoozeReminder(
	ctx context.Context, r wire.SnoozeReminderRequestObject,
) (wire.SnoozeReminderResponseObject, error) {
	until, created, err := s.parts.Reminders.Snooze(
		ctx, door.ViewerOf(ctx), id.Slot(r.ReminderID), id.Snooze(r.Body.ID),
		time.Duration(r.Body.Minutes)*time.Minute,
	)
	switch {
	case err != nil:
		return nil, err
	case created:
		return wire.SnoozeReminder201JSONResponse{Until: until}, nil
	default:
		return wire.SnoozeReminder200JSONResponse{SnoozeJSONResponse: wire.SnoozeJSONResponse{Until: until}}, nil
	}
}

// GetReminderEffects implements StrictServerInterface.
func (s *Server) GetReminderEffects(
	ctx context.Context, r wire.GetReminderEffectsRequestObject,
) (wire.GetReminderEffectsResponseObject, error) {
	e, err := s.parts.Reminders.Effects(ctx, door.ViewerOf(ctx), date(r.Params.Since), date(r.Params.Until))
	if err != nil {
		return nil, err
	}
	if r.Params.Format != nil && *r.Params.Format == wire.Csv {
		table, err := effectTable(e)
		return wire.GetReminderEffects200TextCsvResponse{
			Body:          bytes.NewReader(table),
			ContentLength: int64(len(table)),
		}, err
	}
	return wire.GetReminderEffects200JSONResponse{
		Since:    e.Since.String(),
		Until:    e.Until.String(),
		Practice: mapped(e.Practice, toEffect),
		Pooled:   mapped(pooled(e), toEffect),
	}, nil
}

// pooled leaves out a number that, minus the practice's own, would be about too few patients of others.
func pooled(e reminder.Effects) []reminder.Estimated {
	shown := slices.Clone(e.Pooled)
	for i, all := range shown {
		own := slices.IndexFunc(
			e.Practice, func(own reminder.Estimated) bool { return own.Kind == all.Kind && own.Arm == all.Arm },
		)
		if own < 0 {
			continue
		}
		if others := all.Patients - e.Practice[own].Patients; others > 0 && others < fewest {
			shown[i] = reminder.Estimated{Kind: all.Kind, Arm: all.Arm}
		}
	}
	return shown
}

// fewest is the minimum number of patients behind a number.
const fewest = 10

// toEffect converts an estimate, unless it is about too few patients.
func toEffect(e reminder.Estimated) wire.ReminderEffect {
	shown := wire.ReminderEffect{Kind: wire.ReminderKind(e.Kind), Arm: string(e.Arm)}
	if e.Patients < fewest {
		return shown
	}
	shown.Decisions, shown.Sent, shown.Patients = &e.Decisions, &e.Sent, &e.Patients
	shown.RateSent, shown.RateNotSent = orNull(e.RateSent), orNull(e.RateNotSent)
	shown.Effect, shown.Low, shown.High = orNull(e.Effect.Effect), orNull(e.Low), orNull(e.High)
	return shown
}

// orNull rounds to four decimals; NaN becomes null.
func orNull(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	rounded := math.Round(x*10000) / 10000
	return &rounded
}

// effectTable writes the effects as CSV; null is empty.
func effectTable(e reminder.Effects) ([]byte, error) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	rows := [][]string{{"scope", "kind", "arm", "decisions", "sent", "patients", "rate_sent", "rate_not_sent", "effect",
		"low", "high"}}
	for _, part := range []struct {
		scope   string
		effects []reminder.Estimated
	}{{"practice", e.Practice}, {"pooled", pooled(e)}} {
		for _, one := range part.effects {
			shown := toEffect(one)
			rows = append(rows, []string{
				part.scope, string(shown.Kind), shown.Arm, whole(shown.Decisions), whole(shown.Sent),
				whole(shown.Patients), fraction(shown.RateSent), fraction(shown.RateNotSent), fraction(shown.Effect),
				fraction(shown.Low), fraction(shown.High),
			})
		}
	}
	err := w.WriteAll(rows)
	return out.Bytes(), err
}

func whole(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

func fraction(x *float64) string {
	if x == nil {
		return ""
	}
	return strconv.FormatFloat(*x, 'f', -1, 64)
}
