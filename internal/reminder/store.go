package reminder

import (
	"time"

	"cadans/internal/database"
	"cadans/internal/fault"
	"cadans/internal/id"
	"cadans/pkg/localtime"
)

type state string

const (
	stateDue     state = "due"
	stateSending state = "sending"
	stateSent    state = "sent"
	stateDead    state = "dead"
	stateExpired state = "expired"
	stateSkipped state = "skipped"
)

// slot is one chance to send.
type slot struct {
	ID        id.Slot
	Patient   id.Patient
	Date      localtime.Date
	Kind      Kind
	State     state
	Reason    Reason
	DueAt     time.Time
	ExpiresAt time.Time
	Attempts  int
}

type slotRow struct {
	ID         string
	PatientID  string
	LocalDate  localtime.Date
	Kind       string
	State      string
	Reason     string
	Policy     int
	DecidedAt  database.Instant
	DueAt      database.Instant
	ExpiresAt  database.Instant
	LeaseUntil *database.Instant
	Attempts   int
	SentAt     *database.Instant
}

// TableName tells gorm where.
func (slotRow) TableName() string { return "reminder_slots" }

func (r slotRow) toSlot() slot {
	return slot{
		ID: id.Slot(r.ID), Patient: id.Patient(r.PatientID), Date: r.LocalDate, Kind: Kind(r.Kind), State: state(r.State),
		Reason: Reason(r.Reason), DueAt: r.DueAt.Time(), ExpiresAt: r.ExpiresAt.Time(), Attempts: r.Attempts,
	}
}

type store struct{ tx *database.Tx }

func newStore(tx *database.Tx) store { return store{tx} }

// lookAgain sets when the sweep looks at a patient next.
func (s store) lookAgain(patient id.Patient, at time.Time) error {
	_, err := s.tx.Exec(`INSERT INTO reminder_due (patient_id, due_at) VALUES (?, ?)
		ON CONFLICT (patient_id) DO UPDATE SET due_at = excluded.due_at`, patient, database.At(at))
	return database.Wrap("reminder: look again", err)
}

// duePatients returns whose moment has come; replicas do not wait for each other.
func (s store) duePatients(limit int) ([]id.Patient, error) {
	patients, err := database.Column[id.Patient](s.tx, "SELECT patient_id FROM reminder_due WHERE due_at <= ? ORDER BY due_at LIMIT ?"+s.tx.ForUpdate(),
		database.At(s.tx.Now()), limit)
	return patients, database.Wrap("reminder: due patients", err)
}

// open stores a decided slot; another replica may have done so first.
func (s store) open(sl slot) error {
	_, err := s.tx.CreateOnce(&slotRow{
		ID: string(sl.ID), PatientID: string(sl.Patient), LocalDate: sl.Date, Kind: string(sl.Kind), State: string(sl.State),
		Reason: string(sl.Reason), Policy: PolicyVersion, DecidedAt: database.At(s.tx.Now()),
		DueAt: database.At(sl.DueAt), ExpiresAt: database.At(sl.ExpiresAt),
	})
	return database.Wrap("reminder: open slot", err)
}

// slotOf returns a patient's slot of that day and kind, or nil.
func (s store) slotOf(patient id.Patient, day localtime.Date, kind Kind) (*slot, error) {
	var row slotRow
	err := s.tx.First(&row, "SELECT * FROM reminder_slots WHERE patient_id = ? AND local_date = ? AND kind = ?", patient, day, kind)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	found := row.toSlot()
	return &found, err
}

// counts sums what was sent to a patient, and what is about to be, besides the slot itself.
func (s store) counts(of slot) (c Counts, err error) {
	var rows []slotRow
	err = s.tx.All(&rows, `SELECT local_date, kind, sent_at FROM reminder_slots WHERE patient_id = ? AND local_date > ?
		AND local_date <= ? AND state IN ('due', 'sending', 'sent') AND id <> ?`,
		of.Patient, of.Date.AddDays(-7), of.Date, of.ID)
	for _, r := range rows {
		c.add(r, of.Date)
	}
	return c, database.Wrap("reminder: counts", err)
}

func (c *Counts) add(r slotRow, today localtime.Date) {
	kind := Kind(r.Kind)
	c.Week++
	switch kind {
	case Cue:
		c.WeekCues++
	case Rescue:
		c.WeekRescues++
	}
	if r.LocalDate == today {
		c.Today++
		if kind != Feedback {
			c.TodayReminders++
		}
	}
	if r.SentAt == nil {
		return
	}
	at := r.SentAt.Time()
	if at.After(c.Last) {
		c.Last = at
	}
	if kind == Cue && at.After(c.LastCue) {
		c.LastCue = at
	}
}

// claim takes slots whose time has come, and those whose sender died, for a while.
func (s store) claim(limit int, lease time.Duration) ([]slot, error) {
	now := database.At(s.tx.Now())
	var rows []slotRow
	err := s.tx.All(&rows, `SELECT * FROM reminder_slots WHERE due_at <= ? AND (state = 'due'
		OR state = 'sending' AND lease_until <= ?) ORDER BY due_at LIMIT ?`+s.tx.ForUpdate(), now, now, limit)
	if err != nil {
		return nil, database.Wrap("reminder: claim", err)
	}
	slots := make([]slot, len(rows))
	for i, row := range rows {
		slots[i] = row.toSlot()
		if _, err := s.tx.Exec("UPDATE reminder_slots SET lease_until = ? WHERE id = ?",
			database.At(s.tx.Now().Add(lease)), row.ID); err != nil {
			return nil, err
		}
	}
	return slots, nil
}

// sending notes that a slot is being sent from now on: only such a slot can have been sent without our knowing.
func (s store) sending(sl slot) error {
	return database.MustAffect(s.tx.Exec("UPDATE reminder_slots SET state = 'sending', attempts = attempts + 1 WHERE id = ?", sl.ID))
}

// settle ends a slot or, with a new due time, puts it back. A slot that was marked sent stays so.
func (s store) settle(sl slot) error {
	var sent *database.Instant
	if sl.State == stateSent {
		now := database.At(s.tx.Now())
		sent = &now
	}
	_, err := s.tx.Exec(`UPDATE reminder_slots SET state = ?, reason = ?, due_at = ?, attempts = ?, sent_at = ?, lease_until = NULL
		WHERE id = ? AND state <> 'sent'`, sl.State, sl.Reason, database.At(sl.DueAt), sl.Attempts, sent, sl.ID)
	return database.Wrap("reminder: settle", err)
}
