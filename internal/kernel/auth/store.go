package auth

import (
	"database/sql"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
)

type store struct{ tx *database.Tx }

func newStore(tx *database.Tx) store { return store{tx} }

type sessionRow struct {
	ID         string
	PracticeID string
	Role       string
	PatientID  *string
	MemberID   *string
	DeviceID   *string
	CreatedAt  database.Instant
	RevokedAt  *database.Instant
}

// TableName tells gorm where.
func (sessionRow) TableName() string { return "auth_sessions" }

type refreshRow struct {
	TokenHash string
	SessionID id.AuthSession
	CreatedAt database.Instant
	ExpiresAt database.Instant
	UsedAt    *database.Instant
	Number    int    // in its session; 0 in what older versions issued
	Epoch     string // that it was issued in
}

// TableName tells gorm where.
func (refreshRow) TableName() string { return "refresh_tokens" }

type pairingRow struct {
	ID         string
	PatientID  string
	CreatedBy  string
	CodeHash   string
	SecretHash string
	CreatedAt  database.Instant
	ExpiresAt  database.Instant
	RedeemedAt *database.Instant
	RevokedAt  *database.Instant
	Tries      int

	SessionID      *id.AuthSession // that redeeming it began
	RedemptionHash *string
}

// TableName tells gorm where.
func (pairingRow) TableName() string { return "pairings" }

func (r pairingRow) toPairing(now time.Time) Pairing {
	p := Pairing{ID: id.Pairing(r.ID), Patient: id.Patient(r.PatientID), State: Pending, ExpiresAt: r.ExpiresAt.Time()}
	switch {
	case r.RedeemedAt != nil:
		p.State = Redeemed
	case r.RevokedAt != nil:
		p.State = Revoked
	case !now.Before(p.ExpiresAt):
		p.State = Expired
	}
	return p
}

func (r sessionRow) viewer() access.Viewer {
	return access.Viewer{
		Role:     access.Role(r.Role),
		Practice: id.Practice(r.PracticeID),
		Session:  id.AuthSession(r.ID),
		Patient:  id.Patient(deref(r.PatientID)),
		Member:   id.Member(deref(r.MemberID)),
		Device:   id.Device(deref(r.DeviceID)),
	}
}

func (s store) insertSession(v access.Viewer) error {
	return s.tx.Create(&sessionRow{
		ID: string(v.Session), PracticeID: string(v.Practice), Role: string(v.Role),
		PatientID: ref(string(v.Patient)), MemberID: ref(string(v.Member)), DeviceID: ref(string(v.Device)),
		CreatedAt: database.At(s.tx.Now()),
	})
}

func (s store) session(session id.AuthSession) (row sessionRow, err error) {
	err = s.tx.First(&row, `SELECT id, practice_id, role, patient_id, member_id, device_id, created_at, revoked_at
		FROM auth_sessions WHERE id = ?`, session)
	return row, err
}

func (s store) revokeSession(session id.AuthSession, why string) error {
	_, err := s.tx.Exec("UPDATE auth_sessions SET revoked_at = ?, revoked_why = ? WHERE id = ? AND revoked_at IS NULL",
		database.At(s.tx.Now()), why, session)
	return err
}

// liveness reports whether a session is alive, and when its phone was last in contact.
func (s store) liveness(session id.AuthSession) (alive bool, seen time.Time, err error) {
	var at sql.NullInt64
	err = s.tx.Rows(`SELECT d.last_seen_at FROM auth_sessions a LEFT JOIN devices d ON d.id = a.device_id
		WHERE a.id = ? AND a.revoked_at IS NULL AND d.revoked_at IS NULL`, []any{session},
		func(rows *sql.Rows) error { alive = true; return rows.Scan(&at) })
	return alive, database.Instant(at.Int64).Time(), err
}

// insertPairing stores an invite and ends the patient's older ones. It does nothing when the id exists.
func (s store) insertPairing(row pairingRow) (bool, error) {
	created, err := s.tx.CreateOnce(&row)
	if err != nil || !created {
		return false, err
	}
	_, err = s.tx.Exec(`UPDATE pairings SET revoked_at = ? WHERE patient_id = ? AND id <> ?
		AND redeemed_at IS NULL AND revoked_at IS NULL`, database.At(s.tx.Now()), row.PatientID, row.ID)
	return true, err
}

const pairingColumns = `SELECT id, patient_id, created_by, code_hash, secret_hash, created_at, expires_at, redeemed_at,
	revoked_at, tries, session_id, redemption_hash FROM pairings `

func (s store) pairing(pairing id.Pairing) (row pairingRow, err error) {
	err = s.tx.First(&row, pairingColumns+"WHERE id = ?", pairing)
	return row, err
}

func (s store) pairingByHash(hash string) (row pairingRow, err error) {
	err = s.tx.First(&row, pairingColumns+"WHERE code_hash = ? OR secret_hash = ?"+s.tx.ForUpdate(), hash, hash)
	return row, err
}

func (s store) redeemPairing(pairing string, session id.AuthSession, hash string) error {
	return database.MustAffect(s.tx.Exec(`UPDATE pairings SET redeemed_at = ?, session_id = ?, redemption_hash = ?
		WHERE id = ? AND redeemed_at IS NULL AND revoked_at IS NULL`, database.At(s.tx.Now()), session, hash, pairing))
}

func (s store) revokePairing(pairing id.Pairing) error {
	_, err := s.tx.Exec(
		"UPDATE pairings SET revoked_at = ? WHERE id = ? AND redeemed_at IS NULL AND revoked_at IS NULL",
		database.At(s.tx.Now()), pairing,
	)
	return err
}

func (s store) countWrongYear(row pairingRow) error {
	if row.Tries+1 >= maxWrongYears {
		return s.revokePairing(id.Pairing(row.ID))
	}
	_, err := s.tx.Exec("UPDATE pairings SET tries = tries + 1 WHERE id = ?", row.ID)
	return err
}

func ref(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
