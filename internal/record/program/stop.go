package program

import (
	"time"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/pkg/localtime"
)

// SafetyPause is the reason for a pause made by the safety gate. It has no last day; only a decision ends it.
const SafetyPause PauseReason = "safety"

// declaredByRule is the declarer of a pause that no person asked for.
const declaredByRule = "rule"

// endless is the last day of a pause without an end date.
var endless = localtime.NewDate(9999, time.December, 31)

// IsEndless reports whether the pause has no end date.
func (p Pause) IsEndless() bool { return p.End == endless }

// ErrSafetyPause means that a patient cannot end a pause of the safety gate.
var ErrSafetyPause = fault.New(fault.Conflict, "safety-stop", "only a therapist's decision ends this pause")

// Stop pauses a patient's program until Reopen: nothing is expected and no reminders are sent. Repeating it changes
// nothing.
func (s *Service) Stop(tx *database.Tx, patient id.Patient, on localtime.Date) error {
	store := newStore(tx)
	if open, err := store.safetyPause(patient); open != "" || err != nil {
		return err
	}
	pause := Pause{
		ID:         id.Pause(id.New()),
		Patient:    patient,
		Reason:     SafetyPause,
		Start:      on,
		End:        endless,
		DeclaredBy: declaredByRule,
	}
	if err := store.insertPause(pause, database.BodyHash(pause.ID)); err != nil {
		return err
	}
	return s.observer.ExpectationChanged(tx, patient, on, on)
}

// Reopen ends a Stop: the program continues from that day.
func (s *Service) Reopen(tx *database.Tx, patient id.Patient, on localtime.Date) error {
	store := newStore(tx)
	open, err := store.safetyPause(patient)
	if open == "" || err != nil {
		return err
	}
	if err := store.endPause(patient, open, on.AddDays(-1)); err != nil {
		return err
	}
	return s.observer.ExpectationChanged(tx, patient, on, on)
}

// safetyPause returns the open pause of the safety gate, or an empty id.
func (s store) safetyPause(patient id.Patient) (id.Pause, error) {
	var pause id.Pause
	err := s.tx.Value(
		&pause, "SELECT id FROM pauses WHERE patient_id = ? AND reason = ? AND end_date = ?", patient, SafetyPause,
		endless,
	)
	if fault.Is(err, fault.NotFound) {
		err = nil
	}
	return pause, err
}
