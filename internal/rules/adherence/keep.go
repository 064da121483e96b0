package adherence

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"reflect"
	"slices"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/queue"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/pkg/localtime"
)

// form is the version of Status as stored and of the rules that make it. Rows of another form are made anew.
const form = 4

// Touch says that something a patient's status is made from has changed: it is part of that change's transaction.
func Touch(tx *database.Tx, patient id.Patient) error {
	_, err := tx.Exec(`INSERT INTO patient_status (patient_id, holds_until, changes, form, content)
		VALUES (?, ?, 1, 0, '')
		ON CONFLICT (patient_id) DO UPDATE SET holds_until = excluded.holds_until,
		changes = patient_status.changes + 1`,
		patient, database.At(tx.Now()))
	return database.Wrap("adherence: touch status", err)
}

// kept is a status as stored.
type kept struct {
	Status
	until    database.Instant
	changes  int64
	outdated bool // of another form
}

func (k kept) holds(now database.Instant) bool { return k.until > now && !k.outdated }

// StatusesOf returns the status of patients on their own today: as kept where it still holds, else made anew. What it
// costs does not grow with the length of a history. Whether the viewer may see them is the caller's question.
func StatusesOf(tx *database.Tx, patients []people.Patient) (map[id.Patient]Status, error) {
	statuses := make(map[id.Patient]Status, len(patients))
	for some := range slices.Chunk(patients, database.ListLimit) {
		stored, err := load(tx, some)
		if err != nil {
			return nil, err
		}
		var stale []people.Patient
		for _, p := range some {
			if k := stored[p.ID]; k.holds(database.At(tx.Now())) {
				statuses[p.ID] = k.Status
				continue
			}
			stale = append(stale, p)
		}
		fresh, err := renew(tx, stale, stored)
		if err != nil {
			return nil, err
		}
		for patient, k := range fresh {
			statuses[patient] = k.Status
		}
	}
	return statuses, nil
}

// StatusOf is StatusesOf for one patient.
func StatusOf(tx *database.Tx, p people.Patient) (Status, error) {
	statuses, err := StatusesOf(tx, []people.Patient{p})
	return statuses[p.ID], err
}

func load(tx *database.Tx, patients []people.Patient) (map[id.Patient]kept, error) {
	stored := make(map[id.Patient]kept, len(patients))
	if len(patients) == 0 {
		return stored, nil
	}
	err := tx.Rows("SELECT patient_id, holds_until, changes, form, content FROM patient_status WHERE patient_id IN ("+
		database.List(patients)+")", database.Args(people.IDs(patients)), func(rows *sql.Rows) error {
		var patient id.Patient
		var k kept
		var of int
		var content []byte
		if err := rows.Scan(&patient, &k.until, &k.changes, &of, &content); err != nil {
			return err
		}
		if of != form {
			k.outdated = true
		} else {
			var d statusDocument
			if err := json.Unmarshal(content, &d); err != nil {
				return err
			}
			k.Status = d.toStatus()
		}
		stored[patient] = k
		return nil
	})
	return stored, database.Wrap("adherence: statuses", err)
}

// renew makes statuses anew from the days since each one's horizon.
func renew(tx *database.Tx, patients []people.Patient, before map[id.Patient]kept) (map[id.Patient]kept, error) {
	fresh := make(map[id.Patient]kept, len(patients))
	if len(patients) == 0 {
		return fresh, nil
	}
	histories, err := program.HistoriesOf(tx, people.IDs(patients))
	if err != nil {
		return nil, err
	}
	oldest := localtime.DateOf(tx.Now())
	for _, p := range patients {
		if from := horizon(histories[p.ID], before[p.ID].Status, p.Today(tx.Now())); from.Before(oldest) {
			oldest = from
		}
	}
	rows, err := Rows(tx, people.IDs(patients), oldest)
	if err != nil {
		return nil, err
	}
	for _, p := range patients {
		h, k := histories[p.ID], before[p.ID]
		k.Status = statusOf(h, rows[p.ID], k.Status, p.Today(tx.Now()))
		k.until = database.At(localtime.Resolve(k.Date.AddDays(1), 0, p.HomeZone(tx.Now())))
		fresh[p.ID] = k
	}
	return fresh, nil
}

// AuditStatus makes a patient's status anew from the first day on and names the fields in which the kept one, if it
// holds, says something else. One that differs is forgotten.
func AuditStatus(tx *database.Tx, p people.Patient) ([]string, error) {
	stored, err := load(tx, []people.Patient{p})
	if err != nil || !stored[p.ID].holds(database.At(tx.Now())) {
		return nil, err
	}
	fresh, err := renew(tx, []people.Patient{p}, nil)
	if err != nil {
		return nil, err
	}
	was, is := stored[p.ID].Status, fresh[p.ID].Status
	was.Weeks, is.Weeks = Weeks{Met: was.Weeks.Met, Of: was.Weeks.Of}, Weeks{Met: is.Weeks.Met, Of: is.Weeks.Of}
	wrong := differences(was, is)
	if len(wrong) == 0 {
		return nil, nil
	}
	_, err = tx.Exec(
		"UPDATE patient_status SET holds_until = 0, form = 0, changes = changes + 1 WHERE patient_id = ?", p.ID,
	)
	return wrong, database.Wrap("adherence: forget status", err)
}

