package intake

import (
	"context"
	"database/sql"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
)

// Setting is the therapist's decision on how much support a patient needs. A class of the STarT Back tool that was
// completed elsewhere is recorded in the same way and also overrides the proposal.
type Setting struct {
	ID     id.RiskProfile
	Risk   Risk
	Source string // therapist or start_back
	SetAt  time.Time
	SetBy  id.Member
}

// SetRisk records a setting; the latest one is in force. Repeating it changes nothing.
func (s *Service) SetRisk(
	ctx context.Context, v access.Viewer, patient id.Patient, setting Setting,
) (Setting, bool, error) {
	ask := v.Asks(access.SetRiskProfile, patient)
	return access.Create(ctx, s.guard, ask, func(tx *database.Tx) (Setting, bool, error) {
		all, err := newStore(tx).risks(patient)
		if err != nil {
			return Setting{}, false, err
		}
		for _, earlier := range all {
			switch {
			case earlier.ID != setting.ID:
			case earlier.Risk != setting.Risk || earlier.Source != setting.Source:
				return Setting{}, false, database.ErrIDReused
			default:
				return earlier, false, nil
			}
		}
		setting.SetAt, setting.SetBy = tx.Now(), v.Member
		return setting, true, newStore(tx).insertRisk(patient, setting)
	})
}

// ErrNoRisk means that no therapist has set a risk.
var ErrNoRisk = fault.New(fault.NotFound, "not-found", "no risk profile was set")

// Risk returns the setting in force, or ErrNoRisk.
func (s *Service) Risk(ctx context.Context, v access.Viewer, patient id.Patient) (Setting, error) {
	return access.Read(ctx, s.guard, v.Asks(access.GetRiskProfile, patient), func(tx *database.Tx) (Setting, error) {
		all, err := newStore(tx).risks(patient)
		if err != nil {
			return Setting{}, err
		}
		if len(all) == 0 {
			return Setting{}, ErrNoRisk
		}
		return all[len(all)-1], nil
	})
}

// RecordRisk keeps a setting that follows from something else that a member has stored. The caller checks access.
func RecordRisk(tx *database.Tx, patient id.Patient, setting Setting) error {
	return newStore(tx).insertRisk(patient, setting)
}

// RiskOf returns the setting in force, or false. The caller checks access.
func RiskOf(tx *database.Tx, patient id.Patient) (Setting, bool, error) {
	all, err := newStore(tx).risks(patient)
	if err != nil || len(all) == 0 {
		return Setting{}, false, err
	}
	return all[len(all)-1], true, nil
}

func (s store) insertRisk(patient id.Patient, setting Setting) error {
	_, err := s.tx.Exec(
		"INSERT INTO risk_profiles (patient_id, id, risk, source, set_at, set_by) VALUES (?, ?, ?, ?, ?, ?)",
		patient, setting.ID, setting.Risk, setting.Source, database.At(setting.SetAt), setting.SetBy,
	)
	return database.Wrap("intake: set risk", err)
}

func (s store) risks(patient id.Patient) ([]Setting, error) {
	var all []Setting
	err := s.tx.Rows("SELECT id, risk, source, set_at, set_by FROM risk_profiles WHERE patient_id = ? "+
		"ORDER BY set_at, id", []any{patient},
		func(rows *sql.Rows) error {
			var setting Setting
			var set database.Instant
			err := rows.Scan(&setting.ID, &setting.Risk, &setting.Source, &set, &setting.SetBy)
			setting.SetAt = set.Time()
			all = append(all, setting)
			return err
		})
	return all, database.Wrap("intake: risks", err)
}
