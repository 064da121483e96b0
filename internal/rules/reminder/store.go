package reminder

import (
	"database/sql"
	"time"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
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
	Unsure    int // sends with an unknown outcome
	Lease     database.Instant
	Snoozes   int
	Arm       Arm // the phrasing

	Opened, Acted bool
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
	Snoozes    int
	Unsure     int
	Arm        string

	DeliveredAt, OpenedAt, ActedAt, DismissedAt *database.Instant
}

// TableName tells gorm where.
func (slotRow) TableName() string { return "reminder_slots" }

func (r slotRow) toSlot() slot {
	return slot{
		ID: id.Slot(r.ID), Patient: id.Patient(r.PatientID), Date: r.LocalDate, Kind: Kind(r.Kind),
		State: state(r.State), Reason: Reason(r.Reason), DueAt: r.DueAt.Time(), ExpiresAt: r.ExpiresAt.Time(),
		Attempts: r.Attempts, Snoozes: r.Snoozes, Unsure: r.Unsure, Arm: Arm(r.Arm), Opened: r.OpenedAt != nil,
		Acted: r.ActedAt != nil,
	}
}

type store struct{ tx *database.Tx }

func newStore(tx *database.Tx) store { return store{tx} }

// setNextCheck sets when a patient is due next, and when the patient last chose reminder settings; a zero time leaves
// the latter unchanged.
func (s store) setNextCheck(patient id.Patient, at, answered time.Time) error {
	var chose database.Instant
	if !answered.IsZero() {
		chose = database.At(answered)
	}
	_, err := s.tx.Exec(`INSERT INTO reminder_due (patient_id, due_at, answered_at) VALUES (?, ?, ?)
		ON CONFLICT (patient_id) DO UPDATE SET due_at = excluded.due_at,
		answered_at = CASE WHEN excluded.answered_at > 0 THEN excluded.answered_at ELSE reminder_due.answered_at END`,
		patient, database.At(at), chose)
	return database.Wrap("reminder: look again", err)
}

// answered returns when patients last chose reminder settings.
func (s store) answered(patients []id.Patient) (map[id.Patient]time.Time, error) {
	answered := make(map[id.Patient]time.Time, len(patients))
	err := s.tx.Rows("SELECT patient_id, answered_at FROM reminder_due "+
		"WHERE patient_id IN ("+database.List(patients)+")",
		database.Args(patients), func(rows *sql.Rows) error {
			var patient id.Patient
			var at database.Instant
			err := rows.Scan(&patient, &at)
			answered[patient] = at.Time()
			return err
		})
	return answered, database.Wrap("reminder: answered", err)
}

// claimPatients claims patients that are due. Nobody else decides about them until the lease expires.
func (s store) claimPatients(limit int, lease time.Duration) (c claim, err error) {
	c.patients, err = database.Column[id.Patient](
		s.tx, "SELECT patient_id FROM reminder_due WHERE due_at <= ? ORDER BY due_at LIMIT ?"+s.tx.ForUpdate(),
		database.At(s.tx.Now()), limit,
	)
	if err != nil || len(c.patients) == 0 {
		return c, database.Wrap("reminder: due patients", err)
	}
	if err := people.ForgetIdle(s.tx, c.patients); err != nil {
		return c, err
	}
	c.lease = database.At(s.tx.Now().Add(lease))
	_, err = s.tx.Exec("UPDATE reminder_due SET due_at = ? WHERE patient_id IN ("+database.List(c.patients)+")",
		append([]any{c.lease}, database.Args(c.patients)...)...)
	return c, database.Wrap("reminder: claim patients", err)
}

// reschedule sets when a claimed patient is due next, and reports whether the claim was still valid.
func (s store) reschedule(patient id.Patient, lease database.Instant, at time.Time) (bool, error) {
	n, err := s.tx.Exec(
		"UPDATE reminder_due SET due_at = ? WHERE patient_id = ? AND due_at = ?", database.At(at), patient, lease,
	)
	return n == 1, database.Wrap("reminder: move on", err)
}

