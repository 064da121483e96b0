package people

import (
	"database/sql"
	"slices"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/auth"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
)

// Directory answers the kernel's questions about people: access.CareLookup and auth.Directory.
type Directory struct{}

var (
	_ access.CareLookup = Directory{}
	_ auth.Directory    = Directory{}
)

// PracticeOf implements access.CareLookup.
func (Directory) PracticeOf(tx *database.Tx, patient id.Patient) (id.Practice, error) {
	var practice id.Practice
	err := tx.Value(&practice, "SELECT practice_id FROM patients WHERE id = ?", patient)
	if fault.Is(err, fault.NotFound) {
		return "", nil
	}
	return practice, err
}

// Treats implements access.CareLookup.
func (Directory) Treats(tx *database.Tx, member id.Member, patient id.Patient) (bool, error) {
	var n int
	err := tx.Value(&n, "SELECT count(*) FROM treatments WHERE patient_id = ? AND member_id = ?", patient, member)
	return n == 1, err
}

// Credentials implements auth.Directory.
func (Directory) Credentials(tx *database.Tx, email string) (auth.Credentials, error) {
	var row memberRow
	err := tx.First(&row, "SELECT id, practice_id, role, password_hash FROM members WHERE email = ?", email)
	return auth.Credentials{
		Member:       id.Member(row.ID),
		Practice:     id.Practice(row.PracticeID),
		Role:         access.Role(row.Role),
		PasswordHash: row.PasswordHash,
	}, notFound(err)
}

// EmailOf implements auth.Directory.
func (Directory) EmailOf(tx *database.Tx, member id.Member) (string, error) {
	var email string
	err := tx.Value(&email, "SELECT email FROM members WHERE id = ?", member)
	return email, notFound(err)
}

// PatientIdentity implements auth.Directory.
func (Directory) PatientIdentity(tx *database.Tx, patient id.Patient) (id.Practice, int, error) {
	p, err := ByID(tx, patient)
	return p.Practice, p.BirthYear, err
}

type deviceRow struct {
	ID               string
	PatientID        string
	Name             string
	Platform         string
	PairedAt         database.Instant
	LastSeenAt       database.Instant
	PushKind         string
	PushAddress      *string
	PushRegisteredAt *database.Instant
	TimeZone         string
}

// TableName tells gorm where.
func (deviceRow) TableName() string { return "devices" }

// AddDevice implements auth.Directory.
func (Directory) AddDevice(tx *database.Tx, patient id.Patient, d auth.NewDevice) (id.Device, error) {
	now := database.At(tx.Now())
	row := deviceRow{
		ID:         id.New(),
		PatientID:  string(patient),
		Name:       d.Name,
		Platform:   d.Platform,
		PairedAt:   now,
		LastSeenAt: now,
	}
	return id.Device(row.ID), tx.Create(&row)
}

// DeviceSeen implements auth.Directory.
func (Directory) DeviceSeen(tx *database.Tx, device id.Device) error {
	_, err := tx.Exec("UPDATE devices SET last_seen_at = ? WHERE id = ?", database.At(tx.Now()), device)
	return err
}

// DeviceGone implements auth.Directory.
func (Directory) DeviceGone(tx *database.Tx, device id.Device) error {
	_, err := tx.Exec(`UPDATE devices SET revoked_at = ?, push_kind = '', push_address = NULL, push_registered_at = NULL
		WHERE id = ?`, database.At(tx.Now()), device)
	return err
}

func (s store) devices(patient id.Patient) ([]Device, error) {
	var rows []deviceRow
	err := s.tx.All(&rows, `SELECT id, name, platform, paired_at, last_seen_at, push_kind FROM devices
		WHERE patient_id = ? AND revoked_at IS NULL ORDER BY last_seen_at DESC, id`, patient)
	devices := make([]Device, len(rows))
	for i, r := range rows {
		devices[i] = Device{
			ID: id.Device(r.ID), Name: r.Name, Platform: r.Platform,
			PairedAt: r.PairedAt.Time(), SeenAt: r.LastSeenAt.Time(), HasPush: r.PushKind != "",
		}
	}
	return devices, err
}

