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

// form is the version of the stored Status and of the rules that compute it. Rows with another version are recomputed.
const form = 4

// Touch marks a patient's status as outdated, in the transaction that changes the data it is computed from.
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

// StatusesOf returns the status of patients on their own current day: the stored one if it still holds, otherwise a new
// one. Its cost does not grow with the length of a history. The caller checks whether the viewer may see them.
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
		fresh, err := recompute(tx, stale, stored)
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

// renew recomputes statuses from the days since each one's horizon.
func recompute(tx *database.Tx, patients []people.Patient, before map[id.Patient]kept) (map[id.Patient]kept, error) {
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

// AuditStatus recomputes a patient's status from the first day and names the fields in which the stored one differs, if
// it should still hold. It deletes a stored status that differs.
func AuditStatus(tx *database.Tx, p people.Patient) ([]string, error) {
	stored, err := load(tx, []people.Patient{p})
	if err != nil || !stored[p.ID].holds(database.At(tx.Now())) {
		return nil, err
	}
	fresh, err := recompute(tx, []people.Patient{p}, nil)
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

// Watcher inspects a patient whose status was recomputed, and returns a function that writes its conclusions, or nil.
// It runs in a read-only transaction; the function runs in the transaction that stores the status. If something has
// changed in between, the Watcher is asked again.
type Watcher interface {
	Watch(tx *database.Tx, p people.Patient, s Status) (func(*database.Tx) error, error)
}

// Keeper recomputes outdated statuses, so that few have to be recomputed while somebody waits.
type Keeper struct {
	db      *database.DB
	watcher Watcher
}

// NewKeeper returns a keeper.
func NewKeeper(db *database.DB, w Watcher) *Keeper { return &Keeper{db: db, watcher: w} }

// batch limits how long one write transaction delays others.
const batch = 50

// Sweep recomputes every status that is outdated when it begins. Later changes wait for the next sweep, so ten changes
// of one patient in between cost one computation.
func (k *Keeper) Sweep(ctx context.Context) error { return k.SweepAt(ctx, queue.FlatOut) }

// SweepAt is Sweep at a given pace.
func (k *Keeper) SweepAt(ctx context.Context, pace queue.Pace) (failed error) {
	var began database.Instant
	if err := k.db.Read(ctx, func(tx *database.Tx) error { began = database.At(tx.Now()); return nil }); err != nil {
		return err
	}
	for {
		looked, kept := 0, 0
		worked, err := queue.Timed(func() (err error) {
			looked, kept, err = k.renewBatch(ctx, began)
			return err
		})
		failed = errors.Join(failed, err)
		if looked < batch || kept == 0 || ctx.Err() != nil {
			return failed
		}
		pace(ctx, worked)
	}
}

// renewed is a recomputed status and the watcher's conclusions. Was is until when the stored status held.
type renewed struct {
	patient id.Patient
	kept
	was    database.Instant
	follow func(*database.Tx) error
}

// renewBatch recomputes a batch. If the watcher fails for a patient, that patient waits for the next sweep and delays
// nobody else.
func (k *Keeper) renewBatch(ctx context.Context, began database.Instant) (looked, kept int, err error) {
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
	fresh, err := recompute(tx, patients, stored)
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

// keep stores the status unless something has changed since it was computed, or another replica was faster. The next
// sweep picks up later changes.
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
