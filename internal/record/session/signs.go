package session

import (
	"slices"

	"cadans/internal/kernel/database"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/record/safety"
)

// screen shows the safety gate the signs that this session has not told before. A therapist may have cleared the
// others, but they may make a new one more serious. It returns the history afterwards, including a stop that the signs
// may have caused.
func (s *Service) screen(
	tx *database.Tx, logged Session, before []safety.Sign, h program.History,
) (program.History, error) {
	added := slices.DeleteFunc(
		slices.Clone(logged.NewSigns), func(sign safety.Sign) bool { return slices.Contains(before, sign) },
	)
	if len(added) == 0 {
		return h, nil
	}
	patient, err := people.ByID(tx, logged.Patient)
	if err != nil {
		return h, err
	}
	if len(before) == 0 { // it may have told them before, in words that were refused
		_, err = s.gate.AdmitOnce(tx, patient, safety.FromSession, string(logged.ID), added)
	} else {
		_, err = s.gate.AdmitNew(tx, patient, safety.FromSession, string(logged.ID), added, before)
	}
	if err != nil {
		return h, err
	}
	return program.HistoryOf(tx, logged.Patient)
}

// advised adds what the gate found in a session's signs.
func (s *Service) advised(tx *database.Tx, told Session) (Session, error) {
	if len(told.NewSigns) == 0 {
		return told, nil
	}
	var err error
	told.Verdict, err = s.gate.ToldBy(tx, told.Patient, safety.FromSession, string(told.ID))
	return told, err
}
