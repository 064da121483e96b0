package reminder

import (
	"database/sql"
	"time"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/pkg/localtime"
)

// slotsSince returns a patient's slots of days since a date.
func (s store) slotsSince(patient id.Patient, since localtime.Date) ([]slot, error) {
	var rows []slotRow
	err := s.tx.All(
		&rows, "SELECT * FROM reminder_slots WHERE patient_id = ? AND local_date >= ? ORDER BY due_at", patient, since,
	)
	slots := make([]slot, len(rows))
	for i, row := range rows {
		slots[i] = row.toSlot()
	}
	return slots, database.Wrap("reminder: slots", err)
}

// slot returns a patient's slot by its id, or ErrNotFound.
func (s store) slot(patient id.Patient, slot id.Slot) (slot, error) {
	var row slotRow
	err := s.tx.First(&row, "SELECT * FROM reminder_slots WHERE patient_id = ? AND id = ?", patient, slot)
	if fault.Is(err, fault.NotFound) {
		err = ErrNotFound
	}
	return row.toSlot(), err
}

// Each notes a moment unless one is noted already.
const (
	noteDelivered = "UPDATE reminder_slots SET delivered_at = ? WHERE id = ? AND delivered_at IS NULL"
	noteDismissed = "UPDATE reminder_slots SET dismissed_at = ? WHERE id = ? AND dismissed_at IS NULL"
	noteOpened    = "UPDATE reminder_slots SET opened_at = ? WHERE id = ? AND opened_at IS NULL"
	noteActed     = "UPDATE reminder_slots SET acted_at = ? WHERE id = ? AND acted_at IS NULL"
)

// notesOf lists what an event notes: a reminder that was opened was delivered, too.
var notesOf = map[Event][]string{
	Delivered: {noteDelivered},
	Dismissed: {noteDelivered, noteDismissed},
	Opened:    {noteDelivered, noteOpened},
	Acted:     {noteDelivered, noteOpened, noteActed},
}

// receive stores when an event happened; the first time stays.
func (s store) receive(slot id.Slot, event Event, at time.Time) error {
	for _, note := range notesOf[event] {
		if _, err := s.tx.Exec(note, database.At(at), slot); err != nil {
			return database.Wrap("reminder: receipt", err)
		}
	}
	return nil
}

// repeatedSnooze returns until when a stored snooze postponed its reminder, or a zero time if it is new.
func (s store) repeatedSnooze(patient id.Patient, snooze id.Snooze, hash string) (time.Time, error) {
	var stored string
	var until time.Time
	err := s.tx.Rows("SELECT until, body_hash FROM reminder_snoozes WHERE patient_id = ? AND id = ?",
		[]any{patient, snooze}, func(rows *sql.Rows) error {
			var at database.Instant
			err := rows.Scan(&at, &stored)
			until = at.Time()
			return err
		})
	if err == nil && stored != "" && stored != hash {
		err = database.ErrIDReused
	}
	return until, err
}

// snooze makes a sent slot due again later, with new attempts.
func (s store) snooze(sl slot, snooze id.Snooze, until time.Time, hash string) error {
	_, err := s.tx.Exec(
		"INSERT INTO reminder_snoozes (patient_id, id, slot_id, until, asked_at, body_hash) VALUES (?, ?, ?, ?, ?, ?)",
		sl.Patient, snooze, sl.ID, database.At(until), database.At(s.tx.Now()), hash,
	)
	if err != nil {
		return database.Wrap("reminder: note snooze", err)
	}
	return database.MustAffect(s.tx.Exec(`UPDATE reminder_slots SET state = 'due', reason = ?, due_at = ?,
		expires_at = ?, attempts = 0, unsure = 0,
		lease_until = NULL, snoozes = snoozes + 1, opened_at = COALESCE(opened_at, ?) WHERE id = ? AND state = 'sent'`,
		Chosen, database.At(until), database.At(until.Add(usefulFor)), database.At(s.tx.Now()), sl.ID))
}