// differences names the fields in which two statuses differ.
func differences(a, b Status) (fields []string) {
	was, is := reflect.ValueOf(a), reflect.ValueOf(b)
	for i := range was.NumField() {
		if !reflect.DeepEqual(was.Field(i).Interface(), is.Field(i).Interface()) {
			fields = append(fields, was.Type().Field(i).Name)
		}
	}
	return fields
}

// Watcher looks at a patient whose status was made anew, and returns what there is to write about it, or nil. It looks
// in a transaction that only reads; what it returns runs in the one that keeps the status, unless something changed in
// between: then it is asked again.
type Watcher interface {
	Watch(tx *database.Tx, p people.Patient, s Status) (func(*database.Tx) error, error)
}

// Keeper keeps the rows of statuses up to date, so that few are made anew while somebody waits.
type Keeper struct {
	db      *database.DB
	watcher Watcher
}

// NewKeeper returns a keeper.
func NewKeeper(db *database.DB, w Watcher) *Keeper { return &Keeper{db: db, watcher: w} }

// batch bounds how much one write transaction holds others up.
const batch = 50

// Sweep makes every status anew that does not hold when it begins. What changes after that waits for the next sweep, so
// that a patient who logs ten times in between costs one.
func (k *Keeper) Sweep(ctx context.Context) error { return k.SweepAt(ctx, queue.FlatOut) }

// SweepAt is Sweep at a pace.
func (k *Keeper) SweepAt(ctx context.Context, pace queue.Pace) (failed error) {
	var began database.Instant
	if err := k.db.Read(ctx, func(tx *database.Tx) error { began = database.At(tx.Now()); return nil }); err != nil {
		return err
	}
	for {
		looked, kept := 0, 0
		worked, err := queue.Timed(func() (err error) {
			looked, kept, err = k.some(ctx, began)
			return err
		})
		failed = errors.Join(failed, err)
		if looked < batch || kept == 0 || ctx.Err() != nil {
			return failed
		}
		pace(ctx, worked)
	}
}

// renewed is a status made anew and what a watcher made of it. Was is until when the stored one held.
type renewed struct {
	patient id.Patient
	kept
	was    database.Instant
	follow func(*database.Tx) error
}

// some makes a batch anew. A patient about whom the watcher fails is left for the next sweep and keeps nobody waiting.
func (k *Keeper) some(ctx context.Context, began database.Instant) (looked, kept int, err error) {
	var found []renewed
	var failed error
	err = k.db.Read(ctx, func(tx *database.Tx) (err error) {
		looked, found, failed, err = k.look(tx, began)
		return err
	})
	if err != nil || len(found) == 0 {
		return looked, 0, errors.Join(failed, err)
	}
	err = k.db.Write(ctx, func(tx *database.Tx) error {
		for _, r := range found {
			if err := r.keep(tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return looked, 0, errors.Join(failed, err)
	}
	return looked, len(found), failed
}

func (k *Keeper) look(tx *database.Tx, began database.Instant) (looked int, found []renewed, failed, err error) {
	stale, err := database.Column[id.Patient](tx,
		"SELECT patient_id FROM patient_status WHERE holds_until <= ? ORDER BY holds_until LIMIT ?", began, batch)
	if err != nil {
		return 0, nil, nil, err
	}
	patients, err := people.ByIDs(tx, stale) // in the order of their ids, in which they are locked later
	if err != nil {
		return 0, nil, nil, err
	}
	stored, err := load(tx, patients)
	if err != nil {
		return 0, nil, nil, err
	}
	fresh, err := renew(tx, patients, stored)
	if err != nil {
		return 0, nil, nil, err
	}
	for _, p := range patients {
		r := renewed{patient: p.ID, kept: fresh[p.ID], was: stored[p.ID].until}
		if r.follow, err = k.watcher.Watch(tx, p, r.Status); err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		found = append(found, r)
	}
	return len(patients), found, failed, nil
}

// keep stores the status unless something has changed since it was made, when the next sweep finds it again, or another
// replica was first.
func (r renewed) keep(tx *database.Tx) error {
	if err := tx.LockPatient(string(r.patient)); err != nil {
		return err
	}
	content, err := json.Marshal(r.Status.document())
	if err != nil {
		return database.Wrap("adherence: encode status", err)
	}
	n, err := tx.Exec("UPDATE patient_status SET holds_until = ?, form = ?, content = ? "+
		"WHERE patient_id = ? AND changes = ? AND holds_until = ?",
		r.until, form, string(content), r.patient, r.changes, r.was)
	if err != nil || n == 0 || r.follow == nil {
		return database.Wrap("adherence: keep status", err)
	}
	return r.follow(tx)
}
