package told

import (
	"cmp"
	"context"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/internal/record/safety"
)

// Service implements the use cases of this package.
type Service struct {
	guard *access.Guard
	gate  *safety.Gate
}

// NewService returns the service.
func NewService(guard *access.Guard, gate *safety.Gate) *Service { return &Service{guard, gate} }

// Record is a record of a patient, as the phone told it. ID is empty when it had none that could be read.
type Record struct {
	Operation access.Operation
	ID        string
	Text      string
	Findings  []fault.Violation // what was mended, or why it was refused
	Signs     []safety.Sign
}

func (r Record) row(patient id.Patient, mended string, o Outcome) row {
	return row{patient, r.Operation, r.ID, r.Text, mended, o, r.Findings}
}

// Keep keeps a record of the viewer in which something was mended, before it is stored. It returns the mended body; for
// words that were told before, the one of that time: a record that is repeated is the same record.
func (s *Service) Keep(ctx context.Context, v access.Viewer, r Record, mended string) (string, error) {
	return access.Write(ctx, s.guard, v.AsksOwn(r.Operation).Alone(), func(tx *database.Tx) (string, error) {
		kept := r.row(v.Patient, mended, Adjusted)
		before, err := kept.mendedBefore(tx)
		if err != nil {
			return "", err
		}
		return cmp.Or(before, mended), kept.keep(tx)
	})
}

// Refuse keeps a record of the viewer that was refused, and shows its signs to the safety gate. It returns what the
// gate found, also when the record is repeated.
func (s *Service) Refuse(ctx context.Context, v access.Viewer, r Record) (safety.Verdict, error) {
	return access.Write(ctx, s.guard, v.AsksOwn(r.Operation).Alone(), func(tx *database.Tx) (safety.Verdict, error) {
		if err := r.row(v.Patient, "", Refused).keep(tx); err != nil || len(r.Signs) == 0 {
			return safety.Verdict{Level: safety.OK}, err
		}
		return s.screen(tx, v.Patient, r)
	})
}

// screen shows signs to the gate, each once for a record.
func (s *Service) screen(tx *database.Tx, of id.Patient, r Record) (safety.Verdict, error) {
	patient, err := people.ByID(tx, of)
	if err != nil {
		return safety.Verdict{}, err
	}
	source, record := r.source()
	return s.gate.AdmitOnce(tx, patient, source, record, r.Signs)
}

// source says where signs came from. A record without an id is known by what it says.
func (r Record) source() (safety.Source, string) {
	record := r.ID
	if record == "" {
		record = id.Of(r.Text)
	}
	if r.Operation == access.LogSession || r.Operation == access.CorrectSession {
		return safety.FromSession, record
	}
	return safety.FromCheckIn, record
}