// open stores a decided slot; another replica may already have done so.
func (s store) open(sl slot) error {
	_, err := s.tx.Exec(`INSERT INTO reminder_slots (id, patient_id, local_date, kind, state, reason, policy,
		decided_at, due_at, expires_at, arm)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		sl.ID, sl.Patient, sl.Date, sl.Kind, sl.State, sl.Reason, PolicyVersion, database.At(s.tx.Now()),
		database.At(sl.DueAt), database.At(sl.ExpiresAt), sl.Arm)
	return database.Wrap("reminder: open slot", err)
}

// known returns the slots of patients that are already decided, of days since a date.
func (s store) known(patients []id.Patient, since localtime.Date) (map[id.Slot]bool, error) {
	known := map[id.Slot]bool{}
	slots, err := database.Column[id.Slot](
		s.tx, "SELECT id FROM reminder_slots WHERE patient_id IN ("+database.List(patients)+") AND local_date >= ?",
		append(database.Args(patients), since)...,
	)
	for _, slot := range slots {
		known[slot] = true
	}
	return known, database.Wrap("reminder: known", err)
}

// slotOf returns a patient's slot of that day and kind, or nil.
func (s store) slotOf(patient id.Patient, day localtime.Date, kind Kind) (*slot, error) {
	var row slotRow
	err := s.tx.First(
		&row, "SELECT * FROM reminder_slots WHERE patient_id = ? AND local_date = ? AND kind = ?", patient, day, kind,
	)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	found := row.toSlot()
	return &found, err
}

// sentSlot is a slot that was sent (at says when) or is about to be (due says when).
type sentSlot struct {
	id       id.Slot
	kind     Kind
	date     localtime.Date
	at       time.Time
	due      time.Time
	openedAt time.Time
}

// sentSince returns the slots of days since a date that were sent to patients or are about to be, latest first.
func (s store) sentSince(patients []id.Patient, since localtime.Date) (map[id.Patient][]sentSlot, error) {
	sent := make(map[id.Patient][]sentSlot, len(patients))
	err := s.tx.Rows("SELECT patient_id, id, kind, local_date, sent_at, due_at, opened_at FROM reminder_slots "+
		"WHERE patient_id IN ("+
		database.List(patients)+
		`) AND local_date >= ? AND state IN ('due', 'sending', 'sent') ORDER BY local_date DESC, due_at DESC`,
		append(database.Args(patients), since), func(rows *sql.Rows) error {
			var patient id.Patient
			var one sentSlot
			var at, opened *database.Instant
			var due database.Instant
			err := rows.Scan(&patient, &one.id, &one.kind, &one.date, &at, &due, &opened)
			one.due = due.Time()
			if at != nil {
				one.at = at.Time()
			}
			if opened != nil {
				one.openedAt = opened.Time()
			}
			sent[patient] = append(sent[patient], one)
			return err
		})
	return sent, database.Wrap("reminder: sent", err)
}

// countsOf counts the pushes before a slot, by the days of the slot's own calendar.
func countsOf(sent []sentSlot, of slot) (c Counts) {
	for _, one := range sent {
		if one.id == of.ID || one.date.After(of.Date) {
			continue
		}
		c.add(one, of.Date)
	}
	return c
}

func (c *Counts) add(one sentSlot, today localtime.Date) {
	if one.date.After(today.AddDays(-7)) {
		c.addToWeek(one, today)
	}
	if one.kind != Feedback && one.kind != Questions {
		c.LastReminder = later(c.LastReminder, one.date)
		if one.kind != Cue {
			c.LastOther = later(c.LastOther, one.date)
		}
	}
	if one.kind == Milestone {
		c.LastMilestone = later(c.LastMilestone, one.date)
	}
	at := one.at
	if at.IsZero() { // count it as sent: two that are due at once would be one too many
		at = one.due
	}
	if at.After(c.Last) {
		c.Last = at
	}
	if one.kind == Cue && at.After(c.LastCue) {
		c.LastCue = at
	}
}

func (c *Counts) addToWeek(one sentSlot, today localtime.Date) {
	c.Week++
	if one.kind.isReminder() {
		c.WeekReminders++
	}
	switch one.kind {
	case Cue:
		c.WeekCues++
	case Rescue:
		c.WeekRescues++
	}
	if one.date == today {
		c.Today++
		if one.kind.isReminder() {
			c.TodayReminders++
		}
	}
}

func later(a, b localtime.Date) localtime.Date {
	if a.IsZero() || b.After(a) {
		return b
	}
	return a
}

// hasIgnoredAlert reports whether the therapist was alerted about the run of ignored reminders that ends with a slot.
func (s store) hasIgnoredAlert(patient id.Patient, run id.Slot) (bool, error) {
	var n int
	err := s.tx.Value(
		&n, "SELECT count(*) FROM alerts WHERE patient_id = ? AND kind = ? AND subject = ?", patient, IgnoredKind, run,
	)
	return n > 0, database.Wrap("reminder: told", err)
}

// claimRequest selects which slots to claim.
type claimRequest struct {
	limit       int
	uncertain   bool // include those whose next send is the last: their answer was lost, or their sender died
	expiredOnly bool // only expired slots
}

// claim claims slots that are due.
func (s store) claim(a claimRequest) ([]slot, error) {
	now := database.At(s.tx.Now())
	var rows []slotRow
	err := s.tx.All(&rows, `SELECT * FROM reminder_slots WHERE due_at <= ? AND state IN ('due', 'sending')
		AND (lease_until IS NULL OR lease_until <= ?) AND (expires_at <= ? OR ? AND (? OR state = 'due'
		AND unsure = 0 AND attempts < ?))
		ORDER BY due_at LIMIT ?`+s.tx.ForUpdate(), now, now, now, !a.expiredOnly, a.uncertain, maxAttempts-1, a.limit)
	if err != nil {
		return nil, database.Wrap("reminder: claim", err)
	}
	until := database.At(s.tx.Now().Add(lease))
	slots := make([]slot, len(rows))
	for i, row := range rows {
		slots[i] = row.toSlot()
		slots[i].Lease = until
		if slots[i].State == stateSending { // its sender died or hangs
			slots[i].Unsure++
		}
	}
	if len(slots) == 0 {
		return nil, nil
	}
	ids := idsOf(slots)
	_, err = s.tx.Exec(
		"UPDATE reminder_slots SET lease_until = ? WHERE id IN ("+database.List(ids)+")",
		append([]any{until}, database.Args(ids)...)...,
	)
	return slots, database.Wrap("reminder: lease", err)
}

// release returns claimed slots that were not started.
func (s store) release(slots []slot) error {
	if len(slots) == 0 {
		return nil
	}
	ids := idsOf(slots)
	_, err := s.tx.Exec(
		"UPDATE reminder_slots SET lease_until = NULL WHERE lease_until = ? AND id IN ("+database.List(ids)+")",
		append([]any{slots[0].Lease}, database.Args(ids)...)...,
	)
	return database.Wrap("reminder: release", err)
}

func idsOf(slots []slot) (ids []id.Slot) {
	for _, sl := range slots {
		ids = append(ids, sl.ID)
	}
	return ids
}

// claimAgain claims a slot of a rolled-back claim, unless another process has claimed it since.
func (s store) claimAgain(sl slot) (bool, error) {
	n, err := s.tx.Exec("UPDATE reminder_slots SET lease_until = ? WHERE id = ? AND state IN ('due', 'sending') "+
		"AND (lease_until IS NULL OR lease_until <= ?)",
		sl.Lease, sl.ID, database.At(s.tx.Now()))
	return n == 1, database.Wrap("reminder: claim again", err)
}

// sending records that a slot is being sent from now on, unless its lease has expired or passed to another process.
// Only slots in that state can have been sent without our knowledge.
func (s store) sending(sl slot) (bool, error) {
	now := s.tx.Now()
	n, err := s.tx.Exec(`UPDATE reminder_slots SET state = 'sending', attempts = ?, unsure = ?, lease_until = ?
		WHERE id = ? AND lease_until = ? AND lease_until > ?`,
		sl.Attempts, sl.Unsure, database.At(now.Add(lease)), sl.ID, sl.Lease, database.At(now))
	return n == 1, database.Wrap("reminder: sending", err)
}

// backlog returns how many slots are due and not sent, including those that wait for another try, and how long ago the
// oldest was decided. Slots that wait for the end of quiet hours, or were snoozed, do not count.
func (s store) backlog() (int, time.Duration, error) {
	now := database.At(s.tx.Now())
	var slots int
	var oldest time.Duration
	err := s.tx.Rows("SELECT count(*), COALESCE(min(decided_at), 0) FROM reminder_slots "+
		"WHERE state IN ('due', 'sending') AND (due_at <= ? OR reason = ?)",
		[]any{now, Due}, func(rows *sql.Rows) error {
			var first database.Instant
			err := rows.Scan(&slots, &first)
			if slots > 0 {
				oldest = max(s.tx.Now().Sub(first.Time()), 0)
			}
			return err
		})
	return slots, oldest, database.Wrap("reminder: backlog", err)
}

// settle ends a slot or, with a new due time, puts it back. A slot marked sent stays so.
func (s store) settle(sl slot) error {
	var sent *database.Instant
	if sl.State == stateSent {
		now := database.At(s.tx.Now())
		sent = &now
	}
	_, err := s.tx.Exec(`UPDATE reminder_slots SET state = ?, reason = ?, due_at = ?, attempts = ?, unsure = ?,
		sent_at = ?, lease_until = NULL
		WHERE id = ? AND state <> 'sent'`, sl.State, sl.Reason, database.At(sl.DueAt), sl.Attempts, sl.Unsure, sent,
		sl.ID)
	return database.Wrap("reminder: settle", err)
}
