package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"time"

	_ "github.com/mattn/go-sqlite3" // the driver the server uses

	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
)

const rawGroup = 64

// raw is a database of its own that is written with nothing around the statements. It is kept over the rounds and grows
// as the server's does: rows with random keys cost more in a larger tree.
type raw struct {
	db                 *sql.DB
	patients, versions []string
}

func newRaw(dir string, people int) (*raw, error) {
	path := filepath.Join(dir, "raw.db")
	migrated, err := database.Open(context.Background(), database.Options{Path: path, Clock: clock.System{}})
	if err != nil {
		return nil, err
	}
	if err := migrated.Close(); err != nil {
		return nil, err
	}
	db, err := sql.Open(
		"sqlite3",
		"file:"+path+"?_journal_mode=WAL&_synchronous=FULL&_foreign_keys=1&_txlock=immediate&_cache_size=-16000",
	)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	patients, versions, err := rawPeople(db, people)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &raw{db: db, patients: patients, versions: versions}, nil
}

// measure writes the rows that W1 writes, 64 sessions a commit, and returns sessions a second.
func (r *raw) measure(length time.Duration) (float64, error) {
	rows := 0
	started := time.Now()
	for time.Since(started) < length {
		if err := r.commit(); err != nil {
			return 0, err
		}
		rows += rawGroup
	}
	return float64(rows) / time.Since(started).Seconds(), nil
}

func rawPeople(db *sql.DB, people int) (patients, versions []string, err error) {
	tx, err := db.Begin()
	if err != nil {
		return nil, nil, err
	}
	defer tx.Rollback()
	exec := func(query string, args ...any) {
		if err == nil {
			_, err = tx.Exec(query, args...)
		}
	}
	practice, member := id.New(), id.New()
	exec("INSERT INTO practices VALUES (?, 'P', 0)", practice)
	exec("INSERT INTO members VALUES (?, ?, 'M', 'm', 'admin', 'x', 'x', 0)", member, practice)
	for range people {
		patient, version := id.New(), id.New()
		exec(`INSERT INTO patients VALUES (?, ?, 'P', 1971, 'neck', 'treatment', 'nl', 'UTC', '', NULL, true, '09:00',
			'21:00', '08:00', 1, 5, 'x', 0, 127, '', false)`, patient, practice)
		exec(
			"INSERT INTO program_versions VALUES (?, ?, 1, '2026-01-01', '[]', 0, ?, 'x', 'published', '', '')",
			version, patient, member,
		)
		patients, versions = append(patients, patient), append(versions, version)
	}
	if err != nil {
		return nil, nil, err
	}
	return patients, versions, tx.Commit()
}

const rawItems = `[` +
	`{"item_id":"019aa0c4-7d00-7000-8000-000000000001","sets":3,"reps":10,"difficulty":4},` +
	`{"item_id":"019aa0c4-7d00-7000-8000-000000000002","sets":3,"reps":10,"difficulty":4},` +
	`{"item_id":"019aa0c4-7d00-7000-8000-000000000003","sets":3,"reps":10,"difficulty":4},` +
	`{"item_id":"019aa0c4-7d00-7000-8000-000000000004","sets":3,"reps":10,"difficulty":4}]`

// rawStatements are the rows of W1: the session, its day in the ledger, the mark that the patient's status no longer
// holds and the job that looks at the program. Their parameters: patient, moment, date, session, version, items.
var rawStatements = []struct {
	text       string
	parameters int
}{
	{`INSERT INTO sessions VALUES (?1, ?4, ?2, 3600, 'Europe/Amsterdam', ?3, ?5, 'completed', '', 840, ?6, 3, 4, 7, '',
		1000, ?2, 1, ?2, NULL,
		'0123456789abcdef0123456789abcdef', '')`, 6},
	{`INSERT INTO adherence_days VALUES (?1, ?3, true, false, 5, 5000, 1, 1, 1000, 0, 0, 0, 1, 0, 0,
		3, 1, 4, 0, 0, 4, 1,
		'{"strength":540,"mobility":195}') ON CONFLICT (patient_id, local_date) DO UPDATE
		SET sessions = adherence_days.sessions + 1`, 3},
	{`INSERT INTO patient_status VALUES (?1, ?2, 1, 0, '')
		ON CONFLICT (patient_id) DO UPDATE SET holds_until = excluded.holds_until,
		changes = patient_status.changes + 1`, 2},
	{`INSERT INTO jobs VALUES ('progression', ?1, ?2, 0)
		ON CONFLICT (kind, key) DO UPDATE SET run_at = excluded.run_at, attempts = 0`, 2},
}

// commit writes one group with statements prepared once.
func (r *raw) commit() error {
	tx, err := r.db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	prepared := make([]*sql.Stmt, len(rawStatements))
	for i, statement := range rawStatements {
		if prepared[i], err = tx.Prepare(statement.text); err != nil {
			return err
		}
		defer prepared[i].Close()
	}
	for range rawGroup {
		who := rand.IntN(len(r.patients))
		date := fmt.Sprintf("2026-11-%02d", 1+rand.IntN(28))
		values := []any{r.patients[who], time.Now().UnixMilli(), date, id.New(), r.versions[who], rawItems}
		for i, statement := range prepared {
			if _, err := statement.Exec(values[:rawStatements[i].parameters]...); err != nil {
				return err
			}
		}
	}
	return tx.Commit()
}