// registerPush sets the push address of a phone or, if empty, clears it. A phone that does not send its time zone keeps
// the previous one.
func (s store) registerPush(patient id.Patient, t PushTarget) error {
	var address *string
	if t.Address != "" {
		address = &t.Address
		if _, err := s.tx.Exec("UPDATE devices SET push_kind = '', push_address = NULL WHERE push_address = ?",
			t.Address); err != nil {
			return err
		}
	}
	return notFound(database.MustAffect(s.tx.Exec(`UPDATE devices SET push_kind = ?, push_address = ?,
		push_registered_at = ?,
		time_zone = COALESCE(NULLIF(?, ''), time_zone) WHERE id = ? AND patient_id = ? AND revoked_at IS NULL`,
		t.Kind, address, database.At(s.tx.Now()), t.Zone, t.Device, patient)))
}

// pushIdle is how long a registration is used without contact from the phone. FCM calls a registration stale after a
// month, and the patient may have removed the app (design choice: 60 days).
const pushIdle = 60 * 24 * time.Hour

// PushTargets returns the current push addresses of patients, most recently seen phone first.
func PushTargets(tx *database.Tx, patients []id.Patient) (map[id.Patient][]PushTarget, error) {
	targets := make(map[id.Patient][]PushTarget, len(patients))
	if len(patients) == 0 {
		return targets, nil
	}
	args := append(database.Args(patients), database.At(tx.Now().Add(-pushIdle)))
	err := tx.Rows("SELECT patient_id, id, push_kind, push_address, time_zone, last_seen_at FROM devices "+
		"WHERE patient_id IN ("+
		database.List(patients)+`) AND push_address IS NOT NULL AND revoked_at IS NULL AND last_seen_at > ?
		ORDER BY last_seen_at DESC, id`, args, func(rows *sql.Rows) error {
		var patient id.Patient
		var t PushTarget
		var seen database.Instant
		err := rows.Scan(&patient, &t.Device, &t.Kind, &t.Address, &t.Zone, &seen)
		t.SeenAt = seen.Time()
		targets[patient] = append(targets[patient], t)
		return err
	})
	return targets, database.Wrap("people: push targets", err)
}

// ForgetPushAddress deletes a registration that the push service reported dead, unless the phone has sent a new one.
func ForgetPushAddress(tx *database.Tx, device id.Device, address string) error {
	_, err := tx.Exec(
		"UPDATE devices SET push_kind = '', push_address = NULL WHERE id = ? AND push_address = ?", device, address,
	)
	return err
}

// ForgetIdle deletes registrations of phones without recent contact, because they may have a new owner.
func ForgetIdle(tx *database.Tx, patients []id.Patient) error {
	_, err := tx.Exec("UPDATE devices SET push_kind = '', push_address = NULL WHERE patient_id IN ("+
		database.List(patients)+
		") AND push_address IS NOT NULL AND last_seen_at <= ?",
		append(database.Args(patients), database.At(tx.Now().Add(-pushIdle)))...)
	return database.Wrap("people: forget idle", err)
}

// LastContact returns the last contact of any phone of each patient; patients without a phone are absent.
func LastContact(tx *database.Tx, patients []id.Patient) (map[id.Patient]time.Time, error) {
	contacts := make(map[id.Patient]time.Time, len(patients))
	for some := range slices.Chunk(patients, database.ListLimit) {
		err := tx.Rows("SELECT patient_id, max(last_seen_at) FROM devices WHERE patient_id IN ("+database.List(some)+
			") GROUP BY patient_id",
			database.Args(some), func(rows *sql.Rows) error {
				var patient id.Patient
				var seen database.Instant
				err := rows.Scan(&patient, &seen)
				contacts[patient] = seen.Time()
				return err
			})
		if err != nil {
			return nil, database.Wrap("people: last contact", err)
		}
	}
	return contacts, nil
}

// Everybody returns the ids of all patients of all practices. It is for the operator, not for a viewer.
func Everybody(tx *database.Tx) ([]id.Patient, error) {
	return database.Column[id.Patient](tx, "SELECT id FROM patients ORDER BY id")
}
